import type { Embedder, JsonObject, JsonValue } from '../contract/index.ts';
import { createStaticEmbedder } from '../embeddings/index.ts';
import { createToolCompaction, createToolIndex, type ToolIndex } from '../tools/index.ts';

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

const WORD_OR_SIGN = /\w+|[^\w\s]/g;

/** Says a schema of arguments in fewer words; undefined for one that is nested too deep to be shown. */
export type SchemaCompactor = (schema: JsonObject, toolName: string) => JsonObject | undefined;

/** Returns a compactor that changes nothing of which arguments are accepted (INV-T3). */
export function createSchemaCompactor(): SchemaCompactor {
  // Sizes are only compared, for which words and signs do as well as tokens.
  const compaction = createToolCompaction({ countTokens: (text) => text.match(WORD_OR_SIGN)?.length ?? 0 });
  return (inputSchema, name) => {
    const { tools, notes } = compaction.compact([{ name, inputSchema }]);
    if (notes.some(({ code }) => code === 'schema_deep')) return undefined;
    return (tools[0] as { readonly inputSchema?: JsonObject } | undefined)?.inputSchema;
  };
}
