import { describe, expect, it } from 'vitest';
import { createHeaderMemo } from './header-memo.ts';

function request(raw: readonly string[]) {
  const headers: Record<string, string> = {};
  for (let i = 0; i < raw.length; i += 2) headers[(raw[i] as string).toLowerCase()] = raw[i + 1] as string;
  return { headers, rawHeaders: [...raw] };
}

describe('createHeaderMemo', () => {
  const base = ['Host', 'h', 'Authorization', 'Bearer a', 'X-Pare-Session', 's1'];

  it('reads headers that differ in the length of the body alone only once', () => {
    const read = createHeaderMemo();
    const first = read(request([...base, 'Content-Length', '10']));
    expect(read(request([...base, 'Content-Length', '999']))).toBe(first);
    expect(first.outgoing({ tenant: 't' })).toBe(first.outgoing({ tenant: 't' }));
  });

  it.each([
    ['another key', base.with(3, 'Bearer b')],
    ['another session', base.with(5, 's2')],
    ['a header more', [...base, 'X-Pare-Cache', 'off']],
    ['a header less', base.slice(0, 4)],
    ['another name', base.with(4, 'X-Pare-Tags').with(5, 'a=b')],
  ])('reads anew with %s (INV-C1)', (_, raw) => {
    const read = createHeaderMemo();
    const first = read(request(base));
    const other = read(request(raw));
    expect(other).not.toBe(first);
    const fresh = createHeaderMemo()(request(raw));
    expect(other.wishes).toEqual(fresh.wishes);
    expect(other.outgoing({ tenant: 't' })).toEqual(fresh.outgoing({ tenant: 't' }));
  });

  it("keeps the operator's credentials out of what others send", () => {
    const read = createHeaderMemo();
    const known = read(request(base));
    const operator = { tenant: 'o', credentials: { authorization: 'Bearer operator' } };
    expect(known.outgoing(operator)).toEqual({ authorization: 'Bearer operator' });
    expect(known.outgoing({ tenant: 't' })).toEqual({ authorization: 'Bearer a' });
  });
});
