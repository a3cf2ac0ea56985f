import type { LogReport } from '../../contract/index.ts';
import { createProgress } from '../progress.ts';
import { type Condenser, condenseInput } from './condense-inputs.ts';
import type { LogInputFile } from './log-inputs.ts';
import { type LogSettings, limitsOf } from './settings.ts';

const PARTS_OF_BUDGET = [1 / 8, 1 / 4, 1 / 2, 1];
const PROFILES = ['auto', 'test_logs', 'error_logs', 'info_logs'] as const;
const RESERVES = [0, 0.1, 0.3];

/** What one set of settings keeps of all sample logs. */
export interface Trial {
  readonly profile: (typeof PROFILES)[number];
  readonly reserve: number;
  readonly tokenBudget: number;
  /** Tokens of the results together. */
  readonly tokens: number;
  /** Distinct errors whose message stands in the results, and how many there are. */
  readonly errorsHeld: number;
  readonly errors: number;
}

/** Tries settings on sample logs; the best come first: most errors, then the smallest budget and result. */
export async function tryAll(
  condenser: Condenser,
  inputs: readonly LogInputFile[],
  budget: number,
): Promise<readonly Trial[]> {
  const budgets = new Set(PARTS_OF_BUDGET.map((part) => Math.max(1, Math.floor(budget * part))));
  const settings = [...budgets].flatMap((tokenBudget) =>
    PROFILES.flatMap((profile) => RESERVES.map((reserve) => ({ tokenBudget, profile, reserve }))),
  );
  const bytes = inputs.reduce((sum, input) => sum + input.bytes, 0);
  const progress = await createProgress(condenser.context.io, 'simulate');
  const trials: Trial[] = [];
  try {
    for (const [done, setting] of settings.entries()) {
      progress.update(done * bytes, settings.length * bytes);
      const reports: LogReport[] = [];
      for (const input of inputs) reports.push(await condense(condenser, input, setting));
      trials.push({ ...setting, ...sumOf(reports) });
    }
  } finally {
    progress.stop();
  }
  return trials.toSorted(
    (a, b) =>
      b.errorsHeld - a.errorsHeld ||
      a.tokenBudget - b.tokenBudget ||
      a.tokens - b.tokens ||
      // What is the default needs no flag.
      Math.abs(a.reserve - 0.1) - Math.abs(b.reserve - 0.1),
  );
}

function condense(condenser: Condenser, input: LogInputFile, settings: LogSettings): Promise<LogReport> {
  const resolved = { ...condenser.resolved, settings };
  return condenseInput({ ...condenser, resolved }, input, { limits: limitsOf(settings) });
}

function sumOf(reports: readonly LogReport[]): Pick<Trial, 'tokens' | 'errorsHeld' | 'errors'> {
  const add = (of: (report: LogReport) => number): number =>
    reports.reduce((sum, report) => sum + of(report), 0);
  return {
    tokens: add(({ output }) => output.tokens),
    errors: add(({ errors }) => errors.length),
    errorsHeld: add(({ errors, text }) => errors.filter(({ message }) => text.includes(message)).length),
  };
}
