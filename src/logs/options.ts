import type { LogReport, Priority } from '../contract/index.ts';

/** What kind of log it is, which shifts what matters: failures, error messages, or the course of events. */
export type ProfileName = 'test_logs' | 'error_logs' | 'info_logs';

/** A rule of the caller's own. */
export interface PriorityPattern {
  readonly priority: Priority;
  /**
   * Tried on a line without colours, time and runner's prefix, on the first 2,000 characters of it. Where numbers
   * or ids decide, it is tried on all lines in question, which are read again.
   */
  readonly pattern: RegExp;
}

/** What earlier logs had of an error. */
export interface SeenBefore {
  /** How many had it. */
  readonly runs: number;
  /** When the first of them was condensed, in epoch milliseconds. */
  readonly since: number;
}

/** Remembers which errors logs had, by digests that lead back to no text. */
export interface ErrorMemory {
  /**
   * Remembers the errors of a log.
   *
   * @param log a digest of the log, or of the run that several logs belong to; the same one counts once
   * @returns for each of them what other logs had of it
   */
  seen(errors: readonly string[], log: string): Promise<readonly (SeenBefore | undefined)[]>;
}

/** How to condense a log. */
export interface CondenseOptions {
  /** Tokens of a text in the encoding of the model that will read the result. */
  readonly count: (text: string) => number;
  /** How `count` finds them: a model without a published encoding has estimates. @default 'exact' */
  readonly countBasis?: LogReport['input']['basis'];
  /** What the log is called in the result. @default the file's name, else `log` */
  readonly name?: string;
  /** How much may be kept. */
  readonly limits?: CondenseLimits;
  /** @default 'auto', which chooses by content */
  readonly profile?: ProfileName | 'auto';
  /** Only lines of this priority or a more urgent one. @default 'verbose' */
  readonly priorityFilter?: Priority;
  /** Rules that come before the built-in ones. */
  readonly patterns?: readonly PriorityPattern[];
  /** What leads back to the lines of this log: `pare:…`, shown above the kept lines. @default none */
  readonly reference?: string;
  /** Where errors are remembered: the result says which of them earlier logs had, too. @default none */
  readonly memory?: ErrorMemory;
  /** Threads that read the log. @default 1 */
  readonly workers?: number;
  /** What is recorded of the lines goes to a temporary file beyond this. @default 64 MiB */
  readonly memoryLimitBytes?: number;
  /** Bytes of the log that are read at once, by each thread. The result is the same with any number. @default 512 KiB; at least 64 KB */
  readonly chunkBytes?: number;
  /** Counts the tokens of the whole log even where an estimate would do: for more than about 1 MB. @default false */
  readonly exactInput?: boolean;
  readonly signal?: AbortSignal;
  /** Told what the result cannot know: the log was changed or cut while it was read, or its packed data is damaged. */
  readonly onNote?: (note: string) => void;
  readonly onProgress?: (bytesDone: number, bytesTotal: number) => void;
}

/** Bounds of the result, in tokens; the smallest one counts, and the result never has more. */
export interface CondenseLimits {
  /** @default 76659 */
  readonly tokenBudget?: number;
  /** Tokens of the budget that stay free, for what is put around the result. @default 0 */
  readonly tokenBuffer?: number;
  /** A smaller aim within the budget. @default the budget */
  readonly targetTokens?: number;
  /** Share of the log's tokens that is left out at least, 0 to 1; logs of under 2,000 tokens may stay whole. @default 0 */
  readonly minCompression?: number;
  /** Share of the budget that only critical lines may use, 0 to 1; what they leave goes to the others. @default 0.1 */
  readonly reserve?: number;
  /** Tokens that the lines of a priority may have at most; from 0 to 1 it is a share of the budget. */
  readonly byPriority?: Readonly<Partial<Record<Priority, number>>>;
}
