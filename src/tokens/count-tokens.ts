import type { Encoding, TokenCount } from '../contract/index.ts';
import { loadEncoding } from './encoding.ts';
import type { ModelFamily } from './options.ts';
import { createTokenCounter } from './token-counter.ts';

/** Options of `countTokens`. */
export interface CountTokensOptions {
  /** Counts as this model does; needs `families`. */
  readonly model?: string;
  /** Looks up how a model is counted: the `find` of a model registry. */
  readonly families?: (model: string) => ModelFamily | undefined;
  /** Counts in this encoding, whatever the model. @default 'o200k_base' when no model is given */
  readonly encoding?: Encoding;
}

/**
 * Returns the tokens of one text. It loads the encoding each time (about 50 ms): for more than one text
 * use `createTokenCounter` or `loadEncoding`.
 *
 * @throws StoreError `encoding_unreadable`
 */
export async function countTokens(text: string, options: CountTokensOptions = {}): Promise<TokenCount> {
  const { encoding, model, families } = options;
  if (encoding === undefined && model !== undefined) {
    const found = families?.(model);
    const preload: readonly Encoding[] = [found?.encoding ?? 'o200k_base'];
    const counter = await createTokenCounter({ families: () => found, preload });
    return counter.countText(text, model);
  }
  const counter = await loadEncoding(encoding ?? 'o200k_base');
  return { tokens: counter.count(text), basis: 'exact', errorBand: 0 };
}
