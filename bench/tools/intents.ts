import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Embedder } from '../../src/contract/index.ts';
import type { IntentExample } from '../../src/tools/index.ts';

/** Examples to learn from and examples to be asked, none of which was learned from. */
export interface IntentSplit {
  readonly train: readonly IntentExample[];
  readonly test: readonly IntentExample[];
}

/** The label of CLINC150 for texts that have none of its intents. */
export const OUT_OF_SCOPE = 'oos';

/** The examples of a file, with their intents as labels. */
export function readIntents(data: string, ...path: readonly string[]): IntentExample[] {
  return readFileSync(join(data, ...path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly text: string; readonly intent: string })
    .map(({ text, intent: label }) => ({ text, label }));
}

/** Parts of equal size with equal shares of each label; each is the test of one split. */
export function foldsOf(examples: readonly IntentExample[], count: number): IntentSplit[] {
  const met = new Map<string, number>();
  const parts = examples.map(({ label }) => {
    const before = met.get(label) ?? 0;
    met.set(label, before + 1);
    return before % count;
  });
  return Array.from({ length: count }, (_, part) => ({
    train: examples.filter((_example, i) => parts[i] !== part),
    test: examples.filter((_example, i) => parts[i] === part),
  }));
}

/** Labels by scikit-learn, for each split; undefined without a Python that has it. */
export function labelsByPeer(
  python: string | undefined,
  splits: readonly IntentSplit[],
): readonly (readonly string[])[] | undefined {
  if (python === undefined) return undefined;
  const input = splits.map(({ train, test }) =>
    JSON.stringify({ train, test: test.map(({ text }) => text) }),
  );
  const { status, stdout, stderr } = spawnSync(
    python,
    [fileURLToPath(new URL('tfidf_svc.py', import.meta.url))],
    { input: input.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(`The peer failed: ${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);
}

/** Labels by the nearest example's: what a vector alone can tell. */
export function labelsByNearest(embedder: Embedder, { train, test }: IntentSplit): string[] {
  const vectorOf = ({ text }: IntentExample) => embedder.embedNow?.(text) ?? new Float32Array();
  const vectors = train.map(vectorOf);
  return test.map((example) => {
    const query = vectorOf(example);
    let best = 0;
    let highest = -2;
    for (const [i, vector] of vectors.entries()) {
      let cosine = 0;
      for (let k = 0; k < query.length; k += 1) cosine += (query[k] as number) * (vector[k] as number);
      if (cosine > highest) [best, highest] = [i, cosine];
    }
    return train[best]?.label ?? '';
  });
}
