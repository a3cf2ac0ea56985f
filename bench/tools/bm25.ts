import type { JsonValue } from '../../src/contract/index.ts';

const WORD = /[a-z0-9]+/g;
const K1 = 1.5;
const B = 0.75;

/** The baseline: BM25 over name and description as words in lower case, nothing split, stemmed or weighted. */
export function createPlainBm25(
  tools: readonly JsonValue[],
): (query: string, count: number) => readonly string[] {
  const own = tools.map((tool) => tool as { readonly name: string; readonly description: string });
  const documents = own.map(
    ({ name, description }) => `${name} ${description}`.toLowerCase().match(WORD) ?? [],
  );
  const average = documents.reduce((sum, { length }) => sum + length, 0) / (documents.length || 1) || 1;
  const counts = documents.map((words) => {
    const count = new Map<string, number>();
    for (const word of words) count.set(word, (count.get(word) ?? 0) + 1);
    return count;
  });
  const holding = new Map<string, number>();
  for (const count of counts)
    for (const word of count.keys()) holding.set(word, (holding.get(word) ?? 0) + 1);
  return (query, count) => {
    const words = new Set(query.toLowerCase().match(WORD) ?? []);
    return counts
      .map((frequency, i) => {
        let sum = 0;
        for (const word of words) {
          const times = frequency.get(word) ?? 0;
          const n = holding.get(word) ?? 0;
          const length = documents[i]?.length ?? 0;
          sum +=
            (Math.log(1 + (counts.length - n + 0.5) / (n + 0.5)) * times * (K1 + 1)) /
            (times + K1 * (1 - B + (B * length) / average));
        }
        return { name: own[i]?.name ?? '', sum };
      })
      .toSorted((a, b) => b.sum - a.sum)
      .slice(0, count)
      .map(({ name }) => name);
  };
}
