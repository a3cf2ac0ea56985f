import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue, RequestScope, StageOutcome, WireFormat } from '../contract/index.ts';
import { createSqliteCacheStore } from '../stores/index.ts';
import { anthropicMessages, openaiChat, openaiResponses } from '../wire/index.ts';
import { type CacheCodecs, createExactCache, createExactCacheStage } from './index.ts';

const CODECS: CacheCodecs = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
};
const encode = (value: JsonValue) => new TextEncoder().encode(JSON.stringify(value));
const onEvent = () => undefined;

const SCOPE: RequestScope = {
  requestId: 'r',
  tenant: 't',
  session: null,
  tags: {},
  startedAt: 0,
  upstream: 'up',
  answerHeaders: {},
  cache: { mode: 'default', noStore: false },
  stages: {},
  signal: new AbortController().signal,
};

/** A question in each wire, and a whole answer to it. */
const WIRES: readonly [WireFormat, (system: string, text: string) => JsonObject, JsonObject][] = [
  [
    'openai-chat',
    (system, text) => ({
      model: 'm',
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: [{ type: 'text', text }] },
      ],
    }),
    {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Paris' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 },
    },
  ],
  [
    'openai-responses',
    (system, text) => ({
      model: 'm',
      store: false,
      instructions: system,
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text }] }],
    }),
    {
      id: 'resp_1',
      object: 'response',
      created_at: 1,
      status: 'completed',
      model: 'm',
      output: [
        {
          type: 'message',
          id: 'msg_1',
          status: 'completed',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Paris', annotations: [] }],
        },
      ],
      usage: { input_tokens: 10, output_tokens: 1, total_tokens: 11 },
    },
  ],
  [
    'anthropic-messages',
    (system, text) => ({
      model: 'm',
      max_tokens: 10,
      system: [{ type: 'text', text: system }],
      messages: [{ role: 'user', content: [{ type: 'text', text }] }],
    }),
    {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text: 'Paris' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 1 },
    },
  ],
];

describe.each(WIRES)('over %s', (wire, question, answer) => {
  it('stores an answer and replays it for the same question spelt differently, and for no other', async () => {
    const store = createSqliteCacheStore({ path: ':memory:', onEvent });
    const cache = createExactCache({ store, codecs: CODECS, onEvent });
    const stage = createExactCacheStage(cache);
    const parse = (system: string, text: string, more: JsonObject = {}) =>
      CODECS[wire].parseRequest(encode({ ...question(system, text), ...more }));
    const ask = (...asked: Parameters<typeof parse>) => stage.prepare(parse(...asked), SCOPE) as StageOutcome;

    const request = parse('Be brief.', 'What is the capital of France?');
    expect(stage.prepare(request, SCOPE)).toMatchObject({ kind: 'bypassed', reason: 'miss' });
    const response = CODECS[wire].parseResponse(encode(answer));
    const usage = response?.usage;
    if (response === undefined || usage === undefined) throw new Error('the answer does not parse');
    await stage.settle?.(
      {
        request,
        sent: request,
        response,
        status: 200,
        wasAborted: false,
        usage,
        usageBasis: 'reported',
        costUsd: null,
      },
      SCOPE,
    );
    const hit = ask('Be  brief. ', 'What is   the capital of France?\n');
    expect(hit).toMatchObject({
      kind: 'answered',
      receipt: { sparedUsage: { inputTokens: 10, outputTokens: 1 } },
    });
    expect(hit.kind === 'answered' && [hit.response.text, hit.response.finish]).toEqual([
      'Paris',
      'complete',
    ]);
    expect(ask('Be brief.', 'What is the capital of France?', { stream: true }).kind).toBe('answered');
    expect(ask('Be verbose.', 'What is the capital of France?').kind).toBe('bypassed');
    expect(ask('Be brief.', 'What is the capital of Spain?').kind).toBe('bypassed');
    expect(ask('Be brief.', 'What is the capital of France?', { temperature: 0.5 }).kind).toBe('bypassed');
    expect(ask('Be brief.', 'What is the capital of France?', { brand_new: 1 }).kind).toBe('bypassed');
    await cache.close();
  });

  it('takes requests and bodies by hand', async () => {
    const store = createSqliteCacheStore({ path: ':memory:', onEvent });
    const cache = createExactCache({ store, codecs: CODECS, onEvent });
    const simple = {
      model: 'm',
      prompt: 'Hello',
      ...(wire === 'anthropic-messages' ? { max_tokens: 10 } : {}),
    };
    await cache.set(simple, { body: answer }, { wire });
    expect((await cache.get(simple, { wire }))?.response.text).toBe('Paris');
    expect(await cache.get({ ...simple, prompt: 'Bye' }, { wire })).toBeUndefined();
    await cache.close();
  });
});
