/** Something the operator should know: a stage failed open, a store was set aside, records were lost. */
export interface PareEvent {
  readonly level: 'info' | 'warn' | 'error';
  /** Stable and of low cardinality; a metric label. */
  readonly code: string;
  /** For people; never holds a key, a prompt or an answer. */
  readonly message: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** Takes events; must not throw. */
export type EventSink = (event: PareEvent) => void;

/** Milliseconds since the epoch. */
export type Clock = () => number;
