import { open } from 'node:fs/promises';
import type { Encoding } from '../contract/index.ts';
import { type EncodingCounter, loadEncoding } from './encoding.ts';

/** What a worker counts: texts, or a range of a file. */
export type CountingTask =
  | { readonly kind: 'texts'; readonly encoding: Encoding; readonly texts: readonly string[] }
  | {
      readonly kind: 'file';
      readonly encoding: Encoding;
      readonly path: string;
      readonly start: number;
      readonly end: number;
    };

/** Reads bytes `start` to `end` of a file; fewer when the file has become shorter. */
export async function readRange(path: string, start: number, end: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(end - start);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** Returns a function that counts tasks; encodings are loaded once for all tasks. */
export function createCountingTask(): (task: CountingTask) => Promise<readonly number[]> {
  const counters = new Map<Encoding, Promise<EncodingCounter>>();
  return async (task) => {
    const loading = counters.get(task.encoding) ?? loadEncoding(task.encoding);
    counters.set(task.encoding, loading);
    const counter = await loading;
    if (task.kind === 'texts') return task.texts.map((text) => counter.count(text));
    return [counter.countBytes(await readRange(task.path, task.start, task.end))];
  };
}

/** Tokens of each text of the task, or of its range of a file. */
export const count = createCountingTask();
