import { array, assert, boolean, constantFrom, property, record, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CacheDirective, ChatRequest, JsonObject, WireFormat } from '../../contract/index.ts';
import { anthropicMessages, openaiChat, openaiResponses } from '../../wire/index.ts';
import { MAX_TEXT_CHARS, type QueryRules, readQuery, type SemanticQuery } from './query.ts';

const CODECS = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
};
const RULES: QueryRules = {
  codecs: CODECS,
  policy: { normalize: 'safe' },
  includesAgents: false,
  includesPersonal: false,
};
const DIRECTIVE: CacheDirective = { mode: 'default', noStore: false };
const TOOL = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } };

function parse(body: JsonObject, wire: WireFormat = 'openai-chat'): ChatRequest {
  return CODECS[wire].parseRequest(new TextEncoder().encode(JSON.stringify(body)));
}

function scope(more: { readonly tenant?: string; readonly cache?: CacheDirective } = {}) {
  return { tenant: 'a', upstream: 'u', answerHeaders: {}, stages: {}, cache: DIRECTIVE, ...more };
}

function read(body: JsonObject, more = {}, rules = RULES): ReturnType<typeof readQuery> {
  return readQuery(parse(body), scope(more), rules);
}

const chat = (content: string, more: JsonObject = {}): JsonObject => ({
  model: 'gpt-4o',
  messages: [{ role: 'user', content }],
  ...more,
});
const keyOf = (found: ReturnType<typeof readQuery>): string => (found as SemanticQuery).scopeKey;

describe('what is asked of the semantic cache', () => {
  it('is the same text in the same scope on every wire, and no wire meets another (INV-C1)', () => {
    const content = 'How do I reset my password?';
    const found = [
      readQuery(parse(chat(content)), scope(), RULES),
      readQuery(parse({ model: 'gpt-4o', input: content }, 'openai-responses'), scope(), RULES),
      readQuery(parse(chat(content, { max_tokens: 9 }), 'anthropic-messages'), scope(), RULES),
    ] as SemanticQuery[];
    expect(found.map(({ text }) => text)).toEqual([content, content, content]);
    expect(new Set(found.map(({ scopeKey }) => scopeKey)).size).toBe(3);
  });

  it('has the scope of everything but the words of the user (INV-C1)', () => {
    const plain = keyOf(read(chat('one')));
    expect(keyOf(read(chat('quite another')))).toBe(plain);
    const others = [
      read(chat('one', { model: 'gpt-4o-mini' })),
      read(chat('one', { temperature: 0.5 })),
      read(chat('one', { seed: 1 })),
      read(chat('one', { response_format: { type: 'json_object' } })),
      read(chat('one', { some_new_field: true })),
      read(chat('one'), { tenant: 'b' }),
      read({
        model: 'gpt-4o',
        messages: [
          { role: 'system', content: 'x' },
          { role: 'user', content: 'one' },
        ],
      }),
      read({ model: 'gpt-4o', messages: [{ role: 'user', content: 'one', name: 'ann' }] }),
    ];
    expect(new Set([plain, ...others.map(keyOf)]).size).toBe(others.length + 1);
  });

  it('is never of an agent: neither a turn in flight nor an offer of tools (INV-C6)', () => {
    const turn = record({ text: string({ minLength: 1 }), withTools: boolean(), inFlight: boolean() });
    assert(
      property(
        turn,
        constantFrom<CacheDirective['mode']>('default', 'refresh'),
        ({ text, withTools, inFlight }, mode) => {
          const messages: JsonObject[] = [{ role: 'user', content: `About ${text}` }];
          if (inFlight) {
            const call = { id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } };
            messages.push({ role: 'assistant', content: null, tool_calls: [call] });
            messages.push({ role: 'tool', tool_call_id: 'c', content: text });
          }
          const body = { model: 'gpt-4o', messages, ...(withTools ? { tools: [TOOL] } : {}) };
          const found = read(body, { cache: { mode, noStore: false } }, { ...RULES, includesPersonal: true });
          expect(found === 'agent_turn').toBe(withTools || inFlight);
        },
      ),
    );
  });

  it('is told apart from what has nothing to compare', () => {
    expect(read(chat('  \n'))).toBe('text_empty');
    expect(read({ model: 'gpt-4o', messages: [{ role: 'assistant', content: 'x' }] })).toBe('text_empty');
    expect(read(chat('a'.repeat(MAX_TEXT_CHARS + 1)))).toBe('text_too_long');
    expect(read(chat('a'.repeat(MAX_TEXT_CHARS)))).toHaveProperty('text');
    expect(read(chat('write to ann@example.com'))).toBe('personal');
    expect(read(chat('write to ann@example.com'), {}, { ...RULES, includesPersonal: true })).toHaveProperty(
      'text',
    );
    expect(read(chat('x'), { cache: { mode: 'off', noStore: false } })).toBe('caller_opted_out');
    expect(read(chat('x', { store: true }))).toBe('not_eligible');
  });

  it('is read of any texts at all', () => {
    assert(
      property(array(string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (texts) => {
        const messages = texts.map((content) => ({ role: 'user', content }));
        const found = read({ model: 'gpt-4o', messages });
        expect(typeof found === 'string' ? found : found.scopeKey).not.toBe('');
      }),
    );
  });
});
