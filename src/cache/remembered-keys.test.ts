import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { ChatRequest } from '../contract/index.ts';
import { createAttachment } from './attachment.ts';
import { rememberKeys } from './remembered-keys.ts';
import type { ScopeSurroundings } from './scope.ts';

const request = () => ({}) as ChatRequest;
const scope = (more: Partial<ScopeSurroundings> = {}): ScopeSurroundings => ({
  tenant: 't',
  upstream: 'u',
  answerHeaders: { a: '1' },
  stages: {},
  ...more,
});
const exactKey = (_request: ChatRequest, { tenant, upstream, answerHeaders, stages }: ScopeSurroundings) =>
  JSON.stringify([
    tenant,
    upstream,
    answerHeaders['a'],
    answerHeaders['b'],
    Object.keys(stages).length,
    Object.entries(stages)
      .map(([name, mode]) => `${name}${mode}`)
      .toSorted((a, b) => (a < b ? -1 : 1))
      .join(),
  ]);

describe('remembered keys', () => {
  it('are worked out once for one request in equal surroundings', () => {
    const keyOf = vi.fn(exactKey);
    const remembered = rememberKeys(keyOf);
    const one = request();
    expect(remembered(one, scope())).toBe(remembered(one, scope({ answerHeaders: { a: '1' } })));
    expect(keyOf).toHaveBeenCalledTimes(1);
    remembered(request(), scope());
    expect(keyOf).toHaveBeenCalledTimes(2);
  });

  it('are the right ones for any two surroundings of one request (INV-C1)', () => {
    const fields = fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2'));
    const anyScope = fc.record({
      tenant: fc.constantFrom('t', 'u'),
      upstream: fc.constantFrom('x', 'y'),
      answerHeaders: fields,
      stages: fields.map((stages) => stages as ScopeSurroundings['stages']),
    });
    fc.assert(
      fc.property(fc.array(anyScope), (scopes) => {
        const remembered = rememberKeys(exactKey);
        const one = request();
        for (const around of scopes) expect(remembered(one, around)).toBe(exactKey(one, around));
      }),
    );
  });
});

describe('an attachment', () => {
  it('is seen by who attached it alone, and leaves the host as it was', () => {
    const [one, other] = [createAttachment<object, number>(), createAttachment<object, number>()];
    const host = { a: 1 };
    one.set(host, 1);
    expect([one.get(host), other.get(host), one.get({ a: 1 })]).toEqual([1, undefined, undefined]);
    one.set(host, 2);
    other.set(host, 3);
    expect([one.get(host), other.get(host)]).toEqual([2, 3]);
    one.set(host, undefined);
    expect([one.get(host), other.get(host)]).toEqual([undefined, 3]);
    expect(Reflect.ownKeys(host)).toEqual(['a']);
    expect(structuredClone(host)).toEqual({ a: 1 });
  });
});
