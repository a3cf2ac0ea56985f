import type { Encoding, LogReport, TokenCount } from './contract/index.ts';
import type { CondenseOptions, LogInput } from './logs/index.ts';
import type { ConfigInput, Pare, PareOptions } from './optimizer/index.ts';

export type {
  CacheOutcome,
  Encoding,
  LogReport,
  Measurement,
  TokenCount,
  Usage,
  WireFormat,
} from './contract/index.ts';
export { isPareError, PareError } from './contract/index.ts';
export type {
  CondenseLimits,
  CondenseOptions,
  LogInput,
  PriorityPattern,
  ProfileName,
} from './logs/index.ts';
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

/**
 * Returns the part of a log that explains it, within a budget of tokens of a model, and the account of what
 * was left out.
 *
 * @throws InputError `log_not_found`, `log_is_binary`, `invalid_log_limits` and the like; AbortedError
 * @example
 * const { text } = await condenseLog({ path: 'build.log' }, { limits: { tokenBudget: 4000 } });
 */
export async function condenseLog(
  input: LogInput,
  options: Omit<CondenseOptions, 'count' | 'countBasis'> & {
    /** The model that will read the result. @default 'gpt-4o' */
    readonly model?: string;
  } = {},
): Promise<LogReport> {
  const [logs, tokens, models] = await Promise.all([
    import('./logs/index.ts'),
    import('./tokens/index.ts'),
    import('./tokens/models/index.ts'),
  ]);
  const registry = models.createModelRegistry();
  const { model = 'gpt-4o', ...rest } = options;
  const families = (name: string) => registry.find(name) ?? models.familyOf(name);
  const counter = await tokens.createTokenCounter({ families });
  return logs.condenseLog(input, {
    ...rest,
    count: (text) => counter.countText(text, model).tokens,
    countBasis: counter.countText('', model).basis,
  });
}

/** Returns its argument, typed: for `pare.config.ts`. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
