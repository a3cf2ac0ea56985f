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

/** The tool `describe_tool` in one of the forms. */
export function describeToolFor(kind: ToolForm['kind']): JsonObject {
  const named = { name: DESCRIBE_TOOL, description: DESCRIPTION };
  if (kind === 'openai-chat') return { type: 'function', function: { ...named, parameters: PARAMETERS } };
  if (kind === 'openai-responses') {
    return { type: 'function', ...named, parameters: PARAMETERS, strict: false };
  }
  if (kind === 'anthropic') return { ...named, input_schema: PARAMETERS };
  return kind === 'mcp' ? { ...named, inputSchema: PARAMETERS } : { ...named, parameters: PARAMETERS };
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
  const units = readLines(text).flatMap((line, l) =>
    line.sentences.map((sentence) => ({ l, line, sentence })),
  );
  const rank = (unit: (typeof units)[number]): number =>
    unit === units[0] ? 0 : isStrictlyBinding(unit.sentence) ? 1 : isBinding(unit.sentence) ? 2 : 3;
  const kept = new Set<(typeof units)[number]>();
  let tokens = 0;
  for (const unit of units.toSorted((a, b) => rank(a) - rank(b))) {
    const own = countTokens(unit.sentence);
    if (kept.size > 0 && tokens + own > maxDocTokens) continue;
    kept.add(unit);
    tokens += own;
  }
  const lines = readLines(text).map((line, l) => ({
    ...line,
    sentences: units.filter((unit) => unit.l === l && kept.has(unit)).map(({ sentence }) => sentence),
  }));
  const short = writeLines(lines.filter(({ sentences }) => sentences.length > 0));
  const missing = countTokens(text) - countTokens(short);
  const marked = `${short} [+${missing} tokens: ${DESCRIBE_TOOL}]`;
  return missing > 0 && marked.length < text.length ? marked : text;
}
