import type { CacheDirective, ChatRequest, SemanticReason } from '../../contract/index.ts';
import { judgeRequest } from '../eligibility.ts';
import { cacheKey } from '../key.ts';
import type { CacheCodecs } from '../options.ts';
import { buildScope, type ScopePolicy, type ScopeSurroundings } from '../scope.ts';
import { joinTurns, takeApart } from './conversation.ts';
import { isPersonal } from './personal.ts';

/** Characters of the longest text that is compared. */
export const MAX_TEXT_CHARS = 2000;

/** A request that may be answered by meaning. */
export interface SemanticQuery {
  /** What the user wrote, turn by turn, as one text; 1 to `MAX_TEXT_CHARS` characters. */
  readonly text: string;
  /** Digest of all that must be equal: scope and conversation but for the user's words (INV-C1). */
  readonly scopeKey: string;
  readonly mayRead: boolean;
  readonly mayStore: boolean;
}

/** Why a request is left alone. */
export type QueryRefusal = SemanticReason | 'caller_opted_out' | 'not_eligible' | 'agent_turn';

/** What decides on a request besides itself. */
export interface QueryRules {
  readonly codecs: CacheCodecs;
  readonly policy: ScopePolicy;
  /** Also turns of agents, and requests that offer tools. */
  readonly includesAgents: boolean;
  /** Also texts that tell who asks. */
  readonly includesPersonal: boolean;
}

/** Reads what is to be compared, or says why there is nothing to compare. */
export function readQuery(
  request: ChatRequest,
  scope: ScopeSurroundings & { readonly cache: CacheDirective },
  rules: QueryRules,
): SemanticQuery | QueryRefusal {
  const verdict = judgeRequest(request, scope.cache, { replayAgentTurns: rules.includesAgents });
  const { mayRead, mayStore } = verdict;
  if (!mayRead && !mayStore) return verdict.reason as QueryRefusal;
  // Who offers tools wants an agent's next step, which depends on a world that no text tells.
  if (request.tools.length > 0 && !rules.includesAgents) return 'agent_turn';
  const parts = rules.codecs[request.wire].scopeParts(request);
  const { turns, frame } = takeApart(parts.messages);
  const text = joinTurns(turns);
  if ((turns.at(-1) ?? '') === '') return 'text_empty';
  if (text.length > MAX_TEXT_CHARS) return 'text_too_long';
  if (!rules.includesPersonal && isPersonal(text)) return 'personal';
  const scopeKey = cacheKey({
    scope: buildScope(request, parts, { scope, policy: rules.policy }),
    messages: [{ semantic: turns.length }, frame],
    normalize: rules.policy.normalize,
    bytes: request.source.bytes,
  });
  return { text, scopeKey, mayRead, mayStore };
}
