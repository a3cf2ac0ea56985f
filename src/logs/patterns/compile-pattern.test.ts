import { describe, expect, it } from 'vitest';
import { compilePattern } from './compile-pattern.ts';
import { parsePattern } from './pattern-parser.ts';
import { PatternProgram } from './pattern-program.ts';

/** Numbers that look random and are the same in every run. */
function createDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >> 8) % sides;
  };
}

const ATOMS =
  String.raw`a b c . \d \w [ab] [^a] \b ^ $ (a|b) (?:ab|c) (?<n>a) \. \x61 [\]a] { ] \B \s (|a) é [à-ü]`.split(
    ' ',
  );
const COUNTS = ['', '', '', '*', '+', '?', '{2}', '{1,2}', '{0,}', '*?', '+?', '{2,}?'];
const LETTERS = 'abcABx1 .{]éÉ\n';

describe('patterns of the caller', () => {
  it('match what they match in JavaScript', () => {
    const dice = createDice(7);
    const pick = (list: readonly string[] | string): string => list[dice(list.length)] ?? '';
    let compared = 0;
    for (let round = 0; round < 20_000; round++) {
      const parts = Array.from({ length: 1 + dice(5) }, () => {
        const atom = pick(ATOMS);
        return (dice(8) === 0 ? `(${atom}|b)` : atom) + (/^(?:\\[bB]|\^|\$)$/.test(atom) ? '' : pick(COUNTS));
      });
      const source = parts.join(dice(6) === 0 ? '|' : '');
      const flags = dice(3) === 0 ? 'i' : '';
      const native = nativeOf(source, flags);
      if (native === undefined) continue;
      const program = new PatternProgram(parsePattern(source), { source, flags });
      const text = Array.from({ length: dice(9) }, () => pick(LETTERS)).join('');
      expect([source, flags, text, program.test(text)]).toEqual([source, flags, text, native.test(text)]);
      compared++;
    }
    expect(compared).toBeGreaterThan(10_000);
  });

  it('take steady time on texts that make backtracking take for ever (INV-E4)', () => {
    const text = `${'a'.repeat(16_000)}!`;
    for (const source of ['.*.*.*=', 'a*a*a*a*b', '(a?){8}a{50}=', '.{0,200}x.{0,200}y', '(.*,){3}P']) {
      const started = performance.now();
      expect(compilePattern(source).test(text)).toBe(false);
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });

  it('may have counts, choices and repetitions that are not nested', () => {
    const accepted = [
      String.raw`\d{1,3}(\.\d{1,3}){3}`,
      'timeout after .*ms',
      'error|fail|panic|fatal|abort|segfault|exception|refused',
      '(warn|error) in (a|b|c): .{0,80}',
      '[^"]*"',
    ];
    for (const source of accepted) expect(() => compilePattern(source)).not.toThrow();
    expect(compilePattern('(?i)error').test('an ERROR')).toBe(true);
    expect(compilePattern('error').test('an ERROR')).toBe(false);
  });

  it('are refused where they repeat repetitions or look around (INV-E4)', () => {
    const refused = [
      '(a+)+',
      '(a|aa)*',
      '((ab)*c)*',
      String.raw`(a)\1`,
      '(?=a)',
      '(?<!a)b',
      'a{20000}',
      '((a{99}){99}){99}',
    ];
    for (const source of refused) {
      expect(() => compilePattern(source)).toThrow(expect.objectContaining({ code: 'unsafe_pattern' }));
    }
    expect(() => compilePattern('(')).toThrow(expect.objectContaining({ code: 'invalid_pattern' }));
  });
});

function nativeOf(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}
