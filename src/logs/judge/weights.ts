import type { LineClass, LineRole } from '../recognise/index.ts';

const ANCHORS: ReadonlySet<LineRole> = new Set(['failure', 'error', 'cause', 'section']);
const ENDINGS: ReadonlySet<LineRole> = new Set(['summary', 'exit']);

/** What the first line of a role is worth by itself. */
const ROLE_WORTH: Readonly<Record<LineRole, number>> = {
  failure: 100,
  error: 70,
  cause: 70,
  summary: 60,
  exit: 40,
  section: 15,
  detail: 12,
  frame: 4,
  warning: 5,
  step: 2,
  pass: 0.2,
  progress: 0.05,
  info: 0.8,
  debug: 0.3,
};

const PRIORITY_FACTOR = { critical: 1.3, high: 1, medium: 0.6, low: 0.3, verbose: 0.1 } as const;
/** By how much the second, third, … line of the same shape counts less. */
const REPETITION = 0.5;
const KIN_REPETITION = 0.4;
const RULE_REPETITION = 0.08;

/** What a line is worth by its class alone. */
export function worthOfClass({ role, priority }: LineClass): number {
  const worth = ROLE_WORTH[role];
  if (role === 'summary' || role === 'exit' || role === 'failure' || role === 'error')
    return worth * PRIORITY_FACTOR[priority];
  return worth;
}

/** The share of its worth that the n-th line of a shape keeps, n from 0. */
export function shareOfRepeat(n: number): number {
  return REPETITION ** Math.min(n, 8);
}

/** The same for shapes that only differ in their words. */
export function shareOfKin(n: number): number {
  return 1 / (1 + n * KIN_REPETITION);
}

/** The same for lines that only have their rule in common: of a long list the first ones tell most. */
export function shareOfRule(n: number): number {
  return 1 / (1 + n * RULE_REPETITION);
}

/** True for lines that other lines are kept for. */
export function isAnchor({ role, priority }: LineClass): boolean {
  if (ANCHORS.has(role)) return true;
  return ENDINGS.has(role) && (priority === 'critical' || priority === 'high');
}
