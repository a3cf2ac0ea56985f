import { KERNEL } from './kernel.gen.ts';

const PAGE_BYTES = 65_536;
/** Numbers that the kernel takes at a time. */
const CHUNK = 16;
/** The largest whole number that a row holds, and that the vector, of 16 bits, holds: no sum overflows. */
const MOST_ROW = 127;
const MOST_VECTOR = 8_191;

interface Kernel {
  products(rows: number, count: number, chunks: number, vector: number, into: number): void;
}

/** Of `WebAssembly`, for which Node's types have no name. */
interface Runtime {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/**
 * Vectors of equal length in one block of bytes, and their inner products with another, to about 0.003 for unit
 * vectors; kernel.as does the work.
 */
export class Products {
  readonly #kernel: Kernel;
  readonly #count: number;
  readonly #chunks: number;
  readonly #rowsAt: number;
  /** What one step of a row's numbers stands for. */
  readonly #steps: Float32Array;
  readonly #vector: Int16Array;
  readonly #sums: Int32Array;
  readonly #products: Float32Array;

  constructor(vectors: readonly Float32Array[], dimensions: number) {
    const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Runtime };
    this.#count = vectors.length;
    this.#chunks = Math.ceil(dimensions / CHUNK);
    const width = this.#chunks * CHUNK;
    // The vector, the sums, then the rows: each at a multiple of 16 bytes.
    const sumsAt = width * 2;
    this.#rowsAt = sumsAt + Math.ceil(this.#count / 4) * 16;
    const bytes = this.#rowsAt + this.#count * width;
    const memory = new wasm.Memory({ initial: Math.max(2, Math.ceil(bytes / PAGE_BYTES)) });
    const module = new wasm.Module(Buffer.from(KERNEL, 'base64'));
    this.#kernel = new wasm.Instance(module, { env: { memory } }).exports as Kernel;
    this.#vector = new Int16Array(memory.buffer, 0, width);
    this.#sums = new Int32Array(memory.buffer, sumsAt, this.#count);
    this.#products = new Float32Array(this.#count);
    this.#steps = new Float32Array(this.#count);
    const rows = new Int8Array(memory.buffer, this.#rowsAt, this.#count * width);
    for (const [row, vector] of vectors.entries()) {
      this.#steps[row] = quantize(vector, MOST_ROW, rows.subarray(row * width, row * width + dimensions));
    }
  }

  /** The product of each row with the vector, in the order of the rows; the next call writes over it. */
  of(vector: Float32Array): Float32Array {
    const step = quantize(vector, MOST_VECTOR, this.#vector);
    this.#kernel.products(
      this.#rowsAt,
      this.#count,
      this.#chunks,
      this.#vector.byteOffset,
      this.#sums.byteOffset,
    );
    for (let row = 0; row < this.#count; row += 1) {
      this.#products[row] = (this.#sums[row] as number) * (this.#steps[row] as number) * step;
    }
    return this.#products;
  }
}

/** Writes a vector as whole numbers of at most `most`; returns what one step stands for. */
function quantize(vector: Float32Array, most: number, into: Int8Array | Int16Array): number {
  const length = Math.min(vector.length, into.length);
  let largest = 0;
  for (let i = 0; i < length; i += 1) {
    const size = Math.abs(vector[i] as number);
    if (size > largest) largest = size;
  }
  const step = largest / most || 1;
  const scale = 1 / step;
  for (let i = 0; i < length; i += 1) {
    const value = (vector[i] as number) * scale;
    into[i] = value < 0 ? value - 0.5 : value + 0.5;
  }
  return step;
}
