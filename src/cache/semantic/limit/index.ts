export type { Neighbour } from './evidence.ts';
export { createLearnedLimit, type LearnedLimit } from './learned-limit.ts';
