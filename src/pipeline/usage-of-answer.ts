import {
  type Basis,
  type ChatRequest,
  NO_USAGE,
  type RequestTokens,
  type TokenCounter,
  type Usage,
} from '../contract/index.ts';
import type { ExchangeResult } from './exchange-result.ts';

/** A usage with its basis; `isKnown` is false when neither the provider nor our count could tell. */
export interface KnownUsage {
  readonly usage: Usage;
  readonly basis: Basis;
  readonly isKnown: boolean;
}

const NOTHING: KnownUsage = { usage: NO_USAGE, basis: 'reported', isKnown: true };

/**
 * What an exchange used: the provider's word where there is one, else our count with its basis.
 * A refused request (any status but 200) used nothing.
 */
export function usageOfAnswer(
  result: ExchangeResult,
  sent: {
    readonly request: ChatRequest;
    readonly tokens: RequestTokens | undefined;
    readonly counter: TokenCounter;
  },
): KnownUsage {
  const wasProcessed = result.status === 200 || (result.status === 0 && result.wasAborted);
  if (!wasProcessed) return NOTHING;
  if (result.usage !== undefined && isWhole(result)) {
    return { usage: result.usage, basis: 'reported', isKnown: true };
  }
  if (sent.tokens === undefined) return { ...NOTHING, basis: 'estimated', isKnown: false };
  const answer = result.response;
  const written =
    answer === undefined
      ? ''
      : answer.text + answer.toolCalls.map((call) => call.name + call.argumentsText).join('');
  const output = sent.counter.countText(written, sent.request.model);
  // An answer that broke off may carry the input side of the usage already (Anthropic's first event).
  const reported = result.usage ?? { ...NO_USAGE, inputTokens: sent.tokens.tokens };
  return {
    usage: { ...reported, outputTokens: Math.max(output.tokens, reported.outputTokens) },
    basis:
      sent.tokens.basis === 'exact' && output.basis === 'exact'
        ? 'exact'
        : weaker(sent.tokens.basis, output.basis),
    isKnown: true,
  };
}

/** True for an answer that came to its end, however short; what a broken one reported is only its beginning. */
function isWhole({ response }: ExchangeResult): boolean {
  return response !== undefined && response.finish !== 'incomplete' && response.finish !== 'failed';
}

function weaker(a: Basis, b: Basis): Basis {
  return a === 'estimated' || b === 'estimated' ? 'estimated' : 'calibrated';
}
