import { isShownAbove, isShownBelow, type RateInterval, rateInterval } from './binomial.ts';

/** Outcomes of sampled hits that are kept. */
const KEPT = 400;
/** A breach must show in one of these many last outcomes: the short ones find a change soon, the long ones a drift. */
const WINDOWS = [25, 50, 100, 200, KEPT];
/** Level of the test for each of them: looked at often, it must seldom cry for nothing. */
const BREACH_LEVEL = 0.001;

/** What the comparison of a sampled hit gave; null where it could not tell. */
export type Outcome = boolean | null;

/** The rate of false hits among those that would be served, measured on a random sample of them. */
export interface LiveRate extends RateInterval {
  /** Of those of which it could be told, 0 to 1; null before the first. */
  readonly rate: number | null;
  /** Sampled hits that it rests on. */
  readonly samples: number;
  /** Those of them of which could not be told: right for the lower bound, wrong for the upper. */
  readonly unsure: number;
}

/** Watches a sample of the hits. */
export interface LiveRateWatch {
  /** Notes whether a hit that was drawn at random was right. */
  observe(isSame: Outcome): void;
  /** The rate with its 95% interval, over the last samples. */
  estimate(): LiveRate;
  /** True while the lower bound of the rate is above the limit. */
  isAbove(maxRate: number): boolean;
  /** True while all outcomes that are kept show, at this level, that the rate is below `maxRate`. */
  isBelow(maxRate: number, level: number): boolean;
  /** The last outcomes, oldest first: `1` right, `0` wrong, `-` unsure. */
  snapshot(): string;
  restore(outcomes: string): void;
}

const SIGNS = [
  [true, '1'],
  [false, '0'],
  [null, '-'],
] as const satisfies readonly (readonly [Outcome, string])[];

/** Returns a watch that has seen nothing; it keeps the last 400 outcomes. */
export function createLiveRateWatch(): LiveRateWatch {
  let outcomes: Outcome[] = [];
  const countOf = (outcome: Outcome, last: number) => {
    let count = 0;
    for (let i = Math.max(0, outcomes.length - last); i < outcomes.length; i += 1) {
      if (outcomes[i] === outcome) count += 1;
    }
    return count;
  };
  return {
    observe(isSame) {
      outcomes.push(isSame);
      if (outcomes.length > KEPT) outcomes.shift();
    },
    estimate() {
      const samples = outcomes.length;
      const [wrong, unsure] = [countOf(false, samples), countOf(null, samples)];
      return {
        rate: samples === unsure ? null : wrong / (samples - unsure),
        samples,
        unsure,
        lower: rateInterval({ events: wrong, trials: samples }).lower,
        upper: rateInterval({ events: wrong + unsure, trials: samples }).upper,
      };
    },
    isAbove: (maxRate) =>
      WINDOWS.some((window) => {
        const trials = Math.min(window, outcomes.length);
        return isShownAbove({ events: countOf(false, window), trials }, maxRate, BREACH_LEVEL);
      }),
    isBelow(maxRate, level) {
      const trials = outcomes.length;
      return isShownBelow({ events: trials - countOf(true, trials), trials }, maxRate, level);
    },
    snapshot: () => outcomes.map((outcome) => SIGNS.find(([of]) => of === outcome)?.[1] ?? '-').join(''),
    restore(kept) {
      outcomes = Array.from(kept.slice(-KEPT), (sign) => SIGNS.find(([, of]) => of === sign)?.[0] ?? null);
    },
  };
}
