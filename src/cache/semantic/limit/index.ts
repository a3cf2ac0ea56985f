export type { LimitDecision, LimitReason } from './decision.ts';
export type { Neighbour } from './evidence.ts';
export { createLearnedLimit, type LearnedLimit } from './learned-limit.ts';
export type { LiveRate } from './live-rate.ts';
