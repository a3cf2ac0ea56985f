export { throwIfAborted } from './abort.ts';
export { BoundedMap } from './bounded-map.ts';
export { createEventLog, type EventLog, type LoggedEvent } from './event-log.ts';
export { sha256Hex } from './hash.ts';
export { createIdSource, type IdSource } from './ids.ts';
export { makeFolder } from './make-folder.ts';
export { moduleUrl } from './module-url.ts';
export { nearest } from './nearest.ts';
export { createOriginGuard, isLoopback, type OriginGuardOptions } from './origin-guard.ts';
