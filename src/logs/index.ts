export type {
  LogError,
  LogGap,
  LogReport,
  LogSlot,
  LogTemplate,
  Priority,
  PrioritySums,
} from '../contract/index.ts';
export { condenseLog, createLogCondenser, type LogCondenser } from './condense.ts';
export { type CondenseStream, condenseStream } from './condense-stream.ts';
export type {
  CondenseLimits,
  CondenseOptions,
  ErrorMemory,
  PriorityPattern,
  ProfileName,
  SeenBefore,
} from './options.ts';
export { compilePattern } from './patterns/index.ts';
export type { LogInput } from './scan/index.ts';
export { createErrorMemory, type ErrorMemoryOptions } from './seen/error-memory.ts';
