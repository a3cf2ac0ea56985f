/** What one check found. */
export interface CheckResult {
  /** Stable: `data_dir`. */
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do; null when nothing is wrong. */
  readonly fix: string | null;
}

/** A check that found nothing wrong. */
export function ok(name: string, message: string): CheckResult {
  return { name, status: 'ok', message, fix: null };
}

/** A check that found something that works but should be looked at. */
export function warn(name: string, message: string, fix: string): CheckResult {
  return { name, status: 'warn', message, fix };
}

/** A check that found something that does not work. */
export function fail(name: string, message: string, fix: string): CheckResult {
  return { name, status: 'fail', message, fix };
}

/** The message of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
