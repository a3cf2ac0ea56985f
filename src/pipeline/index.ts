export type { AnswerHead, AnswerSink, Run, RunInput } from './answer.ts';
export { header } from './capture.ts';
export { createDecoder, type Decoder } from './decode.ts';
export { NotCachedError } from './errors.ts';
export type { RunnerOptions, StageSlot } from './options.ts';
export { STAGE_ORDER } from './order.ts';
export type { Prepared } from './prepared.ts';
export { createRunner, type Runner } from './runner.ts';
