import Anthropic, { APIUserAbortError } from '@anthropic-ai/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Stack, startStack, until } from './support/gateway.ts';

const TOOLS: Anthropic.Tool[] = ['search', 'fetch_page'].map((name) => ({
  name,
  description: `Does ${name}.`,
  input_schema: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
}));
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const MODEL = 'claude-sonnet-4-6';
const THINKING = { type: 'enabled' as const, budget_tokens: 1024 };

let stack: Stack;
let client: Anthropic;

beforeEach(async () => {
  stack = await startStack();
  client = new Anthropic({ apiKey: 'key-a', baseURL: stack.url, maxRetries: 0 });
});
afterEach(() => stack.close());

const question = (content: Anthropic.MessageParam['content']) => ({
  model: MODEL,
  max_tokens: 2000,
  messages: [{ role: 'user' as const, content }],
});
const cacheOf = (response: Response) => response.headers.get('x-pare-cache');
const textOf = (message: Anthropic.Message) =>
  message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');

describe('messages through the gateway', () => {
  it('answers a plain question, and the same one from the cache', async () => {
    const first = await client.messages.create(question('What is a kite?')).withResponse();
    const second = await client.messages.create(question('What is a kite?')).withResponse();
    expect(textOf(first.data)).toContain('What is a kite?');
    expect(first.request_id).toBe('req_000000000001');
    expect([cacheOf(first.response), cacheOf(second.response)]).toEqual(['miss', 'hit']);
    expect(second.data.content).toEqual(first.data.content);
    expect(second.data.usage).toEqual(first.data.usage);
    expect(second.data.id).toBe(first.data.id);
    expect(stack.provider.counters.requests).toBe(1);
    const [billed, spared] = await stack.recorded(2);
    expect(billed?.usage).toMatchObject({
      inputTokens: first.data.usage.input_tokens,
      outputTokens: first.data.usage.output_tokens,
    });
    expect(spared).toMatchObject({ cacheOutcome: 'hit', costUsd: 0 });
  });

  it('streams a thinking answer, then replays it with its signature (INV-C5)', async () => {
    const body = { ...question('Think about bridges 🙂'), thinking: THINKING };
    const live = client.messages.stream(body);
    const first = await live.finalMessage();
    const replayed = client.messages.stream(body);
    const second = await replayed.finalMessage();
    expect(cacheOf(live.response as Response)).toBe('miss');
    expect(cacheOf(replayed.response as Response)).toBe('hit');
    expect(first.content.map((block) => block.type)).toEqual(['thinking', 'text']);
    expect(first.content[0]).toMatchObject({ signature: expect.stringMatching(/.{8,}/) });
    expect(second.content).toEqual(first.content);
    expect(second.usage).toMatchObject({
      input_tokens: first.usage.input_tokens,
      output_tokens: first.usage.output_tokens,
    });
    expect(second.stop_reason).toBe('end_turn');
    const whole = await client.messages.create(body).withResponse();
    expect(cacheOf(whole.response)).toBe('hit');
    expect(whole.data.content).toEqual(first.content);
    expect(stack.provider.counters.requests).toBe(1);
  });

  it('replays a stream in the order of the API, from a plain answer (INV-C5)', async () => {
    await client.messages.create(question('Plain first'));
    const { data, response } = await client.messages
      .create({ ...question('Plain first'), stream: true })
      .withResponse();
    const kinds: string[] = [];
    for await (const event of data) if (event.type !== kinds.at(-1)) kinds.push(event.type);
    expect(cacheOf(response)).toBe('hit');
    expect(kinds).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it('carries parallel tool calls and their results, without replaying the turn (INV-C6)', async () => {
    const messages: Anthropic.MessageParam[] = [
      { role: 'user', content: 'Please use tools search and fetch_page.' },
    ];
    const body = { model: MODEL, max_tokens: 2000, tools: TOOLS, thinking: THINKING };
    const first = await client.messages.stream({ ...body, messages }).finalMessage();
    const uses = first.content.filter((block) => block.type === 'tool_use');
    expect(uses.map((use) => use.name)).toEqual(['search', 'fetch_page']);
    messages.push(
      { role: 'assistant', content: first.content as Anthropic.ContentBlockParam[] },
      {
        role: 'user',
        content: uses.map((use) => ({ type: 'tool_result', tool_use_id: use.id, content: `${use.name} ok` })),
      },
    );
    for (let i = 0; i < 2; i++) {
      const next = await client.messages.create({ ...body, messages }).withResponse();
      expect(textOf(next.data)).toContain('The tool answered: "search ok" and "fetch_page ok"');
      expect(cacheOf(next.response)).toBe('bypassed');
    }
    expect(stack.provider.counters.requests).toBe(3);
  });

  it('replays agent turns when the caller asks for it', async () => {
    const body = { ...question('use tool search'), tools: TOOLS };
    const wish = { headers: { 'x-pare-cache': 'on' } };
    const first = await client.messages.create(body, wish).withResponse();
    const stream = client.messages.stream(body, wish);
    const second = await stream.finalMessage();
    expect(cacheOf(first.response)).toBe('miss');
    expect(cacheOf(stream.response as Response)).toBe('hit');
    expect(second.content).toEqual(first.data.content);
    expect(second.stop_reason).toBe('tool_use');
  });

  it('passes images', async () => {
    const answer = await client.messages.create(
      question([
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
        { type: 'text', text: 'What is this?' },
      ]),
    );
    expect(textOf(answer)).toContain('1 image (image/png, 70 bytes)');
  });

  it('answers JSON that matches a schema', async () => {
    const body = {
      ...question('Rate this film'),
      output_config: {
        format: {
          type: 'json_schema' as const,
          schema: {
            type: 'object',
            properties: { stars: { type: 'integer' } },
            required: ['stars'],
            additionalProperties: false,
          },
        },
      },
    };
    const first = await client.messages.create(body);
    expect(JSON.parse(textOf(first))).toHaveProperty('stars');
    const second = await client.messages.create(body).withResponse();
    expect(cacheOf(second.response)).toBe('hit');
  });

  it('keeps cache_control markers and records cache writes and reads', async () => {
    const system = [
      { type: 'text' as const, text: 'Rule. '.repeat(4000), cache_control: { type: 'ephemeral' as const } },
    ];
    await client.messages.create({ ...question('First'), system });
    await client.messages.create({ ...question('Second'), system });
    const [write, read] = await stack.recorded(2);
    expect(write?.usage.cacheWriteTokens).toBeGreaterThan(1000);
    expect(read?.usage.cacheReadTokens).toBe(write?.usage.cacheWriteTokens);
    expect(read?.usage.inputTokens).toBeGreaterThan(read?.usage.cacheReadTokens ?? 0);
    expect(read?.costUsd).toBeLessThan(write?.costUsd ?? 0);
  });

  it('counts tokens and lists models at the provider', async () => {
    const count = await client.messages.countTokens({
      model: MODEL,
      messages: [{ role: 'user', content: 'How long is this?' }],
    });
    expect(count.input_tokens).toBeGreaterThan(3);
    const models = await client.models.list();
    expect(models.data.map((model) => model.id)).toContain(MODEL);
    expect(stack.provider.requests.map((request) => request.path)).toEqual([
      '/v1/messages/count_tokens',
      expect.stringContaining('/v1/models'),
    ]);
  });
});

describe('errors through the gateway', () => {
  it('keeps a 400 of the provider', async () => {
    await expect(client.messages.create({ ...question('Hi'), max_tokens: 0 })).rejects.toMatchObject({
      status: 400,
      requestID: 'req_000000000001',
      error: { type: 'error', error: { type: 'invalid_request_error' } },
    });
  });

  it('keeps a 401 of the provider', async () => {
    await using strict = await startStack({ provider: { access: { keys: ['other'] } } });
    const stranger = new Anthropic({ apiKey: 'key-a', baseURL: strict.url, maxRetries: 0 });
    await expect(stranger.messages.create(question('Hi'))).rejects.toMatchObject({
      status: 401,
      error: { error: { type: 'authentication_error' } },
    });
  });

  it('lets the client retry a 429 and a 529 (INV-S3)', async () => {
    stack.provider.failNext(
      { kind: 'status', status: 429, retryAfterSeconds: 0 },
      { kind: 'status', status: 529, retryAfterSeconds: 0 },
    );
    const answer = await client.withOptions({ maxRetries: 2 }).messages.create(question('Retry me'));
    expect(textOf(answer)).toContain('Retry me');
    expect(stack.provider.counters.requests).toBe(3);
    stack.provider.failNext({ kind: 'status', status: 529, retryAfterSeconds: 9 });
    const failed = await client.messages.create(question('Fail')).catch((error: unknown) => error);
    expect(failed).toMatchObject({ status: 529, error: { error: { type: 'overloaded_error' } } });
    expect((failed as { headers: Headers }).headers.get('retry-after')).toBe('9');
  });

  it('hands on an error in the middle of a stream, and keeps nothing of it (INV-C4)', async () => {
    for (const fault of [{ kind: 'stream-error' } as const, { kind: 'drop', afterBytes: 900 } as const]) {
      stack.provider.failNext(fault);
      await expect(client.messages.stream(question('Break')).finalMessage()).rejects.toBeInstanceOf(Error);
    }
    const stream = client.messages.stream(question('Break'));
    expect(textOf(await stream.finalMessage())).toContain('Break');
    expect(cacheOf(stream.response as Response)).toBe('miss');
    const [failed, dropped] = await stack.recorded(3);
    expect(failed).toMatchObject({ status: 200, errorCode: 'answer_failed' });
    expect(dropped).toMatchObject({ status: 200, errorCode: 'upstream_closed' });
    expect(dropped?.usageBasis).not.toBe('reported');
  });

  it('aborts the provider when the client leaves a stream (INV-S2)', async () => {
    const stream = client.messages.stream(question('A long story'), {
      headers: { 'x-simulate': 'delay=20' },
    });
    stream.once('text', () => stream.abort());
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(APIUserAbortError);
    await until(() => stack.provider.counters.aborted === 1, 'the provider to see the abort');
    const [record] = await stack.recorded(1);
    expect(record).toMatchObject({ status: 499, errorCode: 'client_closed' });
    // The first event told the input; what was written by then is counted.
    expect(record?.usage.inputTokens).toBeGreaterThan(0);
    expect(record?.usage.outputTokens).toBeGreaterThan(0);
  });
});
