import { readRange } from './counting-worker.ts';
import { safeSplit, safeSplitText } from './safe-split.ts';

/** What a batch counts: a text, or a file, which is read where it is counted. */
export type BatchInput = { readonly text: string } | { readonly path: string };

/** A part of a batch that one thread counts at once. */
export interface BatchPart {
  readonly task:
    | { readonly kind: 'texts'; readonly texts: readonly string[] }
    | { readonly kind: 'file'; readonly path: string; readonly start: number; readonly end: number };
  /** Index of the input of each count. */
  readonly inputs: readonly number[];
  readonly bytes: number;
}

/** Small texts go together up to this size: a message to a thread costs as much as counting 1 KB. */
const GROUP_BYTES = 262_144;
/** Parts of one large input; small enough that all threads finish at about the same time. */
const PART_BYTES = 2_000_000;
/** Bytes looked through at once for a place to cut. */
const WINDOW_BYTES = 65_536;

/** The first safe place in a file at or after `target`, or `size`. */
async function splitFile(path: string, target: number, size: number): Promise<number> {
  for (let start = target - 1; start < size; start += WINDOW_BYTES) {
    const bytes = await readRange(path, start, Math.min(size, start + WINDOW_BYTES + 2));
    const at = safeSplit(bytes, 0, 1);
    if (at < bytes.length) return start + at;
  }
  return size;
}

async function fileParts(
  path: string,
  size: number,
  partBytes: number,
): Promise<readonly (readonly [number, number])[]> {
  const parts: [number, number][] = [];
  for (let start = 0; start < size; ) {
    const end = start + partBytes >= size ? size : await splitFile(path, start + partBytes, size);
    parts.push([start, end]);
    start = end;
  }
  return parts.length === 0 ? [[0, 0]] : parts;
}

function textParts(text: string, most: number): readonly string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = safeSplitText(text, start, most);
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

/** Collects small texts into one part. */
class Grouper {
  readonly parts: BatchPart[];
  #texts: string[] = [];
  #inputs: number[] = [];
  #bytes = 0;

  constructor(parts: BatchPart[]) {
    this.parts = parts;
  }

  add(text: string, input: number, bytes: number): void {
    this.#texts.push(text);
    this.#inputs.push(input);
    this.#bytes += bytes;
    if (this.#bytes >= GROUP_BYTES) this.flush();
  }

  flush(): void {
    if (this.#texts.length === 0) return;
    this.parts.push({
      task: { kind: 'texts', texts: this.#texts },
      inputs: this.#inputs,
      bytes: this.#bytes,
    });
    this.#texts = [];
    this.#inputs = [];
    this.#bytes = 0;
  }
}

/**
 * Divides a batch into parts. Inputs of 0 bytes need no part, nor do those that could not be sized.
 *
 * @param sizes bytes of each input
 * @param width threads: one input is cut only so far that all of them get something
 */
export async function planBatch(
  inputs: readonly BatchInput[],
  sizes: readonly number[],
  width: number,
): Promise<readonly BatchPart[]> {
  const parts: BatchPart[] = [];
  const group = new Grouper(parts);
  for (const [index, input] of inputs.entries()) {
    const size = sizes[index] as number;
    if (size === 0) continue;
    const partBytes = Math.max(GROUP_BYTES, Math.min(PART_BYTES, Math.ceil(size / width)));
    if ('path' in input) {
      for (const [start, end] of await fileParts(input.path, size, partBytes)) {
        const task = { kind: 'file' as const, path: input.path, start, end };
        parts.push({ task, inputs: [index], bytes: end - start });
      }
      continue;
    }
    if (size <= GROUP_BYTES) {
      group.add(input.text, index, size);
      continue;
    }
    for (const text of textParts(input.text, partBytes)) {
      parts.push({ task: { kind: 'texts', texts: [text] }, inputs: [index], bytes: Buffer.byteLength(text) });
    }
  }
  group.flush();
  return parts;
}
