/** Marks a Pare error across copies of the package, where `instanceof` fails. */
const MARKER = Symbol.for('pare.error');

/** Options of every Pare error. */
export interface PareErrorOptions {
  /** The error that led to this one. */
  readonly cause?: unknown;
  /** Facts for the reader, safe to show: never a key, a prompt or an answer. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Base of every error that Pare raises.
 *
 * `code` is stable and of low cardinality: it is the metric label, the field in HTTP error
 * bodies and the anchor in the docs. The message says what failed, the value seen and what to do.
 */
export class PareError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(code: string, message: string, options: PareErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, MARKER, { value: true });
  }
}

/** True for an error raised by any copy of Pare; with `code`, only for that code. */
export function isPareError(error: unknown, code?: string): error is PareError {
  if (typeof error !== 'object' || error === null || !(MARKER in error)) return false;
  return code === undefined || (error as { code?: unknown }).code === code;
}

/** The input of the caller is wrong: a flag, a file, a field. CLI exit 2, HTTP 400. */
export class InputError extends PareError {}

/** Configuration or environment is wrong. CLI exit 2. */
export class ConfigError extends PareError {}

/** A store cannot be opened, read or written. */
export class StoreError extends PareError {}

/** A bound was passed: body size, nesting, time. */
export class LimitError extends PareError {}

/** The caller went away or asked to stop. */
export class AbortedError extends PareError {
  constructor(message = 'The operation was aborted by the caller.', options: PareErrorOptions = {}) {
    super('aborted', message, options);
  }
}
