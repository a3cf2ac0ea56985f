import { isShownBelow } from './binomial.ts';
import { posteriorRisks, type RiskBin, type Risks } from './risk-fit.ts';

/** Bins of a curve: by the logarithm of the odds, so that they are narrow where values come close to 1. */
const LOWEST_LOGIT = -2;
const LOGIT_STEP = 0.5;
const BINS = 20;
/** Observations after which an old one counts for 1/e. */
const MEMORY = 4_000;
/** No calibration promises less. */
const LEAST_RISK = 1e-5;

/** How often answers differed, by how sure the lookup looked. */
export interface RiskCurve {
  /** Notes what a comparison of answers gave for a lookup of this value. */
  observe(value: number, isSame: boolean): void;
  /** Expected probability, 0 to 1, that the answers differ at this value, with caution; never lower at a lower value. */
  riskAt(value: number): number;
  /** The same without caution. */
  likelyRiskAt(value: number): number;
  /** How many times as often as the calibration expects answers seem to differ at this value, without caution. */
  excessAt(value: number): number;
  /**
   * The lowest value from which on the rate of differing answers stays under `maxRate` with the confidence
   * `1 - level`, by what was observed; Infinity when nothing passes.
   */
  lowestValue(maxRate: number, level: number): number;
  /** Lets all that was seen count for this share of itself. */
  fade(share: number): void;
  snapshot(): readonly RiskBin[];
  restore(bins: readonly RiskBin[]): void;
}

function binOf(value: number): number {
  const logit = Math.log(value / (1 - value));
  return Math.max(0, Math.min(BINS - 1, Math.floor((logit - LOWEST_LOGIT) / LOGIT_STEP)));
}

/** The lowest value that falls into a bin. */
function edgeOf(bin: number): number {
  return bin === 0 ? 0 : 1 / (1 + Math.exp(-(LOWEST_LOGIT + bin * LOGIT_STEP)));
}

/** The value in the middle of a bin. */
function middleOf(bin: number): number {
  return 1 / (1 + Math.exp(-(LOWEST_LOGIT + (bin + 0.5) * LOGIT_STEP)));
}

/**
 * Returns a curve that has seen nothing. Its size does not grow.
 *
 * @param expectedRisk what the shipped calibration expects of a value, 0 to 1
 */
export function createRiskCurve(expectedRisk: (value: number) => number): RiskCurve {
  const expected = Array.from({ length: BINS }, (_, bin) =>
    Math.max(LEAST_RISK, expectedRisk(middleOf(bin))),
  );
  let seen = Array.from({ length: BINS }, () => ({ same: 0, different: 0 }));
  let risks: Risks | null = null;

  const fade = (share: number) => {
    for (const bin of seen) {
      bin.same *= share;
      bin.different *= share;
    }
    risks = null;
  };

  return {
    observe(value, isSame) {
      fade(1 - 1 / MEMORY);
      const bin = seen[binOf(value)] as { same: number; different: number };
      if (isSame) bin.same += 1;
      else bin.different += 1;
    },
    riskAt(value) {
      risks ??= posteriorRisks(seen, expected);
      return risks.cautious[binOf(value)] as number;
    },
    likelyRiskAt(value) {
      risks ??= posteriorRisks(seen, expected);
      return risks.likely[binOf(value)] as number;
    },
    excessAt(value) {
      risks ??= posteriorRisks(seen, expected);
      const bin = binOf(value);
      return (risks.likely[bin] as number) / (expected[bin] as number);
    },
    lowestValue(maxRate, level) {
      let [same, different, lowest] = [0, 0, Number.POSITIVE_INFINITY];
      for (let bin = BINS - 1; bin >= 0; bin -= 1) {
        const { same: s, different: d } = seen[bin] as RiskBin;
        same += s;
        different += d;
        if (s + d > 0 && isShownBelow({ events: different, trials: same + different }, maxRate, level)) {
          lowest = edgeOf(bin);
        }
      }
      return lowest;
    },
    fade,
    snapshot: () => seen.map((bin) => ({ ...bin })),
    restore(bins) {
      if (bins.length === BINS) seen = bins.map(({ same, different }) => ({ same, different }));
      risks = null;
    },
  };
}
