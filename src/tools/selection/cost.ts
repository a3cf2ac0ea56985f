import type {
  ChatRequest,
  Message,
  ModelRegistry,
  RequestTokens,
  TokenCounter,
  ToolDialect,
  WireFormat,
} from '../../contract/index.ts';
import {
  type CachePrices,
  cachePricesOf,
  expectedTurns,
  gainOfChange,
  worthAddingFrom,
} from './break-even.ts';
import { hasHiddenHistory, hasHistory, turnsBefore } from './conversation.ts';
import type { LastSent, SessionSet } from './session-sets.ts';

/** What changes of the tools cost and gain for a request, by the prices of its model. */
export class ChangeCosts {
  readonly #counter: Pick<TokenCounter, 'countText' | 'countRequest'>;
  readonly #registry: Pick<ModelRegistry, 'find'>;
  readonly #dialectOf: (wire: WireFormat) => ToolDialect;

  constructor(options: {
    readonly counter: Pick<TokenCounter, 'countText' | 'countRequest'>;
    readonly registry: Pick<ModelRegistry, 'find'>;
    readonly dialectOf: (wire: WireFormat) => ToolDialect;
  }) {
    this.#counter = options.counter;
    this.#registry = options.registry;
    this.#dialectOf = options.dialectOf;
  }

  /** True when sending `chosen` in place of all tools pays, although the provider has cached all of them. */
  async isWorthDropping(request: ChatRequest, chosen: ChatRequest): Promise<boolean> {
    const all = await this.#counter.countRequest(request);
    const some = await this.#counter.countRequest(chosen);
    const gain = gainOfChange({
      cachedTokens: cachedOf(request, all),
      savedTokens: all.tokens - some.tokens,
      remainingTurns: expectedTurns(turnsBefore(request)),
      prices: this.#prices(request),
    });
    return gain > 0;
  }

  /** How sure it must be that a tool is needed before it is added to those that were sent; 0 to 1 and more. */
  async worthAddingFrom(
    request: ChatRequest,
    sent: ChatRequest,
    { toolJson, isWarm }: { readonly toolJson: string; readonly isWarm: boolean },
  ): Promise<number> {
    const all = await this.#counter.countRequest(request);
    const some = await this.#counter.countRequest(sent);
    return worthAddingFrom({
      cachedTokens: isWarm ? cachedOf(sent, some) : 0,
      toolTokens: this.#counter.countText(toolJson, request.model).tokens,
      allToolsTokens: all.tools,
      requestTokens: some.tokens,
      remainingTurns: expectedTurns(turnsBefore(request)),
      prices: this.#prices(request),
    });
  }

  #prices({ model, wire }: ChatRequest): CachePrices {
    return cachePricesOf(this.#registry, model, this.#dialectOf(wire));
  }
}

/**
 * What the provider has in its cache of this conversation: what was sent last, nothing, or (where nobody here saw
 * the session) all tools, as the caller sent them before.
 */
export function cachedState(
  request: ChatRequest,
  session: Pick<SessionSet, 'lastSent' | 'sentAt'> | undefined,
  { now, dialect }: { readonly now: number; readonly dialect: ToolDialect },
): LastSent | 'nothing' {
  const isBegun = hasHistory(request) || hasHiddenHistory(request);
  const lifeMs = dialect.cacheLifeMs(request);
  if (!isBegun || lifeMs === 0) return 'nothing';
  if (session === undefined) return 'all';
  return now - session.sentAt > lifeMs ? 'nothing' : session.lastSent;
}

/** Tokens of a request up to its live part. */
function cachedOf(request: ChatRequest, tokens: RequestTokens): number {
  const { messages, liveFrom } = request;
  const history = lengthOf(messages.slice(0, liveFrom));
  const all = history + lengthOf(messages.slice(liveFrom));
  return tokens.system + tokens.tools + (all === 0 ? 0 : (tokens.messages * history) / all);
}

function lengthOf(messages: readonly Message[]): number {
  let length = 0;
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.kind === 'text' || part.kind === 'tool-result' || part.kind === 'thinking')
        length += part.text.length;
      else if (part.kind === 'tool-call') length += part.argumentsText.length;
    }
  }
  return length;
}
