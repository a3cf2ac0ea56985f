import type { LimitDecision, LimitReason, RatedEvidence, Route } from './decision.ts';
import type { Evidence } from './evidence.ts';
import { createHistories } from './histories.ts';
import { createLiveRateWatch, type LiveRate } from './live-rate.ts';
import { createRiskBudget } from './risk-budget.ts';
import { createRiskCurve } from './risk-curve.ts';
import { type LimitSnapshot, readSnapshot, SNAPSHOT_VERSION } from './snapshot.ts';

/**
 * A limit must show that the rate above it is under this multiple of the tolerated one, at this level. It keeps hits
 * from resting on the calibration alone; that the rate itself is kept is the budget's work.
 */
const TEST_MULTIPLE = 2;
const TEST_LEVEL = 0.3;
/** Level at which the budget keeps the rate under the tolerated one. */
const BUDGET_LEVEL = 0.03;
/** Share of what was learned that counts on after a breach. */
const KEPT_AFTER_BREACH = 0.1;

/** What is known beforehand. */
interface Given {
  readonly maxFalseHitRate: number;
  readonly coldLimit: number;
}

/** What has been learned of the traffic. */
export class Knowledge {
  readonly #given: Given;
  readonly #curves;
  readonly #histories = createHistories();
  readonly #budget;
  readonly #live = createLiveRateWatch();
  #limits: Readonly<Record<Route, number>> | null = null;
  #isBreached = false;

  constructor(given: Given) {
    const { maxFalseHitRate, coldLimit } = given;
    this.#given = given;
    this.#curves = {
      // The calibration promises no more than the tolerated rate from the cold limit on, and below it is a guess.
      words: createRiskCurve((value) =>
        value >= coldLimit ? maxFalseHitRate / 2 : Math.min(1, Math.max(maxFalseHitRate, 2 * (1 - value))),
      ),
      agreement: createRiskCurve((value) => 1 - value),
    };
    this.#budget = createRiskBudget({ maxRate: maxFalseHitRate, level: BUDGET_LEVEL });
  }

  get isBreached(): boolean {
    return this.#isBreached;
  }

  /** Evidence with the risk that is to be expected of it. */
  rate(route: Route, evidence: Evidence): RatedEvidence {
    const risk = this.#histories.riskOf(evidence.answerGroup, this.#curves[route].riskAt(evidence.value));
    return { ...evidence, route, risk };
  }

  /** Why a piece of evidence is enough for a hit (`certain`, `cold`, `learned`), or why it is not. */
  verdictOn({ route, id, value, risk }: RatedEvidence): LimitReason {
    const { maxFalseHitRate, coldLimit } = this.#given;
    if (this.#histories.wasWrong(id, value)) return 'seen_wrong';
    if (route === 'words' && value >= 1) return 'certain';
    if (maxFalseHitRate <= 0) return 'below_limit';
    const isCold = route === 'words' && value >= coldLimit;
    const reason = isCold ? 'cold' : 'learned';
    if (maxFalseHitRate >= 1) return reason;
    if (!isCold && value < this.#lowestValues()[route]) return 'below_limit';
    return this.#budget.affords(risk) ? reason : 'over_budget';
  }

  /** Notes that a hit of this risk is served. */
  spend(risk: number): void {
    this.#budget.spend(risk);
  }

  /** Notes whether the fresh answer to a decided lookup said the same as the candidate's. */
  observe(decision: LimitDecision, isSame: boolean): void {
    const compared = decision.evidence.find(({ id }) => id === decision.candidate);
    if (compared === undefined) return;
    for (const { route, answerGroup, value } of decision.evidence) {
      if (answerGroup === compared.answerGroup) this.#curves[route].observe(value, isSame);
    }
    this.#histories.observe(compared, isSame);
    this.#limits = null;
    if (decision.kind !== 'miss') this.#watch(isSame);
  }

  estimate(): LiveRate {
    return this.#live.estimate();
  }

  snapshot(): LimitSnapshot {
    return {
      version: SNAPSHOT_VERSION,
      words: this.#curves.words.snapshot(),
      agreement: this.#curves.agreement.snapshot(),
      histories: this.#histories.snapshot(),
      spending: this.#budget.snapshot(),
      live: this.#live.snapshot(),
      isBreached: this.#isBreached,
    };
  }

  restore(snapshot: unknown): boolean {
    const read = readSnapshot(snapshot);
    if (read === null) return false;
    this.#curves.words.restore(read.words);
    this.#curves.agreement.restore(read.agreement);
    this.#histories.restore(read.histories);
    this.#budget.restore(read.spending);
    this.#live.restore(read.live);
    this.#isBreached = read.isBreached;
    this.#limits = null;
    return true;
  }

  #watch(isSame: boolean): void {
    this.#live.observe(isSame);
    const wasBreached = this.#isBreached;
    this.#isBreached = this.#live.isAbove(this.#given.maxFalseHitRate);
    if (!this.#isBreached || wasBreached) return;
    for (const curve of Object.values(this.#curves)) curve.fade(KEPT_AFTER_BREACH);
  }

  #lowestValues(): Readonly<Record<Route, number>> {
    const maxRate = TEST_MULTIPLE * this.#given.maxFalseHitRate;
    this.#limits ??= {
      words: this.#curves.words.lowestValue(maxRate, TEST_LEVEL),
      agreement: this.#curves.agreement.lowestValue(maxRate, TEST_LEVEL),
    };
    return this.#limits;
  }
}
