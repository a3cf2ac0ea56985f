import { InputError } from '../contract/index.ts';

/** @throws InputError `invalid_max` unless it is a whole number of at least 1 */
export function checkMax(max: number): void {
  if (Number.isInteger(max) && max >= 1) return;
  throw new InputError('invalid_max', `max must be a whole number of at least 1, got ${max}.`);
}

/** @throws InputError `invalid_max_tokens` unless it is a whole number of at least 1 and tokens can be counted */
export function checkMaxTokens(maxTokens: number | undefined, canCount: boolean): void {
  if (maxTokens === undefined) return;
  if (!Number.isInteger(maxTokens) || maxTokens < 1) {
    throw new InputError(
      'invalid_max_tokens',
      `maxTokens must be a whole number of at least 1, got ${maxTokens}.`,
    );
  }
  if (!canCount) {
    throw new InputError('invalid_max_tokens', 'maxTokens needs a counter: give the index countTokens.');
  }
}

/** @throws InputError `invalid_tools` unless it is a list */
export function checkTools(tools: unknown): void {
  if (Array.isArray(tools)) return;
  throw new InputError('invalid_tools', `tools must be a list of tool definitions, got ${typeof tools}.`);
}
