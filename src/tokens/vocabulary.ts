import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { StoreError } from '../contract/index.ts';

const LENGTH_BITS = 8;
const LENGTH_MASK = (1 << LENGTH_BITS) - 1;
const HASH_SEED = 0x811c9dc5 | 0;
const HASH_PRIME = 0x01000193;
const BLANK = 32;
const LINE_FEED = 10;
const PADDING = 61;

/** A 32-bit hash of a range of bytes (FNV-1a with a final mix). */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_SEED;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), HASH_PRIME);
  return hash ^ (hash >>> 15);
}

function base64Values(): Uint8Array {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const values = new Uint8Array(256);
  for (let i = 0; i < digits.length; i++) values[digits.charCodeAt(i)] = i;
  return values;
}

/** The tokens of one encoding: byte strings and their merge ranks, in one open-addressing table. */
export class Vocabulary {
  /** Rank of each single byte. */
  readonly byteRanks = new Int32Array(256);
  /** Length of the longest token in bytes. */
  readonly maxLength: number;
  #arena: Uint8Array;
  /** Offset in the arena and length of a token, packed; 0 is a free slot. */
  readonly #slots: Int32Array;
  readonly #ranks: Int32Array;
  readonly #mask: number;

  /**
   * @param file lines of base64, blank, rank: the form in which OpenAI publishes its encodings; it is overwritten,
   *   and no longer the caller's
   */
  constructor(file: Uint8Array) {
    // What a line holds is shorter than the line, so it is written over what was read.
    this.#arena = file;
    // A slot takes at least 10 bytes of the file, so the table is at most half full.
    const size = 1 << Math.ceil(Math.log2(file.length / 8));
    this.#slots = new Int32Array(size);
    this.#ranks = new Int32Array(size);
    this.#mask = size - 1;
    this.maxLength = this.#read(file);
  }

  /** The rank of the token with these bytes, or -1. */
  rank(bytes: Uint8Array, start: number, end: number): number {
    const slot = this.#find(bytes, start, end);
    return slot < 0 ? -1 : (this.#ranks[slot] as number);
  }

  /** True when a token has these bytes. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#find(bytes, start, end) >= 0;
  }

  #find(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length > this.maxLength) return -1;
    const hash = hashBytes(bytes, start, end);
    const arena = this.#arena;
    const slots = this.#slots;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const packed = slots[slot] as number;
      if (packed === 0) return -1;
      if ((packed & LENGTH_MASK) !== length) continue;
      const offset = packed >>> LENGTH_BITS;
      let i = 0;
      while (i < length && arena[offset + i] === bytes[start + i]) i++;
      if (i === length) return slot;
    }
  }

  #read(file: Uint8Array): number {
    const values = base64Values();
    const arena = this.#arena;
    let longest = 0;
    let write = 1;
    let position = 0;
    while (position < file.length) {
      const offset = write;
      let bits = 0;
      let held = 0;
      for (; position < file.length && file[position] !== BLANK; position++) {
        if (file[position] === PADDING) continue;
        held = (held << 6) | (values[file[position] as number] as number);
        bits += 6;
        if (bits >= 8) {
          bits -= 8;
          arena[write++] = (held >> bits) & 255;
        }
      }
      let rank = 0;
      for (position++; position < file.length && file[position] !== LINE_FEED; position++) {
        rank = rank * 10 + ((file[position] as number) - 48);
      }
      position++;
      this.#add(offset, write - offset, rank);
      longest = Math.max(longest, write - offset);
    }
    this.#arena = shrink(arena, write);
    return longest;
  }

  #add(offset: number, length: number, rank: number): void {
    let slot = hashBytes(this.#arena, offset, offset + length) & this.#mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = (offset << LENGTH_BITS) | length;
    this.#ranks[slot] = rank;
    if (length === 1) this.byteRanks[this.#arena[offset] as number] = rank;
  }
}

/** The first bytes, without the memory of the others. */
function shrink(bytes: Uint8Array, length: number): Uint8Array {
  const { buffer, byteOffset, byteLength } = bytes;
  const isAlone = byteOffset === 0 && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer;
  // The rest is freed at once, not with the next collection: it is more than what stays.
  return isAlone ? new Uint8Array(buffer.transfer(length)) : bytes.slice(0, length);
}

/** Names of the published rank files. */
export type VocabularyName = 'o200k_base' | 'cl100k_base' | 'p50k_base';

function vocabularyPath(name: VocabularyName): string {
  return createRequire(import.meta.url).resolve(`gpt-tokenizer/data/${name}.tiktoken`);
}

function unreadable(name: VocabularyName, cause: unknown): StoreError {
  return new StoreError(
    'encoding_unreadable',
    `The ranks of ${name} could not be read from the package gpt-tokenizer: ${String(cause)}. Install Pare again.`,
    { cause },
  );
}

/**
 * Reads the published ranks that gpt-tokenizer carries as data. Its modules hold the same table as
 * code, which takes five times as long to load.
 *
 * @throws StoreError `encoding_unreadable` when the file cannot be read
 */
export async function loadVocabulary(name: VocabularyName): Promise<Vocabulary> {
  try {
    return new Vocabulary(await readFile(vocabularyPath(name)));
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

/** `loadVocabulary` at once, for counting that must not wait. */
export function loadVocabularySync(name: VocabularyName): Vocabulary {
  try {
    return new Vocabulary(readFileSync(vocabularyPath(name)));
  } catch (cause) {
    throw unreadable(name, cause);
  }
}
