import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimulatedProvider, type SimulatedProvider } from './simulated-provider.ts';

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

let provider: SimulatedProvider;
let client: OpenAI;

beforeEach(async () => {
  provider = await createSimulatedProvider();
  client = new OpenAI({ apiKey: 'key-a', baseURL: `${provider.url}/v1`, maxRetries: 0 });
});
afterEach(() => provider.close());

describe('chat completions', () => {
  it('answers a plain question, the same way each time', async () => {
    const ask = () =>
      client.chat.completions.create({
        model: 'gpt-4o',
        messages: [{ role: 'user', content: 'What is a monad?' }],
      });
    const [first, second] = [await ask(), await ask()];
    expect(first.choices[0]?.message.content).toContain('What is a monad?');
    expect(second.choices).toEqual(first.choices);
    expect(first.choices[0]?.finish_reason).toBe('stop');
    expect(first.usage?.total_tokens).toBe(
      (first.usage?.prompt_tokens ?? 0) + (first.usage?.completion_tokens ?? 0),
    );
    expect(first._request_id).toBe('req_000000000001');
  });

  it('streams the answer it would give whole, usage last when asked for', async () => {
    const body = {
      model: 'gpt-4o',
      messages: [{ role: 'user' as const, content: 'Stream some Ünïcödé 🙂 please' }],
    };
    const stream = await client.chat.completions.create({
      ...body,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    expect(text).toContain('Stream some Ünïcödé 🙂 please');
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) } });
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    const bytes = provider.requests[0]?.sent.toString() ?? '';
    expect(bytes.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('leaves usage out of a stream that did not ask for it', async () => {
    const stream = await client.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    });
    for await (const chunk of stream) expect(chunk).not.toHaveProperty('usage');
  });

  it('calls one tool, takes its result and reports it', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'user', content: 'Please use tool get_weather with {"city":"Oslo"}' },
    ];
    const first = await client.chat.completions.create({ model: 'gpt-4o', messages, tools: TOOLS });
    const message = first.choices[0]?.message as OpenAI.ChatCompletionMessage;
    const call = message.tool_calls?.[0] as OpenAI.ChatCompletionMessageFunctionToolCall;
    expect(first.choices[0]?.finish_reason).toBe('tool_calls');
    expect(call.function).toEqual({ name: 'get_weather', arguments: '{"city":"Oslo"}' });
    messages.push(message, { role: 'tool', tool_call_id: call.id, content: '12 degrees' });
    const second = await client.chat.completions.create({ model: 'gpt-4o', messages, tools: TOOLS });
    expect(second.choices[0]?.message.content).toContain('The tool answered: "12 degrees"');
  });

  it('streams parallel tool calls that the SDK assembles to valid arguments', async () => {
    const runner = client.chat.completions.stream({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'use tools get_weather and get_time' }],
      tools: TOOLS,
    });
    const calls = (await runner.finalChatCompletion()).choices[0]?.message.tool_calls ?? [];
    expect(calls.map((call) => (call.type === 'function' ? call.function.name : ''))).toEqual([
      'get_weather',
      'get_time',
    ]);
    expect(new Set(calls.map((call) => call.id)).size).toBe(2);
    for (const call of calls) {
      expect(JSON.parse(call.type === 'function' ? call.function.arguments : '')).toHaveProperty('city');
    }
  });

  it('calls the tool that tool_choice names and none when told so', async () => {
    const ask = async (choice: OpenAI.ChatCompletionToolChoiceOption) => {
      const answer = await client.chat.completions.create({
        model: 'gpt-4o',
        messages: [{ role: 'user', content: 'use tool get_weather' }],
        tools: TOOLS,
        tool_choice: choice,
      });
      return answer.choices[0]?.message.tool_calls?.map((call) =>
        call.type === 'function' ? call.function.name : '',
      );
    };
    expect(await ask({ type: 'function', function: { name: 'get_time' } })).toEqual(['get_time']);
    expect(await ask('none')).toBeUndefined();
  });

  it('says which image came', async () => {
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
    expect(answer.usage?.prompt_tokens).toBeGreaterThan(85);
  });

  it('answers JSON that matches a schema', async () => {
    const answer = await client.chat.completions.parse({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Rate this film' }],
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'rating',
          strict: true,
          schema: {
            type: 'object',
            properties: {
              verdict: { enum: ['good', 'bad'] },
              stars: { type: 'integer', minimum: 1, maximum: 5 },
              reasons: { type: 'array', items: { $ref: '#/$defs/reason' } },
            },
            $defs: { reason: { type: 'string' } },
          },
        },
      },
    });
    const value = JSON.parse(answer.choices[0]?.message.content ?? '') as Record<string, unknown>;
    expect(value).toEqual({ verdict: 'good', stars: 1, reasons: [expect.any(String)] });
  });

  it('honours max_tokens, stop and n', async () => {
    const messages = [{ role: 'user' as const, content: 'one two three four five' }];
    const short = await client.chat.completions.create({
      model: 'gpt-4o',
      messages,
      max_completion_tokens: 4,
    });
    expect(short.choices[0]?.finish_reason).toBe('length');
    expect(short.usage?.completion_tokens).toBe(4);
    const stopped = await client.chat.completions.create({ model: 'gpt-4o', messages, stop: [' three'] });
    expect(stopped.choices[0]?.message.content).toBe('You asked: "one two');
    expect(stopped.choices[0]?.finish_reason).toBe('stop');
    const several = await client.chat.completions.create({ model: 'gpt-4o', messages, n: 3 });
    expect(new Set(several.choices.map((choice) => choice.message.content)).size).toBe(3);
  });

  it('counts reasoning as a part of the output for reasoning models', async () => {
    const answer = await client.chat.completions.create({
      model: 'o4-mini',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const reasoning = answer.usage?.completion_tokens_details?.reasoning_tokens ?? 0;
    expect(reasoning).toBeGreaterThan(0);
    expect(answer.usage?.completion_tokens).toBeGreaterThan(reasoning);
  });
});

describe('responses', () => {
  it('answers plain text and keeps the conversation by previous_response_id', async () => {
    const first = await client.responses.create({ model: 'gpt-4o', input: 'Remember the word lantern.' });
    expect(first.status).toBe('completed');
    expect(first.output_text).toContain('Remember the word lantern.');
    const second = await client.responses.create({
      model: 'gpt-4o',
      input: 'Go on.',
      previous_response_id: first.id,
    });
    expect(second.usage?.input_tokens).toBeGreaterThan(first.usage?.total_tokens ?? 0);
    await expect(
      client.responses.create({ model: 'gpt-4o', input: 'x', previous_response_id: 'resp_unknown' }),
    ).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found' });
  });

  it('streams events in order with rising sequence numbers', async () => {
    const stream = client.responses.stream({
      model: 'gpt-5',
      input: 'Explain tides',
      reasoning: { effort: 'low' },
    });
    const events = [];
    for await (const event of stream) events.push(event);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    const types = events.map((event) => event.type).filter((type, at, all) => type !== all[at - 1]);
    expect(types).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const final = await stream.finalResponse();
    expect(final.output_text).toContain('Explain tides');
    expect(final.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
  });

  it('calls tools in parallel, in a stream too, and takes their outputs', async () => {
    const tools = TOOLS.map(({ function: definition }) => ({
      type: 'function' as const,
      strict: false,
      ...definition,
    }));
    const input: OpenAI.Responses.ResponseInput = [
      { role: 'user', content: 'use tools get_weather and get_time' },
    ];
    const first = await client.responses.stream({ model: 'gpt-4o', input, tools }).finalResponse();
    const calls = first.output.filter((item) => item.type === 'function_call');
    expect(calls.map((call) => call.name)).toEqual(['get_weather', 'get_time']);
    for (const call of calls) {
      const { name, call_id, arguments: text } = call;
      input.push({ type: 'function_call', name, call_id, arguments: text });
      input.push({ type: 'function_call_output', call_id, output: `${name} done` });
    }
    const second = await client.responses.create({ model: 'gpt-4o', input, tools });
    expect(second.output_text).toContain('get_time done');
  });

  it('says that an answer was cut off', async () => {
    const answer = await client.responses.create({
      model: 'gpt-4o',
      input: 'A long story about the sea, please, with many words',
      max_output_tokens: 16,
    });
    expect(answer).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
    expect(answer.usage?.output_tokens).toBe(16);
  });

  it('takes images and a JSON schema', async () => {
    const image = {
      type: 'input_image' as const,
      image_url: `data:image/png;base64,${PIXEL}`,
      detail: 'auto' as const,
    };
    const seen = await client.responses.create({
      model: 'gpt-4o',
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'Look' }, image] }],
    });
    expect(seen.output_text).toContain('1 image');
    const shaped = await client.responses.create({
      model: 'gpt-4o',
      input: 'Any colour',
      text: {
        format: {
          type: 'json_schema',
          name: 'c',
          schema: { type: 'object', properties: { colour: { type: 'string' } } },
        },
      },
    });
    expect(JSON.parse(shaped.output_text)).toHaveProperty('colour');
  });
});

describe('other endpoints', () => {
  it('embeds texts deterministically, near each other when they share words', async () => {
    const { data, usage } = await client.embeddings.create({
      model: 'text-embedding-3-small',
      input: ['how to reset my password', 'how can I reset my password', 'price of tea in winter'],
      dimensions: 256,
    });
    const [a, b, c] = data.map((item) => item.embedding) as [number[], number[], number[]];
    const dot = (x: number[], y: number[]) =>
      x.reduce((sum, value, at) => sum + value * (y[at] as number), 0);
    expect(a).toHaveLength(256);
    expect(dot(a, a)).toBeCloseTo(1, 5);
    expect(dot(a, b)).toBeGreaterThan(dot(a, c) + 0.3);
    expect(usage.prompt_tokens).toBeGreaterThan(10);
    const floats = await client.embeddings.create({
      model: 'text-embedding-3-small',
      input: 'how to reset my password',
      dimensions: 256,
      encoding_format: 'float',
    });
    expect(floats.data[0]?.embedding[0]).toBeCloseTo(a[0] as number, 6);
  });

  it('lists models', async () => {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids).toContain('gpt-4o');
    expect((await client.models.retrieve('gpt-4o')).id).toBe('gpt-4o');
    await expect(client.models.retrieve('gpt-none')).rejects.toMatchObject({ status: 404 });
  });
});

describe('errors', () => {
  const user = { role: 'user', content: 'x' };
  const assistant = {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }],
  };
  it.each([
    ['no model', { messages: [user] }, 'model'],
    ['no messages', { model: 'm' }, 'messages'],
    ['empty messages', { model: 'm', messages: [] }, 'messages'],
    ['an unknown role', { model: 'm', messages: [{ role: 'robot', content: 'x' }] }, 'messages[0].role'],
    ['null content', { model: 'm', messages: [{ role: 'user', content: null }] }, 'messages[0].content'],
    [
      'a tool result without its call',
      { model: 'm', messages: [user, { role: 'tool', tool_call_id: 'call_1', content: 'x' }] },
      'messages[1].role',
    ],
    ['a call without its result', { model: 'm', messages: [user, assistant, user] }, 'messages[1]'],
    ['a last call without its result', { model: 'm', messages: [user, assistant] }, 'messages[1]'],
    ['a temperature of 3', { model: 'm', messages: [user], temperature: 3 }, 'temperature'],
    ['a wrong type', { model: 'm', messages: [user], stream: 'yes' }, 'stream'],
    ['stream_options without stream', { model: 'm', messages: [user], stream_options: {} }, 'stream_options'],
    [
      'a bad tool name',
      { model: 'm', messages: [user], tools: [{ type: 'function', function: { name: 'a b' } }] },
      'tools[0].function.name',
    ],
    [
      'an image that is no image',
      {
        model: 'm',
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,???' } }] },
        ],
      },
      'messages[0].content[0].image_url.url',
    ],
  ])('refuses chat with %s', async (_name, body, param) => {
    const failure = client.chat.completions.create(
      body as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming,
    );
    await expect(failure).rejects.toMatchObject({ status: 400, param, type: 'invalid_request_error' });
  });

  it.each([
    ['no input', { model: 'm' }, 'input'],
    [
      'an output without its call',
      { model: 'm', input: [{ type: 'function_call_output', call_id: 'c', output: 'x' }] },
      'input[0]',
    ],
    [
      'a call without its output',
      { model: 'm', input: [{ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }] },
      'input[0]',
    ],
    [
      'the content type of another role',
      { model: 'm', input: [{ role: 'user', content: [{ type: 'output_text', text: 'x' }] }] },
      'input[0].content[0].type',
    ],
  ])('refuses responses with %s', async (_name, body, param) => {
    const failure = client.responses.create(
      body as unknown as OpenAI.Responses.ResponseCreateParamsNonStreaming,
    );
    await expect(failure).rejects.toMatchObject({ status: 400, param });
  });

  it('refuses bad JSON, invalid UTF-8, wrong methods, unknown paths and missing keys', async () => {
    const send = async (path: string, init: RequestInit) => {
      const answer = await fetch(provider.url + path, init);
      return [answer.status, ((await answer.json()) as { error: { code: string } }).error.code];
    };
    const headers = { authorization: 'Bearer k', 'content-type': 'application/json' };
    const path = '/v1/chat/completions';
    expect(await send(path, { method: 'POST', headers, body: '{"model":' })).toEqual([400, 'invalid_json']);
    expect(await send(path, { method: 'POST', headers, body: new Uint8Array([0x22, 0xff, 0x22]) })).toEqual([
      400,
      'invalid_json',
    ]);
    expect(await send(path, { method: 'POST', headers, body: '[]' })).toEqual([400, 'invalid_type']);
    expect(await send(path, { headers })).toEqual([405, 'method_not_supported']);
    expect(await send('/v1/nothing', { headers })).toEqual([404, 'unknown_url']);
    expect(await send(path, { method: 'POST', body: '{}' })).toEqual([401, 'missing_api_key']);
  });
});
