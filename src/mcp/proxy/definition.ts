import type { JsonObject, JsonValue } from '../../contract/index.ts';

/** A tool as a server describes it. */
export interface ToolDefinition extends JsonObject {
  readonly name: string;
}

/**
 * The tools of an answer to `tools/list`; entries without a name cannot be called and are left out, and so are those
 * that cannot be written as JSON, which would be in the way of all others.
 */
export function readDefinitions(value: JsonValue | undefined): ToolDefinition[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly JsonValue[]).filter(
    (tool): tool is ToolDefinition =>
      isObject(tool) && typeof tool['name'] === 'string' && tool['name'] !== '' && isWritable(tool),
  );
}

/** Far below what any stack allows. */
const MOST_DEPTH = 500;

function isWritable(value: JsonValue, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === MOST_DEPTH) return false;
  return Object.values(value).every((part) => isWritable(part as JsonValue, depth + 1));
}

/**
 * A definition that every client accepts, under another name: a schema of the arguments that is none becomes
 * one that takes any object, and a schema of the result that cannot be used is left out, since clients refuse the
 * whole list for one bad entry.
 *
 * @param isUsable whether a validator takes a schema
 */
export function listedDefinition(
  tool: ToolDefinition,
  name: string,
  isUsable: (schema: JsonObject) => boolean,
): ToolDefinition {
  const { inputSchema, outputSchema, description, ...rest } = tool;
  const isOutputUsable =
    isObject(outputSchema) && outputSchema['type'] === 'object' && isUsable(outputSchema);
  return {
    ...rest,
    name,
    ...(typeof description === 'string' ? { description } : {}),
    inputSchema: isObject(inputSchema) && inputSchema['type'] === 'object' ? inputSchema : { type: 'object' },
    ...(isOutputUsable ? { outputSchema } : {}),
  };
}

/** The first sentence or line of a tool's description, at most 200 characters. */
export function oneLine(tool: ToolDefinition): string {
  const { description, title } = tool;
  const whole = typeof description === 'string' && description.trim() !== '' ? description : title;
  return typeof whole === 'string' ? shorten(whole, 200) : '';
}

/** The first sentence or line of a text, cut at a word. */
export function shorten(text: string, most: number): string {
  const line = text.trimStart().split('\n', 1)[0]?.replaceAll(/\s+/g, ' ').trim() ?? '';
  const sentence = /^.{20,}?[.!?](?=\s)/.exec(line)?.[0] ?? line;
  if (sentence.length <= most) return sentence;
  const cut = sentence.slice(0, most);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), most / 2))}…`;
}

/** True for a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
