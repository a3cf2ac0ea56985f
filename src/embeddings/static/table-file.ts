import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { EmbeddingError } from '../errors.ts';

// The file (models/README.md, "The file"), little-endian: a header of 128 bytes; the tokens as UTF-8, one a line;
// per pair of tokens two u16 rows, sorted; per row a bfloat16 scale; per row dimensions / 2 bytes, two
// numbers each (low half first), every one the place of a level.
const MAGIC = 'PAREVEC1';
const HEADER_BYTES = 128;
const LEVELS = 16;

/** What the file says of itself; read without reading the rest. */
export interface TableHeader {
  readonly version: string;
  readonly dimensions: number;
  /** Rows of single tokens. */
  readonly tokens: number;
  /** Rows of pairs of tokens, which follow those of the tokens. */
  readonly pairs: number;
  readonly textBytes: number;
  /** CRC-32 of everything behind the header. */
  readonly checksum: number;
  /** Length of the vector of a run of characters without a token. */
  readonly hashedLength: number;
  /** The 16 numbers that a row is made of, before its scale. */
  readonly levels: Float32Array;
}

/** The table in memory. */
export interface Table extends TableHeader {
  readonly texts: readonly string[];
  /** `first token * 65536 + second token` of each pair, ascending. */
  readonly pairKeys: Float64Array;
  readonly scales: Float32Array;
  /** `dimensions / 2` bytes a row. */
  readonly rows: Uint8Array;
}

/**
 * Reads the header alone, in well under a millisecond.
 *
 * @throws EmbeddingError `embedding_table_missing`, `embedding_table_corrupt`
 */
export function readTableHeader(path: URL | string): TableHeader {
  const bytes = Buffer.alloc(HEADER_BYTES);
  let read = 0;
  try {
    const file = openSync(path, 'r');
    try {
      read = readSync(file, bytes, 0, HEADER_BYTES, 0);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw missing(path, cause);
  }
  return parseHeader(bytes.subarray(0, read), path);
}

/**
 * Reads and checks the whole table.
 *
 * @throws EmbeddingError `embedding_table_missing`, `embedding_table_corrupt`
 */
export function readTable(path: URL | string): Table {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw missing(path, cause);
  }
  const header = parseHeader(bytes, path);
  const { tokens, pairs, textBytes, dimensions } = header;
  const count = tokens + pairs;
  const expected = HEADER_BYTES + textBytes + pairs * 4 + count * 2 + (count * dimensions) / 2;
  if (bytes.length !== expected) throw corrupt(path, `it has ${bytes.length} bytes, expected ${expected}`);
  if (crc32(bytes.subarray(HEADER_BYTES)) !== header.checksum) throw corrupt(path, 'its checksum is wrong');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const texts = bytes.toString('utf8', HEADER_BYTES, HEADER_BYTES + textBytes).split('\n');
  if (texts.length !== tokens) throw corrupt(path, `it names ${texts.length} tokens, expected ${tokens}`);
  let at = HEADER_BYTES + textBytes;
  const pairKeys = new Float64Array(pairs);
  for (let i = 0; i < pairs; i += 1, at += 4) {
    pairKeys[i] = view.getUint16(at, true) * 65_536 + view.getUint16(at + 2, true);
  }
  const scales = new Float32Array(count);
  const scaleBits = new Uint32Array(scales.buffer);
  for (let i = 0; i < count; i += 1, at += 2) scaleBits[i] = view.getUint16(at, true) << 16;
  return { ...header, texts, pairKeys, scales, rows: bytes.subarray(at) };
}

function parseHeader(bytes: Buffer, path: URL | string): TableHeader {
  if (bytes.length < HEADER_BYTES) throw corrupt(path, `it has only ${bytes.length} bytes`);
  const magic = bytes.toString('latin1', 0, MAGIC.length);
  if (magic !== MAGIC) throw corrupt(path, `it begins with ${JSON.stringify(magic)}, expected "${MAGIC}"`);
  const levels = Float32Array.from({ length: LEVELS }, (_, i) => bytes.readFloatLE(64 + 4 * i));
  return {
    version: bytes.toString('latin1', 8, 24).replace(/\0+$/, ''),
    dimensions: bytes.readUInt32LE(24),
    tokens: bytes.readUInt32LE(28),
    pairs: bytes.readUInt32LE(32),
    textBytes: bytes.readUInt32LE(36),
    checksum: bytes.readUInt32LE(40),
    hashedLength: bytes.readFloatLE(44),
    levels,
  };
}

function missing(path: URL | string, cause: unknown): EmbeddingError {
  return new EmbeddingError(
    'embedding_table_missing',
    `The table of the built-in embedder cannot be read at ${String(path)}. Install the package anew, or make ` +
      'the table with models/make-table.py.',
    { cause },
  );
}

function corrupt(path: URL | string, what: string): EmbeddingError {
  return new EmbeddingError(
    'embedding_table_corrupt',
    `The table of the built-in embedder at ${String(path)} is damaged: ${what}. Install the package anew.`,
  );
}
