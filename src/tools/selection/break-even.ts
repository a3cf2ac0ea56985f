import type { ModelRegistry, ToolDialect } from '../../contract/index.ts';

/** Prices of the provider's prompt cache as multiples of the plain input price. */
export interface CachePrices {
  /** Of a token that is read from the cache; 0 to 1. */
  readonly read: number;
  /** Of a token that is written to it, or sent anew where writing costs nothing extra. */
  readonly write: number;
}

/** A choice between sending what was sent before and sending another list of tools. */
export interface ToolChange {
  /** Tokens that the provider would read from its cache if the tools stayed as they were sent last; 0 when cold. */
  readonly cachedTokens: number;
  /** Tokens of every request that the change takes away; negative where it adds some. */
  readonly savedTokens: number;
  /** Requests of this session that are expected after this one. */
  readonly remainingTurns: number;
  readonly prices: CachePrices;
}

/** How many further turns are expected at most, however long a session has been. */
const MOST_TURNS = 50;

/**
 * What changing the tools gains over the rest of the session, in tokens at the plain input price; negative when it
 * costs more than it saves.
 *
 * The tools come first in what the provider caches, so changing them has all of it written anew, once; from then on
 * every turn reads that much less (INV-P2):
 * `cached x read - (cached - saved) x write + turns x saved x read`. Where nothing is cached, only the second half
 * counts, with this turn's own saving at the price of writing.
 */
export function gainOfChange({ cachedTokens, savedTokens, remainingTurns, prices }: ToolChange): number {
  const later = remainingTurns * savedTokens * prices.read;
  if (cachedTokens <= 0) return savedTokens * prices.write + later;
  return cachedTokens * prices.read - (cachedTokens - savedTokens) * prices.write + later;
}

/**
 * How sure it must be that a tool is called before it is worth adding: from this probability on, a miss and its
 * retry with all tools are dearer than the tool. Above 0, at most 1.
 */
export function worthAddingFrom({
  cachedTokens,
  toolTokens,
  allToolsTokens,
  requestTokens,
  remainingTurns,
  prices,
}: {
  readonly cachedTokens: number;
  /** Tokens of the tool that would be added. */
  readonly toolTokens: number;
  /** Tokens of all the caller's tools, which a retry sends. */
  readonly allToolsTokens: number;
  /** Tokens of the request as it would go out without the tool. */
  readonly requestTokens: number;
  readonly remainingTurns: number;
  readonly prices: CachePrices;
}): number {
  const cost = -gainOfChange({ cachedTokens, savedTokens: -toolTokens, remainingTurns, prices });
  // A miss pays for the retry on top of the answer that was in vain, and then for the tool all the same.
  const retry = (requestTokens + allToolsTokens) * prices.write;
  return cost / (retry + cost);
}

/**
 * Requests that are still to come: sessions that have lasted go on, so as many as there were (Lindy's law), at least
 * one and at most 50.
 */
export function expectedTurns(turnsSoFar: number): number {
  return Math.min(MOST_TURNS, Math.max(1, turnsSoFar));
}

/** The prices of a model's prompt cache; what the registry does not know is taken as the dearest to break. */
export function cachePricesOf(
  registry: Pick<ModelRegistry, 'find'>,
  model: string,
  { cacheWritePrice }: Pick<ToolDialect, 'cacheWritePrice'>,
): CachePrices {
  const { input, cacheRead, cacheWrite } = registry.find(model)?.prices ?? {};
  if (input === undefined || input <= 0) return { read: 0.1, write: cacheWritePrice };
  return {
    read: cacheRead === undefined ? 0.1 : Math.min(1, cacheRead / input),
    write: cacheWrite === undefined ? cacheWritePrice : cacheWrite / input,
  };
}
