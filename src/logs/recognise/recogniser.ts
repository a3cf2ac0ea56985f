import type { Priority } from '../../contract/index.ts';

/** What a line does in a log. */
export type LineRole =
  /** Names a test, step, target or build that failed. */
  | 'failure'
  /** Says what went wrong: an exception with its message, a compiler's error, a fatal message. */
  | 'error'
  /** Names what led to the error: `Caused by: …`, `During handling of …`. */
  | 'cause'
  /** Opens a part of the log that is about failures: `=== FAILURES ===`, `Failures:`. */
  | 'section'
  /** Belongs to the error beside it: expected and actual values, a diff, a code snippet, a caret line. */
  | 'detail'
  /** A frame of a stack trace, or the place of an error. */
  | 'frame'
  /** Totals at the end: `3 failed, 20 passed`, `BUILD FAILED in 3s`. */
  | 'summary'
  /** How a command or job ended: `Process completed with exit code 1`. */
  | 'exit'
  | 'warning'
  /** A step or command begins: `##[group]Run npm ci`, `$ make test`, `> Task :compileJava`. */
  | 'step'
  /** Something went well: `ok 12 - …`, `test foo ... ok`. */
  | 'pass'
  /** Downloads, percentages, spinners. */
  | 'progress'
  | 'info'
  | 'debug';

/** One rule of a tool's or format's output. It is tried on a line without colours, time and runner's prefix. */
export interface Recogniser {
  /** Unique: `pytest-failed-test`. */
  readonly id: string;
  /** Linear in the line's length: no nested or adjoining unbounded repetition. Without flags `g` and `y`. */
  readonly pattern: RegExp;
  readonly role: LineRole;
  /** @default the priority of the role */
  readonly priority?: Priority;
  /** Index of the capture group that holds the error's type (`KeyError`, `TS2345`), where the line has one. */
  readonly typeGroup?: number;
}

/** The rules of one tool or format, most telling first. */
export interface RecogniserFamily {
  /** `pytest` */
  readonly name: string;
  readonly recognisers: readonly Recogniser[];
}

/** What is known of a line by its text alone. */
export interface LineClass {
  readonly role: LineRole;
  readonly priority: Priority;
  /** The family that knew it; `generic` for severity words and other general signs. */
  readonly family: string;
  /** The recogniser's `id`. */
  readonly by: string;
  readonly errorType?: string;
}
