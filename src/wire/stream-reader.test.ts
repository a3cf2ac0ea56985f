import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ChatResponse, JsonObject, StreamReaderOptions, WireCodec } from '../contract/index.ts';
import { anthropicMessages, openaiChat, openaiResponses } from './index.ts';

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`./fixtures/${name}.sse`, import.meta.url));

function read(
  codec: WireCodec,
  stream: Uint8Array,
  options?: StreamReaderOptions & { size?: number },
): ChatResponse | undefined {
  const reader = codec.createStreamReader(options);
  const size = options?.size ?? stream.length;
  for (let i = 0; i < stream.length; i += size) reader.push(stream.subarray(i, i + size));
  return reader.end();
}

const bodyOf = (response: ChatResponse | undefined): JsonObject =>
  JSON.parse(new TextDecoder().decode(response?.bytes)) as JsonObject;

const CODECS: Readonly<Record<string, WireCodec>> = {
  openai: openaiChat,
  anthropic: anthropicMessages,
  responses: openaiResponses,
};
const codecOf = (name: string): WireCodec => CODECS[name.split('-')[0] as string] as WireCodec;

describe('createStreamReader', () => {
  it.each([
    ['openai-split-utf8', 'complete', 'Grüße aus 東京 👩‍🚀 ok'],
    ['openai-parallel-tools', 'tool-calls', ''],
    ['openai-error-midstream', 'failed', 'Half'],
    ['openai-drop', 'incomplete', 'Half'],
    ['openai-done-without-finish', 'incomplete', 'Half'],
    ['anthropic-thinking-tools', 'tool-calls', 'I will look 👀'],
    ['anthropic-citations', 'complete', 'Quoted.'],
    ['anthropic-drop', 'incomplete', 'I will '],
    ['anthropic-drop-before-stop', 'incomplete', 'I will look 👀'],
    ['anthropic-error-midstream', 'failed', ''],
    ['responses-tool-call', 'tool-calls', 'Grüße 👋'],
    ['responses-empty-final-output', 'tool-calls', 'Grüße 👋'],
    ['responses-drop', 'incomplete', 'Grüße 👋'],
    ['responses-failed', 'failed', 'Grüße 👋'],
    ['responses-incomplete', 'length', 'Grüße 👋'],
    ['responses-error-midstream', 'failed', 'Grüße 👋'],
  ])('reads %s under any split: %s (INV-S1, INV-C4)', (name, finish, text) => {
    const stream = fixture(name);
    const whole = read(codecOf(name), stream);
    expect([whole?.finish, whole?.text]).toEqual([finish, text]);
    for (const size of [1, 2, 3, 7, 64]) expect(read(codecOf(name), stream, { size })).toEqual(whole);
  });

  it.each(['openai-split-utf8', 'anthropic-thinking-tools', 'responses-tool-call'])(
    'takes no prefix of %s for a whole answer (INV-C4)',
    (name) => {
      const stream = Buffer.from(fixture(name));
      const needed = stream.lastIndexOf('}') + 1;
      const end = name.startsWith('openai') ? stream.lastIndexOf(']') + 1 : needed;
      for (let length = 0; length < end; length += 5) {
        const finish = read(codecOf(name), stream.subarray(0, length))?.finish;
        expect([undefined, 'incomplete']).toContain(finish);
      }
    },
  );

  it('assembles the completion that would have come unstreamed', () => {
    expect(bodyOf(read(openaiChat, fixture('openai-parallel-tools')))).toEqual({
      id: 'chatcmpl-7',
      object: 'chat.completion',
      created: 1700000001,
      model: 'gpt-test-1',
      system_fingerprint: 'fp_7',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: null,
            tool_calls: [
              {
                id: 'call_a',
                type: 'function',
                function: { name: 'weather', arguments: '{"city":"Zürich"}' },
              },
              { id: 'call_b', type: 'function', function: { name: 'clock', arguments: '{}' } },
            ],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
    });
  });

  it('assembles thinking, signatures and inputs as the model wrote them', () => {
    const response = read(anthropicMessages, fixture('anthropic-thinking-tools'));
    expect(bodyOf(response).content).toMatchObject([
      { type: 'thinking', thinking: 'Zwei calls.', signature: 'EqQB+/=' },
      { type: 'redacted_thinking', data: 'ZGF0YQ==' },
      { type: 'text', text: 'I will look 👀' },
      { type: 'tool_use', id: 'toolu_1' },
      { type: 'tool_use', id: 'toolu_2', input: {} },
    ]);
    expect(new TextDecoder().decode(response?.bytes)).toContain('{"id": 12345678901234567890, "x": 1.0}');
    expect(bodyOf(read(anthropicMessages, fixture('anthropic-citations'))).content).toMatchObject([
      { text: 'Quoted.', citations: [{ cited_text: 'a' }] },
    ]);
  });

  it('reports usage in one meaning for all wires (INV-U1)', () => {
    expect(read(openaiChat, fixture('openai-split-utf8'))?.usage).toEqual({
      inputTokens: 20,
      outputTokens: 9,
      cacheReadTokens: 8,
      cacheWriteTokens: 0,
      cacheWrite1hTokens: 0,
      reasoningTokens: 3,
    });
    expect(read(anthropicMessages, fixture('anthropic-thinking-tools'))?.usage).toEqual({
      inputTokens: 142,
      outputTokens: 77,
      cacheReadTokens: 100,
      cacheWriteTokens: 10,
      cacheWrite1hTokens: 20,
      reasoningTokens: 0,
    });
    expect(read(openaiResponses, fixture('responses-tool-call'))?.usage).toMatchObject({
      inputTokens: 50,
      outputTokens: 20,
      cacheReadTokens: 32,
      reasoningTokens: 4,
    });
  });

  it('says when the first content came', () => {
    for (const [name, events] of [
      ['openai-split-utf8', 2],
      ['anthropic-citations', 3],
      ['responses-drop', 5],
    ] as const) {
      const blocks = new TextDecoder().decode(fixture(name)).split(/(?<=\r?\n\r?\n)/);
      const reader = codecOf(name).createStreamReader();
      const seen = blocks.map((block) => {
        reader.push(new TextEncoder().encode(block));
        return reader.hasContent;
      });
      expect(seen.indexOf(true)).toBe(events - 1);
    }
  });

  it.each([
    'openai-split-utf8',
    'openai-parallel-tools',
    'openai-drop',
    'anthropic-thinking-tools',
    'anthropic-drop',
    'responses-tool-call',
    'responses-drop',
    'responses-empty-final-output',
  ])('tells of %s what it says so far, without disturbing it', (name) => {
    const stream = fixture(name);
    const whole = read(codecOf(name), stream);
    for (const size of [1, 5, 64]) {
      const reader = codecOf(name).createStreamReader();
      let before = reader.peek();
      expect(before).toEqual({ text: '', toolCalls: [], hasThinking: false });
      for (let i = 0; i < stream.length; i += size) {
        reader.push(stream.subarray(i, i + size));
        const now = reader.peek();
        expect(now.text.startsWith(before.text)).toBe(true);
        expect(now.toolCalls.slice(0, before.toolCalls.length)).toEqual(before.toolCalls);
        before = now;
      }
      const end = reader.end();
      expect(end).toEqual(whole);
      expect(before).toEqual({
        text: end?.text,
        toolCalls: end?.toolCalls.map((call) => call.name),
        hasThinking: name.startsWith('anthropic'),
      });
    }
  });

  it.each<[string, object]>([
    [
      'anthropic',
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm' } },
    ],
    ['openai', { id: 'c', choices: [{ index: 0, delta: { reasoning_content: 'Hm' } }] }],
    [
      'responses',
      { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'Hm' },
    ],
  ])('tells of %s that it thinks in the open', (wire, delta) => {
    const event = (data: object) => new TextEncoder().encode(`data: ${JSON.stringify(data)}\n\n`);
    const reader = codecOf(wire).createStreamReader();
    reader.push(event({ type: 'message_start', message: { id: 'm', content: [] } }));
    reader.push(
      event({ type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } }),
    );
    expect(reader.peek().hasThinking).toBe(false);
    reader.push(event(delta));
    expect(reader.peek()).toEqual({ text: '', toolCalls: [], hasThinking: true });
  });

  it('tells no name of a call before all pieces of it came', () => {
    const chunk = (name: string, finish: string | null = null): Uint8Array =>
      new TextEncoder().encode(
        `data: ${JSON.stringify({
          id: 'c',
          choices: [
            {
              index: 0,
              delta:
                name === ''
                  ? {}
                  : { tool_calls: [{ index: 0, id: 'call_1', function: { name, arguments: '' } }] },
              finish_reason: finish,
            },
          ],
        })}\n\n`,
      );
    const reader = openaiChat.createStreamReader();
    reader.push(chunk('get_'));
    expect(reader.peek().toolCalls).toEqual([]);
    reader.push(chunk('weather'));
    expect(reader.peek().toolCalls).toEqual([]);
    reader.push(chunk('', 'tool_calls'));
    expect(reader.peek().toolCalls).toEqual(['get_weather']);
  });

  it.each(['openai-split-utf8', 'anthropic-thinking-tools', 'responses-tool-call'])(
    'keeps usage but no content of %s past maxBytes, and calls it incomplete (INV-S4)',
    (name) => {
      const response = read(codecOf(name), fixture(name), { maxBytes: 900 });
      expect(response?.finish).toBe('incomplete');
      expect(response?.text).toBe('');
      if (name.startsWith('responses')) return;
      expect(response?.usage?.outputTokens).toBeGreaterThan(1);
    },
  );

  it.each([openaiChat, openaiResponses, anthropicMessages])('never throws on junk ($wire)', (codec) => {
    const junk =
      'data: {\n\ndata: null\n\ndata: [1]\n\ndata: {"choices":[1,{"delta":5}]}\n\ndata: {"type":"content_block_delta","index":9}\n\ndata: {"type":"response.completed"}\n\ndata: {"type":"message_start"}\n\n';
    expect(() => read(codec, new TextEncoder().encode(junk))).not.toThrow();
    expect(read(codec, new Uint8Array())).toBeUndefined();
  });
});
