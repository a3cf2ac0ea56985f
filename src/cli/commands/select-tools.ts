import { InputError, type JsonObject, type JsonValue } from '../../contract/index.ts';
import { createStaticEmbedder } from '../../embeddings/index.ts';
import { throwIfAborted } from '../../support/index.ts';
import {
  type CompactedTools,
  createToolCompaction,
  createToolIndex,
  type ToolRanking,
} from '../../tools/index.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { chooseCounting, describeCounting } from '../counting.ts';
import { formatCount, formatPercent } from '../figures.ts';
import { readInput } from '../input.ts';
import { toJson } from '../output.ts';
import { renderTable } from '../text-table.ts';

/** `pare select-tools`: the tools that one request needs, or each of a file of them. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const {
    tools: toolsPath,
    query,
    queries: queriesPath,
  } = context.options as Readonly<Record<string, string>>;
  if ((query === undefined) === (queriesPath === undefined)) {
    throw new InputError('usage', 'Give either --query TEXT or --queries FILE.');
  }
  if (toolsPath === '-' && queriesPath === '-') throw new InputError('usage', 'Only one file can be stdin.');
  const tools = readTools((await readInput(context, toolsPath)).toString('utf8'), toolsPath as string);
  const queries =
    queriesPath === undefined
      ? [query as string]
      : readQueries((await readInput(context, queriesPath)).toString('utf8'), queriesPath);
  const counting = await chooseCounting(context);
  const texts = await counting.open();
  const countTokens = (text: string): number => texts.count(text).tokens;
  const index = createToolIndex({ tools, embedder: createStaticEmbedder(), countTokens });
  const compaction = context.options['compact'] === true ? createToolCompaction({ countTokens }) : undefined;
  const max = context.options['max'] as number | undefined;
  const maxTokens = context.options['maxTokens'] as number | undefined;
  const sums = { before: 0, after: 0 };
  const noted = new Set<string>();
  for (const text of queries) {
    throwIfAborted(context.signal);
    const ranking = await index.rank(text, {
      ...(max === undefined ? {} : { max }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      signal: context.signal,
    });
    const compacted = compaction?.compact(
      ranking.tools
        .map(({ index: at }) => at)
        .toSorted((a, b) => a - b)
        .map((at) => tools[at] as JsonValue),
    );
    sums.before += ranking.tokensBefore ?? 0;
    sums.after += compacted?.tokensAfter ?? ranking.tokensAfter ?? 0;
    for (const { code, name } of ranking.notes) noted.add(`${code}${name === '' ? '' : `: ${name}`}`);
    await context.io.out(render(context, { ranking, compacted, isOfMany: queriesPath !== undefined }));
  }
  for (const note of [...noted].slice(0, MOST_NOTES)) context.io.note(`pare: ${note}`);
  if (noted.size > MOST_NOTES) context.io.note(`pare: and ${noted.size - MOST_NOTES} more notes`);
  const { basis, errorBand } = texts.count('');
  context.io.note(
    `pare: ${formatCount(sums.before)} -> ${formatCount(sums.after)} tokens of tools ` +
      `(${formatPercent(sums.before === 0 ? 1 : sums.after / sums.before)} kept; ${describeCounting(counting, { basis, errorBand })})`,
  );
  return 0;
}

const MOST_NOTES = 10;

interface Selection {
  readonly ranking: ToolRanking;
  readonly compacted: CompactedTools | undefined;
  readonly isOfMany: boolean;
}

function render({ globals }: CommandContext, { ranking, compacted, isOfMany }: Selection): string {
  const report = {
    tools: ranking.tools.map(({ name, rank, similarity, reason }) => ({
      name,
      rank,
      similarity: Number(similarity.toFixed(4)),
      reason,
    })),
    tokens_before: ranking.tokensBefore,
    tokens_after: compacted?.tokensAfter ?? ranking.tokensAfter,
    ...(compacted === undefined ? {} : { compacted: compacted.tools }),
  };
  if (isOfMany) return `${JSON.stringify(report)}\n`;
  if (globals.json === true) return toJson(report);
  return renderTable(
    [
      { name: 'rank', align: 'right' },
      { name: 'tool' },
      { name: 'similarity', align: 'right' },
      { name: 'reason' },
    ],
    report.tools.map(({ name, rank, similarity, reason }) => [
      String(rank),
      name,
      similarity.toFixed(3),
      reason,
    ]),
  );
}

/** A list, an object with `tools` (a request, an answer to MCP's `tools/list`), or one tool a line. */
function readTools(text: string, path: string): readonly JsonValue[] {
  const value = parseWhole(text);
  if (Array.isArray(value)) return value as readonly JsonValue[];
  const object = value as JsonObject | undefined;
  const inner = (object?.['tools'] ?? (object?.['result'] as JsonObject | undefined)?.['tools']) as JsonValue;
  if (Array.isArray(inner)) return inner as readonly JsonValue[];
  const lines = parseLines(text, path);
  if (lines.length > 0 && lines.every((line) => typeof line === 'object' && line !== null)) return lines;
  throw new InputError(
    'invalid_tools',
    `${path} must hold a list of tools, an object with "tools", or one tool a line.`,
  );
}

function parseWhole(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/u, ''));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Not one value: the lines are read one by one, and what is wrong with them is told there.
    return undefined;
  }
}

function readQueries(text: string, path: string): readonly string[] {
  return parseLines(text, path).map((line, i) => {
    const query = (line as JsonObject | null)?.['query'];
    if (typeof query === 'string') return query;
    throw new InputError('invalid_queries', `${path}: row ${i + 1} must be {"query": "..."}.`);
  });
}

function parseLines(text: string, path: string): JsonValue[] {
  return text
    .replace(/^\uFEFF/u, '')
    .split('\n')
    .flatMap((line, i) => {
      if (line.trim() === '') return [];
      try {
        return [JSON.parse(line) as JsonValue];
      } catch (cause) {
        throw new InputError('invalid_json', `${path}:${i + 1} is not JSON: ${(cause as Error).message}.`, {
          cause,
        });
      }
    });
}
