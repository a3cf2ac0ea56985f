import type { Io } from './io.ts';

/** One option: commander's flags, what it does, and how its text becomes a value. */
export interface OptionSpec {
  readonly flags: string;
  readonly description: string;
  readonly parse?: (text: string, previous: unknown) => unknown;
  /** Values it takes; anything else is a usage error. */
  readonly choices?: readonly string[];
  /** Shown in the help; the value itself comes from the configuration. */
  readonly defaultValue?: string | number | boolean;
  readonly isRequired?: boolean;
}

/** One argument: commander's text (`<text>`, `[files...]`), and the values it takes when they are few. */
export interface ArgumentSpec {
  readonly text: string;
  readonly choices?: readonly string[];
}

/** One command, without its code: help and completion read only this. */
export interface CommandSpec {
  readonly name: string;
  readonly description: string;
  /** Heading under which the help lists it. */
  readonly group?: string;
  /** A text alone stands for an argument that takes anything. */
  readonly arguments?: readonly (string | ArgumentSpec)[];
  readonly options?: readonly OptionSpec[];
  readonly commands?: readonly CommandSpec[];
  /** Its first argument begins a command line of its own: what looks like an option from there on is no option of ours. */
  readonly runsCommand?: boolean;
  /** Its work is short and large: memory counts for more than the last of speed. @default false */
  readonly hasSmallHeap?: boolean;
  /** Loads the code; absent for a mere group of commands. */
  readonly load?: () => Promise<CommandModule>;
}

/** What a command's file exports. */
export interface CommandModule {
  /**
   * Runs the command and returns its exit code, an `ExitCode` but for `pare run`, whose code is its command's; an
   * error it throws decides the code otherwise.
   */
  readonly run: (context: CommandContext) => Promise<number>;
}

/** 0 done, 1 a check said no, 2 wrong usage or input, 3 could not do it, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

/** Options that every command takes. */
export interface GlobalOptions {
  readonly config?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
  readonly model?: string;
  readonly encoding?: string;
}

/** What a command works with. */
export interface CommandContext {
  readonly args: readonly (string | readonly string[] | undefined)[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly globals: GlobalOptions;
  readonly io: Io;
  /** Fires on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** The whole table, for what is made from it: a command cannot import the table that loads it. */
  readonly commands: readonly CommandSpec[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
}
