import { expect, it } from 'vitest';
import { formatBytes, formatCount, formatMany, formatPercent, formatUsd } from './figures.ts';
import { renderTable } from './text-table.ts';

it('aligns columns and leaves no blanks at line ends', () => {
  const table = renderTable(
    [{ name: 'name' }, { name: 'n', align: 'right' }, { name: 'note' }],
    [
      ['a', '1', ''],
      ['long', '10', 'x'],
    ],
  );
  expect(table).toBe('name   n  note\n----  --  ----\na      1\nlong  10  x\n');
});

it('has no head where no column has a name', () => {
  expect(renderTable([{ name: '', align: 'right' }, { name: '' }], [['5', 'a']])).toBe('5  a\n');
});

it('shows names that would move the cursor as harmless text', () => {
  expect(renderTable([{ name: '' }], [['a\u001B[2Jb\nc']])).toBe('a\uFFFD[2Jb\uFFFDc\n');
});

it('writes figures for people', () => {
  expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
  expect([null, 0, 0.0158, 1, 1234.5, -0.5].map(formatUsd)).toEqual([
    'unknown',
    '$0.00',
    '$0.0158',
    '$1.00',
    '$1,234.50',
    '-$0.500',
  ]);
  expect([0, 999, 1500, 2.5e6, 3e9].map(formatBytes)).toEqual(['0 B', '999 B', '1.5 kB', '2.5 MB', '3.0 GB']);
  expect([0, 1, 2000].map((n) => formatMany(n, 'answer'))).toEqual([
    '0 answers',
    '1 answer',
    '2,000 answers',
  ]);
  expect(formatPercent(0.1234)).toBe('12.3%');
});
