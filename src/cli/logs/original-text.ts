import { openSource } from '../../logs/scan/index.ts';
import { throwIfAborted } from '../../support/index.ts';

const BLOCK_BYTES = 1024 * 1024;
/** A line is cut where it is longer than this. */
const MOST_CHARS = 4 * BLOCK_BYTES;

/** The text of a log in pieces of about a mebibyte that end at line ends. */
export async function* piecesOf(path: string, signal: AbortSignal): AsyncGenerator<string> {
  const source = await openSource({ path }, { signal });
  const decoder = new TextDecoder();
  const block = new Uint8Array(BLOCK_BYTES);
  let rest = '';
  try {
    for (let at = 0; at < source.size; ) {
      throwIfAborted(signal);
      const bytes = source.read(at, block);
      if (bytes === 0) break;
      at += bytes;
      const text = rest + decoder.decode(block.subarray(0, bytes), { stream: true });
      const end = text.length > MOST_CHARS ? text.length : text.lastIndexOf('\n') + 1;
      rest = text.slice(end);
      if (end > 0) yield text.slice(0, end);
      // Whoever looks at a piece takes a while; signals come in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
    rest += decoder.decode();
    if (rest !== '') yield rest;
  } finally {
    source.close();
  }
}
