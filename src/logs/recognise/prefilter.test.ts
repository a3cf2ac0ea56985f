import { describe, expect, it } from 'vitest';
import { FAMILIES } from './families/index.ts';
import { certainOf } from './literals.ts';
import { createPrefilter } from './prefilter.ts';

describe('the prefilter', () => {
  it('finds what every match of a pattern holds', () => {
    expect(certainOf(/^FAILED \S+/).literals).toEqual([['FAILED ']]);
    expect(certainOf(/(?:alpha|beta) x?/).literals).toEqual([['alpha', 'beta']]);
    expect(certainOf(/a*|b/).literals).toEqual([]);
    expect(certainOf(/^warning: .*\[bug(?:prone|gy)\d/).literals).toEqual([
      ['warning: '],
      ['[bug'],
      ['prone', 'gy'],
    ]);
    expect(certainOf(/foo(?!bar)baz/).literals).toEqual([['foobaz']]);
    expect(certainOf(/^\s{0,4}(?:x|y)z/).firsts).toEqual(new Set(['x', 'y'].map((one) => one.charCodeAt(0))));
    expect(certainOf(/^x|y/).firsts).toBeNull();
  });

  it('never rules out a pattern that matches', () => {
    const recognisers = FAMILIES.flatMap((family) => family.recognisers);
    const prefilter = createPrefilter(recognisers.map(({ pattern }) => pattern));
    const heads = ['', ' ', '    ', '\t', '[ERROR] ', '✖ ', '│ ', '> ', '# ', '- ', '12 ', '1) '];
    const bodies = recognisers.map(({ pattern }) => sample(pattern.source));
    const lost: string[] = [];
    for (const [number, body] of bodies.entries()) {
      const line = `${heads[number % heads.length] ?? ''}${body}`;
      const candidates = new Set(prefilter.candidates(line));
      for (const [index, { id, pattern }] of recognisers.entries()) {
        if (!candidates.has(index) && pattern.test(line)) lost.push(`${id} on ${line}`);
      }
    }
    expect(lost).toEqual([]);
  });
});

/** A text near what a pattern matches: its source with the syntax taken out or filled in. */
function sample(source: string): string {
  return source
    .replace(/\(\?(?:[:!]|<?[=!])/g, '(')
    .replace(/\|[^()]*/g, '')
    .replace(/\\d/g, '3')
    .replace(/\\[Sw]/g, 'x')
    .replace(/\\s/g, ' ')
    .replace(/\{\d+(?:,\d*)?\}/g, '')
    .replace(/\[[^\]]*\]/g, 'x')
    .replace(/\\(.)/g, '$1')
    .replace(/[()^$?*+]/g, '');
}
