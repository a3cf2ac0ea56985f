import type { BypassReason, CacheDirective, ChatRequest, ChatResponse, Exchange } from '../contract/index.ts';

/** What the cache may do for one request. */
export interface RequestVerdict {
  /** Serve a stored answer. */
  readonly mayRead: boolean;
  /** Keep the answer. */
  readonly mayStore: boolean;
  /** Let identical requests that arrive meanwhile share the call. */
  readonly mayShare: boolean;
  /** Whether an answer that calls tools counts as whole. */
  readonly isAgentWanted: boolean;
  /** Why the request is left alone, when it may not be read. */
  readonly reason: BypassReason;
}

/** Decides by request and directive alone (INV-C6); the directive can only make it stricter (INV-C12). */
export function judgeRequest(
  request: Pick<ChatRequest, 'isReplayable' | 'isAgentTurn'>,
  directive: CacheDirective,
  options: { readonly replayAgentTurns: boolean },
): RequestVerdict {
  if (directive.mode === 'off') return refusal('caller_opted_out');
  if (!request.isReplayable) return refusal('not_eligible');
  const isAgentWanted = options.replayAgentTurns || directive.mode === 'on';
  if (request.isAgentTurn && !isAgentWanted) return refusal('agent_turn');
  const mayStore = !directive.noStore;
  const isRefresh = directive.mode === 'refresh';
  return {
    mayRead: !isRefresh,
    mayStore,
    mayShare: mayStore && !isRefresh && directive.mode !== 'only-if-cached',
    isAgentWanted,
    reason: isRefresh ? 'caller_opted_out' : 'miss',
  };
}

function refusal(reason: BypassReason): RequestVerdict {
  return { mayRead: false, mayStore: false, mayShare: false, isAgentWanted: false, reason };
}

/** True when the provider itself just gave this answer, in full (INV-C4). */
export function isStorableExchange(
  exchange: Pick<Exchange, 'status' | 'wasAborted' | 'answeredBy' | 'response'>,
  options: { readonly isAgentWanted: boolean; readonly maxEntryBytes: number },
): boolean {
  if (exchange.status !== 200 || exchange.wasAborted || exchange.answeredBy !== undefined) return false;
  return exchange.response !== undefined && isStorableAnswer(exchange.response, options);
}

/** True when an answer is whole, says something and is at most `maxEntryBytes` long (INV-C4). */
export function isStorableAnswer(
  response: ChatResponse,
  options: { readonly isAgentWanted: boolean; readonly maxEntryBytes: number },
): boolean {
  if (response.bytes.byteLength === 0 || response.bytes.byteLength > options.maxEntryBytes) return false;
  if (response.finish === 'tool-calls') return options.isAgentWanted && response.toolCalls.length > 0;
  if (response.finish !== 'complete') return false;
  if (response.toolCalls.length > 0 && !options.isAgentWanted) return false;
  return response.text.trim() !== '';
}
