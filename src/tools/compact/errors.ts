import { InputError } from '../../contract/index.ts';
import type { ToolCompactionOptions } from './options.ts';

/** Fewest tokens that a sentence and the mark behind it need. */
const LEAST_DOC_TOKENS = 10;

/** @throws InputError `invalid_level`, `invalid_max_doc_tokens` */
export function checkCompaction({ level = 'text', maxDocTokens }: ToolCompactionOptions): void {
  if (!['schema', 'text', 'lazy'].includes(level)) {
    throw new InputError('invalid_level', `level must be schema, text or lazy, got ${level}.`);
  }
  if (maxDocTokens !== undefined && (!Number.isInteger(maxDocTokens) || maxDocTokens < LEAST_DOC_TOKENS)) {
    throw new InputError(
      'invalid_max_doc_tokens',
      `maxDocTokens must be a whole number of at least ${LEAST_DOC_TOKENS}, got ${maxDocTokens}.`,
    );
  }
}
