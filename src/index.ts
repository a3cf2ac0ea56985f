import type { Encoding, TokenCount } from './contract/index.ts';
import type { ConfigInput, Pare, PareOptions } from './optimizer/index.ts';

export type { CacheOutcome, Encoding, Measurement, TokenCount, Usage, WireFormat } from './contract/index.ts';
export { isPareError, PareError } from './contract/index.ts';
export type {
  BatchOutcome,
  ChatOptions,
  ChatParams,
  ChatResult,
  ConfigInput,
  Pare,
  PareBatchOptions,
  PareOptions,
  UpstreamFunction,
} from './optimizer/index.ts';

/**
 * Returns a working Pare: the gateway's core as a library. Its parts are loaded on this call, not with
 * the import.
 *
 * @throws ConfigError, StoreError
 * @example
 * await using pare = await createPare({ dataDir: './.pare' });
 */
export async function createPare(options: PareOptions = {}): Promise<Pare> {
  const optimizer = await import('./optimizer/index.ts');
  return optimizer.createPare(options);
}

/**
 * Returns the tokens of a text for a model or in an encoding, with the basis of the number.
 *
 * @example
 * const { tokens, basis } = await countTokens('Hello', { model: 'gpt-4o' });
 */
export async function countTokens(
  text: string,
  options: {
    /** @default 'gpt-4o' */
    readonly model?: string;
    /** Counts in this encoding, whatever the model. */
    readonly encoding?: Encoding;
  } = {},
): Promise<TokenCount> {
  const [tokens, models] = await Promise.all([
    import('./tokens/index.ts'),
    import('./tokens/models/index.ts'),
  ]);
  const registry = models.createModelRegistry();
  const { model = 'gpt-4o', encoding } = options;
  return tokens.countTokens(text, {
    model,
    families: (name) => registry.find(name) ?? models.familyOf(name),
    ...(encoding === undefined ? {} : { encoding }),
  });
}

/** Returns its argument, typed: for `pare.config.ts`. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
