/** Ends of an interval of a rate, both 0 to 1. */
export interface RateInterval {
  readonly lower: number;
  readonly upper: number;
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const STEPS = 300;
const TINY = 1e-300;
const CLOSE = 1e-12;
const HALVINGS = 60;

/** Natural logarithm of the gamma function of a positive number (Lanczos 1964). */
function logGamma(x: number): number {
  let sum = 0.99999999999980993;
  for (const [i, weight] of LANCZOS.entries()) sum += weight / (x + i);
  const t = x + LANCZOS.length - 1.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The continued fraction of the incomplete beta function, by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= STEPS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < CLOSE) break;
  }
  return value;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** Probability that a variable of the beta distribution with these parameters is at most `x`. */
export function betaCdf(x: number, [a, b]: readonly [number, number]): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** The `x` at which `betaCdf` is `probability`. */
function betaQuantile(probability: number, parameters: readonly [number, number]): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (betaCdf(middle, parameters) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Events among trials; both may be fractions, where they were weighted. */
export interface Counts {
  readonly events: number;
  readonly trials: number;
}

/**
 * True when the counts show, at this level, that the true rate is under `maxRate`: were it `maxRate`, so few events
 * would come with a probability of at most `level` (Clopper and Pearson 1934, one-sided).
 */
export function isShownBelow({ events, trials }: Counts, maxRate: number, level: number): boolean {
  return maxRate >= 1 || (events < trials && betaCdf(maxRate, [events + 1, trials - events]) >= 1 - level);
}

/** True when the counts show, at this level, that the true rate is above `maxRate`. */
export function isShownAbove({ events, trials }: Counts, maxRate: number, level: number): boolean {
  return events > 0 && maxRate < 1 && betaCdf(maxRate, [events, trials - events + 1]) <= level;
}

/** The interval that holds the true rate with a probability of at least 95% (Clopper and Pearson 1934, exact). */
export function rateInterval({ events, trials }: Counts): RateInterval {
  return {
    lower: events <= 0 ? 0 : betaQuantile(0.025, [events, trials - events + 1]),
    upper: events >= trials ? 1 : betaQuantile(0.975, [events + 1, trials - events]),
  };
}
