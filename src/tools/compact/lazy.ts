import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { isBinding, isStrictlyBinding } from './constraints.ts';
import { formOf, type ToolForm, withParts } from './form.ts';
import { asObject } from './keywords.ts';
import { readLines, writeLines } from './sentences.ts';
import { mapSchema } from './walk.ts';

/** The name of the tool that tells what was cut. */
export const DESCRIBE_TOOL = 'describe_tool';
const DESCRIPTION = `Full documentation of a tool. Descriptions that end in "[+N tokens: ${DESCRIBE_TOOL}]" are cut.`;
const PARAMETERS = {
  type: 'object',
  properties: { name: { type: 'string', description: "The tool's name" } },
  required: ['name'],
} as const satisfies JsonValue;
const MARK = new RegExp(`\\[\\+\\d+ tokens: ${DESCRIBE_TOOL}\\]$`);

/** The tool `describe_tool`, in no form yet. */
export const DESCRIBE_TOOL_PARTS = {
  name: DESCRIBE_TOOL,
  description: DESCRIPTION,
  schema: PARAMETERS,
} as const;

/** The tool `describe_tool` in one of the forms. */
export function describeToolFor(kind: ToolForm['kind']): JsonObject {
  const named = { name: DESCRIBE_TOOL, description: DESCRIPTION };
  if (kind === 'nested') return { type: 'function', function: { ...named, parameters: PARAMETERS } };
  if (kind === 'flat') {
    return { type: 'function', ...named, parameters: PARAMETERS, strict: false };
  }
  if (kind === 'input_schema') return { ...named, input_schema: PARAMETERS };
  return kind === 'inputSchema'
    ? { ...named, inputSchema: PARAMETERS }
    : { ...named, parameters: PARAMETERS };
}

interface Cutting {
  readonly countTokens: (text: string) => number;
  readonly maxDocTokens: number;
}

/** The tool with its long descriptions cut; each says how much is missing and where it is. */
export function cutTexts(tool: JsonObject, cutting: Cutting): JsonObject {
  const form = formOf(tool);
  if (form === undefined) return tool;
  const own = form.inner['description'];
  const schema = form.schemaKey === undefined ? undefined : asObject(form.inner[form.schemaKey]);
  return withParts(tool, form, {
    description: typeof own === 'string' ? cutText(own, cutting) : undefined,
    schema:
      schema &&
      mapSchema(schema, (node) => {
        const text = node['description'];
        if (typeof text !== 'string') return node;
        const cut = cutText(text, cutting);
        return cut === text ? node : { ...node, description: cut };
      }),
  });
}

/** What is kept of a long text: its first sentence, then what binds most, as long as there is room. */
function cutText(text: string, { countTokens, maxDocTokens }: Cutting): string {
  if (text.length < maxDocTokens || MARK.test(text) || countTokens(text) <= maxDocTokens) return text;
  const lines = readLines(text).map((line) => ({
    ...line,
    sentences: line.sentences.map((said) => ({ said })),
  }));
  const units = lines.flatMap(({ sentences }) => sentences);
  const ranks = new Map(units.map((unit, i) => [unit, i === 0 ? 0 : rankOf(unit.said)] as const));
  const kept = new Set<(typeof units)[number]>();
  let tokens = 0;
  for (const unit of units.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0))) {
    const own = countTokens(unit.said);
    if (kept.size > 0 && tokens + own > maxDocTokens) continue;
    kept.add(unit);
    tokens += own;
  }
  const left = lines.map((line) => ({
    ...line,
    sentences: line.sentences.filter((unit) => kept.has(unit)).map(({ said }) => said),
  }));
  const short = writeLines(left.filter(({ sentences }) => sentences.length > 0));
  const missing = countTokens(text) - countTokens(short);
  const marked = `${short} [+${missing} tokens: ${DESCRIBE_TOOL}]`;
  return missing > 0 && marked.length < text.length ? marked : text;
}

function rankOf(sentence: string): number {
  return isStrictlyBinding(sentence) ? 1 : isBinding(sentence) ? 2 : 3;
}
