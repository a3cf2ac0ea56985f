import type { LogReport, Priority } from '../../contract/index.ts';
import type { CondenseLimits } from '../../logs/index.ts';
import { createProgress } from '../progress.ts';
import { plain } from '../text-table.ts';
import { type Condenser, condenseInput } from './condense-inputs.ts';
import type { LogInputFile } from './log-inputs.ts';
import { DEFAULT_BUDGET, limitsOf, PRIORITIES } from './settings.ts';

/** How often one log gets less because the parts together have a token too many. */
const CORRECTIONS = 8;

/** Several logs in one text. */
export interface SharedReport {
  /** The sums, and the text of all. */
  readonly whole: LogReport;
  /** The logs in their order; the text of each without its header. */
  readonly parts: readonly { readonly input: LogInputFile; readonly report: LogReport }[];
}

/** Condenses several logs into one budget: small ones take what they need, the others share the rest. */
export async function condenseShared(
  condenser: Condenser,
  inputs: readonly LogInputFile[],
): Promise<SharedReport> {
  const started = performance.now();
  const limits = limitsOf(condenser.resolved.settings);
  const budget = budgetOf(limits);
  const count = (text: string): number => condenser.texts.count(text).tokens;
  const progress = await createProgress(condenser.context.io, 'logs');
  const total = inputs.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const condense = (input: LogInputFile, tokens: number): Promise<LogReport> =>
    condenseInput(condenser, input, {
      limits: partLimits(limits, tokens),
      onProgress: (bytes) => progress.update(Math.min(total, done + bytes), total),
    });
  try {
    const parts = new Map<LogInputFile, LogReport>();
    let left = budget;
    const bySize = inputs.toSorted((a, b) => a.bytes - b.bytes);
    for (const [at, input] of bySize.entries()) {
      const share = Math.floor(left / (inputs.length - at));
      const report = await condense(input, share - count(headerOf(input)));
      parts.set(input, report);
      left -= Math.min(share, count(headerOf(input) + report.text));
      done += input.bytes;
    }
    await correct({ inputs, parts, budget, count, condense });
    const shown = inputs.flatMap((input) => {
      const report = parts.get(input);
      return report === undefined ? [] : [{ input, report }];
    });
    const text = join(inputs, parts);
    const whole = sum(
      shown.map(({ report }) => report),
      { budget, text, tokens: count(text), durationMs: performance.now() - started },
    );
    warnOfLeftOut(condenser, inputs, parts);
    return { whole, parts: shown };
  } finally {
    progress.stop();
  }
}

interface Correction {
  readonly inputs: readonly LogInputFile[];
  readonly parts: Map<LogInputFile, LogReport>;
  readonly budget: number;
  readonly count: (text: string) => number;
  readonly condense: (input: LogInputFile, tokens: number) => Promise<LogReport>;
}

/** Parts do not add up to the token exactly where they meet: the largest gives way (INV-L1). */
async function correct({ inputs, parts, budget, count, condense }: Correction): Promise<void> {
  let tokens = count(join(inputs, parts));
  for (let round = 0; tokens > budget && round < CORRECTIONS; round++) {
    const largest = inputs.reduce((a, b) =>
      (parts.get(b)?.output.tokens ?? 0) > (parts.get(a)?.output.tokens ?? 0) ? b : a,
    );
    const now = parts.get(largest)?.output.tokens ?? 0;
    if (now === 0) break;
    parts.set(largest, await condense(largest, Math.max(0, now - (tokens - budget))));
    tokens = count(join(inputs, parts));
  }
  // A budget that does not even hold the headers.
  for (const input of inputs.toReversed()) {
    if (tokens <= budget) return;
    parts.delete(input);
    tokens = count(join(inputs, parts));
  }
}

function headerOf({ name }: LogInputFile): string {
  return `==> ${plain(name)} <==\n`;
}

function join(inputs: readonly LogInputFile[], parts: ReadonlyMap<LogInputFile, LogReport>): string {
  return inputs
    .flatMap((input) => {
      const part = parts.get(input);
      return part === undefined ? [] : [`${headerOf(input)}${part.text.replace(/\n$/, '')}`];
    })
    .join('\n\n');
}

function budgetOf({ tokenBudget = DEFAULT_BUDGET, tokenBuffer = 0, targetTokens }: CondenseLimits): number {
  const budget = Math.max(0, tokenBudget - tokenBuffer);
  return Math.min(budget, targetTokens ?? budget);
}

/** Limits of one log: what was meant of all becomes a share. */
function partLimits(limits: CondenseLimits, tokens: number): CondenseLimits {
  const { reserve, minCompression, byPriority } = limits;
  const budget = Math.max(1, budgetOf(limits));
  const shares = Object.entries(byPriority ?? {}).map(([name, most]) => [
    name,
    most > 1 ? Math.min(1, most / budget) : most,
  ]);
  return {
    tokenBudget: Math.max(0, tokens),
    ...(reserve === undefined ? {} : { reserve }),
    ...(minCompression === undefined ? {} : { minCompression }),
    ...(shares.length === 0
      ? {}
      : { byPriority: Object.fromEntries(shares) as Partial<Record<Priority, number>> }),
  };
}

function sum(
  parts: readonly LogReport[],
  all: {
    readonly budget: number;
    readonly text: string;
    readonly tokens: number;
    readonly durationMs: number;
  },
): LogReport {
  const add = (of: (part: LogReport) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const tokens = add(({ input }) => input.tokens);
  const bases = new Set(parts.map(({ input }) => input.basis));
  const profiles = new Set(parts.map(({ profile }) => profile));
  return {
    input: {
      path: null,
      bytes: add(({ input }) => input.bytes),
      lines: add(({ input }) => input.lines),
      tokens,
      basis: (['estimated', 'calibrated'] as const).find((basis) => bases.has(basis)) ?? 'exact',
    },
    output: { tokens: all.tokens, lines: add(({ output }) => output.lines), path: null },
    budget: all.budget,
    keptRatio: tokens === 0 ? 1 : all.tokens / tokens,
    profile: profiles.size === 1 ? ([...profiles][0] as string) : 'auto',
    priorities: sumPriorities(parts),
    errors: parts.flatMap(({ errors }) => errors),
    templates: parts.flatMap(({ templates }) => templates),
    gaps: parts.flatMap(({ gaps }) => gaps),
    durationMs: all.durationMs,
    text: all.text,
  };
}

function sumPriorities(parts: readonly LogReport[]): LogReport['priorities'] {
  const of = (name: Priority): LogReport['priorities'][Priority] =>
    parts.reduce(
      (total, { priorities }) => ({
        lines: total.lines + priorities[name].lines,
        kept: total.kept + priorities[name].kept,
        tokens: total.tokens + priorities[name].tokens,
      }),
      { lines: 0, kept: 0, tokens: 0 },
    );
  return Object.fromEntries(PRIORITIES.map((name) => [name, of(name)])) as LogReport['priorities'];
}

function warnOfLeftOut(
  { context }: Condenser,
  inputs: readonly LogInputFile[],
  parts: ReadonlyMap<LogInputFile, LogReport>,
): void {
  const missing = inputs.filter((input) => !parts.has(input)).map(({ name }) => plain(name));
  if (missing.length === 0) return;
  context.io.warn(`pare: the budget is too small to show anything of ${missing.join(', ')}`);
}
