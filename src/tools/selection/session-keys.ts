import type { ChatRequest, RequestScope } from '../../contract/index.ts';
import { sha256Hex } from '../../support/index.ts';
import { conversationDigest } from './conversation.ts';
import { hashOfTools } from './indexes.ts';

/** What a session is remembered by. */
export interface SessionKeys {
  /** Who, which conversation, which tools, which model, which wire. */
  readonly key: string;
  readonly toolsHash: string;
  /** Whose habits with which tools. */
  readonly set: string;
  /** Whose sessions read the same tools from the provider's cache. */
  readonly account: string;
}

/** The keys of the session that a request belongs to: the one that the caller names, or its conversation's. */
export function keysOf(request: ChatRequest, scope: RequestScope): SessionKeys {
  const toolsHash = hashOfTools(request.tools);
  const session = scope.session === null ? conversationDigest(request) : `named ${scope.session}`;
  const parts = [scope.tenant, scope.upstream, session, toolsHash, request.model, request.wire];
  return {
    key: sha256Hex(JSON.stringify(parts)),
    toolsHash,
    set: `${toolsHash} ${scope.tenant}`,
    account: JSON.stringify([toolsHash, scope.tenant, scope.upstream, request.model, request.wire]),
  };
}
