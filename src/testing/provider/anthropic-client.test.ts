import Anthropic from '@anthropic-ai/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimulatedProvider, type SimulatedProvider } from './simulated-provider.ts';

const TOOLS: Anthropic.Tool[] = ['search', 'fetch_page'].map((name) => ({
  name,
  description: `Does ${name}.`,
  input_schema: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
}));
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const MODEL = 'claude-sonnet-4-6';

let provider: SimulatedProvider;
let client: Anthropic;

beforeEach(async () => {
  provider = await createSimulatedProvider();
  client = new Anthropic({ apiKey: 'key-a', baseURL: provider.url, maxRetries: 0 });
});
afterEach(() => provider.close());

const ask = (
  content: Anthropic.MessageParam['content'],
  more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {},
) =>
  client.messages.create({ model: MODEL, max_tokens: 500, messages: [{ role: 'user', content }], ...more });

function textOf(message: Anthropic.Message): string {
  return message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

describe('messages', () => {
  it('answers a plain question', async () => {
    const answer = await ask('What is a kite?');
    expect(textOf(answer)).toContain('What is a kite?');
    expect(answer).toMatchObject({ stop_reason: 'end_turn', role: 'assistant', model: MODEL });
    expect(answer._request_id).toBe('req_000000000001');
  });

  it('streams events in the order of the API, with one ping', async () => {
    const stream = await client.messages.create({
      model: MODEL,
      max_tokens: 2000,
      stream: true,
      thinking: { type: 'enabled', budget_tokens: 1024 },
      messages: [{ role: 'user', content: 'Think about bridges' }],
    });
    const kinds: string[] = [];
    for await (const event of stream) {
      const kind = event.type === 'content_block_delta' ? event.delta.type : event.type;
      if (kind !== kinds.at(-1)) kinds.push(kind);
    }
    expect(kinds).toEqual([
      'message_start',
      'content_block_start',
      'thinking_delta',
      'signature_delta',
      'content_block_stop',
      'content_block_start',
      'text_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    const sent = provider.requests[0]?.sent.toString() ?? '';
    expect(sent.match(/event: ping\ndata: {"type":"ping"}\n\n/g)).toHaveLength(1);
  });

  it('streams the answer it would give whole', async () => {
    const whole = await ask('Compare tea and coffee');
    const stream = client.messages.stream({
      model: MODEL,
      max_tokens: 500,
      messages: [{ role: 'user', content: 'Compare tea and coffee' }],
    });
    const final = await stream.finalMessage();
    expect(final.usage.output_tokens).toBeGreaterThan(5);
    // The bodies differ by the stream flag, and with it the seed; the shape and the echo are the same.
    expect(textOf(final).split('.')[0]).toBe(textOf(whole).split('.')[0]);
  });

  it('calls parallel tools in a stream and takes their results', async () => {
    const messages: Anthropic.MessageParam[] = [
      { role: 'user', content: 'Please use tools search and fetch_page.' },
    ];
    const first = await client.messages
      .stream({ model: MODEL, max_tokens: 500, messages, tools: TOOLS })
      .finalMessage();
    const uses = first.content.filter((block) => block.type === 'tool_use');
    expect(first.stop_reason).toBe('tool_use');
    expect(uses.map((use) => use.name)).toEqual(['search', 'fetch_page']);
    expect(uses[0]?.input).toHaveProperty('query');
    messages.push(
      { role: 'assistant', content: first.content as Anthropic.ContentBlockParam[] },
      {
        role: 'user',
        content: uses.map((use) => ({ type: 'tool_result', tool_use_id: use.id, content: `${use.name} ok` })),
      },
    );
    const second = await client.messages.create({ model: MODEL, max_tokens: 500, messages, tools: TOOLS });
    expect(textOf(second)).toContain('The tool answered: "search ok" and "fetch_page ok"');
  });

  it('demands the thinking block back, signature unchanged, when tools are in flight (INV-T1)', async () => {
    const thinking = { type: 'enabled' as const, budget_tokens: 1024 };
    const user: Anthropic.MessageParam = { role: 'user', content: 'use tool search' };
    const first = await client.messages.create({
      model: MODEL,
      max_tokens: 2000,
      messages: [user],
      tools: TOOLS,
      thinking,
    });
    expect(first.content.map((block) => block.type)).toEqual(['thinking', 'tool_use']);
    const use = first.content[1] as Anthropic.ToolUseBlock;
    const follow = (content: unknown[]) =>
      client.messages.create({
        model: MODEL,
        max_tokens: 2000,
        tools: TOOLS,
        thinking,
        messages: [
          user,
          { role: 'assistant', content: content as Anthropic.ContentBlockParam[] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: use.id, content: 'found' }] },
        ],
      });
    expect((await follow(first.content)).stop_reason).toBe('end_turn');
    await expect(follow([use])).rejects.toThrow(/must start with a thinking block/);
    const changed = { ...(first.content[0] as Anthropic.ThinkingBlock), thinking: 'Something else.' };
    await expect(follow([changed, use])).rejects.toThrow(/Invalid `signature`/);
  });

  it('sees images, matches a schema, stops at sequences and at max_tokens', async () => {
    const source = { type: 'base64' as const, media_type: 'image/png' as const, data: PIXEL };
    expect(
      textOf(
        await ask([
          { type: 'image', source },
          { type: 'text', text: 'See?' },
        ]),
      ),
    ).toContain('image/png, 70 bytes');
    const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const shaped = await ask('Where?', { output_config: { format: { type: 'json_schema', schema } } });
    expect(JSON.parse(textOf(shaped))).toHaveProperty('city');
    const stopped = await ask('alpha beta gamma', { stop_sequences: [' gamma'] });
    expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: ' gamma' });
    const cut = await ask('alpha beta gamma', { max_tokens: 3 });
    expect(cut).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 3 } });
  });

  it('counts tokens as the answer bills them', async () => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Count me, please: 12345.' }];
    const { input_tokens } = await client.messages.countTokens({
      model: MODEL,
      messages,
      tools: TOOLS,
      system: 'Be brief.',
    });
    const answer = await client.messages.create({
      model: MODEL,
      max_tokens: 50,
      messages,
      tools: TOOLS,
      system: 'Be brief.',
    });
    expect(answer.usage.input_tokens).toBe(input_tokens);
  });

  it('lists models in its own form', async () => {
    const page = await client.models.list();
    expect(page.data.map((model) => model.id)).toContain('claude-sonnet-4-6');
    expect(page.data[0]).toMatchObject({ type: 'model', display_name: expect.any(String) });
  });
});

describe('errors', () => {
  const user = { role: 'user', content: 'x' };
  const use = { type: 'tool_use', id: 'toolu_1', name: 'search', input: {} };
  const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'x' };
  const marked = { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } };
  const long = { type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '1h' } };
  const base = { model: 'm', max_tokens: 10 };
  it.each([
    ['no max_tokens', { model: 'm', messages: [user] }, 'max_tokens: Field required'],
    ['no messages', { ...base }, 'messages: Field required'],
    [
      'a first message of the assistant',
      { ...base, messages: [{ role: 'assistant', content: 'x' }] },
      'first message must use the "user" role',
    ],
    [
      'a system message first',
      { ...base, messages: [{ role: 'system', content: 'x' }, user] },
      'messages.0.role',
    ],
    ['a tool role', { ...base, messages: [user, { role: 'tool', content: 'x' }] }, 'messages.1.role'],
    [
      'a result without its call',
      { ...base, messages: [{ role: 'user', content: [result] }] },
      'unexpected `tool_use_id`',
    ],
    [
      'a call without its result',
      { ...base, messages: [user, { role: 'assistant', content: [use] }, user] },
      'without `tool_result` blocks',
    ],
    [
      'text before results',
      {
        ...base,
        messages: [
          user,
          { role: 'assistant', content: [use] },
          { role: 'user', content: [{ type: 'text', text: 'x' }, result] },
        ],
      },
      'must come first',
    ],
    [
      'an empty text block',
      { ...base, messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
      'must be non-empty',
    ],
    [
      'blanks at the end of a prefill',
      { ...base, messages: [user, { role: 'assistant', content: 'So ' }] },
      'trailing whitespace',
    ],
    [
      'five breakpoints',
      { ...base, messages: [{ role: 'user', content: Array.from({ length: 5 }, () => marked) }] },
      'A maximum of 4 blocks',
    ],
    [
      'a long life after a short one',
      { ...base, messages: [{ role: 'user', content: [marked, long] }] },
      'must not come after',
    ],
    [
      'a small thinking budget',
      { ...base, messages: [user], thinking: { type: 'enabled', budget_tokens: 10 } },
      'budget_tokens',
    ],
    ['a temperature of 1.5', { ...base, messages: [user], temperature: 1.5 }, 'temperature'],
  ])('refuses %s', async (_name, body, message) => {
    const failure = client.messages.create(body as unknown as Anthropic.MessageCreateParamsNonStreaming);
    await expect(failure).rejects.toMatchObject({
      status: 400,
      error: {
        type: 'error',
        error: { type: 'invalid_request_error', message: expect.stringContaining(message) },
      },
    });
  });

  it('demands the version header and a key', async () => {
    const init = {
      method: 'POST',
      headers: { 'x-api-key': 'k', 'content-type': 'application/json' },
      body: '{}',
    };
    const answer = await fetch(`${provider.url}/v1/messages`, init);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      type: 'error',
      error: { message: 'anthropic-version: header is required' },
    });
    expect(answer.headers.get('request-id')).toMatch(/^req_/);
    const keyless = await fetch(`${provider.url}/v1/messages`, {
      ...init,
      headers: { 'anthropic-version': '2023-06-01' },
    });
    expect(keyless.status).toBe(401);
    expect(await keyless.json()).toMatchObject({ error: { type: 'authentication_error' } });
  });
});
