import {
  type Explanation,
  evaluatePairs,
  explainText,
  type JudgedPair,
  type LabelledPair,
  type PairEvaluation,
} from '../../cache/semantic/index.ts';
import { InputError, type JsonObject } from '../../contract/index.ts';
import { openSemanticTools, restoreLimit, type SemanticTools } from '../../optimizer/semantic.ts';
import { openStateStore } from '../../optimizer/state-store.ts';
import { openSemanticStore } from '../../optimizer/stores.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { eventReporter } from '../event-reporter.ts';
import { formatCount, formatMany } from '../figures.ts';
import { readInput } from '../input.ts';
import { toJson } from '../output.ts';
import { readConfig } from '../read-config.ts';
import { renderTable } from '../text-table.ts';

const SHOWN_CHARS = 60;

/** `pare cache eval`: what the semantic decision makes of labelled pairs. */
export async function evaluate(context: CommandContext): Promise<ExitCode> {
  const path = context.args[0] as string;
  const pairs = readPairs((await readInput(context, path)).toString('utf8'), path);
  const { config } = await readConfig(context, overridesOf(context));
  const tools = openSemanticTools(config);
  try {
    const found = await evaluatePairs(pairs, {
      ...tools,
      minConfidence: tools.coldLimit,
      includesPersonal: config.semantic.includePersonal,
      signal: context.signal,
    });
    const { maxFalseHitRate } = config.semantic;
    await context.io.out(
      context.globals.json === true ? toJson(toReport(found)) : renderEvaluation(found, maxFalseHitRate),
    );
    return 0;
  } finally {
    await tools.close();
  }
}

/** `pare cache explain`: the stored texts nearest to a text, and why each would answer or not. */
export async function explain(context: CommandContext): Promise<ExitCode> {
  const { config } = await readConfig(context, overridesOf(context));
  const onEvent = eventReporter(context);
  const tools = openSemanticTools(config);
  const state = openStateStore(config, onEvent);
  const store = openSemanticStore(config, { onEvent, now: Date.now, onUnavailable: 'throw' });
  try {
    await restoreLimit(tools.limit, state, tools.embedder);
    const tenant = context.options['tenant'] as string | undefined;
    const { model } = context.globals;
    const found = await explainText(context.args[0] as string, {
      ...tools,
      store,
      includesPersonal: config.semantic.includePersonal,
      ...(tenant === undefined ? {} : { tenant }),
      ...(model === undefined ? {} : { model }),
    });
    await context.io.out(
      context.globals.json === true ? toJson(toExplanation(found, tools)) : renderExplanation(found),
    );
    return 0;
  } finally {
    await store.close();
    await state.close();
    await tools.close();
  }
}

function overridesOf({ options }: CommandContext): Record<string, unknown> {
  const rate = { 'semantic.maxFalseHitRate': options['maxFalseHitRate'] };
  const named = options['embedder'] as string | undefined;
  if (named === undefined) return rate;
  if (named === 'static') return { ...rate, 'semantic.embedder.kind': 'static' };
  const dimensions = { 'semantic.embedder.dimensions': options['dimensions'] ?? 384 };
  if (named.startsWith('onnx:')) {
    return {
      ...rate,
      ...dimensions,
      'semantic.embedder.kind': 'onnx',
      'semantic.embedder.model': named.slice('onnx:'.length),
    };
  }
  if (/^https?:\/\//.test(named)) {
    return {
      ...rate,
      ...dimensions,
      'semantic.embedder.kind': 'api',
      'semantic.embedder.url': named,
      'semantic.embedder.model': options['embedderModel'] ?? 'default',
    };
  }
  throw new InputError(
    'invalid_option',
    `--embedder takes static, onnx:MODEL or the address of an API, got "${named}".`,
  );
}

function readPairs(text: string, path: string): LabelledPair[] {
  const pairs = text
    .split('\n')
    .flatMap((line, at) => (line.trim() === '' ? [] : [readPair(line, `${path}:${at + 1}`)]));
  if (pairs.length > 0) return pairs;
  throw new InputError(
    'no_pairs',
    `${path} holds no pairs: one JSON object {"a", "b", "label"} on each line.`,
  );
}

function readPair(line: string, place: string): LabelledPair {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new InputError('invalid_json', `${place} is not JSON: ${(cause as Error).message}.`, { cause });
  }
  const { a, b, label } = (value ?? {}) as Partial<JsonObject>;
  if (typeof a === 'string' && typeof b === 'string' && (label === 0 || label === 1)) return { a, b, label };
  throw new InputError(
    'invalid_pair',
    `${place} must be an object with texts "a" and "b" and "label" 0 or 1 (1: one answer serves both).`,
  );
}

function toReport(found: PairEvaluation): object {
  return {
    pairs: found.pairs,
    served: found.served,
    true_hits: found.trueHits,
    false_hits: found.falseHits,
    precision: found.precision,
    recall: found.recall,
    false_hit_rate: found.falseHitRate,
    by_reason: found.byReason,
    rows: found.rows.map(({ a, b, label, similarity, confidence, decision, reason }) => ({
      a,
      b,
      label,
      similarity,
      confidence,
      decision,
      reason,
    })),
  };
}

function renderEvaluation(found: PairEvaluation, maxFalseHitRate: number): string {
  const right = 'right' as const;
  const rows = Object.entries(found.byReason).sort(([, a], [, b]) => b - a);
  const table = renderTable(
    [{ name: 'decision' }, { name: 'pairs', align: right }],
    rows.map(([reason, count]) => [reason, formatCount(count)]),
  );
  const wrong = found.rows.filter(isWrong).slice(0, 5).map(renderWrong).join('');
  return [
    `${formatMany(found.pairs, 'pair')}, tolerated share of wrong answers ${maxFalseHitRate}\n`,
    `served ${formatCount(found.served)}: ${formatCount(found.trueHits)} right, ${formatCount(found.falseHits)} wrong\n`,
    `precision ${rateOf(found.precision)}, recall ${rateOf(found.recall)}, false hits ${rateOf(found.falseHitRate)}\n\n`,
    table,
    wrong === '' ? '' : `\nserved though labelled 0:\n${wrong}`,
  ].join('');
}

function isWrong({ decision, label }: JudgedPair): boolean {
  return decision === 'hit' && label === 0;
}

function renderWrong({ a, b, similarity }: JudgedPair): string {
  return `  ${shorten(a)} | ${shorten(b)} (similarity ${similarity?.toFixed(3)})\n`;
}

function rateOf(rate: number | null): string {
  return rate === null ? 'unknown' : rate.toFixed(4);
}

function toExplanation(
  { decision, reason, entry, candidates }: Explanation,
  { coldLimit }: SemanticTools,
): object {
  return {
    decision,
    reason,
    answered_by: entry?.entry.key ?? null,
    cold_limit: Number.isFinite(coldLimit) ? coldLimit : null,
    candidates: candidates.map((candidate) => ({
      text: candidate.entry.text,
      key: candidate.entry.key,
      tenant: candidate.entry.tenant,
      model: candidate.entry.model,
      created_at: new Date(candidate.entry.createdAt).toISOString(),
      similarity: candidate.similarity,
      confidence: candidate.confidence,
      gate: candidate.gate,
      detail: candidate.detail,
    })),
  };
}

function renderExplanation({ decision, reason, candidates }: Explanation): string {
  const right = 'right' as const;
  const table = renderTable(
    [
      { name: 'stored text' },
      { name: 'similarity', align: right },
      { name: 'confidence', align: right },
      { name: 'gate' },
      { name: 'saw' },
    ],
    candidates.map(({ entry, similarity, confidence, gate, detail }) => [
      shorten(entry.text),
      similarity.toFixed(3),
      confidence.toFixed(3),
      gate ?? 'passed',
      shorten(detail ?? ''),
    ]),
  );
  return `${decision}: ${reason}\n${candidates.length === 0 ? '' : `\n${table}`}`;
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= SHOWN_CHARS ? line : `${line.slice(0, SHOWN_CHARS - 1)}…`;
}
