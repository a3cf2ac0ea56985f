import type { CatalogTool } from './catalog.ts';
import { isObject } from './definition.ts';

/**
 * The most general tools, for a session that has asked for nothing yet: of each server in turn those whose names
 * are made of the words that most of its tools share, and of these the ones with the fewest required arguments.
 */
export function starters(tools: readonly CatalogTool[], count: number): CatalogTool[] {
  const groups = [...Map.groupBy(tools, ({ backend }) => backend).values()].map(mostGeneralFirst);
  const chosen: CatalogTool[] = [];
  for (let place = 0; chosen.length < count && groups.some((group) => place < group.length); place += 1) {
    for (const group of groups) {
      const tool = group[place];
      if (tool !== undefined && chosen.length < count) chosen.push(tool);
    }
  }
  return chosen;
}

function mostGeneralFirst(tools: readonly CatalogTool[]): CatalogTool[] {
  const words = tools.map(({ original }) => wordsOf(original.name));
  const counts = new Map<string, number>();
  for (const word of words.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rated = tools.map((tool, i) => {
    const own = words[i] ?? [];
    const shared = own.reduce((sum, word) => sum + (counts.get(word) ?? 0), 0) / Math.max(1, own.length);
    return { tool, shared, required: requiredOf(tool) };
  });
  return rated.toSorted((a, b) => b.shared - a.shared || a.required - b.required).map(({ tool }) => tool);
}

/** Each word once: `getFileInfo` is get, file, info. */
function wordsOf(name: string): string[] {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return [...new Set(words)];
}

function requiredOf({ original }: CatalogTool): number {
  const { inputSchema } = original;
  return isObject(inputSchema) && Array.isArray(inputSchema['required']) ? inputSchema['required'].length : 0;
}
