export { condenseLog, createLogCondenser, type LogCondenser } from './condense.ts';
export { type CondenseStream, condenseStream } from './condense-stream.ts';
export type { CondenseLimits, CondenseOptions, PriorityPattern, ProfileName } from './options.ts';
export type { LogInput } from './scan/index.ts';
