import type { SlotKind } from './mask.ts';

/** What the values of one slot of a template were. */
export interface SlotStatistics {
  readonly kind: SlotKind;
  /** Lines that have the slot. */
  readonly count: number;
  /** Different values among the messages that were given: exact up to 1,000, then an estimate. */
  readonly distinct: number;
  readonly first: string;
  readonly last: string;
  /** Only where every value given is a number; the unit is not looked at. */
  readonly numbers?: { readonly min: number; readonly median: number; readonly max: number };
}

/** Hashes kept per slot; with more values the number is estimated from how close together the smallest lie. */
const MAX_HASHES = 1024;
const MAX_SAMPLE = 256;
const HASH_RANGE = 2 ** 52;
const NUMBER = /^[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?/;

/** 52 bits of a string: two 32-bit FNV-like lanes, mixed. */
function hash52(text: string): number {
  let a = 0x81_1c_9d_c5;
  let b = 0x9e_37_79_b9;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01_00_01_93);
    b = Math.imul(b ^ code, 0x85_eb_ca_6b) + 0x27_d4_eb_2f;
  }
  a = Math.imul(a ^ (a >>> 15) ^ b, 0x2c_1b_3c_6d);
  b = Math.imul(b ^ (b >>> 13) ^ (a >>> 7), 0x29_7a_2d_39);
  a ^= a >>> 16;
  b ^= b >>> 15;
  return (a >>> 0) * 2 ** 20 + ((b >>> 0) & 0xf_ff_ff);
}

/** Number that a value is, with `1,234` read as 1234 and a unit left out. */
function numberOf(value: string): number | undefined {
  const found = NUMBER.exec(value.includes(',') ? value.replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, '') : value);
  return found === null ? undefined : Number(found[0]);
}

/** Collects the values of one slot in bounded memory. */
export class SlotCounter {
  kind: SlotKind;
  count = 0;
  first = '';
  last = '';
  #firstLine = Number.POSITIVE_INFINITY;
  #lastLine = Number.NEGATIVE_INFINITY;
  #hashes = new Set<number>();
  /** Above this no hash is kept. */
  #ceiling = HASH_RANGE;
  #allNumbers = true;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #sample: number[] = [];
  #sampled = 0;
  #random = 0x2f_6e_2b_1d;

  constructor(kind: SlotKind) {
    this.kind = kind;
  }

  /** A value and the lines that it stands for. */
  add(value: string, lines: { count: number; firstLine: number; lastLine: number }): void {
    this.count += lines.count;
    this.#place(value, lines.firstLine);
    this.#place(value, lines.lastLine);
    this.#keep(hash52(value));
    const number = numberOf(value);
    if (number === undefined) this.#allNumbers = false;
    else this.#addNumber(number);
  }

  /** Takes over what another counter has seen. */
  absorb(other: SlotCounter): void {
    if (this.kind !== other.kind) this.kind = 'word';
    this.count += other.count;
    this.#place(other.first, other.#firstLine);
    this.#place(other.last, other.#lastLine);
    this.#ceiling = Math.min(this.#ceiling, other.#ceiling);
    for (const hash of this.#hashes) if (hash >= this.#ceiling) this.#hashes.delete(hash);
    for (const hash of other.#hashes) this.#keep(hash);
    this.#allNumbers &&= other.#allNumbers;
    const before = this.#sampled;
    for (const number of other.#sample) this.#addNumber(number);
    this.#sampled = before + other.#sampled;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /** The values were only the inner part of a word all of which varies now. */
  surround(prefix: string, suffix: string): void {
    this.kind = 'word';
    this.first = prefix + this.first + suffix;
    this.last = prefix + this.last + suffix;
    this.#allNumbers = false;
  }

  /** What was seen so far. */
  summary(): SlotStatistics {
    const sorted = this.#sample.toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    const upper = sorted[middle];
    const lower = sorted.length % 2 === 0 ? sorted[middle - 1] : upper;
    const hasNumbers = this.#allNumbers && upper !== undefined && lower !== undefined;
    return {
      kind: this.kind,
      count: this.count,
      distinct: this.#distinct(),
      first: this.first,
      last: this.last,
      ...(hasNumbers ? { numbers: { min: this.#min, median: (lower + upper) / 2, max: this.#max } } : {}),
    };
  }

  #place(value: string, line: number): void {
    if (line < this.#firstLine) {
      this.first = value;
      this.#firstLine = line;
    }
    if (line >= this.#lastLine) {
      this.last = value;
      this.#lastLine = line;
    }
  }

  /** Keeps the smallest hashes (a KMV sketch); half of them go when there are too many. */
  #keep(hash: number): void {
    if (hash >= this.#ceiling) return;
    this.#hashes.add(hash);
    if (this.#hashes.size < 2 * MAX_HASHES) return;
    const sorted = [...this.#hashes].toSorted((a, b) => a - b);
    this.#ceiling = sorted[MAX_HASHES] ?? this.#ceiling;
    this.#hashes = new Set(sorted.slice(0, MAX_HASHES));
  }

  #distinct(): number {
    if (this.#ceiling === HASH_RANGE) return this.#hashes.size;
    return Math.round((this.#hashes.size / this.#ceiling) * HASH_RANGE);
  }

  /** A reservoir (Vitter's algorithm R) with its own sequence, so that equal input gives equal figures. */
  #addNumber(number: number): void {
    this.#min = Math.min(this.#min, number);
    this.#max = Math.max(this.#max, number);
    this.#sampled++;
    if (this.#sample.length < MAX_SAMPLE) {
      this.#sample.push(number);
      return;
    }
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    const place = Math.floor((this.#random / 2 ** 32) * this.#sampled);
    if (place < MAX_SAMPLE) this.#sample[place] = number;
  }
}
