import OpenAI, { APIUserAbortError, AuthenticationError } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Stack, startStack, until } from './support/gateway.ts';

const TOOLS = ['get_weather', 'get_time'].map((name) => ({
  type: 'function' as const,
  function: {
    name,
    description: `Returns the ${name.slice(4)} of a city.`,
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}));
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let stack: Stack;
let client: OpenAI;

beforeEach(async () => {
  stack = await startStack();
  client = new OpenAI({ apiKey: 'key-a', baseURL: `${stack.url}/v1`, maxRetries: 0 });
});
afterEach(() => stack.close());

const question = (content: string) => ({
  model: 'gpt-4o',
  messages: [{ role: 'user' as const, content }],
});
const cacheOf = (response: Response) => response.headers.get('x-pare-cache');

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const textOf = (chunks: readonly OpenAI.ChatCompletionChunk[]) =>
  chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');

describe('chat completions through the gateway', () => {
  it('answers a plain question, and the same one from the cache', async () => {
    const first = await client.chat.completions.create(question('What is a monad?')).withResponse();
    const second = await client.chat.completions.create(question('What is a monad?')).withResponse();
    expect(first.data.choices[0]?.message.content).toContain('What is a monad?');
    expect(cacheOf(first.response)).toBe('miss');
    expect(cacheOf(second.response)).toBe('hit');
    expect(second.data.choices).toEqual(first.data.choices);
    expect(second.data.id).toBe(first.data.id);
    expect(second.data.usage).toEqual(first.data.usage);
    expect(second.response.headers.get('age')).toBe('0');
    expect(stack.provider.counters.requests).toBe(1);
  });

  it('keeps the request id of the provider in the answer', async () => {
    const answer = await client.chat.completions.create(question('Hello'));
    expect(answer._request_id).toBe('req_000000000001');
  });

  it('records what the provider billed, and nothing for the hit', async () => {
    const first = await client.chat.completions.create(question('Bill me'));
    await client.chat.completions.create(question('Bill me'));
    const [billed, spared] = await stack.recorded(2);
    expect(billed).toMatchObject({
      status: 200,
      cacheOutcome: 'miss',
      usageBasis: 'reported',
      usage: {
        inputTokens: first.usage?.prompt_tokens,
        outputTokens: first.usage?.completion_tokens,
      },
    });
    expect(billed?.costUsd).toBeGreaterThan(0);
    expect(spared).toMatchObject({ status: 200, cacheOutcome: 'hit', costUsd: 0 });
    expect(spared?.usage.inputTokens).toBe(0);
    expect(spared?.netTokens).toBe(first.usage?.total_tokens);
    expect(spared?.netCostUsd).toBe(billed?.costUsd);
  });

  it('streams the events of the provider, then the same answer from the cache, usage last', async () => {
    const body = { ...question('Stream some Ünïcödé 🙂'), stream: true as const };
    const asked = { ...body, stream_options: { include_usage: true } };
    const first = await client.chat.completions.create(asked).withResponse();
    const live = await collect(first.data);
    const second = await client.chat.completions.create(asked).withResponse();
    const replayed = await collect(second.data);
    expect([cacheOf(first.response), cacheOf(second.response)]).toEqual(['miss', 'hit']);
    expect(textOf(live)).toContain('Ünïcödé 🙂');
    expect(textOf(replayed)).toBe(textOf(live));
    expect(replayed.at(-1)?.usage).toEqual(live.at(-1)?.usage);
    expect(replayed.at(-1)?.choices).toEqual([]);
    expect(new Set(replayed.map((chunk) => chunk.id))).toEqual(new Set([live[0]?.id]));
    expect(stack.provider.counters.requests).toBe(1);
  });

  it('leaves usage out of a stream that did not ask for it, live and replayed', async () => {
    for (const outcome of ['miss', 'hit']) {
      const { data, response } = await client.chat.completions
        .create({ ...question('No usage please'), stream: true })
        .withResponse();
      for (const chunk of await collect(data)) expect(chunk.usage ?? null).toBeNull();
      expect(cacheOf(response)).toBe(outcome);
    }
    const [first] = await stack.recorded(2);
    expect(first?.usage.outputTokens).toBeGreaterThan(0);
  });

  it('answers a stream from a plain answer, and a plain request from a stream (INV-C5)', async () => {
    const plain = await client.chat.completions.create(question('Plain first'));
    const streamed = await client.chat.completions
      .create({ ...question('Plain first'), stream: true })
      .withResponse();
    expect(cacheOf(streamed.response)).toBe('hit');
    expect(streamed.response.headers.get('content-type')).toContain('text/event-stream');
    expect(textOf(await collect(streamed.data))).toBe(plain.choices[0]?.message.content);

    const live = await collect(
      await client.chat.completions.create({ ...question('Stream first'), stream: true }),
    );
    const whole = await client.chat.completions.create(question('Stream first')).withResponse();
    expect(cacheOf(whole.response)).toBe('hit');
    expect(whole.response.headers.get('content-type')).toContain('application/json');
    expect(whole.data.choices[0]?.message.content).toBe(textOf(live));
    expect(whole.data.choices[0]?.finish_reason).toBe('stop');
    expect(whole.data.object).toBe('chat.completion');
  });

  it('calls a tool, takes its result and reports it, without replaying the turn (INV-C6)', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'user', content: 'Please use tool get_weather with {"city":"Oslo"}' },
    ];
    const first = await client.chat.completions
      .create({ model: 'gpt-4o', messages, tools: TOOLS })
      .withResponse();
    const message = first.data.choices[0]?.message as OpenAI.ChatCompletionMessage;
    const call = message.tool_calls?.[0] as OpenAI.ChatCompletionMessageFunctionToolCall;
    expect(call.function).toEqual({ name: 'get_weather', arguments: '{"city":"Oslo"}' });
    messages.push(message, { role: 'tool', tool_call_id: call.id, content: '12 degrees' });
    const outcomes: (string | null)[] = [];
    for (let i = 0; i < 2; i++) {
      const next = await client.chat.completions
        .create({ model: 'gpt-4o', messages, tools: TOOLS })
        .withResponse();
      expect(next.data.choices[0]?.message.content).toContain('12 degrees');
      outcomes.push(cacheOf(next.response));
    }
    expect(outcomes).toEqual(['bypassed', 'bypassed']);
    const again = await client.chat.completions
      .create({ model: 'gpt-4o', messages: messages.slice(0, 1), tools: TOOLS })
      .withResponse();
    expect(cacheOf(again.response)).toBe('miss');
    expect(stack.provider.counters.requests).toBe(4);
  });

  it('replays agent turns when the caller asks for it', async () => {
    const wish = { headers: { 'x-pare-cache': 'on' } };
    const body = { ...question('use tools get_weather and get_time'), tools: TOOLS };
    const first = await client.chat.completions.create(body, wish).withResponse();
    const second = await client.chat.completions.create(body, wish).withResponse();
    expect([cacheOf(first.response), cacheOf(second.response)]).toEqual(['miss', 'hit']);
    expect(second.data.choices).toEqual(first.data.choices);
    const runner = client.chat.completions.stream(body, wish);
    const final = await runner.finalChatCompletion();
    expect(final.choices[0]?.message.tool_calls).toMatchObject(
      first.data.choices[0]?.message.tool_calls ?? [],
    );
    expect(stack.provider.counters.requests).toBe(1);
  });

  it('streams parallel tool calls', async () => {
    const runner = client.chat.completions.stream({
      ...question('use tools get_weather and get_time'),
      tools: TOOLS,
    });
    const calls = (await runner.finalChatCompletion()).choices[0]?.message.tool_calls ?? [];
    expect(calls.map((call) => (call.type === 'function' ? call.function.name : ''))).toEqual([
      'get_weather',
      'get_time',
    ]);
    expect(new Set(calls.map((call) => call.id)).size).toBe(2);
  });

  it('passes images', async () => {
    const answer = await client.chat.completions.create({
      model: 'gpt-4o',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}`, detail: 'low' } },
          ],
        },
      ],
    });
    expect(answer.choices[0]?.message.content).toContain('1 image (image/png, 70 bytes)');
  });

  it('answers JSON that matches a schema, live and from the cache', async () => {
    const Rating = z.object({ title: z.string(), stars: z.number().int() });
    const ask = () =>
      client.chat.completions.parse({
        ...question('Rate this film'),
        response_format: zodResponseFormat(Rating, 'rating'),
      });
    const [first, second] = [await ask(), await ask()];
    expect(Rating.parse(first.choices[0]?.message.parsed)).toBeDefined();
    expect(second.choices[0]?.message.parsed).toEqual(first.choices[0]?.message.parsed);
    expect(stack.provider.counters.requests).toBe(1);
  });

  it('counts reasoning tokens as a part of the output', async () => {
    const answer = await client.chat.completions.create({
      ...question('Think hard'),
      model: 'gpt-5',
      reasoning_effort: 'high',
    });
    const [record] = await stack.recorded(1);
    expect(record?.usage.reasoningTokens).toBe(
      answer.usage?.completion_tokens_details?.reasoning_tokens ?? 0,
    );
    expect(record?.usage.outputTokens).toBe(answer.usage?.completion_tokens);
  });
});

describe('responses through the gateway', () => {
  it('answers, and the same from the cache', async () => {
    const body = { model: 'gpt-4o', input: 'What is a lens?', store: false };
    const first = await client.responses.create(body).withResponse();
    const second = await client.responses.create(body).withResponse();
    expect(first.data.output_text).toContain('What is a lens?');
    expect([cacheOf(first.response), cacheOf(second.response)]).toEqual(['miss', 'hit']);
    expect(second.data.output).toEqual(first.data.output);
    expect(second.data.usage).toEqual(first.data.usage);
  });

  it('streams, then replays a stream that ends with response.completed (INV-C5)', async () => {
    const body = { model: 'gpt-4o', input: 'Stream a lens 🙂', store: false, stream: true as const };
    const first = await client.responses.create(body).withResponse();
    const live = await collect(first.data);
    const second = await client.responses.create(body).withResponse();
    const replayed = await collect(second.data);
    expect([cacheOf(first.response), cacheOf(second.response)]).toEqual(['miss', 'hit']);
    const [a, b] = [live.at(-1), replayed.at(-1)];
    expect(b?.type).toBe('response.completed');
    expect(a?.type).toBe('response.completed');
    expect(b?.type === 'response.completed' && b.response.output).toEqual(
      a?.type === 'response.completed' && a.response.output,
    );
    const deltas = (events: typeof live) =>
      events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');
    expect(deltas(replayed)).toBe(deltas(live));
    const plain = await client.responses
      .create({ model: 'gpt-4o', input: 'Stream a lens 🙂', store: false })
      .withResponse();
    expect(cacheOf(plain.response)).toBe('hit');
  });

  it('calls tools over two turns', async () => {
    const tools = TOOLS.map(({ function: { name, description, parameters } }) => ({
      type: 'function' as const,
      name,
      description,
      parameters,
      strict: false,
    }));
    const input: OpenAI.Responses.ResponseInput = [
      { role: 'user', content: 'use tool get_time with {"city":"Rome"}' },
    ];
    const first = await client.responses.create({ model: 'gpt-4o', input, tools });
    const call = first.output.find((item) => item.type === 'function_call');
    expect(call).toMatchObject({ name: 'get_time', arguments: '{"city":"Rome"}' });
    if (call === undefined) return;
    input.push(call, { type: 'function_call_output', call_id: call.call_id, output: 'noon' });
    const second = await client.responses.create({ model: 'gpt-4o', input, tools }).withResponse();
    expect(second.data.output_text).toContain('noon');
    expect(cacheOf(second.response)).toBe('bypassed');
  });

  it('leaves conversations that the provider keeps alone', async () => {
    const first = await client.responses.create({ model: 'gpt-4o', input: 'Remember 7' });
    for (let i = 0; i < 2; i++) {
      const next = await client.responses
        .create({ model: 'gpt-4o', input: 'And now?', previous_response_id: first.id })
        .withResponse();
      expect(cacheOf(next.response)).toBe('bypassed');
    }
  });
});

describe('other paths through the gateway', () => {
  it('embeds, and records what the provider counted', async () => {
    const answer = await client.embeddings.create({ model: 'text-embedding-3-small', input: 'A kite' });
    expect(answer.data[0]?.embedding.length).toBeGreaterThan(10);
    const [record] = await stack.recorded(1);
    expect(record).toMatchObject({ wire: null, model: 'text-embedding-3-small', status: 200 });
    expect(record?.usage.inputTokens).toBe(answer.usage.prompt_tokens);
    expect(record?.costUsd).toBeGreaterThan(0);
  });

  it('reads the usage of compressed embeddings too', async () => {
    stack.provider.failNext({ kind: 'gzip' });
    const answer = await client.embeddings.create({ model: 'text-embedding-3-small', input: 'A kite' });
    const [record] = await stack.recorded(1);
    expect(record?.usage.inputTokens).toBe(answer.usage.prompt_tokens);
  });

  it('lists models', async () => {
    const models = await client.models.list();
    expect(models.data.map((model) => model.id)).toContain('gpt-4o');
  });
});

describe('errors through the gateway', () => {
  const ask = (content = 'Hi') => client.chat.completions.create(question(content));

  it('keeps a 400 of the provider', async () => {
    await expect(client.chat.completions.create({ ...question('Hi'), temperature: 9 })).rejects.toMatchObject(
      { status: 400, param: 'temperature', requestID: 'req_000000000001' },
    );
  });

  it('keeps a 401 of the provider', async () => {
    await using strict = await startStack({ provider: { access: { keys: ['other'] } } });
    const stranger = new OpenAI({ apiKey: 'key-a', baseURL: `${strict.url}/v1`, maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toBeInstanceOf(AuthenticationError);
    await expect(stranger.chat.completions.create(question('Hi'))).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    });
  });

  it('keeps retry-after of a 429, and lets the client retry', async () => {
    stack.provider.failNext({ kind: 'status', status: 429, retryAfterSeconds: 7 });
    const refused = await ask().catch((error: unknown) => error as InstanceType<typeof OpenAI.APIError>);
    expect(refused).toMatchObject({ status: 429 });
    expect('headers' in refused && refused.headers?.get('retry-after')).toBe('7');
    stack.provider.failNext(
      { kind: 'status', status: 429, retryAfterSeconds: 0 },
      { kind: 'status', status: 503, retryAfterSeconds: 0 },
    );
    const before = stack.provider.counters.requests;
    const patient = client.withOptions({ maxRetries: 2 });
    const answer = await patient.chat.completions.create(question('Retry me'));
    expect(answer.choices[0]?.message.content).toContain('Retry me');
    expect(stack.provider.counters.requests - before).toBe(3);
  });

  it('repeats nothing itself and caches no failure (INV-S3, INV-C4)', async () => {
    for (const status of [500, 503, 529]) {
      stack.provider.failNext({ kind: 'status', status, retryAfterSeconds: 0 });
      await expect(ask('Fail once')).rejects.toMatchObject({ status });
    }
    expect(stack.provider.counters.requests).toBe(3);
    await ask('Fail once');
    expect(stack.provider.counters.requests).toBe(4);
    const records = await stack.recorded(4);
    expect(records.map((record) => record.status)).toEqual([500, 503, 529, 200]);
    expect(records[0]).toMatchObject({ errorCode: 'upstream_status', costUsd: 0 });
  });

  it('breaks a stream off where the provider broke it off, and does not keep it (INV-C4)', async () => {
    const body = { ...question('Break off'), stream: true as const };
    for (const fault of [{ kind: 'drop', afterBytes: 700 } as const, { kind: 'stream-error' } as const]) {
      stack.provider.failNext(fault);
      const stream = await client.chat.completions.create(body);
      await expect(collect(stream)).rejects.toBeInstanceOf(Error);
    }
    const { data, response } = await client.chat.completions.create(body).withResponse();
    expect(cacheOf(response)).toBe('miss');
    expect(textOf(await collect(data))).toContain('Break off');
    const [dropped, failed] = await stack.recorded(3);
    expect(dropped).toMatchObject({ status: 200, errorCode: 'upstream_closed' });
    expect(failed).toMatchObject({ status: 200, errorCode: 'answer_failed' });
  });

  it('aborts the provider when the client leaves a stream (INV-S2)', async () => {
    const abort = new AbortController();
    const stream = await client.chat.completions.create(
      { ...question('A long story'), stream: true },
      { signal: abort.signal, headers: { 'x-simulate': 'delay=20' } },
    );
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) break;
    }
    abort.abort();
    await until(() => stack.provider.counters.aborted === 1, 'the provider to see the abort');
    const [record] = await stack.recorded(1);
    expect(record).toMatchObject({ status: 499, errorCode: 'client_closed' });
    expect(record?.usageBasis).not.toBe('reported');
    expect(record?.usage.inputTokens).toBeGreaterThan(0);
    const again = await client.chat.completions
      .create({ ...question('A long story'), stream: true })
      .withResponse();
    expect(cacheOf(again.response)).toBe('miss');
  });

  it('aborts the provider when the client leaves before the answer (INV-S2)', async () => {
    const abort = new AbortController();
    stack.provider.failNext({ kind: 'hang' });
    const asked = client.chat.completions.create(question('Never'), { signal: abort.signal });
    await until(() => stack.provider.counters.active === 1, 'the call');
    abort.abort();
    await expect(asked).rejects.toBeInstanceOf(APIUserAbortError);
    await until(() => stack.provider.counters.aborted === 1, 'the provider to see the abort');
    const [record] = await stack.recorded(1);
    expect(record).toMatchObject({ status: 499, cacheOutcome: 'miss' });
  });

  it('reads compressed answers for their usage, keeps their bytes, and caches them', async () => {
    stack.provider.failNext({ kind: 'gzip' });
    const first = await client.chat.completions.create(question('Zip it')).withResponse();
    expect(first.response.headers.get('content-encoding')).toBe('gzip');
    const [record] = await stack.recorded(1);
    expect(record?.usage.outputTokens).toBe(first.data.usage?.completion_tokens);
    const second = await client.chat.completions.create(question('Zip it')).withResponse();
    expect(cacheOf(second.response)).toBe('hit');
    expect(second.data.choices).toEqual(first.data.choices);
  });
});
