import type { Shape } from './scanned-log.ts';

/** Shapes at most. */
export const MOST_SHAPES = 262_144;
/** Of those, for lines that came when all others were taken: by their first words, and one for the rest. */
const COARSE_SHARE = 16;
/** Ids from here on are those. */
export const FIRST_COARSE = MOST_SHAPES - Math.floor(MOST_SHAPES / COARSE_SHARE) - 1;
const FIRST_CAPACITY = 1024;
/** Tells coarse hashes from others. */
const COARSE_SALT = 0x5bd1e995;

/** All shapes of a table, in the order of their ids. */
export interface ShapeCounts {
  /** Four by shape. */
  readonly hashes: Int32Array;
  readonly counts: Float64Array;
  readonly firsts: Float64Array;
  readonly lasts: Float64Array;
  /** Byte offsets at which the first lines begin. */
  readonly offsets: Float64Array;
}

/** Shapes by hash, with what is counted of each. Never more than a given number, and never fails. */
export class ShapeTable {
  readonly #mostFine: number;
  readonly #mostCoarse: number;
  #size = 0;
  #fine = 0;
  #overflow = -1;
  /** Shape id + 1 by hash; open addressing. */
  #slots = new Int32Array(FIRST_CAPACITY * 4);
  /** Four by shape: both lanes, and both of the coarse hash. */
  #hashes = new Int32Array(FIRST_CAPACITY * 4);
  #counts = new Float64Array(FIRST_CAPACITY);
  #firsts = new Float64Array(FIRST_CAPACITY);
  #lasts = new Float64Array(FIRST_CAPACITY);
  #offsets = new Float64Array(FIRST_CAPACITY);

  constructor(mostShapes: number = MOST_SHAPES) {
    this.#mostCoarse = Math.floor(mostShapes / COARSE_SHARE);
    this.#mostFine = mostShapes - this.#mostCoarse - 1;
  }

  /** Shapes so far. */
  get size(): number {
    return this.#size;
  }

  /** True when a line had to take a coarse shape. */
  get isFull(): boolean {
    return this.#size > this.#fine;
  }

  /** Counts a line by the lanes of its hash and returns the id of its shape; -1 where there is none yet. */
  count(a: number, b: number, line: number): number {
    const id = this.#find(a, b);
    if (id >= 0) {
      this.#counts[id] = (this.#counts[id] as number) + 1;
      this.#lasts[id] = line;
    }
    return id;
  }

  /** Counts a line of a shape not seen yet, and returns its id. `lanes` as the kernel describes the line. */
  add(lanes: Int32Array, line: number, offset: number): number {
    const id = this.#add(lanes, line, offset);
    this.#counts[id] = (this.#counts[id] as number) + 1;
    this.#lasts[id] = line;
    return id;
  }

  /** Adds lines counted elsewhere, and returns the id of their shape. `hashes` as `export` gives them. */
  merge(hashes: Int32Array, shape: Omit<Shape, 'id'>, offset: number): number {
    const id = this.#find(hashes[0] as number, hashes[1] as number);
    const known = id >= 0 ? id : this.#add(hashes, shape.firstLine, offset);
    this.#counts[known] = (this.#counts[known] as number) + shape.count;
    this.#lasts[known] = Math.max(this.#lasts[known] as number, shape.lastLine);
    return known;
  }

  /** The shape of an id. */
  at(id: number): Shape {
    return {
      id,
      count: this.#counts[id] as number,
      firstLine: this.#firsts[id] as number,
      lastLine: this.#lasts[id] as number,
    };
  }

  /** 0-based line of the first line of a shape. */
  firstLineOf(id: number): number {
    return this.#firsts[id] as number;
  }

  /** Byte offset at which the first line of a shape begins. */
  offsetOf(id: number): number {
    return this.#offsets[id] as number;
  }

  /** All shapes. */
  export(): ShapeCounts {
    const size = this.#size;
    return {
      hashes: this.#hashes.slice(0, size * 4),
      counts: this.#counts.slice(0, size),
      firsts: this.#firsts.slice(0, size),
      lasts: this.#lasts.slice(0, size),
      offsets: this.#offsets.slice(0, size),
    };
  }

  #find(a: number, b: number): number {
    const slots = this.#slots;
    const hashes = this.#hashes;
    const mask = slots.length - 1;
    for (let slot = spread(a, b) & mask; ; slot = (slot + 1) & mask) {
      const id = (slots[slot] as number) - 1;
      if (id < 0 || (hashes[id * 4] === a && hashes[id * 4 + 1] === b)) return id;
    }
  }

  #add(hashes: Int32Array, line: number, offset: number): number {
    if (this.#fine < this.#mostFine) {
      this.#fine++;
      return this.#insert(hashes, line, offset);
    }
    const coarse = Int32Array.of(
      (hashes[2] as number) ^ COARSE_SALT,
      hashes[3] as number,
      hashes[2] as number,
      hashes[3] as number,
    );
    const id = this.#find(coarse[0] as number, coarse[1] as number);
    if (id >= 0) return id;
    if (this.#size < this.#mostFine + this.#mostCoarse) return this.#insert(coarse, line, offset);
    // Its hash is never looked for.
    if (this.#overflow < 0) this.#overflow = this.#insert(coarse, line, offset);
    return this.#overflow;
  }

  #insert(hashes: Int32Array, line: number, offset: number): number {
    if (this.#size === this.#counts.length) this.#grow();
    const id = this.#size++;
    this.#hashes.set(hashes, id * 4);
    this.#firsts[id] = line;
    this.#lasts[id] = line;
    this.#offsets[id] = offset;
    this.#place(id);
    return id;
  }

  #place(id: number): void {
    const mask = this.#slots.length - 1;
    let slot = spread(this.#hashes[id * 4] as number, this.#hashes[id * 4 + 1] as number) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = id + 1;
  }

  #grow(): void {
    const capacity = this.#counts.length * 2;
    const larger = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const array = new Float64Array(capacity);
      array.set(old);
      return array;
    };
    this.#counts = larger(this.#counts);
    this.#firsts = larger(this.#firsts);
    this.#lasts = larger(this.#lasts);
    this.#offsets = larger(this.#offsets);
    const hashes = new Int32Array(capacity * 4);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    this.#slots = new Int32Array(capacity * 4);
    for (let id = 0; id < this.#size; id++) this.#place(id);
  }
}

function spread(a: number, b: number): number {
  const mixed = Math.imul(a ^ (b >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
