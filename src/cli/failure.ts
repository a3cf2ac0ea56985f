import { AbortedError, ConfigError, InputError, isPareError, PareError } from '../contract/index.ts';
import type { ExitCode } from './command.ts';

/** The exit code of a command that failed with this error. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof AbortedError || isPareError(error, 'aborted')) return 130;
  if (error instanceof InputError || error instanceof ConfigError) return 2;
  return 3;
}

/** The error for stdout that cannot be written: the disk behind it is full. */
export function unwritten(error: Error): PareError {
  return new PareError('output_failed', `stdout could not be written: ${error.message}.`, { cause: error });
}

/** The error for a terminal: one line for what was expected to go wrong, the stack for what was not. */
export function renderFailure(error: unknown, withStack: boolean): string {
  if (!(error instanceof Error)) return `pare: ${String(error)}`;
  const code = isPareError(error) ? ` [${error.code}]` : '';
  const stack = withStack && error.stack !== undefined ? `\n${error.stack}` : '';
  return `pare: ${error.message}${code}${stack}`;
}
