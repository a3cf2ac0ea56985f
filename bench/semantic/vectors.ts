import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createStaticEmbedder } from '../../src/embeddings/index.ts';

/** Vectors of texts by one embedder, each calculated once. */
export interface TextVectors {
  /** `built-in` or `teacher`. */
  readonly name: string;
  /** The embedder's name for its model. */
  readonly model: string;
  /** Of unit length. @throws RangeError for a text without a vector */
  vector(text: string): Float32Array;
}

/** The sum of the products: the cosine of vectors of unit length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Vectors by the embedder that ships. */
export function builtInVectors(): TextVectors {
  const embedder = createStaticEmbedder();
  const known = new Map<string, Float32Array>();
  return {
    name: 'built-in',
    model: embedder.identity.model,
    vector(text) {
      const found = known.get(text) ?? embedder.embedNow?.(text);
      if (found === undefined) throw new Error('The built-in embedder has no fast path.');
      known.set(text, found);
      return found;
    },
  };
}

const TEACHER_DIMENSIONS = 384;

/** Writes the texts that the teacher is to embed. */
export function writeTexts(folder: string, texts: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'texts.jsonl'), texts.map((text) => `${JSON.stringify(text)}\n`).join(''));
}

/** Vectors that `teacher_vectors.py` wrote; null when they are not there or lack one of the texts. */
export function teacherVectors(folder: string | undefined, texts: readonly string[]): TextVectors | null {
  if (folder === undefined || !existsSync(join(folder, 'teacher.jsonl'))) return null;
  const bytes = readFileSync(join(folder, 'teacher.f32'));
  const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const rows = new Map<string, number>();
  for (const line of readFileSync(join(folder, 'teacher.jsonl'), 'utf8').split('\n')) {
    if (line !== '') rows.set(JSON.parse(line) as string, rows.size);
  }
  if (texts.some((text) => !rows.has(text))) return null;
  return {
    name: 'teacher',
    model: 'all-MiniLM-L6-v2',
    vector(text) {
      const row = rows.get(text);
      if (row === undefined) throw new RangeError(`The teacher was not asked for ${JSON.stringify(text)}.`);
      return numbers.subarray(row * TEACHER_DIMENSIONS, (row + 1) * TEACHER_DIMENSIONS);
    },
  };
}
