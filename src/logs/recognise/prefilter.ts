import { type Certain, certainOf, foldCode } from './literals.ts';
import { MOST_SETS } from './telling.ts';

/** Lengths of the pieces of text that are looked up, longest last. */
const SIZES = 4;
const BUCKETS = 1 << 14;
/** Pieces of one literal of which one is chosen. */
const MOST_PIECES = 16;

const FACTOR = 613;
const FACTOR_2 = FACTOR * FACTOR;
const FACTOR_3 = FACTOR_2 * FACTOR;
const MASK = BUCKETS - 1;

/** Common letters and marks: a piece of them is found in most lines, and rules little out. */
const IS_COMMON = /* @__PURE__ */ Uint8Array.from({ length: 128 }, (_, code) =>
  'etaoinsrhldcu ./:-_0123456789'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/** Says which patterns may match a text. */
export interface Prefilter {
  /** Indexes of the patterns that may match, ascending. */
  candidates(text: string): readonly number[];
}

/** The pieces of a literal as long as can be looked up. */
function gramsOf(literal: string): readonly number[] {
  const size = Math.min(SIZES, literal.length);
  const hashes: number[] = [];
  for (let at = 0; at + size <= literal.length && at < MOST_PIECES; at += 1) {
    let hash = 0;
    for (let index = at; index < at + size; index += 1) {
      hash = (Math.imul(hash, FACTOR) + foldCode(literal.charCodeAt(index))) | 0;
    }
    hashes.push(hash);
  }
  return hashes;
}

/** The piece of a literal that costs least to look up. */
function rarestOf(literal: string, hashes: readonly number[], uses: Uint16Array): number {
  const size = Math.min(SIZES, literal.length);
  let rarest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < hashes.length; at += 1) {
    const hash = hashes[at] as number;
    let cost = uses[hash & MASK] as number;
    for (let index = at; index < at + size; index += 1) {
      cost += 4 * (IS_COMMON[literal.charCodeAt(index)] ?? 0);
    }
    if (cost >= least) continue;
    least = cost;
    rarest = hash;
  }
  return rarest;
}

/** By the length of a piece and its hash, the places in a set of bits that it sets. */
type Tables = readonly Map<number, number[]>[];

/** Picks, for every literal, the piece that is rare in lines and that few patterns share. */
function chosenGrams(certain: readonly Certain[], stride: number): Tables {
  const uses = new Uint16Array(BUCKETS);
  const known = new Map<string, readonly number[]>();
  for (const { literals } of certain) {
    for (const texts of literals) {
      for (const text of texts) {
        const hashes = known.get(text) ?? gramsOf(text);
        known.set(text, hashes);
        for (const hash of hashes) uses[hash & MASK] = (uses[hash & MASK] as number) + 1;
      }
    }
  }
  const tables = Array.from({ length: SIZES + 1 }, () => new Map<number, number[]>());
  for (const [index, { literals }] of certain.entries()) {
    for (const [set, texts] of literals.entries()) {
      for (const text of texts) {
        const rarest = rarestOf(text, known.get(text) ?? [], uses);
        const table = tables[Math.min(SIZES, text.length)];
        const bucket = table?.get(rarest) ?? [];
        const place = set * stride + index;
        if (bucket.at(-1) !== place) bucket.push(place);
        table?.set(rarest, bucket);
      }
    }
  }
  return tables;
}

/** A set of patterns, one bit each. */
type Bits = Uint32Array;

const addBit = (bits: Bits, index: number): void => {
  bits[index >> 5] = (bits[index >> 5] as number) | (1 << (index & 31));
};

/** For each folded code, the patterns that a text may match which begins with it. */
function allowedByFirst(certain: readonly Certain[], words: number): readonly Bits[] {
  const any = new Uint32Array(words);
  for (const [index, { firsts }] of certain.entries()) if (firsts === null) addBit(any, index);
  const allowed = Array.from({ length: 256 }, () => any.slice());
  for (const [index, { firsts }] of certain.entries()) {
    for (const code of firsts ?? []) addBit(allowed[code] ?? any, index);
  }
  return allowed;
}

/** The indexes that are in all sets of `bits`, which stand side by side, and among those that are allowed; ascending. */
function inAll(bits: Bits, allowed: Bits): readonly number[] {
  const found: number[] = [];
  const words = allowed.length;
  for (let word = 0; word < words; word += 1) {
    let rest = allowed[word] as number;
    for (let at = word; at < bits.length; at += words) rest &= bits[at] as number;
    while (rest !== 0) {
      const lowest = rest & -rest;
      found.push(word * 32 + 31 - Math.clz32(lowest));
      rest ^= lowest;
    }
  }
  return found;
}

/** What was found in a text: bits for the places of its pieces. */
class Marks {
  readonly bits: Bits;
  /** By the length of a piece: for its hash the first list, or 0. */
  readonly tables: readonly [Uint16Array, Uint16Array, Uint16Array, Uint16Array, Uint16Array];
  /** By list: the places, the piece's whole hash, and the next list of the same table's entry. */
  readonly #places: Uint16Array[] = [new Uint16Array(0)];
  readonly #hashes: number[] = [0];
  readonly #next: number[] = [0];
  /** By list the number of the text in which it was found last: most pieces come again. */
  readonly #found: Uint32Array;
  #texts = 0;

  constructor(tables: Tables, words: number) {
    this.bits = new Uint32Array(words);
    const made = (size: number): Uint16Array => this.#table(tables[size] ?? new Map());
    this.tables = [made(0), made(1), made(2), made(3), made(4)];
    this.#found = new Uint32Array(this.#places.length);
  }

  /** Begins another text, of which these bits are set in any case. */
  begin(always: Bits): void {
    this.bits.set(always);
    this.#texts += 1;
  }

  /** Sets the bits of a piece's places. */
  add(first: number, hash: number): void {
    for (let list = first; list !== 0; list = this.#next[list] as number) {
      if (this.#hashes[list] !== hash || this.#found[list] === this.#texts) continue;
      this.#found[list] = this.#texts;
      const places = this.#places[list] as Uint16Array;
      for (let at = 0; at < places.length; at += 1) addBit(this.bits, places[at] as number);
    }
  }

  #table(pieces: ReadonlyMap<number, readonly number[]>): Uint16Array {
    const table = new Uint16Array(BUCKETS);
    for (const [hash, places] of pieces) {
      this.#hashes.push(hash);
      this.#next.push(table[hash & MASK] as number);
      table[hash & MASK] = this.#places.push(Uint16Array.from(places)) - 1;
    }
    return table;
  }
}

/** Index of the first character that is no blank. */
function firstVisible(text: string): number {
  let at = 0;
  while (at < text.length && (text.charCodeAt(at) <= 32 || text.charCodeAt(at) === 160)) at += 1;
  return at;
}

/**
 * One scan of the text over its pieces of one to four characters, each looked up in a table. A pattern is a
 * candidate where a piece of each of its sets was found; one of which no text is certain always is.
 */
export function createPrefilter(patterns: readonly RegExp[]): Prefilter {
  const certain = patterns.map((pattern) => certainOf(pattern));
  const words = (patterns.length + 31) >> 5;
  const stride = words * 32;
  const always = new Uint32Array(words * MOST_SETS);
  for (const [index, { literals }] of certain.entries()) {
    for (let set = literals.length; set < MOST_SETS; set += 1) addBit(always, set * stride + index);
  }
  const allowed = allowedByFirst(certain, words);
  const marks = new Marks(chosenGrams(certain, stride), words * MOST_SETS);
  const [, one, two, three, four] = marks.tables;
  const { bits } = marks;

  return {
    candidates(text) {
      marks.begin(always);
      let a = 0;
      let b = 0;
      let c = 0;
      for (let at = 0; at < text.length; at += 1) {
        const d = foldCode(text.charCodeAt(at));
        const hash2 = Math.imul(c, FACTOR) + d;
        const hash3 = Math.imul(b, FACTOR_2) + hash2;
        const hash4 = Math.imul(a, FACTOR_3) + hash3;
        const list1 = one[d] as number;
        const list2 = two[hash2 & MASK] as number;
        const list3 = three[hash3 & MASK] as number;
        const list4 = four[hash4 & MASK] as number;
        if (list1 !== 0) marks.add(list1, d);
        if (list2 !== 0) marks.add(list2, hash2 | 0);
        if (list3 !== 0) marks.add(list3, hash3 | 0);
        if (list4 !== 0) marks.add(list4, hash4 | 0);
        a = b;
        b = c;
        c = d;
      }
      const first = foldCode(text.charCodeAt(firstVisible(text)) || 0);
      return inAll(bits, allowed[first] as Bits);
    },
  };
}
