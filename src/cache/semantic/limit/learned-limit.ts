import {
  type LimitDecision,
  type LimitLookup,
  type LimitReason,
  nothing,
  type RatedEvidence,
} from './decision.ts';
import { weigh } from './evidence.ts';
import { Knowledge } from './knowledge.ts';
import type { LiveRate, Outcome } from './live-rate.ts';
import type { LimitSnapshot } from './snapshot.ts';

/** Options of `createLearnedLimit`. */
export interface LearnedLimitOptions {
  /** The share of wrong answers among the hits that the operator tolerates, 0 to 1. @default 0.01 */
  readonly maxFalseHitRate?: number;
  /**
   * The confidence of the judge, 0 to 1, from which on a pair that passes all gates is served before anything was
   * learned: what the shipped calibration gives for `maxFalseHitRate`. Infinity serves none.
   */
  readonly coldLimit: number;
  /** Share of the hits that are asked anew all the same, so that the fresh answer can be compared. @default 0.05 */
  readonly exploreShare?: number;
  /** From 0 to below 1. @default Math.random */
  readonly random?: () => number;
}

/** Decides what is served, and learns from what answers turn out to be. */
export interface LearnedLimit {
  /** Decides on a lookup; spends of the budget when it says `serve`. */
  decide(lookup: LimitLookup): LimitDecision;
  /**
   * Notes whether the fresh answer to a decided lookup said the same as the candidate's; null where that cannot be
   * told, which counts as wrong where hits are to be proven and as right where too many are to be wrong. Hits that are observed must
   * be drawn at random: those that were explored, and a share of the served ones.
   */
  observe(decision: LimitDecision, isSame: Outcome): void;
  /** The rate of wrong answers among the hits, by the hits that were explored or verified. */
  estimate(): LiveRate;
  /** True while the lower bound of that rate is above the limit: nothing is served, all hits are explored. */
  readonly isBreached: boolean;
  /** True while the compared hits show that the rate is kept; before, all hits are explored but those that are certain. */
  readonly isProven: boolean;
  /** What was learned, as JSON. */
  snapshot(): LimitSnapshot;
  /** Takes up what was learned; false, and nothing is changed, when it cannot be read. */
  restore(snapshot: unknown): boolean;
}

const HITS: ReadonlySet<LimitReason> = new Set(['certain', 'cold', 'learned']);

/**
 * Returns a limit after the idea of vCache (arXiv 2502.03771): which hits are right is learned from the answers that
 * come anyway, and from a share of hits that are asked anew. A hit is served where the rate of wrong answers of all
 * lookups that looked at least as sure is low by an upper confidence bound, where the entry was not seen wrong, and
 * as long as the wrong answers to be expected leave room for bad luck. Gates other than `unmatched_words` are never
 * overridden.
 *
 * @example
 * const limit = createLearnedLimit({ maxFalseHitRate: 0.01, coldLimit: 0.975 });
 * const decision = limit.decide({ neighbours });
 * if (decision.kind !== 'serve' && decision.candidate !== null) limit.observe(decision, isSameAnswer);
 */
export function createLearnedLimit(options: LearnedLimitOptions): LearnedLimit {
  const { maxFalseHitRate = 0.01, coldLimit, exploreShare = 0.05, random = Math.random } = options;
  const knowledge = new Knowledge({ maxFalseHitRate, coldLimit, exploreShare, random });

  const hit = (
    reason: LimitReason,
    best: RatedEvidence,
    evidence: readonly RatedEvidence[],
  ): LimitDecision => {
    const { id, value, risk } = best;
    const found = { candidate: id, value, risk, evidence };
    if (knowledge.isBreached) return { kind: 'explore', reason: 'breached', ...found };
    if (reason !== 'certain' && knowledge.explores()) return { kind: 'explore', reason: 'sampled', ...found };
    const risks = evidence.filter((other) => other.id === id).map(({ likelyRisk }) => likelyRisk);
    knowledge.spend(reason === 'certain' ? 0 : Math.min(...risks));
    return { kind: 'serve', reason, ...found };
  };

  return {
    decide({ neighbours }) {
      const evidence = knowledge.rate(weigh(neighbours));
      evidence.sort((a, b) => a.risk - b.risk);
      const reasons: LimitReason[] = [];
      for (const piece of evidence) {
        const reason = knowledge.verdictOn(piece);
        if (HITS.has(reason)) return hit(reason, piece, evidence);
        reasons.push(reason);
      }
      const best = evidence[0];
      if (best === undefined) return nothing(neighbours.length === 0 ? 'no_candidate' : 'gate');
      const { id, value, risk } = best;
      return { kind: 'miss', reason: reasons[0] ?? 'below_limit', candidate: id, value, risk, evidence };
    },
    observe: (decision, isSame) => knowledge.observe(decision, isSame),
    estimate: () => knowledge.estimate(),
    get isBreached() {
      return knowledge.isBreached;
    },
    get isProven() {
      return knowledge.isProven;
    },
    snapshot: () => knowledge.snapshot(),
    restore: (snapshot) => knowledge.restore(snapshot),
  };
}
