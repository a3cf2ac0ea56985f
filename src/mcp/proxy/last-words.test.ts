import { describe, expect, it } from 'vitest';
import { LastWords } from './last-words.ts';

const KEY = 'sk-test-0123456789';
const masked = (text: string) => text.replaceAll(KEY, '***');

function said(...chunks: readonly (string | Uint8Array)[]): string {
  const words = new LastWords();
  for (const chunk of chunks) words.add(Buffer.from(chunk));
  return words.told(masked);
}

describe('the last words of a process', () => {
  it('are its last line that says something', () => {
    expect(said('starting\nno such file\n', '\n  \n')).toBe('no such file');
    expect(said()).toBe('');
  });

  it('hold no key that came in two pieces (INV-E2)', () => {
    expect(said('refused: sk-test-01', '23456789 is no key')).toBe('refused: *** is no key');
  });

  it('hold a character whole that came in two pieces', () => {
    const bytes = Buffer.from('straße');
    expect(said(bytes.subarray(0, 5), bytes.subarray(5))).toBe('straße');
  });

  it('are bounded, and begin with no piece of a key where the line was too long to keep', () => {
    expect(said(`${KEY}${'x'.repeat(65_530)}`)).toBe('');
    expect(said(`${'x'.repeat(70_000)}\nthe end`)).toBe('the end');
    expect(said('y'.repeat(1_000))).toHaveLength(300);
  });
});
