/** What a bin's own observations are weighed against: as many that fared as the fitted curve says. */
const PRIOR_STRENGTH = 30;

const NEWTON_STEPS = 16;
/** Longest step of the fit, in log odds. */
const MOST_STEP = 1;
const TINY_STEP = 1e-9;
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
function fitRisks(seen: readonly RiskBin[], expected: readonly number[]): Risks {
  const centre = logit(expected[Math.floor(expected.length / 2)] as number);
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
    const [moveShift, moveSlope] = [
      (bb * gradShift - ab * gradSlope) / determinant,
      (aa * gradSlope - ab * gradShift) / determinant,
    ];
    // Far from the fit the whole step overshoots, and never comes back.
    const kept = Math.min(1, MOST_STEP / Math.max(Math.abs(moveShift), Math.abs(moveSlope), TINY_STEP));
    shift += kept * moveShift;
    slope += kept * moveSlope;
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

/** What was seen in a bin: weights, which fade with every observation. */
export interface RiskBin {
  readonly same: number;
  readonly different: number;
}

/** Risks by bin, 0 to 1, that do not rise. */
export interface Risks {
  /** The likeliest. */
  readonly likely: readonly number[];
  /** With caution where little was seen. */
  readonly cautious: readonly number[];
}

/**
 * Risks by what was seen in each bin, weighed against a curve that is fitted to all of them.
 *
 * @param expected what the calibration expects in each bin, above 0
 */
export function posteriorRisks(seen: readonly RiskBin[], expected: readonly number[]): Risks {
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
}
