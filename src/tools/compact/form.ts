import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { asObject } from './keywords.ts';

/** Where a tool keeps what is compacted. */
export interface ToolForm {
  /** Where name and schema stand: nested in `function`, flat beside a type, or by the schema's key. */
  readonly kind: 'nested' | 'flat' | 'input_schema' | 'inputSchema' | 'bare';
  readonly name: string;
  /** The object that holds name, description and schema: the tool, or its `function`. */
  readonly inner: JsonObject;
  readonly schemaKey: 'parameters' | 'input_schema' | 'inputSchema' | undefined;
  /** True where the provider holds the model to the schema and is particular about its keywords. */
  readonly isStrict: boolean;
}

/** Reads the form of a tool; undefined for what the provider runs, and for what cannot be read. */
export function formOf(tool: JsonValue): ToolForm | undefined {
  const outer = asObject(tool);
  if (outer === undefined) return undefined;
  const nested = asObject(outer['function']);
  const inner = nested ?? outer;
  const { name } = inner;
  if (typeof name !== 'string' || name === '') return undefined;
  const { type } = outer;
  const schemaKey = (['parameters', 'input_schema', 'inputSchema'] as const).find((key) => key in inner);
  const isHosted = type !== undefined && type !== 'function' && type !== 'custom';
  if (nested === undefined && isHosted && schemaKey === undefined) return undefined;
  const isFlat = nested === undefined && type === 'function';
  const kind = nested
    ? 'nested'
    : isFlat
      ? 'flat'
      : schemaKey === 'input_schema'
        ? 'input_schema'
        : schemaKey === 'inputSchema'
          ? 'inputSchema'
          : 'bare';
  // The responses API is strict unless told otherwise.
  const strict = inner['strict'] ?? outer['strict'];
  return { kind, name, inner, schemaKey, isStrict: strict === true || (isFlat && strict !== false) };
}

/** The tool with another description and schema, its keys in their order. */
export function withParts(
  tool: JsonObject,
  { inner, schemaKey }: ToolForm,
  {
    description,
    schema,
  }: { readonly description: JsonValue | undefined; readonly schema: JsonValue | undefined },
): JsonObject {
  const next: Record<string, JsonValue | undefined> = { ...inner };
  if (description !== undefined) next['description'] = description;
  if (schemaKey !== undefined && schema !== undefined) next[schemaKey] = schema;
  return inner === tool ? next : { ...tool, function: next };
}
