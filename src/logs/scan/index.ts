export type { LogIdentity, LogSource } from './log-source.ts';
export { type LogInput, openSource, type SourceOptions } from './open-source.ts';
export { type ScanOptions, scanLog } from './scan-log.ts';
export type { ScannedLog, Shape } from './scanned-log.ts';
