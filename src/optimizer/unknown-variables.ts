import type { PareEvent } from '../contract/index.ts';
import { nearest } from '../support/index.ts';

/**
 * Tells of environment variables that look like Pare's and set nothing, so that a mistyped limit is not taken for one
 * that holds. Only their names are told (INV-E3).
 *
 * @param known the variables that set something
 */
export function unknownVariablesEvent(names: readonly string[], known: readonly string[]): PareEvent {
  const told = names.map((name) => {
    const meant = nearest(name, known);
    return meant === undefined ? name : `${name} (did you mean ${meant}?)`;
  });
  return {
    level: 'warn',
    code: 'unknown_environment',
    message: `The environment sets what Pare does not know: ${told.join(', ')}. "pare config show" lists what it knows.`,
  };
}
