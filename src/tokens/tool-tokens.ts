import type { ChatRequest, JsonObject, JsonValue, ToolDefinition } from '../contract/index.ts';

/** Overheads of tool definitions in OpenAI's prompt format, as the OpenAI cookbook publishes them. */
interface ToolOverheads {
  readonly perTool: number;
  readonly perProperties: number;
  readonly perProperty: number;
  readonly perEnum: number;
  readonly perEnumItem: number;
  readonly atEnd: number;
}

const SINCE_GPT_4O: ToolOverheads = {
  perTool: 7,
  perProperties: 3,
  perProperty: 3,
  perEnum: -3,
  perEnumItem: 3,
  atEnd: 12,
};
const BEFORE_GPT_4O: ToolOverheads = { ...SINCE_GPT_4O, perTool: 10 };

/** Schemas nest; deeper than this they are not followed, since no model is sent such a schema. */
const MAX_DEPTH = 32;

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutFinalDot(text: string): string {
  return text.endsWith('.') ? text.slice(0, -1) : text;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Calls `visit` for every text of the definition and returns the overhead tokens around them. */
function schemaOverhead(schema: JsonObject, overheads: ToolOverheads, visit: (text: string) => void): number {
  let tokens = 0;
  const walk = (value: JsonObject, depth: number): void => {
    const properties = isObject(value['properties']) ? value['properties'] : {};
    const names = Object.keys(properties);
    if (names.length > 0) tokens += overheads.perProperties;
    for (const name of names) {
      const property = properties[name];
      if (!isObject(property)) continue;
      tokens += overheads.perProperty;
      if (Array.isArray(property['enum'])) {
        tokens += overheads.perEnum;
        for (const item of property['enum'] as readonly JsonValue[]) {
          tokens += overheads.perEnumItem;
          visit(typeof item === 'string' ? item : JSON.stringify(item));
        }
      }
      visit(`${name}:${textOf(property['type'])}:${withoutFinalDot(textOf(property['description']))}`);
      if (depth >= MAX_DEPTH) continue;
      const nested = isObject(property['items']) ? property['items'] : property;
      walk(nested, depth + 1);
    }
  };
  walk(schema, 0);
  return tokens;
}

/** Tokens of a list of tools: overhead, and the texts that are to be counted and added. */
export interface ToolListing {
  readonly overhead: number;
  readonly texts: readonly string[];
}

/** The tools as OpenAI's models see them: by the formula of the OpenAI cookbook, nested schemas included. */
export function listToolsForOpenAi(tools: readonly ToolDefinition[], encoding: string): ToolListing {
  const overheads = encoding === 'cl100k_base' ? BEFORE_GPT_4O : SINCE_GPT_4O;
  const texts: string[] = [];
  let overhead = tools.length > 0 ? overheads.atEnd : 0;
  for (const tool of tools) {
    overhead += overheads.perTool;
    if (tool.isHosted) {
      texts.push(JSON.stringify(tool.value));
      continue;
    }
    texts.push(`${tool.name}:${withoutFinalDot(tool.description)}`);
    if (isObject(tool.schema) && !isDeferred(tool))
      overhead += schemaOverhead(tool.schema, overheads, (text) => texts.push(text));
  }
  return { overhead, texts };
}

/** Tokens of the prompt that Anthropic adds when tools are there: choice auto or none, choice any or tool. */
const CLAUDE_PROMPTS: readonly (readonly [RegExp, number, number])[] = [
  [/claude-3-opus/, 530, 281],
  [/claude-3-sonnet/, 159, 235],
  [/claude-3-haiku|claude-3[.-]5-haiku/, 264, 340],
];
const CLAUDE_PROMPT_AUTO = 346;
const CLAUDE_PROMPT_FORCED = 313;

/** Tokens of the prompt that Anthropic adds to a request with tools, as its documentation lists them by model. */
export function claudeToolPrompt(model: string, toolChoice: JsonValue | undefined): number {
  const kind = isObject(toolChoice) ? toolChoice['type'] : 'auto';
  const isForced = kind === 'any' || kind === 'tool';
  const row = CLAUDE_PROMPTS.find(([test]) => test.test(model));
  if (isForced) return row?.[2] ?? CLAUDE_PROMPT_FORCED;
  return row?.[1] ?? CLAUDE_PROMPT_AUTO;
}

/** The tools as JSON, which is what Anthropic documents to count and the best guess elsewhere. */
export function listToolsPlainly(tools: readonly ToolDefinition[]): ToolListing {
  const loaded = tools.filter((tool) => !isDeferred(tool));
  return { overhead: 0, texts: loaded.map((tool) => JSON.stringify(tool.value)) };
}

/**
 * The definitions that Anthropic's models read in the conversation: a deferred tool stands wherever it was found. Those
 * of OpenAI's search are written out in the conversation itself.
 */
export function foundToolTexts({ wire, messages, tools }: ChatRequest): readonly string[] {
  if (wire !== 'anthropic-messages') return [];
  const found = messages.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.kind === 'other' ? (part.loadedTools ?? []) : [])),
  );
  if (found.length === 0) return [];
  const deferred = new Map(tools.filter(isDeferred).map((tool) => [tool.name, tool.value]));
  return found.flatMap((name) => {
    const value = deferred.get(name);
    return value === undefined ? [] : [JSON.stringify(value)];
  });
}

/**
 * True for a tool that the provider's tool search loads on demand: of those Anthropic's models see nothing at first,
 * and OpenAI's the name and the description.
 */
function isDeferred({ value }: ToolDefinition): boolean {
  return isObject(value) && value['defer_loading'] === true;
}
