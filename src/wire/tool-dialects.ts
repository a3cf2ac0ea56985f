import { Buffer } from 'node:buffer';
import type { ChatRequest, JsonObject, ToolDefinition, ToolDialect, WireFormat } from '../contract/index.ts';

const MINUTE_MS = 60_000;

/** Models with a tool search that needs no beta header: Claude 4.5 and later (platform.claude.com, tool search tool). */
const CLAUDE_WITH_SEARCH = /claude-(?:opus|sonnet|haiku|fable|mythos)-(?:4-[5-9]|[5-9])(?:-|$|@)/;
/**
 * GPT-5.4 and later (developers.openai.com, tool search), but for the smallest, which refuses it (llm-rosetta issue 394,
 * dust pull request 29233).
 */
const GPT_WITH_SEARCH = /^(?:openai\/)?gpt-(?:5\.(?:[4-9]|\d{2})|[6-9])(?!.*-nano)/;

/** OpenAI's API reference: at most 128 functions. Its prompt cache holds for 5 to 10 minutes, or a day on demand. */
const OPENAI = {
  mostTools: 128,
  callsFoundInNamespaces: true,
  // Recordings have it either way (testing/provider/responses-search.ts).
  billsEachSearch: false,
  cacheWritePrice: 1,
  cacheLifeMs: ({ source }: ChatRequest) =>
    source.value['prompt_cache_retention'] === '24h' ? 24 * 60 * MINUTE_MS : 10 * MINUTE_MS,
} as const;

const DIALECTS: Readonly<Record<WireFormat, ToolDialect>> = {
  'openai-chat': {
    ...OPENAI,
    keepsAnswers: false,
    defineTool: (tool) => ({
      ...fresh(tool, {
        type: 'function',
        function: { name: tool.name, description: tool.description, parameters: tool.schema },
      }),
      schema: tool.schema,
    }),
    searchTool: () => undefined,
  },
  'openai-responses': {
    ...OPENAI,
    keepsAnswers: true,
    defineTool: (tool) => ({
      ...fresh(tool, {
        type: 'function',
        name: tool.name,
        description: tool.description,
        parameters: tool.schema,
        strict: false,
      }),
      schema: tool.schema,
    }),
    searchTool: (model) => (GPT_WITH_SEARCH.test(model) ? hosted({ type: 'tool_search' }) : undefined),
  },
  'anthropic-messages': {
    mostTools: Number.POSITIVE_INFINITY,
    callsFoundInNamespaces: false,
    // anthropic-sdk-typescript issue 907.
    billsEachSearch: true,
    keepsAnswers: false,
    // A write with a life of 5 minutes (platform.claude.com, prompt caching).
    cacheWritePrice: 1.25,
    cacheLifeMs: (request) => {
      if (!holds(request, '"cache_control"')) return 0;
      return holds(request, '"1h"') ? 60 * MINUTE_MS : 5 * MINUTE_MS;
    },
    defineTool: (tool) => ({
      ...fresh(tool, { name: tool.name, description: tool.description, input_schema: tool.schema }),
      schema: tool.schema,
    }),
    searchTool: (model) =>
      CLAUDE_WITH_SEARCH.test(model)
        ? hosted({ type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' })
        : undefined,
  },
};

/** How the provider of a wire treats tools. */
export function toolDialectOf(wire: WireFormat): ToolDialect {
  return DIALECTS[wire];
}

function fresh(
  { name, description }: Pick<ToolDefinition, 'name' | 'description'>,
  value: JsonObject,
): ToolDefinition {
  return { name, description, isHosted: false, value };
}

function hosted(value: { readonly type: string; readonly name?: string }): ToolDefinition {
  return { name: value.name ?? value.type, description: '', isHosted: true, value };
}

function holds({ source: { bytes } }: ChatRequest, text: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(text);
}
