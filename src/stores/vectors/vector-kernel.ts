import { KERNEL } from './kernel.gen.ts';

/** Most numbers in a vector, as in kernel.as. */
export const MOST_DIMENSIONS = 4096;
/** Most vectors that one question finds, as in kernel.as. */
export const MOST_FOUND = 1024;
/** Slots of a page, as in kernel.as. No call may go beyond a page. */
export const PAGE_SLOTS = 1024;

/** Of `Memory.grow`. */
const WASM_PAGE_BYTES = 65_536;
/** What 32 bits address. */
const MOST_BYTES = 65_536 * WASM_PAGE_BYTES;
const DISTANCES = 256;
/** Memory grows by so much of what it has, so that growing stays rare; the system gives it when it is touched. */
const GROWTH = 1 / 16;

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface Exports {
  prepare(dimensions: number): number;
  pagesStart(): number;
  foundStart(): number;
  inputStart(): number;
  histogramStart(): number;
  idAt(slot: number): number;
  ownerAt(slot: number): number;
  put(slot: number, id: number, owner: number): void;
  copy(from: number, to: number): void;
  ask(limit: number): void;
  foundCount(): number;
  scan(slot: number, count: number): void;
  measure(slot: number, count: number): void;
  scanNear(slot: number, count: number, farthest: number): void;
}

/** Of `WebAssembly`, for which Node's types have no name. */
interface Runtime {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number; maximum: number }) => Memory;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** The slots of an index and what is done with many of them at once; kernel.as says how. */
export class VectorKernel {
  readonly #memory: Memory;
  readonly #exports: Exports;
  readonly #pageBytes: number;
  readonly #maxBytes: number;
  #input: Float32Array;
  #pages = 0;

  /**
   * @param dimensions 1 to `MOST_DIMENSIONS`
   * @param maxBytes which the memory never passes
   */
  constructor(dimensions: number, maxBytes: number) {
    const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Runtime };
    this.#maxBytes = Math.min(maxBytes, MOST_BYTES);
    const maximum = Math.max(2, Math.floor(this.#maxBytes / WASM_PAGE_BYTES));
    this.#memory = new wasm.Memory({ initial: 2, maximum });
    const module = new wasm.Module(Buffer.from(KERNEL, 'base64'));
    const imports = { env: { memory: this.#memory } };
    this.#exports = new wasm.Instance(module, imports).exports as Exports;
    this.#pageBytes = this.#exports.prepare(dimensions);
    this.#input = new Float32Array(0);
  }

  /** Bytes of memory, spare room included. */
  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Adds a page of empty slots behind the others; false, and nothing changed, where there is no memory for it. */
  addPage(): boolean {
    const has = this.bytes;
    const needed = this.#exports.pagesStart() + (this.#pages + 1) * this.#pageBytes;
    if (needed > this.#maxBytes) return false;
    if (needed > has) {
      const wanted = Math.min(this.#maxBytes, Math.max(needed, has * (1 + GROWTH)));
      if (!this.#grow(wanted) && !this.#grow(needed)) return false;
    }
    this.#pages++;
    return true;
  }

  #grow(bytes: number): boolean {
    const pages = Math.ceil((bytes - this.bytes) / WASM_PAGE_BYTES);
    if (this.bytes + pages * WASM_PAGE_BYTES > this.#maxBytes) return false;
    try {
      this.#memory.grow(pages);
      return true;
    } catch {
      // The engine says no more than that: the caller learns of it by the answer.
      return false;
    }
  }

  /**
   * Takes a vector for the `put` or `ask` that must follow; each uses it up.
   *
   * @param norm its length, not 0
   */
  enter(vector: Float32Array, norm: number): void {
    let input = this.#input;
    // A memory that has grown leaves views without elements.
    if (input.length === 0) {
      input = new Float32Array(this.#memory.buffer, this.#exports.inputStart(), MOST_DIMENSIONS);
      this.#input = input;
    }
    for (let i = 0; i < vector.length; i++) input[i] = (vector[i] as number) / norm;
  }

  /** Puts the vector that was entered into a slot. */
  put(slot: number, id: number, owner: number): void {
    this.#exports.put(slot, id, owner);
  }

  /** Begins a search for the vectors nearest to the one that was entered. */
  ask(limit: number): void {
    this.#exports.ask(limit);
  }

  /** Looks at the vectors of some slots of one page. */
  scan(slot: number, count: number): void {
    this.#exports.scan(slot, count);
  }

  /** Measures by their codes how far the vectors of some slots of one page are. */
  measure(slot: number, count: number): void {
    this.#exports.measure(slot, count);
  }

  /** Of what was measured, looks at what is not farther than that. */
  scanNear(slot: number, count: number, farthest: number): void {
    this.#exports.scanNear(slot, count, farthest);
  }

  /** The smallest distance within which at least so many of the measured vectors are. */
  distanceOf(count: number): number {
    const histogram = new Uint32Array(this.#memory.buffer, this.#exports.histogramStart(), DISTANCES);
    let within = 0;
    for (let distance = 0; distance < DISTANCES; distance++) {
      within += histogram[distance] as number;
      if (within >= count) return distance;
    }
    return DISTANCES - 1;
  }

  /** What was found, in no order. */
  found(): { id: number; similarity: number }[] {
    const numbers = new Float64Array(
      this.#memory.buffer,
      this.#exports.foundStart(),
      this.#exports.foundCount() * 2,
    );
    const similarities = new Float32Array(numbers.buffer, numbers.byteOffset, numbers.length * 2);
    return Array.from({ length: numbers.length / 2 }, (_, i) => ({
      id: numbers[i * 2] as number,
      similarity: similarities[i * 4 + 2] as number,
    }));
  }

  idAt(slot: number): number {
    return this.#exports.idAt(slot);
  }

  ownerAt(slot: number): number {
    return this.#exports.ownerAt(slot);
  }

  /** Puts into a slot what is in another. */
  copy(from: number, to: number): void {
    this.#exports.copy(from, to);
  }
}
