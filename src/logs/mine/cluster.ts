import { SlotCounter } from './statistics.ts';
import { type Tokens, WILD, type Word, wildWord } from './tokens.ts';

/** The lines that a message stands for. Lines are numbered as the caller likes. */
export interface Occurrence {
  readonly count: number;
  readonly firstLine: number;
  readonly lastLine: number;
}

/** Messages of one form: equal in number of words, and in the words that are not wild. */
export interface Cluster {
  readonly id: number;
  words: Word[];
  gaps: readonly string[];
  count: number;
  firstLine: number;
  lastLine: number;
  /** One for each word that varies, at its index; `undefined` where nobody asks for them. */
  readonly counters: (SlotCounter | undefined)[] | undefined;
}

/** A cluster of one message, with counters of its values or without; `join` adds the message's lines. */
export function createCluster(id: number, { words, gaps }: Tokens, isCounting: boolean): Cluster {
  return {
    id,
    words: [...words],
    gaps,
    count: 0,
    firstLine: Number.POSITIVE_INFINITY,
    lastLine: Number.NEGATIVE_INFINITY,
    counters: isCounting
      ? words.map((word) => (word.kind === undefined ? undefined : new SlotCounter(word.kind)))
      : undefined,
  };
}

/** The whole text of a word. */
export function textOf({ prefix, value, suffix }: Word): string {
  return prefix + value + suffix;
}

/** Makes a word of the cluster wild; what it was so far is what the new slot has seen so far. */
function widen(cluster: Cluster, index: number, word: Word): void {
  cluster.words[index] = wildWord('word', textOf(word));
  if (cluster.counters === undefined) return;
  const lines = { count: cluster.count, firstLine: cluster.firstLine, lastLine: cluster.lastLine };
  const counter = cluster.counters[index] ?? new SlotCounter('word');
  if (word.kind !== undefined) counter.surround(word.prefix, word.suffix);
  else if (cluster.count > 0) counter.add(word.prefix, lines);
  cluster.counters[index] = counter;
}

/** Adds a message's lines to the cluster, whose words that differ from the message's become wild. */
export function join(cluster: Cluster, words: readonly Word[], lines: Occurrence): void {
  for (let index = 0; index < cluster.words.length; index++) {
    const own = cluster.words[index] as Word;
    const word = words[index] ?? own;
    if (own.key === word.key) {
      cluster.counters?.[index]?.add(word.value, lines);
      continue;
    }
    if (own.key !== WILD) widen(cluster, index, own);
    cluster.counters?.[index]?.add(textOf(word), lines);
  }
  cluster.count += lines.count;
  cluster.firstLine = Math.min(cluster.firstLine, lines.firstLine);
  cluster.lastLine = Math.max(cluster.lastLine, lines.lastLine);
}

/** Takes over the lines of a cluster of as many words; words that differ become wild. */
export function merge(into: Cluster, other: Cluster): void {
  for (const [index, own] of into.words.entries()) {
    const its = other.words[index] ?? own;
    if (own.key !== its.key && own.key !== WILD) widen(into, index, own);
    const word = into.words[index] ?? own;
    if (word.kind !== undefined) into.counters?.[index]?.absorb(counterOf(other, index, word));
  }
  into.count += other.count;
  into.firstLine = Math.min(into.firstLine, other.firstLine);
  into.lastLine = Math.max(into.lastLine, other.lastLine);
}

/** The values of a word of the cluster, seen as the part of `as` that varies. */
function counterOf(cluster: Cluster, index: number, as: Word): SlotCounter {
  const word = cluster.words[index] ?? as;
  const counter = new SlotCounter(word.kind ?? 'word');
  const own = cluster.counters?.[index];
  if (own === undefined) counter.add(textOf(word), cluster);
  else counter.absorb(own);
  if (as.key === WILD && word.key !== WILD && own !== undefined) counter.surround(word.prefix, word.suffix);
  return counter;
}

/** A cluster that can be changed without changing this one. */
export function copyOf(cluster: Cluster): Cluster {
  return {
    ...cluster,
    words: [...cluster.words],
    counters: cluster.counters?.map((counter) => {
      if (counter === undefined) return undefined;
      const copy = new SlotCounter(counter.kind);
      copy.absorb(counter);
      return copy;
    }),
  };
}
