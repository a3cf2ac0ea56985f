import { isShownAbove, isShownBelow, type RateInterval, rateInterval } from './binomial.ts';

/** Outcomes of sampled hits that are kept. */
const KEPT = 400;
/** A breach must show in one of these many last outcomes: the short ones find a change soon, the long ones a drift. */
const WINDOWS = [25, 50, 100, 200, KEPT];
/** Level of the test for each of them: looked at often, it must seldom cry for nothing. */
const BREACH_LEVEL = 0.001;

/** The rate of false hits among those that would be served, measured on a random sample of them. */
export interface LiveRate extends RateInterval {
  /** 0 to 1; null before the first sample. */
  readonly rate: number | null;
  /** Sampled hits that it rests on. */
  readonly samples: number;
}

/** Watches a sample of the hits. */
export interface LiveRateWatch {
  /** Notes whether a hit that was drawn at random was right. */
  observe(isSame: boolean): void;
  /** The rate with its 95% interval, over the last samples. */
  estimate(): LiveRate;
  /** True while the lower bound of the rate is above the limit. */
  isAbove(maxRate: number): boolean;
  /** True while all outcomes that are kept show, at this level, that the rate is below `maxRate`. */
  isBelow(maxRate: number, level: number): boolean;
  /** The last outcomes, oldest first: `1` right, `0` wrong. */
  snapshot(): string;
  restore(outcomes: string): void;
}

/** Returns a watch that has seen nothing; it keeps the last 400 outcomes. */
export function createLiveRateWatch(): LiveRateWatch {
  let outcomes: boolean[] = [];
  const wrongOfLast = (count: number) => {
    let wrong = 0;
    for (let i = Math.max(0, outcomes.length - count); i < outcomes.length; i += 1) {
      if (outcomes[i] === false) wrong += 1;
    }
    return wrong;
  };
  return {
    observe(isSame) {
      outcomes.push(isSame);
      if (outcomes.length > KEPT) outcomes.shift();
    },
    estimate() {
      const samples = outcomes.length;
      const wrong = wrongOfLast(samples);
      return {
        rate: samples === 0 ? null : wrong / samples,
        samples,
        ...rateInterval({ events: wrong, trials: samples }),
      };
    },
    isAbove: (maxRate) =>
      WINDOWS.some((window) => {
        const trials = Math.min(window, outcomes.length);
        return isShownAbove({ events: wrongOfLast(window), trials }, maxRate, BREACH_LEVEL);
      }),
    isBelow: (maxRate, level) =>
      isShownBelow({ events: wrongOfLast(outcomes.length), trials: outcomes.length }, maxRate, level),
    snapshot: () => outcomes.map((isSame) => (isSame ? '1' : '0')).join(''),
    restore(kept) {
      outcomes = Array.from(kept.slice(-KEPT), (outcome) => outcome === '1');
    },
  };
}
