import type { Embedder, JsonValue } from '../contract/index.ts';
import { createStaticEmbedder } from '../embeddings/index.ts';
import { createToolIndex, type ToolIndex } from '../tools/index.ts';

/** Makes indexes of tools, each from what the one before had read. */
export type ToolIndexer = (tools: readonly JsonValue[], before?: ToolIndex) => ToolIndex;

/** Returns an indexer with the built-in embedder, which is loaded with the first index. */
export function createToolIndexer(): ToolIndexer {
  let embedder: Embedder | undefined;
  return (tools, before) => {
    if (before !== undefined) return before.update(tools);
    embedder ??= createStaticEmbedder();
    return createToolIndex({ tools, embedder });
  };
}
