import type { JsonValue } from '../../contract/index.ts';
import { BoundedMap, sha256Hex } from '../../support/index.ts';
import { checkTools } from '../errors.ts';
import type { ToolNote } from '../options.ts';
import { asTooDeep, type CompactedTool, compactOne } from './compact-tool.ts';
import { checkCompaction } from './errors.ts';
import { formOf, type ToolForm } from './form.ts';
import { isEqual } from './keywords.ts';
import { DESCRIBE_TOOL, describeToolFor } from './lazy.ts';
import type { CompactedTools, ToolCompaction, ToolCompactionOptions } from './options.ts';

/** Tools whose outcome is remembered, of the latest; further ones are compacted anew, to the same bytes. */
const MOST_KEPT = 10_000;

/**
 * Returns what makes tools smaller without a change of which arguments they accept (INV-T3). Tools are taken in
 * the form of OpenAI (chat, responses), Anthropic or MCP; what the provider runs and what cannot be read stays as
 * it is, and so does a tool that would not get smaller.
 *
 * @throws InputError `invalid_level`, `invalid_max_doc_tokens`
 * @example
 * const compaction = createToolCompaction({ countTokens: (text) => countTokens(text, 'gpt-4o') });
 * const { tools: smaller, tokensBefore, tokensAfter } = compaction.compact(tools);
 */
export function createToolCompaction(options: ToolCompactionOptions): ToolCompaction {
  const one = createCompactor(options);
  const oneTextOnly = createCompactor({ ...options, level: 'text' });
  return {
    compactTool: (tool) => one(tool).tool,
    compact: (tools) => {
      checkTools(tools);
      // Another tool of that name would be called for what was cut.
      const isTaken = options.level === 'lazy' && tools.some(isOtherDescribeTool);
      return gather(tools, tools.map(isTaken ? oneTextOnly : one), { options, isTaken });
    },
  };
}

/**
 * Returns what compacts tools one by one, and remembers the outcome by content.
 *
 * @throws InputError `invalid_level`, `invalid_max_doc_tokens`
 */
export function createCompactor(options: ToolCompactionOptions): (tool: JsonValue) => CompactedTool {
  checkCompaction(options);
  const kept = new BoundedMap<string, CompactedTool>(MOST_KEPT);
  return (tool) => {
    const deep = asTooDeep(tool);
    if (deep !== undefined) return deep;
    const key = hashOf(tool);
    const known = kept.get(key);
    // The caller's own object where nothing was changed, not an equal one of an earlier list.
    if (known !== undefined) return known.tokensAfter === known.tokensBefore ? { ...known, tool } : known;
    const compacted = compactOne(tool, options);
    kept.set(key, compacted);
    return compacted;
  };
}

function hashOf(tool: JsonValue): string {
  return sha256Hex(JSON.stringify(tool) ?? 'null');
}

function isOtherDescribeTool(tool: JsonValue): boolean {
  const form = formOf(tool);
  return form?.name === DESCRIBE_TOOL && !isEqual(tool, describeToolFor(form.kind));
}

function gather(
  originals: readonly JsonValue[],
  compacted: readonly CompactedTool[],
  { options, isTaken }: { readonly options: ToolCompactionOptions; readonly isTaken: boolean },
): CompactedTools {
  const byName = new Map<string, JsonValue>();
  const notes: ToolNote[] = isTaken ? [{ code: 'describe_tool_taken', name: DESCRIBE_TOOL }] : [];
  let kind: ToolForm['kind'] | undefined;
  for (const [i, { notes: own }] of compacted.entries()) {
    const original = originals[i] as JsonValue;
    const form = formOf(original);
    kind ??= form?.kind;
    const name = form?.name ?? '';
    if (form !== undefined) {
      if (byName.has(name)) notes.push({ code: 'duplicate_name', name });
      else byName.set(name, original);
    }
    for (const code of own) notes.push({ code, name });
  }
  const sum = (read: (tool: CompactedTool) => number): number =>
    compacted.reduce((total, tool) => total + read(tool), 0);
  const isPresent = byName.has(DESCRIBE_TOOL);
  const describeTool =
    kind !== undefined && !isPresent && compacted.some(({ uncut }) => uncut !== undefined)
      ? describeToolFor(kind)
      : undefined;
  const price = describeTool === undefined ? 0 : options.countTokens(JSON.stringify(describeTool));
  return {
    tools: compacted.map(({ tool }) => tool),
    ...(describeTool === undefined ? {} : { describeTool }),
    describe: (name) => byName.get(name),
    tokensBefore: sum(({ tokensBefore }) => tokensBefore),
    tokensAfter: sum(({ tokensAfter }) => tokensAfter) + price,
    notes,
  };
}
