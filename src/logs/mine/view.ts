import { type Cluster, copyOf, merge, textOf } from './cluster.ts';
import { SlotCounter, type SlotStatistics } from './statistics.ts';
import { bareGap, wildWord } from './tokens.ts';

/** What clusters of one form look like from outside. */
export interface View {
  readonly template: string;
  readonly count: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly slots: readonly SlotStatistics[];
}

/** The common view of clusters that were found to be of one form. */
export function viewOf(clusters: readonly Cluster[]): View {
  const merged = clusters.map(copyOf).reduce(combine);
  const { count, firstLine, lastLine } = merged;
  return {
    template: render(merged),
    count,
    firstLine,
    lastLine,
    slots: (merged.counters ?? []).flatMap((counter) => (counter === undefined ? [] : [counter.summary()])),
  };
}

function render({ words, gaps }: Cluster): string {
  const parts = words.map(
    (word, index) =>
      (gaps[index] ?? '') + (word.kind === undefined ? word.prefix : `${word.prefix}<*>${word.suffix}`),
  );
  return parts.join('') + (gaps.at(-1) ?? '');
}

/** Adds the lines of `other` to `one`, or to what both have in common. */
function combine(one: Cluster, other: Cluster): Cluster {
  const [a, b] = alignable(one, other) ? [one, other] : collapsed(one, other);
  merge(a, b);
  return a;
}

const bare = (gap: string | undefined): string => bareGap(gap ?? '');

function alignable(one: Cluster, other: Cluster): boolean {
  return (
    one.words.length === other.words.length &&
    one.gaps.every((gap, index) => bare(gap) === bare(other.gaps[index]))
  );
}

/** Both with one varying word for what lies between their common beginning and their common end. */
function collapsed(one: Cluster, other: Cluster): readonly [Cluster, Cluster] {
  const shorter = Math.min(one.words.length, other.words.length);
  const agree = (i: number, j: number): boolean => one.words[i]?.key === other.words[j]?.key;
  let start = 0;
  while (start < shorter && agree(start, start) && bare(one.gaps[start]) === bare(other.gaps[start])) start++;
  let end = 0;
  while (
    end < shorter - start &&
    agree(one.words.length - 1 - end, other.words.length - 1 - end) &&
    bare(one.gaps.at(-1 - end)) === bare(other.gaps.at(-1 - end))
  ) {
    end++;
  }
  return [narrow(one, start, end), narrow(other, start, end)];
}

function narrow(cluster: Cluster, start: number, end: number): Cluster {
  const { words, gaps, counters } = cluster;
  const stop = words.length - end;
  const inner = words
    .slice(start, stop)
    .map((word, index) => `${gaps[start + index] ?? ''}${textOf(word)}`)
    .join('')
    .concat(gaps[stop] ?? '');
  // Spaces beside the varying part are its own where there is nothing fixed.
  const before = /^\s/.test(inner) && start > 0 ? ' ' : '';
  const after = /\s$/.test(inner) && end > 0 ? ' ' : '';
  return {
    ...cluster,
    words: [...words.slice(0, start), wildWord('word', inner.trim()), ...words.slice(stop)],
    gaps: [...gaps.slice(0, start), before, after, ...gaps.slice(stop + 1)],
    counters: counters && [...counters.slice(0, start), counterOf(inner, cluster), ...counters.slice(stop)],
  };
}

function counterOf(value: string, lines: Cluster): SlotCounter {
  const counter = new SlotCounter('word');
  counter.add(value.trim(), lines);
  return counter;
}
