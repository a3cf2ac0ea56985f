import type { Evidence, Neighbour } from './evidence.ts';

/** What is looked up: the entries of the scope that are nearest, about 16, nearest first. */
export interface LimitLookup {
  readonly neighbours: readonly Neighbour[];
}

/** Why a lookup was decided as it was. Stable and of low cardinality. */
export type LimitReason =
  | 'certain'
  | 'cold'
  | 'learned'
  | 'no_candidate'
  | 'gate'
  | 'below_limit'
  | 'seen_wrong'
  | 'over_budget'
  | 'sampled'
  | 'breached';

/** By the words of one pair, by words that the neighbours' answers support, or by the agreement of those alone. */
export type Route = 'words' | 'supported' | 'agreement';

/** Evidence with what it rests on. */
export interface RatedEvidence extends Evidence {
  readonly route: Route;
  /** True where the shipped calibration promises enough before anything was learned. */
  readonly isCold: boolean;
  /** Expected probability of a wrong answer, 0 to 1, with caution. */
  readonly risk: number;
  /** The same without caution. */
  readonly likelyRisk: number;
}

/** What to do with a lookup. It can be kept as JSON until its outcome is known. */
export interface LimitDecision {
  /** `explore`: a hit, but ask anew and compare; `miss`: ask anew, and compare when there is a candidate. */
  readonly kind: 'serve' | 'explore' | 'miss';
  readonly reason: LimitReason;
  /** The entry that is served, or whose answer is to be compared with the fresh one; null when there is none. */
  readonly candidate: number | null;
  /** How surely the candidate's answer serves, 0 to 1; compare with nothing but other values of this limit. */
  readonly value: number;
  /** Expected probability that the candidate's answer is wrong, 0 to 1. */
  readonly risk: number;
  /** What spoke for the candidate; `observe` needs it. */
  readonly evidence: readonly RatedEvidence[];
}

/** A miss without a candidate. */
export function nothing(reason: LimitReason): LimitDecision {
  return { kind: 'miss', reason, candidate: null, value: 0, risk: 1, evidence: [] };
}
