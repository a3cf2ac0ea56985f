// Runs one condenser over the labelled logs and says what it kept.
import { type EncodingCounter, loadEncoding } from '../../src/tokens/index.ts';
import { dataFolder, type Item, type LogCase, loadCases, type SetName } from './cases.ts';
import type { Condense } from './condensers.ts';
import { budgetsOf, type FigureId, figuresOf, LARGE_BUDGET } from './figures.ts';
import { type Haystack, haystackOf } from './match.ts';

/** Of a chunk that is larger than the budget, this share of the budget must be filled with it. */
const CHUNK_SHARE = 0.6;

/** What one condenser made of one log at one budget. */
export interface Outcome {
  readonly set: SetName;
  readonly id: string;
  readonly kind: string;
  readonly budget: number;
  /** Tokens of the output. */
  readonly tokens: number;
  /** Tokens of the log; 0 where nobody asks. */
  readonly inputTokens: number;
  readonly durationMs: number;
  /** Required items, and how many stand in the output; likewise the others. */
  readonly required: number;
  readonly kept: number;
  readonly others: number;
  readonly othersKept: number;
  /** The chunk has more tokens than the budget. */
  readonly isOversized: boolean;
  /** All required items are kept; of an oversized chunk, as much as could be. */
  readonly isWhole: boolean;
  readonly missing: readonly string[];
  /** Why the output counts as empty. */
  readonly fault?: string;
}

/** What a condenser reached. */
export interface Evaluation {
  readonly figures: Readonly<Partial<Record<FigureId, number>>>;
  readonly outcomes: readonly Outcome[];
  /** Outputs over the budget and logs that could not be condensed; all of their items count as lost. */
  readonly faults: readonly string[];
  readonly durationMs: number;
}

/** Options of `evaluate`. */
export interface EvaluateOptions {
  readonly only?: readonly SetName[];
  /** Also names, in the outcomes, what is missing. */
  readonly details?: boolean;
  /** Cases and counter that were loaded before. */
  readonly cases?: readonly LogCase[];
  readonly counter?: EncodingCounter;
  /** Tokens of the logs by path, filled as needed; share it between calls. */
  readonly inputTokens?: Map<string, number>;
}

function isKept({ needles, pattern, isFlat }: Item, haystack: Haystack): boolean {
  const text = isFlat === true ? haystack.flat : haystack.byLine;
  if (needles.some((needle) => text.includes(needle))) return true;
  return pattern !== undefined && haystack.lines.some((line) => pattern.test(line));
}

/** How many lines of an oversized chunk are wanted: those that fit, from its first on, in the share. */
function wantedLines(items: readonly Item[], room: number, count: (text: string) => number): number {
  let used = 0;
  let lines = 0;
  for (const { text } of items) {
    used += count(`${text}\n`);
    if (used > room) break;
    lines++;
  }
  return lines;
}

function judge(
  log: LogCase,
  limit: { budget: number; count: (text: string) => number },
  output: string,
): Pick<Outcome, 'required' | 'kept' | 'others' | 'othersKept' | 'isOversized' | 'isWhole'> & {
  lost: Item[];
} {
  const haystack = haystackOf(output);
  const required = log.items.filter(({ rank }) => rank === 'required');
  const others = log.items.filter(({ rank }) => rank === 'other');
  const lost = required.filter((item) => !isKept(item, haystack));
  const kept = required.length - lost.length;
  const chunkTokens = log.set === 'logchunks' ? limit.count(required.map(({ text }) => text).join('\n')) : 0;
  const isOversized = chunkTokens > limit.budget;
  const ends = [required[0], required.at(-1)];
  const isWhole = isOversized
    ? ends.every((end) => end !== undefined && !lost.includes(end)) &&
      kept >= wantedLines(required, limit.budget * CHUNK_SHARE, limit.count)
    : lost.length === 0;
  const othersKept = others.filter((item) => isKept(item, haystack)).length;
  return { required: required.length, kept, others: others.length, othersKept, isOversized, isWhole, lost };
}

/**
 * Condenses every log to every budget of its set and returns the figures. An output over its budget
 * counts as empty, and so does a log on which the condenser fails; both are named in `faults`.
 */
export async function evaluate(condense: Condense, options: EvaluateOptions = {}): Promise<Evaluation> {
  const cases = options.cases ?? loadCases(dataFolder(), options.only);
  const counter = options.counter ?? (await loadEncoding('o200k_base'));
  const inputTokens = options.inputTokens ?? new Map<string, number>();
  const count = (text: string): number => counter.count(text);
  const run = async (log: LogCase, budget: number): Promise<Outcome> => {
    const started = performance.now();
    let output = '';
    let fault: string | undefined;
    try {
      output = await condense({ path: log.path, text: log.text }, budget);
    } catch (cause) {
      const stack = cause instanceof Error ? cause.stack : undefined;
      fault = `failed: ${(stack ?? String(cause)).split('\n').slice(0, 3).join('; ')}`;
    }
    const durationMs = performance.now() - started;
    const tokens = count(output);
    if (tokens > budget) {
      fault = `has ${tokens} tokens`;
      output = '';
    }
    const { lost, ...judged } = judge(log, { budget, count }, output);
    return {
      set: log.set,
      id: log.id,
      kind: log.kind,
      budget,
      tokens,
      inputTokens: inputTokens.get(log.path) ?? 0,
      durationMs,
      ...judged,
      missing: options.details === true ? lost.map(({ text }) => text) : [],
      ...(fault === undefined ? {} : { fault }),
    };
  };
  const started = performance.now();
  const outcomes: Outcome[] = [];
  for (const log of cases) {
    for (const budget of budgetsOf(log.set)) outcomes.push(await run(log, budget));
    // A token is at least one byte: smaller files need not be counted. Event samples have no failure.
    if (log.set === 'loghub' || Buffer.byteLength(log.text) <= LARGE_BUDGET) continue;
    if (!inputTokens.has(log.path)) inputTokens.set(log.path, count(log.text));
    if ((inputTokens.get(log.path) ?? 0) > LARGE_BUDGET) outcomes.push(await run(log, LARGE_BUDGET));
  }
  const faults = outcomes.flatMap(({ set, id, budget, fault }) =>
    fault === undefined ? [] : [`${set} ${id} at ${budget} ${fault}`],
  );
  return { figures: figuresOf(outcomes), outcomes, faults, durationMs: performance.now() - started };
}
