/**
 * Pairs that differ in one thing, made by rule from public texts: the rules of `changes.ts` change the meaning, those
 * of `paraphrases.ts` keep it. They were written before the gates of the judge were looked at.
 *
 *   PARE_BENCH_DATA=/path/to/data node bench/semantic/minimal-pairs.ts [KIND] > pairs.jsonl
 */
import { CHANGES } from './changes.ts';
import { DATA_HINT, readDataSets, textSources } from './data-sets.ts';
import { PARAPHRASES } from './paraphrases.ts';
import { createRandom, type SeededRandom } from './random.ts';
import type { Rule } from './rewriting.ts';
import { haveSameValues } from './same-values.ts';

/** Two texts that differ in one thing. */
export interface MinimalPair {
  readonly a: string;
  readonly b: string;
  /** 1 when one answer serves both. */
  readonly label: 0 | 1;
  readonly kind: string;
  /** The set that the text was taken from. */
  readonly source: string;
}

/** Options of `makeMinimalPairs`. */
export interface MinimalPairOptions {
  /** Texts by the name of their source. */
  readonly sources: ReadonlyMap<string, readonly string[]>;
  /** Pairs of each kind that changes the meaning. */
  readonly changed: number;
  /** Pairs of each kind that keeps it. */
  readonly kept: number;
  readonly seed: number;
}

/** Sets of sentences that tell: they serve for changes of meaning alone. */
const NOT_ASKED = new Set(['mrpc', 'sick']);
const MOST_WORDS = 30;
const LEAST_WORDS = 3;

/** True for a text that a person may ask: short, one line, with letters, without what a rewrite may leave behind. */
export function readsLikeAQuestion(text: string): boolean {
  const words = text.trim().split(/\s+/);
  return (
    words.length >= LEAST_WORDS &&
    words.length <= MOST_WORDS + 10 &&
    /[a-z]{2}/i.test(text) &&
    !/undefined|\bnull\b|NaN|\[object|\n|\$\d\b[^,.\d]|^\W*\bof\b/.test(text)
  );
}

/** The text without case, blanks and punctuation at its ends: equal for pairs that differ in nothing. */
export function bare(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[\s?.!,]+|[\s?.!,]+$/g, '');
}

function isUsable(text: string): boolean {
  const count = text.split(/\s+/).length;
  return count >= LEAST_WORDS && count <= MOST_WORDS && text.length <= 240 && !text.includes('\n');
}

/** Pairs of one rule, taking turns between the sources so that none fills the kind alone. */
function pairsOf(
  { rule, label, limit }: { readonly rule: Rule; readonly label: 0 | 1; readonly limit: number },
  random: SeededRandom,
  sources: ReadonlyMap<string, readonly string[]>,
) {
  const used = [...sources].filter(([name]) => label === 0 || !NOT_ASKED.has(name));
  const queues = used.map(([source, texts]) => ({
    source,
    texts: random.shuffle(texts.filter(isUsable)),
    next: 0,
  }));
  const pairs: MinimalPair[] = [];
  const seen = new Set<string>();
  while (pairs.length < limit && queues.some(({ next, texts }) => next < texts.length)) {
    for (const queue of queues) {
      const pair = nextPair(rule, queue, random);
      if (pair === null || pairs.length >= limit) continue;
      const [a, b] = random.next() < 0.5 ? pair : [pair[1], pair[0]];
      if (label === 0 && bare(a) === bare(b)) continue;
      const key = `${bare(pair[0])}\n${bare(pair[1])}`;
      if (a === b || seen.has(key) || !readsLikeAQuestion(a) || !readsLikeAQuestion(b)) continue;
      seen.add(key);
      pairs.push({ a, b, label, kind: rule.kind, source: queue.source });
    }
  }
  return pairs;
}

function nextPair(rule: Rule, queue: { texts: readonly string[]; next: number }, random: SeededRandom) {
  while (queue.next < queue.texts.length) {
    const text = queue.texts[queue.next] as string;
    queue.next += 1;
    const pair = rule.rewrite(text, random);
    if (pair !== null) return pair;
  }
  return null;
}

/** Returns the pairs of all kinds; equal options give equal pairs. */
export function makeMinimalPairs(options: MinimalPairOptions): MinimalPair[] {
  const make = (rules: readonly Rule[], label: 0 | 1, limit: number) =>
    rules.flatMap((rule, at) =>
      pairsOf({ rule, label, limit }, createRandom(options.seed + 1_000 * label + at), options.sources),
    );
  const changed = make(CHANGES, 0, options.changed).filter(({ a, b }) => !haveSameValues(a, b));
  return [...changed, ...make(PARAPHRASES, 1, options.kept)];
}

if (import.meta.main) {
  const sets = readDataSets(process.env['PARE_BENCH_DATA']);
  if (sets === null) {
    console.error(DATA_HINT);
    process.exit(2);
  }
  const kind = process.argv[2];
  const pairs = makeMinimalPairs({ sources: textSources(sets), changed: 80, kept: 80, seed: 7 });
  for (const pair of pairs) {
    if (kind === undefined || pair.kind === kind) process.stdout.write(`${JSON.stringify(pair)}\n`);
  }
}
