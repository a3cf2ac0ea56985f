import { certainOf, foldCode, type RequiredLiterals } from './literals.ts';

/** Lengths of the pieces of text that are looked up, longest last. */
const SIZES = 4;
const BUCKETS = 1 << 14;

const FACTOR = 613;
const FACTOR_2 = FACTOR * FACTOR;
const FACTOR_3 = FACTOR_2 * FACTOR;
const MASK = BUCKETS - 1;

const step = (hash: number, folded: number): number => (Math.imul(hash, FACTOR) + folded) & MASK;

/** Common letters and marks: a piece of them is found in most lines, and rules little out. */
const IS_COMMON = /* @__PURE__ */ Uint8Array.from({ length: 128 }, (_, code) =>
  'etaoinsrhldcu ./:-_0123456789'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/** Says which patterns may match a text. */
export interface Prefilter {
  /** Indexes of the patterns that may match, ascending. */
  candidates(text: string): readonly number[];
}

interface Grams {
  readonly size: number;
  readonly hashes: readonly number[];
  /** For each hash, how many of its characters are common. */
  readonly common: readonly number[];
}

/** The pieces of a literal as long as can be looked up. */
function gramsOf(literal: string): Grams {
  const size = Math.min(SIZES, literal.length);
  const hashes: number[] = [];
  const common: number[] = [];
  for (let at = 0; at + size <= literal.length; at += 1) {
    let hash = 0;
    let usual = 0;
    for (let index = at; index < at + size; index += 1) {
      const code = literal.charCodeAt(index);
      hash = step(hash, foldCode(code));
      usual += IS_COMMON[code] ?? 0;
    }
    hashes.push(hash);
    common.push(usual);
  }
  return { size, hashes, common };
}

/** The piece of a literal that costs least to look up. */
function rarestOf({ hashes, common }: Grams, uses: Uint16Array): number {
  let rarest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [at, hash] of hashes.entries()) {
    const cost = (uses[hash] as number) + 4 * (common[at] ?? 0);
    if (cost >= least) continue;
    least = cost;
    rarest = hash;
  }
  return rarest;
}

/** Picks, for every literal, the piece that is rare in lines and that few patterns share. */
function chosenGrams(literals: readonly RequiredLiterals[]): ReadonlyMap<number, readonly number[]>[] {
  const uses = new Uint16Array(BUCKETS);
  const known = new Map<string, Grams>();
  for (const text of literals.flatMap((texts) => texts ?? [])) {
    const grams = known.get(text) ?? gramsOf(text);
    known.set(text, grams);
    for (const hash of grams.hashes) uses[hash] = (uses[hash] as number) + 1;
  }
  const tables = Array.from({ length: SIZES + 1 }, () => new Map<number, number[]>());
  for (const [index, texts] of literals.entries()) {
    for (const text of texts ?? []) {
      const grams = known.get(text) ?? gramsOf(text);
      const { size } = grams;
      const rarest = rarestOf(grams, uses);
      const bucket = tables[size]?.get(rarest) ?? [];
      if (bucket.at(-1) !== index) bucket.push(index);
      tables[size]?.set(rarest, bucket);
    }
  }
  return tables;
}

/** A set of patterns, one bit each. */
type Bits = Uint32Array;

const addBit = (bits: Bits, index: number): void => {
  bits[index >> 5] = (bits[index >> 5] ?? 0) | (1 << (index & 31));
};

/** For each folded code, the patterns that a text may match which begins with it. */
function allowedByFirst(firsts: readonly (ReadonlySet<number> | null)[], words: number): readonly Bits[] {
  const any = new Uint32Array(words);
  for (const [index, each] of firsts.entries()) if (each === null) addBit(any, index);
  const allowed = Array.from({ length: 256 }, () => any.slice());
  for (const [index, each] of firsts.entries()) {
    for (const code of each ?? []) addBit(allowed[code] ?? any, index);
  }
  return allowed;
}

/** The indexes in both sets, ascending. */
function inBoth(some: Bits, allowed: Bits): readonly number[] {
  const found: number[] = [];
  for (let word = 0; word < some.length; word += 1) {
    let rest = (some[word] ?? 0) & (allowed[word] ?? 0);
    while (rest !== 0) {
      const lowest = rest & -rest;
      found.push(word * 32 + 31 - Math.clz32(lowest));
      rest ^= lowest;
    }
  }
  return found;
}

/** Index of the first character that is no blank. */
function firstVisible(text: string): number {
  let at = 0;
  while (at < text.length && (text.charCodeAt(at) <= 32 || text.charCodeAt(at) === 160)) at += 1;
  return at;
}

/**
 * One scan of the text over its pieces of one to four characters, each looked up in a table; patterns of which
 * no text is certain are always candidates.
 */
export function createPrefilter(patterns: readonly RegExp[]): Prefilter {
  const certain = patterns.map((pattern) => certainOf(pattern));
  const words = (patterns.length + 31) >> 5;
  const always = new Uint32Array(words);
  for (const [index, { literals }] of certain.entries()) if (literals === null) addBit(always, index);
  const firsts = certain.map((each) => each.firsts);
  const allowed = allowedByFirst(firsts, words);
  const lists: (readonly number[])[] = [[]];
  const tables = chosenGrams(certain.map((each) => each.literals)).map((buckets) => {
    const table = new Uint16Array(BUCKETS);
    for (const [hash, indexes] of buckets) table[hash & MASK] = lists.push(indexes) - 1;
    return table;
  });
  const none = new Uint16Array(BUCKETS);
  const [, one = none, two = none, three = none, four = none] = tables;
  const bits = new Uint32Array(words);

  const mark = (list: number): void => {
    for (const index of lists[list] ?? []) addBit(bits, index);
  };

  return {
    candidates(text) {
      bits.set(always);
      let a = 0;
      let b = 0;
      let c = 0;
      for (let at = 0; at < text.length; at += 1) {
        const d = foldCode(text.charCodeAt(at));
        const hash2 = Math.imul(c, FACTOR) + d;
        const hash3 = Math.imul(b, FACTOR_2) + hash2;
        const hash4 = Math.imul(a, FACTOR_3) + hash3;
        const list1 = one[d] ?? 0;
        const list2 = two[hash2 & MASK] ?? 0;
        const list3 = three[hash3 & MASK] ?? 0;
        const list4 = four[hash4 & MASK] ?? 0;
        if (list1 !== 0) mark(list1);
        if (list2 !== 0) mark(list2);
        if (list3 !== 0) mark(list3);
        if (list4 !== 0) mark(list4);
        a = b;
        b = c;
        c = d;
      }
      const first = foldCode(text.charCodeAt(firstVisible(text)) || 0);
      return inBoth(bits, allowed[first] ?? always);
    },
  };
}
