import { createBrotliDecompress, createUnzip, createZstdDecompress } from 'node:zlib';

/** Undoes a content encoding, chunk by chunk, for our own reading; the caller's bytes stay as they are. */
export interface Decoder {
  push(chunk: Uint8Array): void;
  /** Calls back once everything pushed was decoded; with an error when the bytes were damaged. */
  end(done: (error?: Error) => void): void;
}

/**
 * Returns a decoder for a `content-encoding`, or `undefined` for one we cannot read.
 * `identity` and none are passed straight through, synchronously.
 */
export function createDecoder(
  encoding: string | undefined,
  onData: (chunk: Uint8Array) => void,
): Decoder | undefined {
  if (encoding === undefined || encoding === '' || encoding === 'identity') {
    return { push: onData, end: (done) => done() };
  }
  const stream = createDecompressor(encoding);
  if (stream === undefined) return undefined;
  let failure: Error | undefined;
  let finish: ((error?: Error) => void) | undefined;
  stream.on('data', onData);
  stream.on('error', (error: Error) => {
    failure = error;
    finish?.(error);
    finish = undefined;
  });
  stream.on('end', () => {
    finish?.(failure);
    finish = undefined;
  });
  return {
    push: (chunk) => {
      if (failure === undefined) stream.write(chunk);
    },
    end: (done) => {
      if (failure !== undefined) return done(failure);
      finish = done;
      stream.end();
    },
  };
}

function createDecompressor(encoding: string) {
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return createUnzip();
    case 'br':
      return createBrotliDecompress();
    case 'zstd':
      // Node before 22.15 has no zstd; such an answer passes unread.
      return typeof createZstdDecompress === 'function' ? createZstdDecompress() : undefined;
    default:
      return undefined;
  }
}
