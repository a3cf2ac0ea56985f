import { InputError } from '../contract/index.ts';

/** A limit of the result has a value that it cannot have. */
export function invalidLogLimits(name: string, seen: unknown, allowed: string): InputError {
  return new InputError('invalid_log_limits', `${name} is ${String(seen)}; it takes ${allowed}.`, {
    details: { limit: name },
  });
}
