import type { CalibrationObservation, ContentClass, JsonValue } from '../contract/index.ts';

/** Fewer observations say too little about the spread. */
const ENOUGH = 8;
/** Older observations fade once this many have come, so that a changed tokenizer is learned. */
const MEMORY = 100;
/** An observation further out than this many standard deviations is pulled in to there. */
const CLIP_DEVIATIONS = 3;
/** The spread assumed (natural logarithm of the ratio) before the first observations have shown it. */
const PRIOR_DEVIATION = 0.15;
/** No band is narrower: content of tomorrow is not content of yesterday. */
const MIN_BAND = 0.01;
const MAX_MODELS = 500;
const Z_95 = 1.96;
/** Ratios outside of these come from a wrong count (other content, hidden prompts), not a tokenizer. */
const MIN_RATIO = 0.2;
const MAX_RATIO = 6;
/** Below this many tokens the fixed overhead of a request drowns the ratio. */
const MIN_TOKENS = 16;

const CLASSES: readonly ContentClass[] = ['prose', 'code', 'json', 'cjk', 'mixed'];

interface Estimate {
  count: number;
  /** Mean of the natural logarithm of reported / raw. */
  mean: number;
  /** Its variance. */
  variance: number;
}

type ModelEstimates = Partial<Record<ContentClass, Estimate>>;

/** What was learned for one model and content class. */
export interface LearnedRatio {
  /** Reported tokens per raw token. */
  readonly ratio: number;
  /** Half-width of the 95% band of the next request, as a share. */
  readonly errorBand: number;
}

/** The state of a calibration as JSON: model, then class, then count, mean, variance. */
export type CalibrationState = Readonly<Record<string, Readonly<Partial<Record<ContentClass, Estimate>>>>>;

function learn(known: Estimate | undefined, value: number): Estimate {
  if (known === undefined) return { count: 1, mean: value, variance: PRIOR_DEVIATION ** 2 };
  const limit = CLIP_DEVIATIONS * Math.sqrt(known.variance);
  const step = Math.min(limit, Math.max(-limit, value - known.mean));
  const count = known.count + 1;
  const weight = 1 / Math.min(count, MEMORY);
  // A value at the limit still widens the band, so a lasting change is followed after some steps.
  const spread = Math.abs(value - known.mean) > limit ? step * 1.5 : step;
  return {
    count,
    mean: known.mean + weight * step,
    variance: (1 - weight) * (known.variance + weight * spread ** 2),
  };
}

/** Learns ratios per model and content class from what providers report. */
export class Calibration {
  /** Least recently observed first; bounded (INV-S4). */
  readonly #models = new Map<string, ModelEstimates>();

  /** Takes one lesson; a lesson that cannot be right is left out. */
  observe(observation: CalibrationObservation): void {
    const { rawTokens, reportedTokens } = observation;
    if (!(rawTokens >= MIN_TOKENS) || !Number.isFinite(reportedTokens)) return;
    const ratio = reportedTokens / rawTokens;
    if (!(ratio >= MIN_RATIO && ratio <= MAX_RATIO)) return;
    const known = this.#models.get(observation.model) ?? {};
    const estimate = learn(known[observation.contentClass], Math.log(ratio));
    this.#put(observation.model, { ...known, [observation.contentClass]: estimate });
  }

  /** What was learned, once there are enough observations. */
  ratio(model: string, contentClass: ContentClass): LearnedRatio | undefined {
    const estimate = this.#models.get(model)?.[contentClass];
    if (estimate === undefined || estimate.count < ENOUGH) return undefined;
    const seen = Math.min(estimate.count, MEMORY);
    const deviation = Math.sqrt(estimate.variance * (1 + 1 / seen));
    return {
      ratio: Math.exp(estimate.mean),
      errorBand: Math.max(MIN_BAND, Math.expm1(Z_95 * deviation)),
    };
  }

  /** What was learned so far, for a store. */
  state(): CalibrationState {
    return Object.fromEntries(this.#models.entries());
  }

  /** Takes over what `state` gave; entries that are no estimates are left out. */
  restore(state: JsonValue): void {
    if (typeof state !== 'object' || state === null || Array.isArray(state)) return;
    for (const [model, value] of Object.entries(state)) {
      const estimates: ModelEstimates = {};
      for (const name of CLASSES) {
        const estimate = readEstimate((value as Record<string, unknown> | null)?.[name]);
        if (estimate !== undefined) estimates[name] = estimate;
      }
      if (Object.keys(estimates).length > 0) this.#put(model, estimates);
    }
  }

  #put(model: string, estimates: ModelEstimates): void {
    this.#models.delete(model);
    this.#models.set(model, estimates);
    if (this.#models.size <= MAX_MODELS) return;
    for (const oldest of this.#models.keys()) {
      this.#models.delete(oldest);
      return;
    }
  }
}

function readEstimate(value: unknown): Estimate | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { count, mean, variance } = value as Record<string, unknown>;
  if (!Number.isInteger(count) || (count as number) < 1) return undefined;
  if (!Number.isFinite(mean) || Math.abs(mean as number) > Math.log(MAX_RATIO)) return undefined;
  if (!Number.isFinite(variance) || (variance as number) < 0) return undefined;
  return { count: count as number, mean: mean as number, variance: variance as number };
}
