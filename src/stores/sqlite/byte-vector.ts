import { InputError } from '../../contract/index.ts';

const PEAK = 127;

/**
 * The vector as one byte a number, a quarter of its size. Its length is not kept: vectors of embedders have
 * length 1, or none. With 256 numbers of which the largest is 0.3, a cosine of what comes back is within about
 * 0.002 of the exact one.
 *
 * @throws InputError `vector_invalid` for numbers that are not finite
 */
function toBytes(vector: Float32Array): Uint8Array<ArrayBuffer> {
  let peak = 0;
  for (let i = 0; i < vector.length; i++) {
    const size = Math.abs(vector[i] as number);
    if (!Number.isFinite(size)) throw invalid('holds numbers that are not finite');
    if (size > peak) peak = size;
  }
  if (vector.length === 0) throw invalid('has no numbers');
  const bytes = new Int8Array(vector.length);
  if (peak > 0) {
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round(((vector[i] as number) / peak) * PEAK);
  }
  return new Uint8Array(bytes.buffer);
}

function invalid(what: string): InputError {
  return new InputError('vector_invalid', `A vector that ${what} cannot be stored; check the embedder.`);
}

/** The vector of bytes, with length 1; zeros for zeros. */
export function fromBytes(stored: Uint8Array): Float32Array<ArrayBuffer> {
  const bytes = new Int8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  let squares = 0;
  for (let i = 0; i < bytes.length; i++) squares += (bytes[i] as number) ** 2;
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  const vector = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) vector[i] = (bytes[i] as number) * scale;
  return vector;
}

/** What was packed has its vector as bytes. */
export type Packed<T> = Omit<T, 'vector'> & { readonly bytes: Uint8Array };

/** The same with its vector as bytes of their own. @throws InputError `vector_invalid`, see `toBytes` */
export function pack<T extends { readonly vector: Float32Array }>(unpacked: T): Packed<T> {
  const { vector, ...rest } = unpacked;
  return { ...rest, bytes: toBytes(vector) };
}
