import { isShownBelow } from './binomial.ts';

/** Bins of a curve: by the logarithm of the odds, so that they are narrow where values come close to 1. */
const LOWEST_LOGIT = -2;
const LOGIT_STEP = 0.5;
const BINS = 20;
/** Observations after which an old one counts for 1/e. */
const MEMORY = 4_000;
/** What a bin's own observations are weighed against: as many that fared as the fitted curve says. */
const PRIOR_STRENGTH = 30;

/** What was seen in a bin: weights, which fade with every observation. */
export interface RiskBin {
  readonly same: number;
  readonly different: number;
}

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

/** No calibration promises less. */
const LEAST_RISK = 1e-5;
const NEWTON_STEPS = 12;
/** Standard deviations by which the fit is taken to be too hopeful. */
const CAUTION = 1;
/** How far the fit may leave the calibration: standard deviations of its shift and of its slope. */
const SHIFT_DEVIATION = 1;
const SLOPE_DEVIATION = 0.3;

function logit(rate: number): number {
  const kept = Math.max(1e-5, Math.min(1 - 1e-5, rate));
  return Math.log(kept / (1 - kept));
}

/**
 * The calibration's risks, shifted and stretched in their log odds to what was seen: a logistic regression with a
 * normal prior around the calibration itself, by Newton's method.
 */
function fitRisks(
  seen: readonly RiskBin[],
  expected: readonly number[],
): { likely: number[]; cautious: number[] } {
  const centre = logit(expected[Math.floor(BINS / 2)] as number);
  const places = expected.map((risk) => logit(risk) - centre);
  let [shift, slope] = [0, 1];
  let inverse = [0, 0, 0] as readonly [number, number, number];
  const riskOf = (place: number) => 1 / (1 + Math.exp(-(centre + shift + slope * place)));
  for (let step = 0; step < NEWTON_STEPS; step += 1) {
    let [gradShift, gradSlope] = [-shift / SHIFT_DEVIATION ** 2, -(slope - 1) / SLOPE_DEVIATION ** 2];
    let [aa, ab, bb] = [1 / SHIFT_DEVIATION ** 2, 0, 1 / SLOPE_DEVIATION ** 2];
    for (const [bin, { same, different }] of seen.entries()) {
      const place = places[bin] as number;
      const risk = riskOf(place);
      const residual = different - (same + different) * risk;
      const spread = (same + different) * risk * (1 - risk);
      gradShift += residual;
      gradSlope += residual * place;
      aa += spread;
      ab += spread * place;
      bb += spread * place * place;
    }
    const determinant = aa * bb - ab * ab;
    shift += (bb * gradShift - ab * gradSlope) / determinant;
    slope += (aa * gradSlope - ab * gradShift) / determinant;
    inverse = [bb / determinant, -ab / determinant, aa / determinant];
  }
  const cautious = places.map((place) => {
    const deviation = Math.sqrt(inverse[0] + 2 * inverse[1] * place + inverse[2] * place * place);
    return 1 / (1 + Math.exp(-(centre + shift + slope * place + CAUTION * deviation)));
  });
  return { likely: places.map(riskOf), cautious };
}

/** Makes risks fall with the value: neighbours that do not are pooled (Ayer et al. 1955, isotonic regression). */
function falling(risks: readonly number[], weights: readonly number[]): number[] {
  const blocks: { risk: number; weight: number; bins: number }[] = [];
  for (const [i, risk] of risks.entries()) {
    let block = { risk, weight: weights[i] as number, bins: 1 };
    for (let last = blocks.at(-1); last !== undefined && last.risk < block.risk; last = blocks.at(-1)) {
      blocks.pop();
      const weight = last.weight + block.weight;
      block = {
        risk: (last.risk * last.weight + block.risk * block.weight) / weight,
        weight,
        bins: last.bins + block.bins,
      };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ risk, bins }) => Array.from({ length: bins }, () => risk));
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
  let risks: { readonly likely: number[]; readonly cautious: number[] } | null = null;

  const fade = (share: number) => {
    for (const bin of seen) {
      bin.same *= share;
      bin.different *= share;
    }
    risks = null;
  };

  const learnedRisks = () => {
    const fitted = fitRisks(seen, expected);
    const weights = seen.map(({ same, different }) => same + different + PRIOR_STRENGTH);
    const posterior = (prior: readonly number[]) =>
      seen.map(
        ({ different }, bin) =>
          (different + PRIOR_STRENGTH * (prior[bin] as number)) / (weights[bin] as number),
      );
    return {
      likely: falling(posterior(fitted.likely), weights),
      cautious: falling(posterior(fitted.cautious), weights),
    };
  };

  return {
    observe(value, isSame) {
      fade(1 - 1 / MEMORY);
      const bin = seen[binOf(value)] as { same: number; different: number };
      if (isSame) bin.same += 1;
      else bin.different += 1;
    },
    riskAt(value) {
      risks ??= learnedRisks();
      return risks.cautious[binOf(value)] as number;
    },
    likelyRiskAt(value) {
      risks ??= learnedRisks();
      return risks.likely[binOf(value)] as number;
    },
    excessAt(value) {
      risks ??= learnedRisks();
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
