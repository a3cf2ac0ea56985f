import { describe, expect, it } from 'vitest';
import type { ChatRequest, WireCodec } from '../contract/index.ts';
import { anthropicMessages, openaiChat, openaiResponses } from './index.ts';

const parse = (codec: WireCodec, body: object): ChatRequest =>
  codec.parseRequest(new TextEncoder().encode(JSON.stringify({ model: 'm', ...body })));
const rules = (
  codec: WireCodec,
  body: object,
  change?: (request: ChatRequest) => Partial<ChatRequest>,
): string[] => {
  const request = parse(codec, body);
  return codec.lint({ ...request, ...change?.(request) }).map((finding) => finding.rule);
};

const user = { role: 'user', content: 'hi' };
const marked = { type: 'text', text: 't', cache_control: { type: 'ephemeral' } };

describe('lint of openai-chat (INV-T1)', () => {
  const calls = (...ids: string[]) => ({
    role: 'assistant',
    content: null,
    tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })),
  });
  const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'r' });
  const chat = (...messages: object[]) => ({ messages });

  it('finds nothing in a valid conversation, with ids used again in a later turn', () => {
    expect(
      rules(openaiChat, chat(user, calls('a', 'b'), result('b'), result('a'), user, calls('a'), result('a'))),
    ).toEqual([]);
  });

  it.each([
    [['tool_result_without_call'], chat(user, result('a'))],
    [['tool_result_without_call', 'tool_call_without_result'], chat(user, calls('a'), result('b'))],
    [['tool_call_without_result'], chat(user, calls('a', 'b'), result('a'), user)],
    [['tool_call_without_result', 'tool_result_without_call'], chat(user, calls('a'), user, result('a'))],
    [['tool_result_without_call', 'tool_call_without_result'], chat(result('a'), calls('a'))],
    [['tool_call_without_result'], chat(user, calls('a'))],
    [['duplicate_tool_call_id'], chat(user, calls('a', 'a'), result('a'))],
    [['duplicate_tool_result'], chat(user, calls('a'), result('a'), result('a'))],
    [['empty_tool_name'], { messages: [user], tools: [{ type: 'function', function: {} }] }],
    [
      ['duplicate_tool_name'],
      {
        messages: [user],
        tools: [
          { type: 'function', function: { name: 'f' } },
          { type: 'function', function: { name: 'f' } },
        ],
      },
    ],
    [
      ['tool_choice_without_tool'],
      {
        messages: [user],
        tools: [{ type: 'function', function: { name: 'f' } }],
        tool_choice: { type: 'function', function: { name: 'g' } },
      },
    ],
  ])('finds %j', (expected, body) => {
    expect(rules(openaiChat, body)).toEqual(expected);
  });

  it('finds what an edit broke, with a pointer to it', () => {
    const body = chat(user, calls('a'), result('a'), user);
    expect(
      rules(openaiChat, body, ({ messages }) => ({
        messages: messages.filter((message) => message.role !== 'tool'),
      })),
    ).toEqual(['tool_call_without_result']);
    expect(
      rules(openaiChat, chat(user, user), ({ messages }) => ({ messages: messages.toReversed() })),
    ).toEqual(['changed_order']);
    const tools = [{ type: 'function', function: { name: 'f' } }];
    expect(
      rules(
        openaiChat,
        { messages: [user], tools, tool_choice: { type: 'function', function: { name: 'f' } } },
        () => ({ tools: [] }),
      ),
    ).toEqual(['tool_choice_without_tool']);
    expect(openaiChat.lint(parse(openaiChat, chat(user, calls('a'))))[0]?.pointer).toBe(
      '/messages/1/tool_calls/0/function/arguments',
    );
  });
});

describe('lint of openai-responses (INV-T1)', () => {
  const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' };
  const output = { type: 'function_call_output', call_id: 'c', output: 'o' };
  const later = { type: 'function', name: 'f', defer_loading: true };
  const search = { type: 'tool_search' };

  it.each([
    [[], { input: [user, call, { type: 'reasoning', summary: [] }, output] }],
    [['tool_result_without_call'], { input: [user, output] }],
    [['tool_call_without_result'], { input: [user, call] }],
    [['tool_result_without_call', 'tool_call_without_result'], { input: [output, call] }],
    [['duplicate_tool_call_id'], { input: [call, output, call, output] }],
    [[], { input: [output], previous_response_id: 'r' }],
    [[], { input: [output], conversation: 'c' }],
    [[], { input: [{ type: 'item_reference', id: 'i' }, output] }],
    [[], { input: 'text' }],
    [[], { input: 'text', tools: [{ type: 'mcp' }], tool_choice: { type: 'mcp', name: 'remote' } }],
    [['tool_choice_without_tool'], { input: 'text', tool_choice: { type: 'function', name: 'g' } }],
    [[], { input: [user, { ...call, namespace: 'f' }, output], tools: [later, search] }],
    [
      [],
      {
        input: [user, call, output],
        tools: [{ type: 'function', name: 'f' }, { ...later, name: 'g' }, search],
      },
    ],
    [['deferred_call_without_namespace'], { input: [user, call, output], tools: [later, search] }],
    [['deferred_tools_without_search'], { input: [user], tools: [later] }],
    [['search_without_deferred_tools'], { input: [user], tools: [{ type: 'function', name: 'f' }, search] }],
    [
      [],
      {
        input: [user],
        tools: [
          { type: 'function', name: 'f' },
          { ...search, execution: 'client' },
        ],
      },
    ],
    [[], { input: [user], tools: [{ type: 'namespace', name: 'n', tools: [later] }, search] }],
  ])('finds %j', (expected, body) => {
    expect(rules(openaiResponses, body)).toEqual(expected);
  });
});

describe('lint of anthropic-messages (INV-T1)', () => {
  const use = (id: string) => ({ type: 'tool_use', id, name: 'f', input: {} });
  const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'r' });
  const assistant = (...content: object[]) => ({ role: 'assistant', content });
  const answer = (...content: object[]) => ({ role: 'user', content });
  const thinking = { type: 'thinking', thinking: 't', signature: 's' };
  const later = (name: string, more: object = {}) => ({ name, defer_loading: true, ...more });
  const found = (name: string) => ({
    type: 'tool_search_tool_result',
    tool_use_id: 's',
    content: {
      type: 'tool_search_tool_search_result',
      tool_references: [{ type: 'tool_reference', tool_name: name }],
    },
  });

  it.each([
    [[], { messages: [user, assistant(found('g')), user], tools: [{ name: 'f' }, later('g')] }],
    [['all_tools_deferred'], { messages: [user], tools: [later('f'), later('g')] }],
    [
      ['deferred_tool_cached'],
      { messages: [user], tools: [{ name: 'f' }, later('g', { cache_control: { type: 'ephemeral' } })] },
    ],
    [
      ['tool_reference_without_tool'],
      { messages: [user, assistant(found('h')), user], tools: [{ name: 'f' }, later('g')] },
    ],
    [
      [],
      {
        messages: [user, assistant(found('h')), user],
        tools: [{ type: 'mcp_toolset', mcp_server_name: 's' }],
      },
    ],
    [
      [],
      {
        messages: [
          user,
          assistant(thinking, use('a'), use('b')),
          answer(result('a'), result('b'), { type: 'text', text: 'x' }),
        ],
      },
    ],
    [[], { messages: [user, assistant(use('a'), use('b')), answer(result('a')), answer(result('b'))] }],
    [['first_message_not_user'], { messages: [assistant({ type: 'text', text: 'x' }), user] }],
    [['tool_result_without_call'], { messages: [answer(result('a'))] }],
    [['tool_call_without_result'], { messages: [user, assistant(use('a')), user] }],
    [
      ['duplicate_tool_call_id'],
      {
        messages: [user, assistant(use('a')), answer(result('a')), assistant(use('a')), answer(result('a'))],
      },
    ],
    [
      ['tool_result_not_first'],
      { messages: [user, assistant(use('a')), answer({ type: 'text', text: 'x' }, result('a'))] },
    ],
    [
      ['thinking_without_signature'],
      { messages: [user, assistant({ type: 'thinking', thinking: 't' }, use('a')), answer(result('a'))] },
    ],
    [['empty_tool_name'], { messages: [user], tools: [{ name: '', input_schema: {} }] }],
    [[], { messages: [user], system: [marked, marked, marked, marked] }],
    [
      ['too_many_cache_markers'],
      { messages: [user, answer(marked)], system: [marked, marked, marked, marked] },
    ],
    [
      ['too_many_cache_markers'],
      {
        messages: [
          user,
          assistant({ ...use('a'), cache_control: {} }),
          answer({ ...result('a'), content: [marked, { type: 'text', text: 'x' }], cache_control: {} }),
        ],
        tools: [{ name: 'f', cache_control: {} }],
        system: [marked],
      },
    ],
  ])('finds %j', (expected, body) => {
    expect(rules(anthropicMessages, body)).toEqual(expected);
  });

  it('finds a thinking block taken out of a turn with calls', () => {
    const body = { messages: [user, assistant(thinking, use('a')), answer(result('a'))] };
    const change = ({ messages }: ChatRequest): Partial<ChatRequest> => ({
      messages: messages.map((message, i) =>
        i === 1 ? { ...message, parts: message.parts.slice(1) } : message,
      ),
    });
    expect(rules(anthropicMessages, body, change)).toEqual(['thinking_removed']);
  });

  it('counts only the markers that go out (INV-P3)', () => {
    const body = { messages: [answer(marked), answer(marked)], system: [marked, marked, marked] };
    expect(rules(anthropicMessages, body)).toEqual(['too_many_cache_markers']);
    expect(rules(anthropicMessages, body, ({ messages }) => ({ messages: messages.slice(1) }))).toEqual([]);
  });
});
