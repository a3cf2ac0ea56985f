import type { EventSink, PareEvent } from '../contract/index.ts';

/** Events as they came, for tests that ask what was reported. */
export interface EventLog {
  readonly sink: EventSink;
  readonly events: readonly PareEvent[];
  /** The codes alone, in order. */
  codes(): string[];
}

/** Returns a sink that keeps every event it gets. */
export function createEventLog(): EventLog {
  const events: PareEvent[] = [];
  return {
    sink: (event) => {
      events.push(event);
    },
    events,
    codes: () => events.map((event) => event.code),
  };
}
