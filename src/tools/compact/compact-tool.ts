import type { JsonObject, JsonValue } from '../../contract/index.ts';
import type { ToolNote } from '../options.ts';
import { Stems } from '../words.ts';
import { compactSchema, shortenTexts } from './compact-schema.ts';
import { formOf, type ToolForm, withParts } from './form.ts';
import { type Inspection, inspectSchema, isDeeper } from './inspect.ts';
import { asObject } from './keywords.ts';
import { cutTexts, describeToolFor } from './lazy.ts';
import type { ToolCompactionOptions } from './options.ts';
import { shorten } from './shorten.ts';

/** One tool, compacted. */
export interface CompactedTool {
  readonly tool: JsonValue;
  readonly notes: readonly ToolNote['code'][];
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  /** The tool before its descriptions were cut, where they were, so that `describe_tool` must be at hand. */
  readonly uncut?: JsonValue;
}

/** Rules may open the way for others; after so many rounds without an end, the tool stays as it is. */
const MOST_ROUNDS = 8;

/** Levels of nesting beyond which a value cannot be written as JSON everywhere. */
const MOST_DEPTH = 1_000;

/** A tool that is nested so deep that it can be neither written nor counted; undefined for others. */
export function asTooDeep(tool: JsonValue): CompactedTool | undefined {
  if (!isDeeper(tool, MOST_DEPTH)) return undefined;
  return { tool, notes: ['schema_deep'], tokensBefore: 0, tokensAfter: 0 };
}

/** Compacts one tool. The outcome depends on the tool and the options alone. */
export function compactOne(tool: JsonValue, options: ToolCompactionOptions): CompactedTool {
  const { countTokens, level = 'text', maxDocTokens = 60 } = options;
  const form = formOf(tool);
  const schema = form?.schemaKey === undefined ? undefined : form.inner[form.schemaKey];
  const inspection = asObject(schema) === undefined ? undefined : inspectSchema(schema as JsonObject);
  const notes: ToolNote['code'][] = [];
  if (form === undefined) notes.push(...(isUnreadable(tool) ? (['unreadable_tool'] as const) : []));
  else notes.push(...schemaNotes(schema, inspection));
  const tokensBefore = countTokens(JSON.stringify(tool) ?? '');
  const asIs: CompactedTool = { tool, notes, tokensBefore, tokensAfter: tokensBefore };
  if (form === undefined || inspection?.kind === 'too deep' || inspection?.kind === 'malformed') return asIs;
  const compact = settle(tool as JsonObject, level);
  if (compact === undefined) return asIs;
  const tokens = countTokens(JSON.stringify(compact));
  const best = tokens < tokensBefore ? { ...asIs, tool: compact, tokensAfter: tokens } : asIs;
  if (level !== 'lazy') return best;
  const cut = cutTexts(best.tool as JsonObject, { countTokens, maxDocTokens });
  const tokensCut = countTokens(JSON.stringify(cut));
  // The tool that tells the rest is sent as well: one cut tool must pay for it.
  const price = countTokens(JSON.stringify(describeToolFor(form.kind)));
  return best.tokensAfter - tokensCut > price
    ? { ...best, tool: cut, tokensAfter: tokensCut, uncut: best.tool }
    : best;
}

/** Applies the rules until they change nothing, so that what is compact stays as it is. */
function settle(tool: JsonObject, level: ToolCompactionOptions['level']): JsonObject | undefined {
  let text = JSON.stringify(tool);
  let current = tool;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const form = formOf(current);
    if (form === undefined) return undefined;
    const next = pass(current, form, level);
    const nextText = JSON.stringify(next);
    if (nextText === text) return current;
    current = next;
    text = nextText;
  }
  return undefined;
}

function pass(tool: JsonObject, form: ToolForm, level: ToolCompactionOptions['level']): JsonObject {
  const given = form.schemaKey === undefined ? undefined : asObject(form.inner[form.schemaKey]);
  const inspection = given === undefined ? undefined : inspectSchema(given);
  let schema = given;
  if (given !== undefined && inspection !== undefined) {
    schema = compactSchema(given, { inspection, isStrict: form.isStrict });
  }
  if (level === 'schema') return withParts(tool, form, { description: undefined, schema });
  if (schema !== undefined) schema = shortenTexts(schema, form.name);
  const text = form.inner['description'];
  const description =
    typeof text === 'string'
      ? shorten(text, {
          schema: undefined,
          name: undefined,
          isRequired: undefined,
          known: [form.name, ...Object.keys(asObject(schema?.['properties']) ?? {})],
          stems: new Stems(),
        })
      : undefined;
  return withParts(tool, form, { description, schema });
}

function isUnreadable(tool: JsonValue): boolean {
  const object = asObject(tool);
  return object === undefined || typeof object['type'] !== 'string' || object['type'] === 'function';
}

function schemaNotes(schema: JsonValue | undefined, inspection: Inspection | undefined): ToolNote['code'][] {
  if (inspection === undefined) return schema === undefined || schema === null ? [] : ['invalid_schema'];
  if (inspection.kind === 'too deep') return ['schema_deep'];
  return inspection.kind === 'malformed' || inspection.isDoubtful ? ['invalid_schema'] : [];
}
