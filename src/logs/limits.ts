import type { Priority } from '../contract/index.ts';
import { invalidLogLimits } from './errors.ts';
import type { CondenseLimits } from './options.ts';

const DEFAULT_BUDGET = 76_659;
const DEFAULT_RESERVE = 0.1;
/** A log of fewer tokens may stay whole, whatever share is to be left out. */
const SMALL_LOG_TOKENS = 2_000;

/** All priorities, the most urgent first. */
export const PRIORITIES: readonly Priority[] = ['critical', 'high', 'medium', 'low', 'verbose'];

/** What the lines of a result may have, in tokens. */
export interface Bounds {
  /** The whole result, with its header and the marks of its gaps. */
  readonly budget: number;
  /** Of the budget, what only critical lines may use; what they leave goes to the others. */
  readonly reserve: number;
  /** The lines of a priority, where it is bounded. */
  readonly maxByPriority: Readonly<Partial<Record<Priority, number>>>;
}

function checkTokens(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isFinite(value) && value >= 0)) return;
  throw invalidLogLimits(name, value, 'a number of tokens, 0 or more');
}

function checkShare(name: string, value: number | undefined): void {
  if (value === undefined || (value >= 0 && value <= 1)) return;
  throw invalidLogLimits(name, value, 'a share from 0 to 1');
}

/** Looks at limits before any work is done. @throws InputError `invalid_log_limits` */
export function checkLimits(limits: CondenseLimits): void {
  const { tokenBudget = DEFAULT_BUDGET, tokenBuffer = 0, byPriority = {} } = limits;
  checkTokens('tokenBudget', tokenBudget);
  checkTokens('tokenBuffer', tokenBuffer);
  checkTokens('targetTokens', limits.targetTokens);
  checkShare('minCompression', limits.minCompression);
  checkShare('reserve', limits.reserve);
  if (tokenBuffer > tokenBudget) {
    throw invalidLogLimits('tokenBuffer', tokenBuffer, `at most the tokenBudget, which is ${tokenBudget}`);
  }
  for (const [name, value] of Object.entries(byPriority)) {
    if (!PRIORITIES.some((priority) => priority === name)) {
      throw invalidLogLimits('byPriority', name, `the priorities ${PRIORITIES.join(', ')}`);
    }
    if (Number.isFinite(value) && value >= 0) continue;
    throw invalidLogLimits(
      `byPriority.${name}`,
      value,
      'a number of tokens, or from 0 to 1 a share of the budget',
    );
  }
}

/** Works out what limits mean for a log of so many tokens. */
export function boundsOf(limits: CondenseLimits, inputTokens: number): Bounds {
  const { tokenBudget = DEFAULT_BUDGET, tokenBuffer = 0, minCompression = 0 } = limits;
  const { targetTokens = tokenBudget, reserve = DEFAULT_RESERVE, byPriority = {} } = limits;
  const mayStayWhole = minCompression === 0 || inputTokens < SMALL_LOG_TOKENS;
  const compressed = mayStayWhole ? Number.POSITIVE_INFINITY : (1 - minCompression) * inputTokens;
  const budget = Math.floor(Math.min(tokenBudget - tokenBuffer, targetTokens, compressed));
  const maxByPriority: Partial<Record<Priority, number>> = {};
  for (const priority of PRIORITIES) {
    const most = byPriority[priority];
    if (most !== undefined) maxByPriority[priority] = Math.floor(most <= 1 ? most * budget : most);
  }
  return { budget, reserve: Math.floor(reserve * budget), maxByPriority };
}
