import type { Calibration } from './options.ts';

/** What was scored of one example by models that had not seen it. */
export interface ScoredExample {
  /** Place of the right label among the candidates; -1 when it is not there. */
  readonly right: number;
  readonly linear: readonly number[];
  readonly kernel: readonly number[];
}

const SHARES = [0.25, 0.35, 0.5, 0.7, 1];
const TEMPERATURES = [0.05, 2] as const;
const NONE = [-1.5, 1.5] as const;
/**
 * How much "what if its label did not exist" counts beside the example itself. Texts without a label are not
 * among the examples, so the score of "none" is learned from examples whose label is struck out.
 */
const STRUCK_OUT = 0.1;
/** Used where there is nothing to learn from. */
const DEFAULT: Calibration = { linearShare: 0.5, temperature: 0.3, none: -0.5 };

/** The score of a candidate. */
export function scoreOf(
  linear: number,
  kernel: number,
  { linearShare }: Pick<Calibration, 'linearShare'>,
): number {
  return kernel + linearShare * linear;
}

/** Probabilities of the candidates; what is missing to 1 is that of none of them. */
export function probabilities(scores: readonly number[], { temperature, none }: Calibration): number[] {
  const most = Math.max(none, ...scores);
  const weights = scores.map((score) => Math.exp((score - most) / temperature));
  const sum = weights.reduce((total, weight) => total + weight, Math.exp((none - most) / temperature));
  return weights.map((weight) => weight / sum);
}

/**
 * Fits how scores become probabilities by their likelihood: first how much the linear scores count and how
 * sure to be (temperature scaling, Guo et al. 2017), then the score of "none".
 */
export function calibrate(examples: readonly ScoredExample[]): Calibration {
  const found = examples.filter(({ right }) => right >= 0);
  if (found.length === 0) return DEFAULT;
  let best: { readonly calibration: Calibration; readonly loss: number } | undefined;
  for (const linearShare of SHARES) {
    const scored = withScores(found, linearShare);
    const loss = (logarithm: number) =>
      lossOf(scored, { linearShare, temperature: Math.exp(logarithm), none: Number.NEGATIVE_INFINITY });
    const logarithm = lowest(loss, Math.log(TEMPERATURES[0]), Math.log(TEMPERATURES[1]));
    const calibration = { linearShare, temperature: Math.exp(logarithm), none: Number.NEGATIVE_INFINITY };
    if (best === undefined || loss(logarithm) < best.loss) best = { calibration, loss: loss(logarithm) };
  }
  const calibration = best?.calibration ?? DEFAULT;
  const scored = withScores(found, calibration.linearShare);
  const none = lowest((value) => lossWithNone(scored, { ...calibration, none: value }), NONE[0], NONE[1]);
  return { ...calibration, none };
}

interface Scored {
  readonly right: number;
  readonly scores: readonly number[];
}

function withScores(examples: readonly ScoredExample[], linearShare: number): Scored[] {
  return examples.map(({ right, linear, kernel }) => ({
    right,
    scores: linear.map((value, i) => scoreOf(value, kernel[i] as number, { linearShare })),
  }));
}

function lossOf(examples: readonly Scored[], calibration: Calibration): number {
  let loss = 0;
  for (const { right, scores } of examples)
    loss -= Math.log(Math.max(probabilities(scores, calibration)[right] as number, 1e-9));
  return loss;
}

function lossWithNone(examples: readonly Scored[], calibration: Calibration): number {
  let loss = lossOf(examples, calibration);
  for (const { right, scores } of examples) {
    const others = probabilities(scores.toSpliced(right, 1), calibration);
    const none = 1 - others.reduce((sum, share) => sum + share, 0);
    loss -= STRUCK_OUT * Math.log(Math.max(none, 1e-9));
  }
  return loss;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Where a function with one valley is lowest, by golden sections. */
function lowest(valueOf: (at: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 14; step += 1) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (valueOf(left) <= valueOf(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}
