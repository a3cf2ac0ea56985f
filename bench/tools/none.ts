import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Embedder, JsonValue } from '../../src/contract/index.ts';
import { createToolIndex } from '../../src/tools/index.ts';

/** A request with the tools there are, and whether one of them is needed. */
export interface Need {
  readonly query: string;
  readonly tools: readonly JsonValue[];
  readonly isNeeded: boolean;
}

function rows<T>(data: string, ...path: readonly string[]): T[] {
  return readFileSync(join(data, ...path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** MetaTool's requests of awareness: half of them a model can answer by itself. */
export function awareness(data: string, tools: readonly JsonValue[]): Need[] {
  return rows<{ query: string; need: boolean }>(data, 'metatool', 'aware.jsonl').map(({ query, need }) => ({
    query,
    tools,
    isNeeded: need,
  }));
}

/** MetaTool's ten tools among which none is right, and the same ten with the right one in the place of the last. */
export function withoutRight(data: string, tools: readonly JsonValue[]): Need[] {
  const byName = new Map(tools.map((tool) => [(tool as { readonly name: string }).name, tool]));
  const known = (names: readonly string[]): JsonValue[] => names.flatMap((name) => byName.get(name) ?? []);
  return rows<{ query: string; shown: string[]; tool: string }>(data, 'metatool', 'none.jsonl').flatMap(
    ({ query, shown, tool }) => [
      { query, tools: known(shown), isNeeded: false },
      { query, tools: known([...shown.slice(0, -1), tool]), isNeeded: true },
    ],
  );
}

/** BFCL's live requests for which no function is right, and those of live_multiple for which one is. */
export function irrelevance(data: string): Need[] {
  type Row = { function: JsonValue[]; question: { role: string; content: string }[][] };
  const of = (file: string, isNeeded: boolean): Need[] =>
    rows<Row>(data, 'bfcl', file).map((row) => ({
      query: row.question.flat().findLast(({ role }) => role === 'user')?.content ?? '',
      tools: row.function,
      isNeeded,
    }));
  return [...of('live_irrelevance.jsonl', false), ...of('live_multiple.jsonl', true)];
}

/** How often "none needed" is said where none is, and where one is. */
export async function recognised(
  needs: readonly Need[],
  embedder: Embedder,
): Promise<{ readonly right: number[]; readonly wrong: number[] }> {
  const right: number[] = [];
  const wrong: number[] = [];
  let index = createToolIndex({ tools: [], embedder });
  let tools: readonly JsonValue[] = [];
  for (const need of needs) {
    if (need.tools !== tools) index = createToolIndex({ tools: need.tools, embedder });
    tools = need.tools;
    const { isNoneNeeded } = await index.rank(need.query);
    (need.isNeeded ? wrong : right).push(isNoneNeeded ? 1 : 0);
  }
  return { right, wrong };
}
