import { MergeQueue } from './merge-queue.ts';
import { countRun } from './run-merger.ts';
import type { Vocabulary } from './vocabulary.ts';

const NONE = 0x7fffffff;
/** Up to this many bytes a plain search for the lowest rank beats sweeps and queue. */
const PLAIN_BYTES = 80;
/** A sweep must join at least about one token in sixteen, so that all sweeps together stay linear. */
const SWEEP_SHARE = 8;
/** Bytes of one character at most, and the tokens looked at to tell a repetition. */
const MAX_PERIOD = 4;
const PERIOD_SAMPLE = 32;
const PAIR_BITS = 15;
/** Ranks stay below this, so two of them make one exact number. */
const RANK_LIMIT = 1 << 18;

/** True when all bytes are the same. */
function isRun(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start];
  let at = start + 1;
  while (at < end && bytes[at] === first) at++;
  return at === end;
}

/** After how many tokens the first ones come again: 1 to 4, the bytes of one character; else 1. */
function periodOf(tokens: Int32Array, count: number): number {
  for (let period = 1; period <= MAX_PERIOD; period++) {
    let at = period;
    while (at < Math.min(count, PERIOD_SAMPLE) && tokens[at] === tokens[at - period]) at++;
    if (at >= PERIOD_SAMPLE) return period;
  }
  return 1;
}

/**
 * Counts the tokens that byte pair encoding makes of a piece: lowest rank first, leftmost among
 * equals. Short pieces are searched plainly. Long ones are swept while one rank covers much of them
 * (repetitions), and then worked off in order by a queue; both give the same merges.
 * Ranks of pairs are remembered by the tokens on both sides, so a merge costs the same however long
 * the tokens have grown.
 */
export class Merger {
  readonly #vocabulary: Vocabulary;
  readonly #pairKeys = new Float64Array(1 << PAIR_BITS).fill(-1);
  readonly #pairRanks = new Int32Array(1 << PAIR_BITS);
  readonly #next = new Int32Array(PLAIN_BYTES + 2);
  readonly #ranks = new Int32Array(PLAIN_BYTES + 2);
  readonly #shortStarts = Int32Array.from({ length: PLAIN_BYTES + 2 }, (_, i) => i);
  readonly #shortTokens = new Int32Array(PLAIN_BYTES + 2);
  #bytes: Uint8Array = new Uint8Array(0);
  #offset = 0;
  /** Where each token starts, from `#offset` on; one entry more than tokens, the end of the last. */
  #starts: Int32Array = this.#shortStarts;
  #tokens: Int32Array = this.#shortTokens;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  /** Tokens of the piece `start` to `end`, which is at least one byte long. */
  count(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    const { byteRanks } = this.#vocabulary;
    this.#bytes = bytes;
    this.#offset = start;
    if (length <= PLAIN_BYTES) {
      for (let i = 0; i < length; i++) this.#tokens[i] = byteRanks[bytes[start + i] as number] as number;
      return this.#mergePlainly(length);
    }
    if (isRun(bytes, start, end)) {
      return countRun(length, (size) => (size > length ? NONE : this.#rank(start, start + size)));
    }
    this.#starts = new Int32Array(length + 1);
    this.#tokens = new Int32Array(length);
    for (let i = 0; i < length; i++) {
      this.#starts[i] = i;
      this.#tokens[i] = byteRanks[bytes[start + i] as number] as number;
    }
    this.#starts[length] = length;
    const ranks = new Int32Array(length + 1);
    const tokens = this.#mergeByQueue(this.#sweepAll(length, ranks), ranks);
    this.#starts = this.#shortStarts;
    this.#tokens = this.#shortTokens;
    return tokens;
  }

  /** Rank of two neighbouring tokens joined, where `end` is the index of the token after them; or `NONE`. */
  #pairRank(left: number, right: number, end: number): number {
    const leftToken = this.#tokens[left] as number;
    const rightToken = this.#tokens[right] as number;
    const key = leftToken * RANK_LIMIT + rightToken;
    const mixed = Math.imul(leftToken, 0x9e3779b1) ^ Math.imul(rightToken, 0x85ebca6b);
    const slot = (mixed ^ (mixed >>> 13)) & ((1 << PAIR_BITS) - 1);
    if (this.#pairKeys[slot] === key) return this.#pairRanks[slot] as number;
    const from = this.#offset + (this.#starts[left] as number);
    const rank = this.#rank(from, this.#offset + (this.#starts[end] as number));
    this.#pairKeys[slot] = key;
    this.#pairRanks[slot] = rank;
    return rank;
  }

  #rank(start: number, end: number): number {
    const rank = this.#vocabulary.rank(this.#bytes, start, end);
    return rank < 0 ? NONE : rank;
  }

  #mergePlainly(length: number): number {
    const next = this.#next;
    const ranks = this.#ranks;
    for (let i = 0; i < length; i++) {
      next[i] = i + 1;
      ranks[i] = i + 1 < length ? this.#pairRank(i, i + 1, i + 2) : NONE;
    }
    for (let count = length; ; count--) {
      let lowest = NONE;
      let best = -1;
      let beforeBest = -1;
      for (let i = 0, before = -1; i < length; before = i, i = next[i] as number) {
        const rank = ranks[i] as number;
        if (rank >= lowest) continue;
        lowest = rank;
        best = i;
        beforeBest = before;
      }
      if (best < 0) return count;
      this.#tokens[best] = lowest;
      const right = next[next[best] as number] as number;
      next[best] = right;
      ranks[best] = right < length ? this.#pairRank(best, right, next[right] as number) : NONE;
      if (beforeBest >= 0) ranks[beforeBest] = this.#pairRank(beforeBest, best, right);
    }
  }

  /** Joins by sweeps as long as they pay; returns the number of tokens left. */
  #sweepAll(length: number, ranks: Int32Array): number {
    const tokens = this.#tokens;
    let count = length;
    for (;;) {
      let lowest = NONE;
      let seen = 0;
      const period = periodOf(tokens, count);
      for (let i = 0; i + 1 < count; i++) {
        const like = i - period;
        // In a repetition the same pair comes again and again.
        const repeats = like >= 0 && tokens[i] === tokens[like] && tokens[i + 1] === tokens[like + 1];
        const rank = repeats ? (ranks[like] as number) : this.#pairRank(i, i + 1, i + 2);
        ranks[i] = rank;
        if (rank < lowest) {
          lowest = rank;
          seen = 0;
        }
        if (rank === lowest) seen++;
      }
      ranks[count - 1] = NONE;
      if (lowest === NONE || seen * SWEEP_SHARE < count) return count;
      const left = this.#sweep(count, lowest, ranks);
      if (left < 0) return -left;
      count = left;
    }
  }

  /**
   * Joins all pairs of the lowest rank from left to right. Stops where a join makes a pair of a still
   * lower rank, which would come first; the number of tokens left is then returned negative.
   */
  #sweep(count: number, rank: number, ranks: Int32Array): number {
    const starts = this.#starts;
    const tokens = this.#tokens;
    let write = 0;
    let read = 0;
    let inOrder = true;
    let lastBefore = -2;
    let lastAfter = -2;
    for (; read < count && inOrder; write++) {
      const joins = ranks[read] === rank;
      starts[write] = starts[read] as number;
      tokens[write] = joins ? rank : (tokens[read] as number);
      read += joins ? 2 : 1;
      if (!joins) continue;
      const before = write > 0 ? (tokens[write - 1] as number) : -1;
      const after = read < count ? (tokens[read] as number) : -1;
      // The same neighbours as at the join before need no second look.
      if (before === lastBefore && after === lastAfter) continue;
      lastBefore = before;
      lastAfter = after;
      // The token before is compact already, the one after is not: both pairs are new.
      if (before >= 0) inOrder = this.#pairRank(write - 1, write, read) > rank;
      if (after >= 0) inOrder &&= this.#pairRank(write, read, read + 1) > rank;
    }
    for (; read < count; read++, write++) {
      starts[write] = starts[read] as number;
      tokens[write] = tokens[read] as number;
    }
    starts[write] = starts[count] as number;
    return inOrder ? write : -write;
  }

  #mergeByQueue(length: number, ranks: Int32Array): number {
    const next = new Int32Array(length + 1);
    const previous = new Int32Array(length + 1);
    const queue = new MergeQueue();
    const requeue = (left: number): void => {
      const right = next[left] as number;
      const rank = right < length ? this.#pairRank(left, right, next[right] as number) : NONE;
      ranks[left] = rank;
      if (rank !== NONE) queue.add(left, rank);
    };
    for (let i = 0; i <= length; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    for (let i = 0; i < length; i++) requeue(i);
    let count = length;
    for (let i = queue.next(); i >= 0; i = queue.next()) {
      // Joined with a neighbour since it was queued.
      if (ranks[i] !== queue.rank) continue;
      const right = next[i] as number;
      this.#tokens[i] = queue.rank;
      next[i] = next[right] as number;
      previous[next[right] as number] = i;
      ranks[right] = NONE;
      count--;
      requeue(i);
      if ((previous[i] as number) >= 0) requeue(previous[i] as number);
    }
    return count;
  }
}
