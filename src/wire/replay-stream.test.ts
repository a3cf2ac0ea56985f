import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatResponse, JsonValue, WireCodec } from '../contract/index.ts';
import { anthropicMessages, openaiChat, openaiResponses } from './index.ts';
import { createSseParser } from './sse.ts';

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('', ' \n\r\n"\\', '👩‍🚀'.repeat(300), `${'x'.repeat(511)}😀y`),
);
const id = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' });
const json = fc.dictionary(fc.constantFrom('a', 'b', 'ü'), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
const count = fc.nat(1000);

const chatMessage = fc
  .record(
    {
      content: fc.option(text),
      refusal: fc.constantFrom(null, null, 'No.'),
      reasoning_content: text,
      annotations: fc.constant([]),
      unknown_field: fc.jsonValue({ maxDepth: 2 }),
      tool_calls: fc.array(
        fc.oneof(
          fc.record(
            {
              id,
              type: fc.constant('function'),
              function: fc.record({ name: id, arguments: text }),
              extra: json,
            },
            { requiredKeys: ['id', 'type', 'function'] },
          ),
          fc.record({ id, type: fc.constant('custom'), custom: fc.record({ name: id, input: text }) }),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    },
    { requiredKeys: ['content'] },
  )
  .map((message) => ({ role: 'assistant', ...message }));
const chat = fc.record(
  {
    id,
    object: fc.constant('chat.completion'),
    created: count,
    model: id,
    choices: fc
      .array(
        fc.record(
          {
            message: chatMessage,
            finish_reason: fc.constantFrom('stop', 'length', 'tool_calls'),
            logprobs: fc.option(
              fc.record({ content: fc.array(json, { maxLength: 2 }), refusal: fc.constant(null) }),
            ),
            vendor: fc.jsonValue({ maxDepth: 1 }),
          },
          { requiredKeys: ['message', 'finish_reason'] },
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((choices) => choices.map((choice, index) => ({ index, ...choice }))),
    usage: fc.record({ prompt_tokens: count, completion_tokens: count, total_tokens: count }),
    system_fingerprint: fc.option(id),
    service_tier: id,
    citations: fc.array(text, { maxLength: 2 }),
  },
  { requiredKeys: ['id', 'object', 'created', 'model', 'choices', 'usage'] },
);

const claudeBlock = fc.oneof(
  fc.record(
    {
      type: fc.constant('text'),
      text,
      citations: fc.oneof(fc.constant(null), fc.array(json, { maxLength: 2 })),
    },
    { requiredKeys: ['type', 'text'] },
  ),
  fc.record({ type: fc.constant('thinking'), thinking: text, signature: text }),
  fc.record({ type: fc.constant('redacted_thinking'), data: text }),
  fc.record({ type: fc.constantFrom('tool_use', 'server_tool_use'), id, name: id, input: json }),
  fc.record({
    type: fc.constant('web_search_tool_result'),
    tool_use_id: id,
    content: fc.array(json, { maxLength: 2 }),
  }),
);
const claude = fc.record(
  {
    id,
    type: fc.constant('message'),
    role: fc.constant('assistant'),
    model: id,
    content: fc.array(claudeBlock, { maxLength: 4 }),
    stop_reason: fc.constantFrom('end_turn', 'max_tokens', 'tool_use', 'stop_sequence'),
    stop_sequence: fc.option(text),
    usage: fc.record({
      input_tokens: count,
      output_tokens: count,
      cache_read_input_tokens: count,
      cache_creation: fc.constant(null),
    }),
    container: fc.option(json),
  },
  { requiredKeys: ['id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence', 'usage'] },
);

const item = fc.oneof(
  fc.record({
    id,
    type: fc.constant('message'),
    role: fc.constant('assistant'),
    status: fc.constant('completed'),
    content: fc.array(
      fc.oneof(
        fc.record({
          type: fc.constant('output_text'),
          text,
          annotations: fc.array(json, { maxLength: 2 }),
          logprobs: fc.constant([]),
        }),
        fc.record({ type: fc.constant('refusal'), refusal: text }),
      ),
      { maxLength: 2 },
    ),
  }),
  fc.record({
    id,
    type: fc.constant('function_call'),
    call_id: id,
    name: id,
    arguments: text,
    status: fc.constant('completed'),
  }),
  fc.record({ id, type: fc.constant('custom_tool_call'), call_id: id, name: id, input: text }),
  fc.record({
    id,
    type: fc.constant('reasoning'),
    summary: fc.array(
      text.map((value) => ({ type: 'summary_text', text: value })),
      { maxLength: 2 },
    ),
    encrypted_content: text,
  }),
  fc.record({ id, type: fc.constant('image_generation_call'), result: text }),
);
const responses = fc.record({
  id,
  object: fc.constant('response'),
  created_at: count,
  status: fc.constantFrom('completed', 'incomplete'),
  model: id,
  output: fc.array(item, { maxLength: 4 }),
  usage: fc.record({ input_tokens: count, output_tokens: count, total_tokens: count }),
  metadata: json,
});

function parse(codec: WireCodec, body: unknown, indent?: string): ChatResponse {
  const bytes = new TextEncoder().encode(JSON.stringify(body, null, indent));
  return codec.parseResponse(bytes) as ChatResponse;
}

function events(stream: Uint8Array): { type: string; data: JsonValue }[] {
  const list: { type: string; data: JsonValue }[] = [];
  const parser = createSseParser({
    onEvent: (type, data) =>
      list.push({ type, data: data === '[DONE]' ? data : (JSON.parse(data) as JsonValue) }),
  });
  parser.push(stream);
  parser.end();
  return list;
}

describe.each([
  [openaiChat, chat],
  [openaiResponses, responses],
  [anthropicMessages, claude],
] as const)('replayStream', (codec, arbitrary) => {
  it(`is read back as the same answer of ${codec.wire} (INV-C5)`, () => {
    fc.assert(
      fc.property(arbitrary as fc.Arbitrary<object>, fc.constantFrom(undefined, ' '), (body, indent) => {
        const response = parse(codec, body, indent);
        const reader = codec.createStreamReader();
        reader.push(codec.replayStream(response, { includeUsage: true }));
        const { bytes, ...read } = reader.end() as ChatResponse;
        expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(JSON.parse(JSON.stringify(body)));
        const { bytes: _, ...expected } = response;
        expect(read).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe('replayStream', () => {
  const completion = {
    id: 'c',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'x'.repeat(1300), refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  };

  it('writes usage chunks of chat completions only when asked, and one [DONE] (INV-C5, INV-S1)', () => {
    const response = parse(openaiChat, completion);
    const plain = events(openaiChat.replayStream(response, { includeUsage: false }));
    expect(JSON.stringify(plain)).not.toContain('usage');
    expect(plain.filter(({ data }) => data === '[DONE]')).toHaveLength(1);
    expect(plain).toHaveLength(6);
    const asked = events(openaiChat.replayStream(response, { includeUsage: true })).map(({ data }) => data);
    expect(asked.at(-1)).toBe('[DONE]');
    expect(asked.at(-2)).toMatchObject({
      object: 'chat.completion.chunk',
      choices: [],
      usage: completion.usage,
    });
    expect(asked.slice(0, -2).every((data) => (data as { usage?: unknown }).usage === null)).toBe(true);
    expect(asked[0]).toMatchObject({
      choices: [{ delta: { role: 'assistant', content: '' }, finish_reason: null }],
    });
    expect(asked.at(-3)).toMatchObject({ choices: [{ delta: {}, finish_reason: 'stop' }] });
  });

  it('cuts no character in two', () => {
    const content = `${'x'.repeat(511)}😀y`;
    const body = {
      ...completion,
      choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop' }],
    };
    const stream = new TextDecoder().decode(
      openaiChat.replayStream(parse(openaiChat, body), { includeUsage: false }),
    );
    expect(stream).toContain('😀');
    expect(stream).not.toContain('\\ud83d');
  });

  it('names events and counts sequences as the wires do', () => {
    const claudeBody = {
      id: 'i',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text: 'hi' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 4, output_tokens: 2 },
    };
    const replay = events(
      anthropicMessages.replayStream(parse(anthropicMessages, claudeBody), { includeUsage: false }),
    );
    expect(replay.map(({ type }) => type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(replay[0]?.data).toMatchObject({
      message: { content: [], stop_reason: null, usage: { input_tokens: 4 } },
    });
    const call = {
      id: 'f',
      type: 'function_call',
      call_id: 'c',
      name: 'n',
      arguments: '{}',
      status: 'completed',
    };
    const message = {
      id: 'm',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'hi', annotations: [] }],
    };
    const response = parse(openaiResponses, {
      id: 'r',
      object: 'response',
      status: 'completed',
      model: 'm',
      output: [message, call],
    });
    const list = events(openaiResponses.replayStream(response, { includeUsage: false }));
    expect(list.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(list.map(({ data }) => (data as { sequence_number: number }).sequence_number)).toEqual(
      list.map((_, i) => i),
    );
  });

  it('writes the input of a call as the model wrote it', () => {
    const bytes = new TextEncoder().encode(
      '{"id":"i","type":"message","model":"m","content":[{"type":"tool_use","id":"t","name":"n","input":{"n": 12345678901234567890, "f":1.0}}],"stop_reason":"tool_use","usage":{}}',
    );
    const reader = anthropicMessages.createStreamReader();
    reader.push(
      anthropicMessages.replayStream(anthropicMessages.parseResponse(bytes) as ChatResponse, {
        includeUsage: true,
      }),
    );
    expect(new TextDecoder().decode(reader.end()?.bytes)).toContain('{"n": 12345678901234567890, "f":1.0}');
  });
});

describe('parseResponse', () => {
  it.each([openaiChat, openaiResponses, anthropicMessages])(
    'takes no error body or other shape for an answer ($wire)',
    (codec) => {
      const bodies = [
        { error: { message: 'x' } },
        { type: 'error', error: {} },
        [],
        null,
        5,
        { choices: [] },
        { object: 'list', data: [] },
        { choices: [{ text: 'x' }] },
        { type: 'message' },
        { object: 'response' },
      ];
      for (const body of bodies) expect(codec.parseResponse(encode(body))).toBeUndefined();
      expect(codec.parseResponse(new TextEncoder().encode('<html>'))).toBeUndefined();
      expect(codec.parseResponse(Uint8Array.of(0xff))).toBeUndefined();
      expect(codec.parseResponse(new TextEncoder().encode('['.repeat(100_000)))).toBeUndefined();
    },
  );

  it.each([
    ['stop', 'complete'],
    ['length', 'length'],
    ['tool_calls', 'tool-calls'],
    ['function_call', 'tool-calls'],
    ['content_filter', 'filtered'],
    ['error', 'failed'],
    ['new_reason', 'incomplete'],
    [null, 'incomplete'],
  ])('reads finish_reason %s as %s (INV-C4)', (reason, finish) => {
    const choice = (finish_reason: string | null) => ({
      message: { role: 'assistant', content: 'x' },
      finish_reason,
    });
    expect(parse(openaiChat, { choices: [choice(reason)] }).finish).toBe(finish);
    expect(parse(openaiChat, { choices: [choice('stop'), choice(reason)] }).finish).toBe(finish);
  });

  it.each([
    ['end_turn', 'complete'],
    ['stop_sequence', 'complete'],
    ['tool_use', 'tool-calls'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'filtered'],
    ['pause_turn', 'incomplete'],
    [null, 'incomplete'],
  ])('reads stop_reason %s as %s (INV-C4)', (stop_reason, finish) => {
    expect(parse(anthropicMessages, { type: 'message', content: [], stop_reason }).finish).toBe(finish);
  });

  it('reads a refusal as filtered and calls after `stop` as tool calls (INV-C4, INV-C6)', () => {
    const refusal = { choices: [{ message: { content: null, refusal: 'No.' }, finish_reason: 'stop' }] };
    expect(parse(openaiChat, refusal).finish).toBe('filtered');
    const calls = {
      choices: [
        {
          message: { content: null, tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }] },
          finish_reason: 'stop',
        },
      ],
    };
    expect(parse(openaiChat, calls)).toMatchObject({
      finish: 'tool-calls',
      toolCalls: [{ id: 'c', name: 'f', argumentsText: '{}' }],
    });
    const computer = { object: 'response', status: 'completed', output: [{ type: 'computer_call' }] };
    expect(parse(openaiResponses, computer).finish).toBe('tool-calls');
  });

  it('keeps the bytes it was given', () => {
    const bytes = encode({ choices: [{ message: {}, finish_reason: 'stop' }] });
    expect(openaiChat.parseResponse(bytes)?.bytes).toBe(bytes);
  });
});
