import { describe, expect, it } from 'vitest';
import { InputError } from '../contract/index.ts';
import { headerPairs, numberBetween, positiveNumber, wholeNumber } from './parse-values.ts';

describe('wholeNumber', () => {
  const parse = wholeNumber('--n', 1, 10);
  it.each([
    ['1', 1],
    ['10', 10],
  ])('takes %s', (text, value) => expect(parse(text)).toBe(value));
  it.each(['0', '11', '-1', '1.5', '1e1', '', ' 1', 'x', '0x5'])(
    'refuses "%s", naming the flag and the value',
    (text) => {
      expect(() => parse(text)).toThrow(InputError);
      expect(() => parse(text)).toThrow(
        `--n takes a whole number of at least 1 and at most 10, got "${text}".`,
      );
    },
  );
});

describe('numberBetween', () => {
  const parse = numberBetween('--r', 0, 1);
  it.each(['0', '1', '0.5', '1e-3'])('takes %s', (text) => expect(parse(text)).toBe(Number(text)));
  it.each(['-0.1', '1.1', '', ' ', 'NaN', 'Infinity'])('refuses "%s"', (text) =>
    expect(() => parse(text)).toThrow(InputError),
  );
});

describe('positiveNumber', () => {
  const parse = positiveNumber('--h', 100);
  it.each(['0.5', '100'])('takes %s', (text) => expect(parse(text)).toBe(Number(text)));
  it.each(['0', '-1', '100.1', ''])('refuses "%s"', (text) => expect(() => parse(text)).toThrow(InputError));
});

describe('headerPairs', () => {
  const parse = headerPairs('--header');
  it('collects pairs, names in lower case', () => {
    const one = parse('Anthropic-Version: 2023-06-01', undefined);
    expect(parse('x-a:b: c', one)).toEqual({ 'anthropic-version': '2023-06-01', 'x-a': 'b: c' });
  });
  it('refuses what is no pair', () => expect(() => parse('nothing', undefined)).toThrow(InputError));
});
