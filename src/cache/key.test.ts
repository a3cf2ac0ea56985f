import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CacheScope, JsonValue } from '../contract/index.ts';
import { cacheKey, type KeyInput } from './key.ts';

const SCOPE: CacheScope = {
  tenant: 'tenant',
  wire: 'openai-chat',
  model: 'model',
  system: [{ role: 'system', content: 'Be brief.' }],
  tools: [{ type: 'function', function: { name: 'find', parameters: { type: 'object' } } }],
  toolChoice: 'auto',
  responseFormat: null,
  sampling: { temperature: 0 },
  policy: { normalization: 'safe-1' },
};

function keyOf(input: Partial<KeyInput> = {}): string {
  return cacheKey({ scope: SCOPE, messages: [], normalize: 'safe', bytes: new Uint8Array(), ...input });
}

const scopeKey = (scope: Partial<CacheScope>) => keyOf({ scope: { ...SCOPE, ...scope } });
const messagesKey = (messages: JsonValue) => keyOf({ messages });
const user = (content: JsonValue) => messagesKey([{ role: 'user', content }]);

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
/** What JSON can tell apart: -0 and 0 are one number. */
const essence = (value: unknown) => JSON.stringify(sorted(value));
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return { list: value.map(sorted) };
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [`name ${name}`, sorted(inner)]);
}

describe('the key', () => {
  it('is a SHA-256 in hex and the same for the same request', () => {
    expect(keyOf()).toMatch(/^[0-9a-f]{64}$/);
    expect(keyOf({ scope: structuredClone(SCOPE) })).toBe(keyOf());
  });

  it.each([
    'tenant',
    'wire',
    'model',
    'system',
    'tools',
    'toolChoice',
    'responseFormat',
    'sampling',
    'policy',
  ] as const)('changes with %s (INV-C1)', (part) => {
    const strings = part === 'tenant' || part === 'wire' || part === 'model';
    const values = strings ? fc.string() : json;
    fc.assert(
      fc.property(values, (value) => {
        fc.pre(essence(value) !== essence(SCOPE[part]));
        // Normalization off, so that every difference counts.
        const other = { ...SCOPE, [part]: value } as CacheScope;
        expect(keyOf({ scope: other, normalize: 'none' })).not.toBe(keyOf({ normalize: 'none' }));
      }),
      { numRuns: 500 },
    );
  });

  it('tells two values apart exactly when JSON does (INV-C3)', () => {
    const key = (sampling: JsonValue) => scopeKey({ sampling });
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(key(a) === key(b)).toBe(essence(a) === essence(b));
        expect(key(JSON.parse(JSON.stringify(a)) as JsonValue)).toBe(key(a));
      }),
      { numRuns: 1_000 },
    );
  });

  it('depends on every message, not on the last alone (INV-C2)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 2, maxLength: 6 }),
        fc.nat(),
        fc.string(),
        (all, at, text) => {
          const index = at % all.length;
          fc.pre(all[index] !== text);
          const turns = (texts: readonly string[]) => texts.map((content) => ({ role: 'user', content }));
          expect(keyOf({ messages: turns(all.with(index, text)), normalize: 'none' })).not.toBe(
            keyOf({ messages: turns(all), normalize: 'none' }),
          );
        },
      ),
    );
    const yes = { role: 'user', content: 'yes' };
    const chat = (question: string) => messagesKey([{ role: 'assistant', content: question }, yes]);
    expect(chat('Delete it?')).not.toBe(chat('Keep it?'));
  });

  it('keeps neighbouring parts apart (INV-C3)', () => {
    expect(scopeKey({ tenant: 'ab', model: 'c' })).not.toBe(scopeKey({ tenant: 'a', model: 'bc' }));
    expect(messagesKey(['ab', 'c'])).not.toBe(messagesKey(['a', 'bc']));
    expect(messagesKey(['a', ['b']])).not.toBe(messagesKey([['a', 'b']]));
    expect(messagesKey([{ a: 's1:b' }])).not.toBe(messagesKey([{ as1: 'b' }]));
    expect(scopeKey({ tools: [], toolChoice: null })).not.toBe(scopeKey({ tools: null, toolChoice: [] }));
    expect(messagesKey(['1'])).not.toBe(messagesKey([1]));
    expect(messagesKey([null])).not.toBe(messagesKey([]));
  });

  it('ignores the order of object keys, and never that of lists (INV-C3)', () => {
    expect(scopeKey({ sampling: { a: 1, b: { d: 1, c: 2 } } })).toBe(
      scopeKey({ sampling: { b: { c: 2, d: 1 }, a: 1 } }),
    );
    expect(scopeKey({ tools: [1, 2] })).not.toBe(scopeKey({ tools: [2, 1] }));
  });

  it('takes equal numbers as equal and absent fields as absent', () => {
    const one = JSON.parse('{"a":1.0,"b":1e2,"c":-0}') as JsonValue;
    expect(scopeKey({ sampling: one })).toBe(scopeKey({ sampling: { a: 1, b: 100, c: 0 } }));
    expect(scopeKey({ sampling: { a: 1, b: undefined } })).toBe(scopeKey({ sampling: { a: 1 } }));
  });

  it('tells apart what parsing makes equal: huge integers and deep nesting', () => {
    const key = (text: string) =>
      keyOf({
        scope: { ...SCOPE, sampling: JSON.parse(text) as JsonValue },
        bytes: new TextEncoder().encode(text),
      });
    expect(key('{"seed":9007199254740993}')).not.toBe(key('{"seed":9007199254740992}'));
    expect(key('{"seed":1e999}')).not.toBe(key('{"seed":1e998}'));
    const nested = (inner: string) => '['.repeat(5_000) + inner + ']'.repeat(5_000);
    expect(key(nested('1'))).not.toBe(key(nested('2')));
    expect(key(nested('1'))).toBe(key(nested('1')));
  });

  it('tells broken surrogates apart', () => {
    expect(user('\ud800')).not.toBe(user('\ud801'));
    expect(user('\ud800')).not.toBe(user('\ufffd'));
    expect(user('\ud800')).not.toBe(user('"\\ud800"'));
  });

  it('holds object keys that JavaScript treats specially', () => {
    const key = (text: string) => scopeKey({ sampling: JSON.parse(text) as JsonValue });
    expect(key('{"__proto__":1}')).not.toBe(key('{}'));
    expect(key('{"__proto__":1}')).not.toBe(key('{"__proto__":2}'));
  });
});

describe('of a prompt’s spelling the key ignores', () => {
  const text = 'What is   the capital? ';
  const plain = 'What is the capital?';

  it.each([
    ['the text of a message', (value: string) => user(value)],
    ['a block of a message', (value: string) => user([{ type: 'text', text: value }])],
    ['an input block', (value: string) => user([{ type: 'input_text', text: value }])],
    ['a whole input', (value: string) => messagesKey(value)],
    ['a system prompt', (value: string) => scopeKey({ system: value })],
    ['a block of a system prompt', (value: string) => scopeKey({ system: [{ type: 'text', text: value }] })],
  ])('blanks in %s', (_, key) => {
    expect(key(text)).toBe(key(plain));
    expect(key('another')).not.toBe(key(plain));
  });

  it.each([
    ['a tool result', (value: string) => messagesKey([{ role: 'tool', tool_call_id: 'a', content: value }])],
    [
      'a block of a tool result',
      (value: string) =>
        user([{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: value }] }]),
    ],
    [
      'the output of a function',
      (value: string) => messagesKey([{ type: 'function_call_output', output: value }]),
    ],
    [
      'arguments',
      (value: string) =>
        messagesKey([{ role: 'assistant', content: null, tool_calls: [{ function: { arguments: value } }] }]),
    ],
    [
      'thinking',
      (value: string) =>
        messagesKey([{ role: 'assistant', content: [{ type: 'thinking', thinking: value }] }]),
    ],
    ['an image', (value: string) => user([{ type: 'image_url', image_url: { url: value } }])],
    ['a name', (value: string) => messagesKey([{ role: 'user', name: value, content: 'a' }])],
    ['a tool', (value: string) => scopeKey({ tools: [{ type: 'text', text: value }] })],
    ['a stop sequence', (value: string) => scopeKey({ sampling: { stop: value } })],
    ['a response format', (value: string) => scopeKey({ responseFormat: { text: value } })],
    ['the model', (value: string) => scopeKey({ model: value })],
  ])('nothing in %s', (_, key) => {
    expect(key(text)).not.toBe(key(plain));
  });

  it('nothing when normalization is off, and case when it is loose', () => {
    const key = (content: string, normalize: KeyInput['normalize']) =>
      keyOf({ messages: [{ role: 'user', content }], normalize });
    expect(key(text, 'none')).not.toBe(key(plain, 'none'));
    expect(key(plain.toUpperCase(), 'safe')).not.toBe(key(plain, 'safe'));
    expect(key(plain.toUpperCase(), 'loose')).toBe(key(plain, 'loose'));
  });
});
