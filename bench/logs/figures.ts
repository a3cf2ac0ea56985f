// The figures of the bench: what they are called, what they should reach, how outcomes make them up.
import type { SetName } from './cases.ts';
import type { Outcome } from './evaluate.ts';

interface FigureSpec {
  readonly set: SetName | 'large';
  readonly name: string;
  readonly budget: number;
  readonly atLeast?: number;
  readonly of: (outcomes: readonly Outcome[]) => number;
}

function sum(outcomes: readonly Outcome[], value: (outcome: Outcome) => number): number {
  return outcomes.reduce((total, outcome) => total + value(outcome), 0);
}

/** Items kept of all, every item alike. */
function micro(outcomes: readonly Outcome[]): number {
  return sum(outcomes, ({ kept }) => kept) / sum(outcomes, ({ required }) => required);
}

/** Mean over the logs of the share that is kept, every log alike. */
function macro(outcomes: readonly Outcome[]): number {
  return sum(outcomes, ({ kept, required }) => kept / required) / outcomes.length;
}

function others(outcomes: readonly Outcome[]): number {
  return sum(outcomes, ({ othersKept }) => othersKept) / sum(outcomes, ({ others }) => others);
}

function whole(outcomes: readonly Outcome[]): number {
  return sum(outcomes, ({ isWhole }) => Number(isWhole)) / outcomes.length;
}

function strict(outcomes: readonly Outcome[]): number {
  return sum(outcomes, ({ kept, required }) => Number(kept === required)) / outcomes.length;
}

function oversized(outcomes: readonly Outcome[]): number {
  return sum(outcomes, ({ isOversized }) => Number(isOversized));
}

function saved(outcomes: readonly Outcome[]): number {
  // A log that could not be condensed saves nothing.
  const left = sum(outcomes, ({ fault, tokens, inputTokens }) =>
    fault === undefined ? tokens : inputTokens,
  );
  return 1 - left / sum(outcomes, ({ inputTokens }) => inputTokens);
}

/** The budget of a large context; what is saved is measured on the logs that do not fit in it. */
export const LARGE_BUDGET = 76_659;

/** All figures; those without `atLeast` are only reported. */
export const FIGURES = {
  logdx2k: { set: 'logdx', name: 'LogDx critical signals', budget: 2000, atLeast: 0.93, of: micro },
  logdx4k: { set: 'logdx', name: 'LogDx critical signals', budget: 4000, atLeast: 0.97, of: micro },
  logdx8k: { set: 'logdx', name: 'LogDx critical signals', budget: 8000, atLeast: 0.99, of: micro },
  important2k: { set: 'logdx', name: 'LogDx important signals', budget: 2000, of: others },
  important4k: { set: 'logdx', name: 'LogDx important signals', budget: 4000, of: others },
  important8k: { set: 'logdx', name: 'LogDx important signals', budget: 8000, of: others },
  chunks1k: { set: 'logchunks', name: 'LogChunks whole chunk', budget: 1000, atLeast: 0.85, of: whole },
  chunks2k: { set: 'logchunks', name: 'LogChunks whole chunk', budget: 2000, atLeast: 0.93, of: whole },
  chunks4k: { set: 'logchunks', name: 'LogChunks whole chunk', budget: 4000, atLeast: 0.97, of: whole },
  strict1k: { set: 'logchunks', name: 'LogChunks every line', budget: 1000, of: strict },
  strict2k: { set: 'logchunks', name: 'LogChunks every line', budget: 2000, of: strict },
  strict4k: { set: 'logchunks', name: 'LogChunks every line', budget: 4000, of: strict },
  oversized1k: { set: 'logchunks', name: 'LogChunks logs with a chunk over', budget: 1000, of: oversized },
  oversized2k: { set: 'logchunks', name: 'LogChunks logs with a chunk over', budget: 2000, of: oversized },
  oversized4k: { set: 'logchunks', name: 'LogChunks logs with a chunk over', budget: 4000, of: oversized },
  cidiff1k: { set: 'cidiff', name: 'CiDiff error lines, macro', budget: 1000, atLeast: 0.88, of: macro },
  cidiff4k: { set: 'cidiff', name: 'CiDiff error lines, macro', budget: 4000, atLeast: 0.97, of: macro },
  cidiffMicro1k: { set: 'cidiff', name: 'CiDiff error lines, micro', budget: 1000, of: micro },
  cidiffMicro4k: { set: 'cidiff', name: 'CiDiff error lines, micro', budget: 4000, of: micro },
  pytorch: { set: 'pytorch_ci', name: 'PyTorch CI gold line', budget: 500, atLeast: 0.95, of: whole },
  treeherder: { set: 'treeherder', name: 'Treeherder error lines', budget: 4000, atLeast: 0.9, of: micro },
  treeherderMacro: { set: 'treeherder', name: 'Treeherder error lines, macro', budget: 4000, of: macro },
  alerts: { set: 'loghub', name: 'BGL alert templates', budget: 2000, atLeast: 1, of: micro },
  events: { set: 'loghub', name: 'BGL other templates', budget: 2000, of: others },
  saving: { set: 'large', name: 'tokens saved on large logs', budget: LARGE_BUDGET, atLeast: 0.9, of: saved },
  savingWhole: {
    set: 'large',
    name: 'large logs with all kept',
    budget: LARGE_BUDGET,
    atLeast: 1,
    of: whole,
  },
  savingItems: { set: 'large', name: 'items kept of large logs, macro', budget: LARGE_BUDGET, of: macro },
  savingLogs: { set: 'large', name: 'large logs', budget: LARGE_BUDGET, of: (outcomes) => outcomes.length },
} as const satisfies Record<string, FigureSpec>;
export type FigureId = keyof typeof FIGURES;

/** The specification of a figure. */
export function specOf(id: FigureId): FigureSpec {
  return FIGURES[id];
}

/** The budgets that logs of this set are condensed to, the large one aside. */
export function budgetsOf(set: SetName): number[] {
  const own = Object.values<FigureSpec>(FIGURES).filter((spec) => spec.set === set);
  return [...new Set(own.map(({ budget }) => budget))];
}

/** The figures that these outcomes give; a set that was left out gives none. */
export function figuresOf(outcomes: readonly Outcome[]): Partial<Record<FigureId, number>> {
  const ids = Object.keys(FIGURES) as FigureId[];
  return Object.fromEntries(
    ids.flatMap((id) => {
      const { set, budget, of } = specOf(id);
      const own = outcomes.filter(
        (outcome) => outcome.budget === budget && (set === 'large' || outcome.set === set),
      );
      return own.length === 0 ? [] : [[id, of(own)]];
    }),
  );
}
