export type { Neighbour } from './evidence.ts';
export {
  createLearnedLimit,
  type LearnedLimit,
  type LearnedLimitOptions,
  type LimitDecision,
  type LimitLookup,
  type LimitReason,
  type ServedEvidence,
} from './learned-limit.ts';
export type { LiveRate } from './live-rate.ts';
export type { LimitSnapshot } from './snapshot.ts';
