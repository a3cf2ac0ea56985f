import { describe, expect, it } from 'vitest';
import { type ChatRequest, isPareError, type JsonValue, type WireCodec } from '../contract/index.ts';
import { anthropicMessages, codecFor, openaiChat, openaiResponses } from './index.ts';

const bytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

function codeOf(codec: WireCodec, body: Uint8Array): string {
  try {
    codec.parseRequest(body);
  } catch (error) {
    if (isPareError(error)) return error.code;
    throw error;
  }
  return 'none';
}

const user = { role: 'user', content: 'hi' };
const chat = (fields: object): ChatRequest =>
  openaiChat.parseRequest(bytes({ model: 'm', messages: [user], ...fields }));
const claude = (fields: object): ChatRequest =>
  anthropicMessages.parseRequest(bytes({ model: 'm', max_tokens: 9, messages: [user], ...fields }));
const responses = (fields: object): ChatRequest =>
  openaiResponses.parseRequest(bytes({ model: 'm', input: 'hi', ...fields }));

describe.each([openaiChat, openaiResponses, anthropicMessages])('parseRequest of $wire', (codec) => {
  const field = codec.wire === 'openai-responses' ? 'input' : 'messages';
  const invalid = codec.wire === 'openai-responses' ? 'invalid_input' : 'invalid_messages';

  it.each([
    ['invalid_json', '{"model":'],
    ['invalid_json', ''],
    ['invalid_body', '[1]'],
    ['invalid_body', 'null'],
    ['missing_model', { [field]: [user] }],
    ['missing_model', { model: '', [field]: [user] }],
    ['invalid_field', { model: 7, [field]: [user] }],
    ['invalid_field', { model: 'm', [field]: 5 }],
    ['invalid_field', { model: 'm', [field]: [user], stream: 'yes' }],
    ['invalid_field', { model: 'm', [field]: [user], tools: {} }],
    ['invalid_field', { model: 'm', [field]: [user], tools: ['x'] }],
    ['invalid_field', { model: 'm', [field]: [{ role: 'user', content: 5 }] }],
    [invalid, { model: 'm' }],
    [invalid, { model: 'm', [field]: ['text'] }],
    ['nesting_too_deep', '['.repeat(1 << 20)],
    ['nesting_too_deep', '{"a":'.repeat(1 << 18)],
    ['nesting_too_deep', `{"model":"m","x":${'['.repeat(300)}${']'.repeat(300)}}`],
  ])('answers %s', (code, body) => {
    expect(codeOf(codec, bytes(body))).toBe(code);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(codeOf(codec, Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d))).toBe('invalid_utf8');
  });

  it('tolerates a byte order mark, nesting to the limit and brackets in strings', () => {
    const deep = `${'['.repeat(254)}${']'.repeat(254)}`;
    const text = JSON.stringify('[{"'.repeat(2000));
    const body = `\uFEFF{"model":"m","${field}":[{"role":"user","content":${text}}],"x":${deep}}`;
    const request = codec.parseRequest(bytes(body));
    expect(codec.renderRequest(request)).toBe(request.source.bytes);
  });

  it('does not quote the body in an error (INV-E3)', () => {
    let shown = '';
    try {
      codec.parseRequest(bytes('{"model": sk-secret}'));
    } catch (error) {
      shown = JSON.stringify([String(error), error, (error as Error).cause ?? null]);
    }
    expect(shown).toContain('invalid_json');
    expect(shown).not.toContain('secret');
  });
});

it('finds a codec by its wire', () => {
  for (const codec of [openaiChat, openaiResponses, anthropicMessages])
    expect(codecFor(codec.wire)).toBe(codec);
});

describe('openai-chat', () => {
  it('reads roles, parts, calls, results, tools and where the live part begins', () => {
    const request = chat({
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: 'developer', content: 'be brief' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image_url', image_url: { url: 'u' } },
            { type: 'input_audio', x: 1 },
          ],
        },
        {
          role: 'assistant',
          content: null,
          reasoning_content: 'hm',
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } },
            { id: 'c2', type: 'custom', custom: { name: 'g', input: 'in' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: 'r1' }] },
        { role: 'tool', tool_call_id: 'c2', content: 'r2' },
      ],
      tools: [
        { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } },
        { type: 'custom', custom: { name: 'g' } },
      ],
    });
    expect(request.system).toEqual([
      {
        role: 'developer',
        path: ['messages', 0],
        parts: [{ kind: 'text', text: 'be brief', path: ['messages', 0, 'content'] }],
      },
    ]);
    expect(request.messages.map((message) => message.parts.map((part) => part.kind))).toEqual([
      ['text', 'image', 'other'],
      ['thinking', 'tool-call', 'tool-call'],
      ['tool-result'],
      ['tool-result'],
    ]);
    expect(request.messages[1]?.parts[2]).toMatchObject({ id: 'c2', name: 'g', argumentsText: 'in' });
    expect(request.messages[2]?.parts[0]).toMatchObject({
      callId: 'c1',
      text: 'r1',
      path: ['messages', 3, 'content', 0, 'text'],
    });
    expect(request.tools.map(({ name, description, isHosted }) => [name, description, isHosted])).toEqual([
      ['f', 'd', false],
      ['g', '', false],
    ]);
    expect(request).toMatchObject({
      liveFrom: 2,
      isAgentTurn: true,
      isStream: true,
      wantsStreamUsage: true,
      isReplayable: true,
    });
  });

  it('reads legacy functions', () => {
    const request = chat({
      functions: [{ name: 'f', parameters: {} }],
      messages: [
        user,
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
        { role: 'function', name: 'f', content: 'r' },
      ],
    });
    expect(request.tools[0]).toMatchObject({ name: 'f', isHosted: false, path: ['functions', 0] });
    expect(request.isAgentTurn).toBe(true);
    expect(openaiChat.lint(request)).toEqual([]);
  });

  it('rules out replay where the answer is not a function of the body', () => {
    const cases = [
      { store: true },
      { audio: { voice: 'a' } },
      { modalities: ['text', 'audio'] },
      { web_search_options: {} },
    ];
    for (const fields of cases) expect(chat(fields).isReplayable).toBe(false);
    for (const fields of [{}, { store: false }, { modalities: ['text'] }])
      expect(chat(fields).isReplayable).toBe(true);
  });

  it('sorts every field into the scope', () => {
    const request = chat({
      stream: true,
      stream_options: {},
      temperature: 1,
      unknown: [1],
      tools: [],
      tool_choice: 'auto',
      parallel_tool_calls: false,
      response_format: { type: 'text' },
      messages: [{ role: 'system', content: 's' }, user],
    });
    expect(openaiChat.scopeParts(request)).toEqual({
      system: [{ role: 'system', content: 's' }],
      messages: [user],
      tools: [],
      toolChoice: { tool_choice: 'auto', parallel_tool_calls: false },
      responseFormat: { type: 'text' },
      sampling: { temperature: 1, unknown: [1] },
    });
  });
});

describe('openai-responses', () => {
  it('reads items, instructions and hosted tools', () => {
    const request = responses({
      instructions: 'sys',
      input: [
        { role: 'developer', content: 'dev' },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'a' },
            { type: 'input_image', image_url: 'u' },
          ],
        },
        {
          type: 'reasoning',
          id: 'r',
          summary: [{ type: 'summary_text', text: 't' }],
          encrypted_content: 'e',
        },
        { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: 'out' },
        { type: 'computer_call_output', call_id: 'd', output: {} },
        { type: 'item_reference', id: 'x' },
        { type: 'something_new', z: 1 },
      ],
      tools: [
        { type: 'function', name: 'f', parameters: {} },
        { type: 'web_search' },
        { type: 'local_shell' },
      ],
    });
    expect(request.system.map((message) => message.path)).toEqual([['instructions'], ['input', 0]]);
    expect(request.messages.map(({ role, parts }) => [role, ...parts.map((part) => part.kind)])).toEqual([
      ['user', 'text', 'image'],
      ['assistant', 'thinking'],
      ['assistant', 'tool-call'],
      ['tool', 'tool-result'],
      ['tool', 'other'],
      ['assistant', 'other'],
      ['assistant', 'other'],
    ]);
    expect(request.tools.map((tool) => [tool.name, tool.isHosted])).toEqual([
      ['f', false],
      ['web_search', true],
      ['local_shell', false],
    ]);
    expect(openaiResponses.scopeParts(request)).toMatchObject({
      system: ['sys', { role: 'developer', content: 'dev' }],
      sampling: {},
    });
  });

  it('sees agent turns and what rules out replay', () => {
    expect(
      responses({ input: [user, { type: 'function_call_output', call_id: 'c', output: 'o' }] }).isAgentTurn,
    ).toBe(true);
    expect(responses({}).isAgentTurn).toBe(false);
    const cases: Record<string, JsonValue>[] = [
      { background: true },
      { previous_response_id: 'r' },
      { conversation: 'c' },
      { prompt: { id: 'p' } },
      { tools: [{ type: 'mcp' }] },
      { input: [{ type: 'item_reference', id: 'i' }] },
    ];
    for (const fields of cases) expect(responses(fields).isReplayable).toBe(false);
    expect(responses({ tools: [{ type: 'function', name: 'f' }] }).isReplayable).toBe(true);
  });

  it('needs no input where the provider keeps the conversation', () => {
    const request = openaiResponses.parseRequest(bytes({ model: 'm', previous_response_id: 'r' }));
    expect(request.messages).toEqual([]);
  });
});

describe('anthropic-messages', () => {
  it('reads system blocks, thinking, calls and results with images', () => {
    const request = claude({
      system: [{ type: 'text', text: 's', cache_control: { type: 'ephemeral' } }],
      messages: [
        user,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 't', signature: 'sig' },
            { type: 'redacted_thinking', data: 'd' },
            { type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } },
            { type: 'server_tool_use', id: 's' },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'c',
              content: [
                { type: 'text', text: 'r' },
                { type: 'image', source: {} },
              ],
            },
            { type: 'document', source: {} },
            { type: 'text', text: 'go on' },
          ],
        },
      ],
      tools: [
        { name: 'f', input_schema: {} },
        { type: 'web_search_20250305', name: 'web_search' },
        { type: 'bash_20250124', name: 'bash' },
      ],
    });
    expect(request.system[0]?.parts).toEqual([{ kind: 'text', text: 's', path: ['system', 0, 'text'] }]);
    expect(request.messages.map(({ parts }) => parts.map((part) => part.kind))).toEqual([
      ['text'],
      ['thinking', 'other', 'tool-call', 'other'],
      ['tool-result', 'image', 'other', 'text'],
    ]);
    expect(request.messages[1]?.parts[0]).toMatchObject({ text: 't', signature: 'sig' });
    expect(request.tools.map((tool) => tool.isHosted)).toEqual([false, true, false]);
    expect(request).toMatchObject({ isAgentTurn: true, isReplayable: false, liveFrom: 2 });
    expect(claude({}).isReplayable).toBe(true);
    expect(claude({ mcp_servers: [{}] }).isReplayable).toBe(false);
  });

  it('sorts every field into the scope', () => {
    expect(
      anthropicMessages.scopeParts(
        claude({ system: 's', temperature: 0, stream: true, tool_choice: { type: 'any' } }),
      ),
    ).toEqual({
      system: 's',
      messages: [user],
      tools: null,
      toolChoice: { tool_choice: { type: 'any' } },
      responseFormat: null,
      sampling: { max_tokens: 9, temperature: 0 },
    });
  });
});
