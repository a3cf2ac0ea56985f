/** How much a line matters to whoever must explain the log; the first is the most urgent. */
export type Priority = 'critical' | 'high' | 'medium' | 'low' | 'verbose';

/** Lines of one priority: how many there are, how many stand in the output, and the tokens of those. */
export interface PrioritySums {
  readonly lines: number;
  readonly kept: number;
  readonly tokens: number;
}

/** One distinct error of a log. */
export interface LogError {
  /** `AssertionError`, `TS2345`, `E0308`; the recogniser's name where the log gives no type. */
  readonly type: string;
  readonly message: string;
  /** Lines of the log that say it. */
  readonly count: number;
  /** 1-based. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** `pare:…`, which `pare show` turns back into the original lines. */
  readonly ref: string;
  /** Earlier logs that had the same error, where those are remembered; absent for none. */
  readonly seenRuns?: number;
  /** When the first of them was condensed, in epoch milliseconds. */
  readonly firstSeen?: number;
}

/** Lines of one form: the fixed words, `<*>` for what varies. */
export interface LogTemplate {
  readonly template: string;
  readonly count: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly priority: Priority;
  /** One for each `<*>`, in order; absent where the values were not looked at. */
  readonly slots?: readonly LogSlot[];
}

/** What the values of one varying part of a template were. */
export interface LogSlot {
  /** Values that were looked at: of up to 64 lines all of them, of more lines 64 to 128 spread evenly. */
  readonly count: number;
  /** Different values among them. */
  readonly distinct: number;
  /** The value of the first line and of the last one that was looked at. */
  readonly first: string;
  readonly last: string;
  /** Only where every value is a number; the unit is not looked at. */
  readonly numbers?: { readonly min: number; readonly median: number; readonly max: number };
}

/** Lines that were left out between two that were kept, both ends included. */
export interface LogGap {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly lines: number;
  /** Distinct forms among them. */
  readonly templates: number;
}

/** What was made of a log. */
export interface LogReport {
  readonly input: {
    /** `null` for a stream. */
    readonly path: string | null;
    readonly bytes: number;
    readonly lines: number;
    /** Tokens of the whole log; an estimate for long ones, see `basis`. */
    readonly tokens: number;
    readonly basis: 'exact' | 'calibrated' | 'estimated';
  };
  readonly output: { readonly tokens: number; readonly lines: number; readonly path: string | null };
  /** Tokens that the output may have at most. */
  readonly budget: number;
  /** Output tokens / input tokens. */
  readonly keptRatio: number;
  readonly profile: string;
  readonly priorities: Readonly<Record<Priority, PrioritySums>>;
  readonly errors: readonly LogError[];
  readonly templates: readonly LogTemplate[];
  readonly gaps: readonly LogGap[];
  readonly durationMs: number;
  readonly text: string;
}
