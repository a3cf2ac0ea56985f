import { createChangeWatch } from './change-watch.ts';
import type { LimitDecision, LimitReason, RatedEvidence, Route } from './decision.ts';
import type { Evidence, Neighbourhood } from './evidence.ts';
import { isExplored } from './exploring.ts';
import { createHistories } from './histories.ts';
import { createLiveRateWatch, type LiveRate, type Outcome } from './live-rate.ts';
import { createRiskBudget } from './risk-budget.ts';
import { createRiskCurve } from './risk-curve.ts';
import { type LimitSnapshot, readSnapshot, SNAPSHOT_VERSION } from './snapshot.ts';

/**
 * A limit that is learned must show that the rate above it is under the tolerated one, at this level. It keeps hits
 * from resting on the calibration alone; that the rate of all hits is kept is the budget's work.
 */
const TEST_LEVEL = 0.3;
/** Level at which the budget keeps the rate under the tolerated one. */
const BUDGET_LEVEL = 0.01;
/**
 * Hits count as proven while the compared ones show, at this level, that their rate is under the tolerated one: 183
 * right ones on end for a rate of 0.01, 91 for 0.02, 36 for 0.05. What ships was calibrated on other traffic, where
 * questions and answers may be told apart in other ways.
 */
const PROOF_LEVEL = 0.16;
/**
 * A hit from the cold limit on is trusted until answers at its value seem to be wrong clearly more often than the
 * calibration expects; then it needs room in the budget as all others.
 */
const TRUSTED_EXCESS = 1.1;
/** One that the neighbours support is trusted as long as its risk seems to be at most this share of the tolerated rate. */
const TRUSTED_SHARE = 0.5;
/** Risk that the calibration is taken to leave below the cold limit where there is none. */
const UNKNOWN_RISK = 2;
const MOST_PROMISED = 0.9;
/** Share of what was learned that counts on after a breach. */
const KEPT_AFTER_BREACH = 0.1;

/** What is known beforehand. */
interface Given {
  readonly maxFalseHitRate: number;
  readonly coldLimit: number;
  readonly exploreShare: number;
  readonly random: () => number;
}

/**
 * The risk that the calibration leaves at a confidence of the words: the tolerated rate at the cold limit, and from
 * there in proportion to what is missing to 1. So pairs that are not served tell early whether its promise holds.
 */
function promisedRisk(value: number, { maxFalseHitRate, coldLimit }: Given): number {
  const isKnown = coldLimit < 1 && maxFalseHitRate > 0;
  return Math.min(MOST_PROMISED, (1 - value) * (isKnown ? maxFalseHitRate / (1 - coldLimit) : UNKNOWN_RISK));
}

/** What has been learned of the traffic. */
export class Knowledge {
  readonly #given: Given;
  readonly #curves;
  readonly #histories = createHistories();
  readonly #budget;
  readonly #live = createLiveRateWatch();
  readonly #change = createChangeWatch();
  #limits: Readonly<Record<Route, number>> | null = null;
  #isBreached = false;

  constructor(given: Given) {
    this.#given = given;
    this.#curves = {
      words: createRiskCurve((value) => promisedRisk(value, given)),
      supported: createRiskCurve((value) => 1 - value),
      agreement: createRiskCurve((value) => 1 - value),
    };
    this.#budget = createRiskBudget({ maxRate: given.maxFalseHitRate, level: BUDGET_LEVEL });
  }

  get isBreached(): boolean {
    return this.#isBreached;
  }

  /** True while the hits that were compared show that the tolerated rate is kept. */
  get isProven(): boolean {
    return this.#live.isBelow(this.#given.maxFalseHitRate, PROOF_LEVEL);
  }

  /** Evidence with the risk that is to be expected of it. */
  rate({ words, agreement }: Neighbourhood): RatedEvidence[] {
    const rated: RatedEvidence[] = [];
    if (words !== null) {
      const { id, answerGroup, value, confidence, isSupported } = words;
      const isCold = confidence >= this.#given.coldLimit && (isSupported || value === confidence);
      rated.push(this.#rated(isSupported ? 'supported' : 'words', { id, answerGroup, value, isCold }));
    }
    if (agreement !== null) {
      const { id, answerGroup, value } = agreement;
      rated.push(this.#rated('agreement', { id, answerGroup, value, isCold: false }));
    }
    return rated;
  }

  #rated(route: Route, evidence: Evidence & { readonly isCold: boolean }): RatedEvidence {
    const { answerGroup, value } = evidence;
    const risk = this.#histories.riskOf(answerGroup, this.#curves[route].riskAt(value));
    const likelyRisk = this.#histories.riskOf(answerGroup, this.#curves[route].likelyRiskAt(value));
    return { ...evidence, route, risk, likelyRisk };
  }

  /** Why a piece of evidence is enough for a hit (`certain`, `cold`, `learned`), or why it is not. */
  verdictOn(evidence: RatedEvidence): LimitReason {
    const { route, id, value, risk, isCold } = evidence;
    const { maxFalseHitRate } = this.#given;
    if (this.#histories.wasWrong(id, value)) return 'seen_wrong';
    if (route === 'words' && value >= 1) return 'certain';
    if (maxFalseHitRate <= 0) return 'below_limit';
    if (maxFalseHitRate >= 1) return isCold ? 'cold' : 'learned';
    if (isCold && this.#isTrusted(evidence)) return 'cold';
    if (!isCold && value < this.#lowestValues()[route]) return 'below_limit';
    if (!this.#budget.affords(risk)) return 'over_budget';
    return isCold ? 'cold' : 'learned';
  }

  /** True where nothing that was seen speaks against what the calibration promises. */
  #isTrusted({ route, value }: RatedEvidence): boolean {
    if (route === 'words') return this.#curves.words.excessAt(value) <= TRUSTED_EXCESS;
    return this.#curves[route].likelyRiskAt(value) <= this.#given.maxFalseHitRate * TRUSTED_SHARE;
  }

  /** True when the next hit is to be asked anew all the same. */
  explores(): boolean {
    const { exploreShare: share, random } = this.#given;
    return isExplored(this.isProven, { share, random });
  }

  /** Notes that a hit of this risk is served. */
  spend(risk: number): void {
    this.#budget.spend(risk);
  }

  /** Notes whether the fresh answer to a decided lookup said the same as the candidate's. */
  observe(decision: LimitDecision, isSame: Outcome): void {
    const compared = decision.evidence.find(({ id }) => id === decision.candidate);
    if (compared === undefined) return;
    if (isSame === null) {
      // It keeps hits from being proven, and that is all that follows from it.
      if (decision.kind !== 'miss') this.#live.observe(null);
      return;
    }
    for (const { route, answerGroup, value } of decision.evidence) {
      if (answerGroup === compared.answerGroup) this.#curves[route].observe(value, isSame);
    }
    this.#histories.observe(compared, isSame);
    this.#limits = null;
    if (decision.kind !== 'miss') this.#live.observe(isSame);
    // An entry that was wrong before is no news.
    if (decision.reason !== 'seen_wrong') this.#change.observe(compared.risk, isSame);
    this.#tellBreach();
  }

  estimate(): LiveRate {
    return this.#live.estimate();
  }

  snapshot(): LimitSnapshot {
    return {
      version: SNAPSHOT_VERSION,
      maxFalseHitRate: this.#given.maxFalseHitRate,
      words: this.#curves.words.snapshot(),
      supported: this.#curves.supported.snapshot(),
      agreement: this.#curves.agreement.snapshot(),
      histories: this.#histories.snapshot(),
      spending: this.#budget.snapshot(),
      live: this.#live.snapshot(),
      change: this.#change.snapshot(),
      isBreached: this.#isBreached,
    };
  }

  restore(snapshot: unknown): boolean {
    const read = readSnapshot(snapshot);
    if (read === null) return false;
    this.#curves.words.restore(read.words);
    this.#curves.supported.restore(read.supported);
    this.#curves.agreement.restore(read.agreement);
    this.#histories.restore(read.histories);
    this.#budget.restore(read.spending);
    // A higher rate lets hits pass that were never compared: what was right without them proves nothing of them.
    const isRaised = this.#given.maxFalseHitRate > (read.maxFalseHitRate ?? Number.POSITIVE_INFINITY);
    this.#live.restore(isRaised ? '' : read.live);
    this.#change.restore(read.change);
    this.#isBreached = read.isBreached;
    this.#limits = null;
    return true;
  }

  #tellBreach(): void {
    const wasBreached = this.#isBreached;
    this.#isBreached = this.#change.isChanged || this.#live.isAbove(this.#given.maxFalseHitRate);
    if (!this.#isBreached || wasBreached) return;
    for (const curve of Object.values(this.#curves)) curve.fade(KEPT_AFTER_BREACH);
  }

  #lowestValues(): Readonly<Record<Route, number>> {
    const { maxFalseHitRate: maxRate } = this.#given;
    this.#limits ??= {
      words: this.#curves.words.lowestValue(maxRate, TEST_LEVEL),
      supported: this.#curves.supported.lowestValue(maxRate, TEST_LEVEL),
      agreement: this.#curves.agreement.lowestValue(maxRate, TEST_LEVEL),
    };
    return this.#limits;
  }
}
