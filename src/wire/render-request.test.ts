import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  ChatRequest,
  JsonPath,
  JsonValue,
  Message,
  Part,
  ToolDefinition,
  WireCodec,
} from '../contract/index.ts';
import { anthropicMessages, openaiChat, openaiResponses } from './index.ts';
import { sliceJson } from './json-splice.ts';

type Json = { [key: string]: unknown };

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (data: Uint8Array | undefined): string => new TextDecoder().decode(data);
const parse = (data: Uint8Array): Json => JSON.parse(textOf(data)) as Json;

/** Writes JSON as odd as callers do: blanks, 1.0, escapes where none are needed. */
function writeOddly(value: unknown, oddity: number): string {
  let state = oddity;
  const next = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % 6;
  };
  const blank = (): string => ['', '', ' ', '\n', '\t ', ''][next()] as string;
  const string = (text: string): string =>
    JSON.stringify(text).replaceAll(/[a-z/]/g, (letter) => {
      const isEscape = oddity % 3 === 0 && next() === 0 && letter === '/';
      return isEscape ? '\\/' : letter;
    });
  const write = (item: unknown): string => {
    if (Array.isArray(item)) return `[${blank()}${item.map(write).join(`${blank()},${blank()}`)}${blank()}]`;
    if (typeof item === 'object' && item !== null) {
      const members = Object.entries(item).map(
        ([key, member]) => `${string(key)}${blank()}:${blank()}${write(member)}`,
      );
      return `{${blank()}${members.join(`${blank()},${blank()}`)}${blank()}}`;
    }
    if (typeof item === 'string') return string(item);
    if (typeof item === 'number' && Number.isSafeInteger(item) && next() === 0) return `${item}.0`;
    return JSON.stringify(item);
  };
  return (oddity % 5 === 0 ? '\uFEFF' : '') + blank() + write(value) + blank();
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('a/b "q" \\n', '😀é', ''),
);
const unknown = fc.record({ x_unknown: fc.jsonValue({ maxDepth: 2 }) }, { requiredKeys: [] });
const marker = fc.constantFrom({}, {}, { cache_control: { type: 'ephemeral' } });
const merge = (...parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<Json> =>
  fc.tuple(...parts).map((list) => Object.assign({}, ...list) as Json);
const block = (make: (value: string) => object): fc.Arbitrary<Json> => merge(text.map(make), unknown, marker);

const chatMessage: fc.Arbitrary<Json> = fc.oneof(
  merge(
    text.map((content) => ({ role: 'user', content })),
    unknown,
  ),
  merge(
    fc
      .array(
        fc.oneof(
          block((value) => ({ type: 'text', text: value })),
          block((value) => ({ type: 'image_url', image_url: { url: value } })),
          block((value) => ({ type: 'novel', value })),
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((content) => ({ role: 'user', content })),
    unknown,
  ),
  merge(
    fc.tuple(fc.option(text), fc.array(text, { minLength: 1, maxLength: 3 })).map(([content, calls]) => ({
      role: 'assistant',
      content,
      tool_calls: calls.map((value, i) => ({
        id: `c${i}`,
        type: 'function',
        function: { name: 'f', arguments: value },
      })),
    })),
    unknown,
  ),
  merge(
    text.map((content) => ({ role: 'tool', tool_call_id: 'c0', content })),
    unknown,
  ),
);
const chatBody = merge(
  fc.constant({ model: 'm-1', temperature: 1 }),
  fc
    .tuple(fc.array(text, { maxLength: 2 }), fc.array(chatMessage, { minLength: 1, maxLength: 5 }))
    .map(([system, messages]) => ({
      messages: [...system.map((content) => ({ role: 'system', content })), ...messages],
    })),
  fc
    .array(
      block((value) => ({ type: 'function', function: { name: value, parameters: { n: 1 } } })),
      { maxLength: 3 },
    )
    .map((tools) => (tools.length > 0 ? { tools } : {})),
  unknown,
);

const claudeBlock = fc.oneof(
  block((value) => ({ type: 'text', text: value })),
  block((value) => ({ type: 'image', source: { data: value } })),
  block((value) => ({ type: 'tool_result', tool_use_id: 'c', content: value })),
  block((value) => ({
    type: 'tool_result',
    tool_use_id: 'c',
    content: [
      { type: 'image', source: {} },
      { type: 'text', text: value },
    ],
  })),
  block((value) => ({
    type: 'tool_result',
    tool_use_id: 'c',
    content: [
      { type: 'text', text: value },
      { type: 'image', source: {} },
      { type: 'text', text: 'two' },
    ],
  })),
  block((value) => ({ type: 'tool_use', id: 'c', name: 'f', input: { value } })),
  block((value) => ({ type: 'thinking', thinking: value, signature: 's' })),
);
const claudeMessage = fc.oneof(
  text.map((content): Json => ({ role: 'user', content })),
  merge(
    fc
      .tuple(fc.constantFrom('user', 'assistant'), fc.array(claudeBlock, { minLength: 1, maxLength: 4 }))
      .map(([role, content]) => ({ role, content })),
    unknown,
  ),
);
const claudeBody = merge(
  fc.constant({ model: 'm-1', max_tokens: 5 }),
  fc.oneof(
    fc.constant({}),
    text.map((system) => ({ system })),
    fc
      .array(
        block((value) => ({ type: 'text', text: value })),
        { minLength: 1, maxLength: 3 },
      )
      .map((system) => ({ system })),
  ),
  fc.array(claudeMessage, { minLength: 1, maxLength: 5 }).map((messages) => ({ messages })),
  fc
    .array(
      block((name) => ({ name, input_schema: { n: 1 } })),
      { maxLength: 3 },
    )
    .map((tools) => (tools.length > 0 ? { tools } : {})),
  unknown,
);

const item = fc.oneof(
  merge(
    text.map((content) => ({ role: 'user', content })),
    unknown,
  ),
  merge(
    fc
      .array(
        block((value) => ({ type: 'input_text', text: value })),
        { minLength: 1, maxLength: 3 },
      )
      .map((content) => ({ type: 'message', role: 'user', content })),
  ),
  merge(
    text.map((value) => ({ type: 'function_call', call_id: 'c', name: 'f', arguments: value })),
    unknown,
  ),
  merge(
    text.map((output) => ({ type: 'function_call_output', call_id: 'c', output })),
    unknown,
  ),
  merge(
    text.map((value) => ({ type: 'reasoning', id: value, summary: [] })),
    unknown,
  ),
  merge(
    text.map((value) => ({ type: 'novel', value })),
    unknown,
  ),
);
const responsesBody = merge(
  fc.constant({ model: 'm-1', store: false }),
  fc.oneof(
    fc.constant({}),
    text.map((instructions) => ({ instructions })),
  ),
  fc.array(item, { minLength: 1, maxLength: 5 }).map((input) => ({ input })),
  fc
    .array(
      block((name) => ({ type: 'function', name, parameters: {} })),
      { maxLength: 3 },
    )
    .map((tools) => (tools.length > 0 ? { tools } : {})),
  unknown,
);

/** Decisions about each message, part and tool, drawn once and used in turn. */
type Plan = readonly number[];

function makeDecider(plan: Plan): (choices: number) => number {
  let at = 0;
  return (choices) => (plan[at++ % plan.length] as number) % choices;
}

const inserted = (n: number): Message => ({ role: 'user', parts: [{ kind: 'text', text: `new ${n} é` }] });

/** What a wire writes for the message above. */
function insertedValue(codec: WireCodec, n: number): JsonValue {
  const content = `new ${n} é`;
  if (codec.wire === 'openai-responses')
    return { role: 'user', content: [{ type: 'input_text', text: content }] };
  return { role: 'user', content };
}

function setAt(root: unknown, path: JsonPath, value: unknown): void {
  let at = root as Json;
  for (const step of path.slice(0, -1)) at = at[step] as Json;
  at[path.at(-1) as string] = value;
}

function removable(part: Part): boolean {
  const path = part.path ?? [];
  return (
    (path.length === 4 &&
      part.kind !== 'tool-result' &&
      path[2] === 'content' &&
      typeof path[3] === 'number') ||
    (path.length === 5 && part.kind === 'text' && path[2] === 'content')
  );
}

interface Edited {
  readonly request: ChatRequest;
  readonly expected: Json;
  /** Where an untouched value stood and stands. */
  readonly untouched: readonly (readonly [from: JsonPath, to: JsonPath])[];
}

/** Edits the request as a stage would and the parsed body as a reader of the docs would. */
function edit(codec: WireCodec, source: ChatRequest, plan: Plan): Edited {
  const decide = makeDecider(plan);
  const key = codec.wire === 'openai-responses' ? 'input' : 'messages';
  const body = structuredClone(source.source.value) as Json;
  const list = body[key] as Json[];
  const untouched: [JsonPath, JsonPath][] = [];
  const outValues: unknown[] = list.slice(
    0,
    source.system.filter((message) => message.path?.[0] === key).length,
  );
  const messages: Message[] = [];
  for (const message of source.messages) {
    const index = message.path?.[1] as number;
    const choice = decide(5);
    if (choice === 0) continue;
    if (choice === 1) {
      messages.push(inserted(index));
      outValues.push(insertedValue(codec, index));
    }
    const { edited, value, isTouched } = editParts(message, list[index] as Json, decide);
    if (!isTouched)
      untouched.push([
        [key, index],
        [key, outValues.length],
      ]);
    messages.push(edited);
    outValues.push(value);
  }
  body[key] = outValues;
  const tools: ToolDefinition[] = [];
  const toolValues: unknown[] = [];
  for (const [i, tool] of source.tools.entries()) {
    const choice = decide(4);
    if (choice === 0) continue;
    const value = choice === 1 ? { replaced: i } : tool.value;
    if (choice !== 1)
      untouched.push([
        ['tools', i],
        ['tools', toolValues.length],
      ]);
    tools.push(choice === 1 ? { ...tool, value } : tool);
    toolValues.push(value);
  }
  if (decide(3) === 0) {
    const value = { name: 'fresh' };
    tools.push({ name: 'fresh', description: '', isHosted: false, value });
    toolValues.push(value);
  }
  if (toolValues.length > 0) body.tools = toolValues;
  else delete body.tools;
  const model = decide(4) === 0 ? 'm-2' : source.model;
  body.model = model;
  return { request: { ...source, model, tools, messages }, expected: body, untouched };
}

function editParts(
  message: Message,
  original: Json,
  decide: (choices: number) => number,
): { edited: Message; value: Json; isTouched: boolean } {
  const value = structuredClone(original);
  const parts: Part[] = [];
  const removed = new Set<number>();
  let isTouched = false;
  for (const part of message.parts) {
    const choice = decide(4);
    const path = part.path ?? [];
    if (choice === 0 && removable(part) && removed.size + 1 < (value.content as unknown[]).length) {
      removed.add(path[3] as number);
      isTouched = true;
    } else if (choice === 1 && (part.kind === 'text' || part.kind === 'tool-result')) {
      const changed = `${part.text}!é`;
      parts.push({ ...part, text: changed });
      const relative = path.slice(2);
      const isBlocks = Array.isArray(relative.reduce<unknown>((at, step) => (at as Json)[step], value));
      if (isBlocks) {
        const blocks = relative.reduce<unknown>((at, step) => (at as Json)[step], value) as Json[];
        const first = blocks.findIndex((entry) => entry.type === 'text');
        const kept = blocks.filter((entry, i) => entry.type !== 'text' || i === first);
        (blocks[first] as Json).text = changed;
        setAt(value, relative, kept);
      } else setAt(value, relative, changed);
      isTouched = true;
    } else if (choice === 2 && part.kind === 'tool-call') {
      parts.push({ ...part, argumentsText: '{"new":1}' });
      const isText =
        typeof path.slice(2).reduce<unknown>((at, step) => (at as Json)[step], value) === 'string';
      setAt(value, path.slice(2), isText ? '{"new":1}' : { new: 1 });
      isTouched = true;
    } else parts.push(part);
  }
  if (removed.size > 0) value.content = (value.content as unknown[]).filter((_, i) => !removed.has(i));
  return { edited: isTouched ? { ...message, parts } : message, value, isTouched };
}

describe.each([
  [openaiChat, chatBody],
  [openaiResponses, responsesBody],
  [anthropicMessages, claudeBody],
] as const)('renderRequest', (codec, arbitrary) => {
  it(`returns the caller's bytes of ${codec.wire} when nothing was edited (INV-P1)`, () => {
    fc.assert(
      fc.property(arbitrary, fc.nat(), (body, oddity) => {
        const source = bytes(writeOddly(body, oddity));
        const request = codec.parseRequest(source);
        expect(codec.renderRequest(request)).toBe(source);
        // A new list with the same members is no edit either.
        const copied = {
          ...request,
          messages: [...request.messages],
          tools: [...request.tools],
          system: [...request.system],
        };
        expect(Buffer.compare(codec.renderRequest(copied), source)).toBe(0);
      }),
    );
  }, 60_000);

  it(`makes exactly the edits of ${codec.wire} and keeps the bytes of all else (INV-P1, INV-P3)`, () => {
    fc.assert(
      fc.property(
        arbitrary,
        fc.nat(),
        fc.array(fc.nat(), { minLength: 20, maxLength: 60 }),
        (body, oddity, plan) => {
          const source = bytes(writeOddly(body, oddity));
          const { request, expected, untouched } = edit(codec, codec.parseRequest(source), plan);
          const rendered = codec.renderRequest(request);
          expect(parse(rendered)).toEqual(expected);
          for (const [from, to] of untouched) {
            expect(textOf(sliceJson(rendered, to))).toBe(textOf(sliceJson(source, from)));
          }
          for (const member of Object.keys(expected)) {
            if (['messages', 'input', 'tools', 'model'].includes(member)) continue;
            expect(textOf(sliceJson(rendered, [member]))).toBe(textOf(sliceJson(source, [member])));
          }
        },
      ),
      { numRuns: 500 },
    );
  }, 60_000);
});

const render = (
  codec: WireCodec,
  body: object,
  change: (request: ChatRequest) => Partial<ChatRequest>,
): Json => {
  const request = codec.parseRequest(bytes(JSON.stringify(body)));
  return parse(codec.renderRequest({ ...request, ...change(request) }));
};
const fresh = (value: string): Part => ({ kind: 'text', text: value });
const withParts = (
  request: ChatRequest,
  index: number,
  parts: (before: readonly Part[]) => readonly Part[],
) => ({
  messages: request.messages.map((message, i) =>
    i === index ? { ...message, parts: parts(message.parts) } : message,
  ),
});

describe('edits of structure', () => {
  const user = { role: 'user', content: 'hi' };
  const marked = { type: 'text', text: 'old', cache_control: { type: 'ephemeral' } };

  it('turns a plain text into blocks when a part is added', () => {
    expect(
      render(openaiChat, { model: 'm', messages: [user] }, (request) =>
        withParts(request, 0, (parts) => [fresh('a'), ...parts, fresh('b')]),
      ),
    ).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: ['a', 'hi', 'b'].map((value) => ({ type: 'text', text: value })) }],
    });
    expect(
      render(openaiResponses, { model: 'm', input: 'hi' }, (request) => ({
        messages: [{ role: 'assistant', parts: [fresh('a')] }, ...request.messages],
      })),
    ).toEqual({
      model: 'm',
      input: [
        { role: 'assistant', content: [{ type: 'output_text', text: 'a' }] },
        { role: 'user', content: 'hi' },
      ],
    });
  });

  it('removes a message whose last part went, and says null for content beside calls', () => {
    const calls = [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }];
    const body = { model: 'm', messages: [user, { role: 'assistant', content: 'x', tool_calls: calls }] };
    expect(render(openaiChat, body, (request) => withParts(request, 0, () => [])).messages).toEqual([
      body.messages[1],
    ]);
    expect(
      render(openaiChat, body, (request) => withParts(request, 1, (parts) => parts.slice(1))).messages,
    ).toEqual([user, { role: 'assistant', content: null, tool_calls: calls }]);
    expect(
      render(openaiChat, body, (request) => withParts(request, 1, (parts) => parts.slice(0, 1))).messages,
    ).toEqual([user, { role: 'assistant', content: 'x' }]);
  });

  it('drops the choice of tools with the last tool', () => {
    const body = {
      model: 'm',
      messages: [user],
      tool_choice: 'auto',
      tools: [{ type: 'function', function: { name: 'f' } }],
      parallel_tool_calls: true,
    };
    expect(render(openaiChat, body, () => ({ tools: [] }))).toEqual({ model: 'm', messages: [user] });
  });

  it('keeps the marker on the block that takes the text of a result (INV-P3)', () => {
    const content = [{ type: 'text', text: 'a' }, { type: 'image', source: {} }, marked];
    const body = {
      model: 'm',
      messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content }] }],
    };
    const rendered = render(anthropicMessages, body, (request) =>
      withParts(request, 0, (parts) =>
        parts.map((part) => (part.kind === 'tool-result' ? { ...part, text: 'short' } : part)),
      ),
    );
    expect(rendered.messages).toEqual([
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'c',
            content: [
              { type: 'image', source: {} },
              { ...marked, text: 'short' },
            ],
          },
        ],
      },
    ]);
  });

  it('never writes a marker a second time (INV-P3)', () => {
    const image = { type: 'image', source: {}, cache_control: { type: 'ephemeral' } };
    const body = { model: 'm', messages: [{ role: 'user', content: [image] }] };
    const copy: Message = { role: 'user', parts: [{ kind: 'image', value: image }] };
    expect(
      render(anthropicMessages, body, (request) => ({ messages: [...request.messages, copy] })).messages,
    ).toEqual([
      { role: 'user', content: [image] },
      { role: 'user', content: [{ type: 'image', source: {} }] },
    ]);
  });

  it('edits, adds and removes the system prompt of each wire', () => {
    const added = (request: ChatRequest): Partial<ChatRequest> => ({
      system: [...request.system, { role: 'system', parts: [fresh('more')] }],
    });
    const removed = (): Partial<ChatRequest> => ({ system: [] });
    const changed = (request: ChatRequest): Partial<ChatRequest> => ({
      system: request.system.map((message) => ({
        ...message,
        parts: message.parts.map((part) => ({ ...part, text: 'new' }) as Part),
      })),
    });
    const claude = { model: 'm', messages: [user], system: [marked] };
    expect(render(anthropicMessages, claude, added).system).toEqual([marked, { type: 'text', text: 'more' }]);
    expect(render(anthropicMessages, claude, changed).system).toEqual([{ ...marked, text: 'new' }]);
    expect(render(anthropicMessages, claude, removed)).toEqual({ model: 'm', messages: [user] });
    expect(render(anthropicMessages, { model: 'm', messages: [user] }, added).system).toBe('more');
    expect(render(anthropicMessages, { ...claude, system: 'old' }, added).system).toEqual([
      { type: 'text', text: 'old' },
      { type: 'text', text: 'more' },
    ]);
    const responses = { model: 'm', input: 'hi', instructions: 'old' };
    expect(render(openaiResponses, responses, changed)).toEqual({ ...responses, instructions: 'new' });
    expect(render(openaiResponses, responses, removed)).toEqual({ model: 'm', input: 'hi' });
    const chat = { model: 'm', messages: [{ role: 'system', content: 'old' }, user] };
    expect(render(openaiChat, chat, removed).messages).toEqual([user]);
    expect(render(openaiChat, chat, added).messages).toEqual([
      chat.messages[0],
      { role: 'system', content: 'more' },
      user,
    ]);
  });

  it('renders calls and results that a stage added', () => {
    const call: Message = {
      role: 'assistant',
      parts: [{ kind: 'tool-call', id: 'c', name: 'f', argumentsText: '{"a":1}' }],
    };
    const result: Message = { role: 'tool', parts: [{ kind: 'tool-result', callId: 'c', text: 'r' }] };
    const add = (request: ChatRequest): Partial<ChatRequest> => ({
      messages: [...request.messages, call, result],
    });
    expect((render(openaiChat, { model: 'm', messages: [user] }, add).messages as Json[]).slice(1)).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'r' },
    ]);
    expect(
      (render(anthropicMessages, { model: 'm', messages: [user] }, add).messages as Json[]).slice(1),
    ).toEqual([
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: 'r' }] },
    ]);
    expect((render(openaiResponses, { model: 'm', input: [user] }, add).input as Json[]).slice(1)).toEqual([
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' },
      { type: 'function_call_output', call_id: 'c', output: 'r' },
    ]);
  });

  it('refuses an edit that the wire cannot write', () => {
    const thinking: Part = { kind: 'thinking', text: 't' };
    expect(() =>
      render(openaiChat, { model: 'm', messages: [user] }, (request) =>
        withParts(request, 0, (parts) => [...parts, thinking]),
      ),
    ).toThrow('thinking');
  });
});

describe('a tool that got another cache marker', () => {
  it('keeps all its other bytes, numbers and blanks as the caller wrote them (INV-P1, INV-P3)', () => {
    const own = '{ "name":"a",  "input_schema": {"type":"object","maximum":1.0e2, "title":"\\u00e9"} }';
    const text = `{"model":"claude-sonnet-4-6","max_tokens":9,"messages":[{"role":"user","content":"x"}],"tools":[${own},{"name":"b","input_schema":{},"cache_control":{"type":"ephemeral"}}]}`;
    const source = anthropicMessages.parseRequest(new TextEncoder().encode(text));
    const [a, b] = source.tools as [ToolDefinition, ToolDefinition];
    const marked = {
      ...a,
      value: { ...(a.value as Json), cache_control: { type: 'ephemeral' } } as JsonValue,
    };
    const { cache_control: _, ...bare } = b.value as Record<string, JsonValue>;
    const sent = textOf(
      anthropicMessages.renderRequest({ ...source, tools: [marked, { ...b, value: bare }] }),
    );
    const head = own.slice(0, own.lastIndexOf('}')).trimEnd();
    expect(sent).toContain(head);
    expect(JSON.parse(sent)).toMatchObject({
      tools: [
        { name: 'a', cache_control: { type: 'ephemeral' } },
        { name: 'b', input_schema: {} },
      ],
    });
    expect(sent.match(/cache_control/g)).toHaveLength(1);
  });
});
