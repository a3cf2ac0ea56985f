export { coldLimit } from './calibration.ts';
export type { PairJudgeOptions } from './options.ts';
export { createPairJudge } from './pair-judge.ts';
