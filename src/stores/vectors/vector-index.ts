import { InputError, LimitError, type VectorIndex, type VectorMatch } from '../../contract/index.ts';
import { IdTable } from './id-table.ts';
import { SlotBlocks } from './slot-blocks.ts';
import { MOST_DIMENSIONS, MOST_FOUND, PAGE_SLOTS, VectorKernel } from './vector-kernel.ts';

/** Options of `createVectorIndex`. */
export interface VectorIndexOptions {
  /** Numbers in a vector, 1 to 4096. */
  readonly dimensions: number;
  /**
   * Bytes of memory for vectors that are never passed, 131072 at least and 4 GiB at most. With 256 dimensions a
   * vector takes 305 bytes and one more page of 1024 of them is kept.
   *
   * @default 4 GiB
   */
  readonly maxBytes?: number;
  /**
   * Vectors of a scope up to which a search looks at each of them. Above, it looks at those whose codes are
   * nearest, and may miss one.
   *
   * @default 100_000
   */
  readonly exactUpTo?: number;
  /**
   * Vectors of a larger scope that a search looks at, those with the nearest codes; more where more are asked for.
   * More of them take longer and miss less.
   *
   * @default 8192
   */
  readonly candidates?: number;
}

/** Vectors of one scope: they fill blocks of 1, 1, 1, 1, 2, 2, 2, 2, 4 … 1024 slots, so that few slots are empty. */
interface Scope {
  readonly key: string;
  readonly number: number;
  /** Where the blocks begin. */
  readonly blocks: number[];
  size: number;
  /** Vectors in the last block. */
  inLast: number;
}

const MAX_BYTES = 2 ** 32;
const EXACT_UP_TO = 100_000;
const MAX_ORDER = Math.log2(PAGE_SLOTS);
const BLOCKS_OF_ORDER = 4;
const CANDIDATES = 8192;
/** Of a large scope so many vectors are looked at for each that is wanted. */
const CANDIDATES_EACH = 64;
/** Bytes of a scope's objects beside its key, about. */
const SCOPE_BYTES = 200;

/**
 * Returns an empty vector index in memory. Searches look at the vectors of their scope alone (INV-C1), which lie
 * apart from all others, each as one byte a number with a scale of its own: similarities are within 0.005 of the
 * exact cosine from 64 dimensions on. Above `exactUpTo` vectors in a scope, a search compares 256-bit codes first
 * (signs of the turned vectors, Charikar 2002) and then `candidates` vectors.
 *
 * @throws InputError `vector_invalid` for dimensions out of range; `put` also throws LimitError `vector_index_full`
 * @example
 * const index = createVectorIndex({ dimensions: 3 });
 * index.put(1, 'scope', Float32Array.of(0, 0.6, 0.8));
 * index.nearest('scope', Float32Array.of(0, 0.6, 0.8), 1); // [{ id: 1, similarity: 1 }]
 */
export function createVectorIndex(options: VectorIndexOptions): VectorIndex {
  const { dimensions } = options;
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MOST_DIMENSIONS) {
    throw new InputError(
      'vector_invalid',
      `An index of vectors of ${dimensions} numbers cannot be made; 1 to ${MOST_DIMENSIONS} are possible.`,
    );
  }
  return new MemoryVectorIndex(options);
}

class MemoryVectorIndex implements VectorIndex {
  readonly dimensions: number;
  readonly #maxBytes: number;
  readonly #exactUpTo: number;
  readonly #candidates: number;
  #kernel!: VectorKernel;
  #blocks!: SlotBlocks;
  #ids!: IdTable;
  /** Vectors without a direction: they are there, and nothing finds them. */
  readonly #zeros = new Set<number>();
  readonly #scopes = new Map<string, Scope>();
  /** By number; free numbers have none. */
  #byNumber: (Scope | undefined)[] = [];
  #freeNumbers: number[] = [];
  /** Of all scopes together. */
  #keyChars = 0;

  constructor(options: VectorIndexOptions) {
    this.dimensions = options.dimensions;
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
    this.#exactUpTo = options.exactUpTo ?? EXACT_UP_TO;
    this.#candidates = options.candidates ?? CANDIDATES;
    this.clear();
  }

  get size(): number {
    return this.#ids.size + this.#zeros.size;
  }

  get bytes(): number {
    return this.#kernel.bytes + this.#ids.bytes + this.#keyChars + this.#scopes.size * SCOPE_BYTES;
  }

  put(id: number, scope: string, vector: Float32Array): void {
    if (!Number.isSafeInteger(id) || id < 0) {
      throw new InputError('vector_invalid', `A vector cannot have the id ${id}: it must be a whole number.`);
    }
    const norm = this.#normOf(vector);
    if (norm === 0) {
      this.delete(id);
      this.#zeros.add(id);
      return;
    }
    const old = this.#ids.get(id);
    const owner = old < 0 ? undefined : this.#byNumber[this.#kernel.ownerAt(old)];
    if (owner?.key === scope) {
      this.#kernel.enter(vector, norm);
      this.#kernel.put(old, id, owner.number);
      return;
    }
    // The new place first: when there is none, the old one stays.
    const place = this.#place(scope);
    this.delete(id);
    this.#kernel.enter(vector, norm);
    this.#kernel.put(place.slot, id, place.owner);
    this.#ids.add(id, place.slot);
  }

  delete(id: number): boolean {
    const slot = this.#ids.get(id);
    if (slot < 0) return this.#zeros.delete(id);
    const scope = this.#byNumber[this.#kernel.ownerAt(slot)] as Scope;
    const last = (scope.blocks.at(-1) as number) + scope.inLast - 1;
    this.#ids.delete(id);
    if (last !== slot) {
      this.#ids.move(this.#kernel.idAt(last), slot);
      this.#kernel.copy(last, slot);
    }
    scope.size--;
    scope.inLast--;
    if (scope.inLast === 0) this.#giveLast(scope);
    return true;
  }

  nearest(scope: string, vector: Float32Array, limit: number): readonly VectorMatch[] {
    const norm = this.#normOf(vector);
    const found = this.#scopes.get(scope);
    const wanted = Math.min(Math.floor(limit), MOST_FOUND);
    if (found === undefined || norm === 0 || !(wanted > 0)) return [];
    this.#kernel.enter(vector, norm);
    this.#kernel.ask(wanted);
    if (found.size <= this.#exactUpTo) this.#scanAll(found);
    else this.#scanNear(found, Math.max(this.#candidates, wanted * CANDIDATES_EACH));
    return this.#kernel.found().sort((a, b) => b.similarity - a.similarity || a.id - b.id);
  }

  clear(): void {
    const kernel = new VectorKernel(this.dimensions, this.#maxBytes);
    this.#kernel = kernel;
    this.#blocks = new SlotBlocks({ maxOrder: MAX_ORDER, addPage: () => kernel.addPage() });
    this.#ids = new IdTable((slot) => kernel.idAt(slot));
    this.#zeros.clear();
    this.#scopes.clear();
    this.#byNumber = [];
    this.#freeNumbers = [];
    this.#keyChars = 0;
  }

  /** The vector's length. @throws InputError for one that is no vector of this index */
  #normOf(vector: Float32Array): number {
    let squares = 0;
    for (let i = 0; i < vector.length; i++) squares += (vector[i] as number) ** 2;
    if (vector.length === this.dimensions && Number.isFinite(squares)) return Math.sqrt(squares);
    const what =
      vector.length === this.dimensions
        ? 'A vector that holds numbers which are not finite'
        : `A vector of ${vector.length} dimensions`;
    throw new InputError(
      'vector_invalid',
      `${what} cannot be compared in an index of ${this.dimensions} dimensions; check the embedder.`,
      { details: { expected: this.dimensions, seen: vector.length } },
    );
  }

  /** Takes the next slot of a scope. @throws LimitError when there is no memory for it; nothing is changed then */
  #place(key: string): { readonly slot: number; readonly owner: number } {
    let scope = this.#scopes.get(key);
    if (scope === undefined || scope.inLast === sizeOf(scope.blocks.length - 1)) {
      const start = this.#blocks.take(orderOf(scope?.blocks.length ?? 0));
      if (start === undefined) throw this.#fullError();
      if (scope === undefined) scope = this.#addScope(key, start);
      else scope.blocks.push(start);
      scope.inLast = 0;
    }
    scope.size++;
    return { slot: (scope.blocks.at(-1) as number) + scope.inLast++, owner: scope.number };
  }

  #fullError(): LimitError {
    const { bytes } = this.#kernel;
    return new LimitError(
      'vector_index_full',
      `The index of ${this.size} vectors cannot grow (${bytes} of at most ${this.#maxBytes} bytes are in use); ` +
        'delete entries, or allow it more memory.',
      { details: { vectors: this.size, bytes } },
    );
  }

  #addScope(key: string, start: number): Scope {
    const number = this.#freeNumbers.pop() ?? this.#byNumber.length;
    // Most scopes are small, and an array that begins empty makes room for many.
    const scope = { key, number, blocks: [start], size: 0, inLast: 0 };
    this.#scopes.set(key, scope);
    this.#byNumber[number] = scope;
    this.#keyChars += key.length;
    return scope;
  }

  /** Gives back the last block of a scope, which is empty, and lets go of the scope when it was the only one. */
  #giveLast(scope: Scope): void {
    const start = scope.blocks.pop() as number;
    this.#blocks.give(start, orderOf(scope.blocks.length));
    if (scope.blocks.length > 0) {
      scope.inLast = sizeOf(scope.blocks.length - 1);
      return;
    }
    this.#scopes.delete(scope.key);
    this.#keyChars -= scope.key.length;
    this.#byNumber[scope.number] = undefined;
    this.#freeNumbers.push(scope.number);
  }

  #scanAll(scope: Scope): void {
    for (const [i, start] of scope.blocks.entries()) this.#kernel.scan(start, filledOf(scope, i));
  }

  #scanNear(scope: Scope, candidates: number): void {
    for (const [i, start] of scope.blocks.entries()) this.#kernel.measure(start, filledOf(scope, i));
    const farthest = this.#kernel.distanceOf(candidates);
    for (const [i, start] of scope.blocks.entries()) {
      this.#kernel.scanNear(start, filledOf(scope, i), farthest);
    }
  }
}

/** Of the block at this place of a scope: it adds a quarter at most to what the scope has, and no more than a page. */
function orderOf(place: number): number {
  return Math.min(Math.floor(place / BLOCKS_OF_ORDER), MAX_ORDER);
}

function sizeOf(place: number): number {
  return 2 ** orderOf(place);
}

function filledOf(scope: Scope, place: number): number {
  return place === scope.blocks.length - 1 ? scope.inLast : sizeOf(place);
}
