import type { EventSink, PareEvent } from '../contract/index.ts';

const RECENT = 100;
const MAX_CODES = 500;

/** An event with its time. */
export interface LoggedEvent extends PareEvent {
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Counts events by code and remembers the latest; bounded whatever happens. */
export interface EventLog {
  readonly emit: EventSink;
  /** Number of events by level and code since the start. */
  counts(): readonly { readonly code: string; readonly level: PareEvent['level']; readonly count: number }[];
  /** The latest events, newest last, at most 100. */
  recent(): readonly LoggedEvent[];
}

/** Returns an event log; `listener` also hears each event, and its own failure is not passed on. */
export function createEventLog(listener?: EventSink, now: () => number = Date.now): EventLog {
  const counts = new Map<string, { code: string; level: PareEvent['level']; count: number }>();
  const recent: LoggedEvent[] = [];
  return {
    emit: (event) => {
      const counted = counts.get(event.code);
      if (counted !== undefined) counted.count++;
      else if (counts.size < MAX_CODES)
        counts.set(event.code, { code: event.code, level: event.level, count: 1 });
      recent.push({ ...event, at: now() });
      if (recent.length > RECENT) recent.shift();
      listener?.(event);
    },
    counts: () => [...counts.values()],
    recent: () => [...recent],
  };
}
