import { type Evidence, type Neighbour, weigh } from './evidence.ts';
import { createHistories } from './histories.ts';
import { createLiveRateWatch, type LiveRate } from './live-rate.ts';
import { createRiskBudget } from './risk-budget.ts';
import { createRiskCurve, type RiskCurve } from './risk-curve.ts';
import { type LimitSnapshot, readSnapshot, SNAPSHOT_VERSION } from './snapshot.ts';

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
  readonly evidence: readonly ServedEvidence[];
}

type Route = 'words' | 'agreement';

/** Evidence with what it rests on. */
export interface ServedEvidence extends Evidence {
  readonly route: Route;
  /** Expected probability of a wrong answer, 0 to 1. */
  readonly risk: number;
}

/** Decides what is served, and learns from what answers turn out to be. */
export interface LearnedLimit {
  /** Decides on a lookup; spends of the budget when it says `serve`. */
  decide(lookup: LimitLookup): LimitDecision;
  /** Notes whether the fresh answer to a decided lookup said the same as the candidate's. */
  observe(decision: LimitDecision, isSame: boolean): void;
  /** The rate of wrong answers among the hits, by the hits that were explored or verified. */
  estimate(): LiveRate;
  /** True while the lower bound of that rate is above the limit: nothing is served, all hits are explored. */
  readonly isBreached: boolean;
  /** What was learned, as JSON. */
  snapshot(): LimitSnapshot;
  /** Takes up what was learned; false, and nothing is changed, when it cannot be read. */
  restore(snapshot: unknown): boolean;
}

/** Level of the test that a limit must pass; below 0.05 since it is looked at often. */
const TEST_LEVEL = Number(process.env['TL'] ?? 0.1);
/** Level at which the budget keeps the rate under the limit. */
const BUDGET_LEVEL = Number(process.env['BL'] ?? 0.03);
/** Share of what was learned that counts on after a breach. */
const KEPT_AFTER_BREACH = 0.1;
/** Observations after which limits are calculated anew. */
const RELEARN_EVERY = 8;

const HITS: ReadonlySet<LimitReason> = new Set(['certain', 'cold', 'learned']);

function nothing(reason: LimitReason): LimitDecision {
  return { kind: 'miss', reason, candidate: null, value: 0, risk: 1, evidence: [] };
}

/**
 * Returns a limit after the idea of vCache (arXiv 2502.03771): which hits are right is learned from the answers that
 * come anyway, and from a share of hits that are asked anew. A hit is served where the rate of wrong answers
 * of all lookups that looked at least as sure is under `maxFalseHitRate` by an upper confidence bound, where the
 * entry was not seen wrong, and as long as the wrong answers to be expected leave room for bad luck. Gates other
 * than `unmatched_words` are never overridden.
 */
export function createLearnedLimit(options: LearnedLimitOptions): LearnedLimit {
  const { maxFalseHitRate = 0.01, coldLimit, exploreShare = 0.05, random = Math.random } = options;
  const curves: Readonly<Record<Route, RiskCurve>> = {
    words: createRiskCurve((value) =>
      value >= coldLimit ? Math.min(1 - value, maxFalseHitRate / 2) : 1 - value,
    ),
    agreement: createRiskCurve((value) => 1 - value),
  };
  const histories = createHistories();
  const budget = createRiskBudget({ maxRate: maxFalseHitRate, level: BUDGET_LEVEL });
  const live = createLiveRateWatch();
  let limits: Readonly<Record<Route, number>> | null = null;
  let unlearned = 0;
  let isBreached = false;

  const learnedLimits = () => {
    limits ??= {
      words: curves.words.lowestValue(maxFalseHitRate * Number(process.env['TM'] ?? 2), TEST_LEVEL),
      agreement: curves.agreement.lowestValue(maxFalseHitRate * Number(process.env['TM'] ?? 2), TEST_LEVEL),
    };
    return limits;
  };

  const riskOf = (route: Route, { answerGroup, value }: Evidence) =>
    histories.riskOf(answerGroup, curves[route].riskAt(value));

  /** Why a piece of evidence is enough, or why not. */
  const verdictOn = (evidence: ServedEvidence): LimitReason => {
    const { route, id, value, risk } = evidence;
    if (histories.wasWrong(id, value)) return 'seen_wrong';
    if (route === 'words' && value >= 1) return 'certain';
    if (maxFalseHitRate <= 0) return 'below_limit';
    if (maxFalseHitRate >= 1) return route === 'words' ? 'cold' : 'learned';
    const isCold = route === 'words' && value >= coldLimit;
    if (!isCold && value < learnedLimits()[route]) return 'below_limit';
    if (!budget.affords(risk)) return 'over_budget';
    return isCold ? 'cold' : 'learned';
  };

  const hit = (
    reason: LimitReason,
    best: ServedEvidence,
    evidence: readonly ServedEvidence[],
  ): LimitDecision => {
    const { id, value, risk } = best;
    const found = { candidate: id, value, risk, evidence };
    if (isBreached) return { kind: 'explore', reason: 'breached', ...found };
    if (reason !== 'certain' && random() < exploreShare)
      return { kind: 'explore', reason: 'sampled', ...found };
    budget.spend(reason === 'certain' ? 0 : risk);
    return { kind: 'serve', reason, ...found };
  };

  return {
    decide({ neighbours }) {
      const { words, agreement } = weigh(neighbours);
      const evidence: ServedEvidence[] = [];
      if (words !== null) evidence.push({ ...words, route: 'words', risk: riskOf('words', words) });
      if (agreement !== null) {
        evidence.push({ ...agreement, route: 'agreement', risk: riskOf('agreement', agreement) });
      }
      evidence.sort((a, b) => a.risk - b.risk);
      for (const piece of evidence) {
        const reason = verdictOn(piece);
        if (HITS.has(reason)) return hit(reason, piece, evidence);
      }
      const best = evidence[0];
      if (best === undefined) return nothing(neighbours.length === 0 ? 'no_candidate' : 'gate');
      const { id, value, risk } = best;
      return { kind: 'miss', reason: verdictOn(best), candidate: id, value, risk, evidence };
    },
    observe(decision, isSame) {
      const compared = decision.evidence.find(({ id }) => id === decision.candidate);
      if (compared === undefined) return;
      for (const piece of decision.evidence) {
        if (piece.answerGroup === compared.answerGroup) curves[piece.route].observe(piece.value, isSame);
      }
      histories.observe(compared, isSame);
      unlearned += 1;
      if (unlearned >= RELEARN_EVERY || !isSame) [limits, unlearned] = [null, 0];
      if (decision.kind === 'miss') return;
      live.observe(isSame);
      const wasBreached = isBreached;
      isBreached = live.isAbove(maxFalseHitRate);
      if (isBreached && !wasBreached) {
        for (const curve of Object.values(curves)) curve.fade(KEPT_AFTER_BREACH);
        limits = null;
      }
    },
    estimate: live.estimate,
    get isBreached() {
      return isBreached;
    },
    snapshot: () => ({
      version: SNAPSHOT_VERSION,
      words: curves.words.snapshot(),
      agreement: curves.agreement.snapshot(),
      histories: histories.snapshot(),
      spending: budget.snapshot(),
      live: live.snapshot(),
      isBreached,
    }),
    restore(snapshot) {
      const read = readSnapshot(snapshot);
      if (read === null) return false;
      curves.words.restore(read.words);
      curves.agreement.restore(read.agreement);
      histories.restore(read.histories);
      budget.restore(read.spending);
      live.restore(read.live);
      isBreached = read.isBreached;
      limits = null;
      return true;
    },
  };
}
