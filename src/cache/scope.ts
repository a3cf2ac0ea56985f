import type { CacheScope, ChatRequest, RequestScope, ScopeParts } from '../contract/index.ts';
import { NORMALIZATION_VERSION, type Normalization } from './normalize.ts';

/** What the operator's configuration adds to every scope. */
export interface ScopePolicy {
  readonly normalize: Normalization;
  /** Changes when settings change that alter answers. @default '' */
  readonly version?: string;
}

/** What of the surroundings of a request isolates its answer. */
export type ScopeSurroundings = Pick<RequestScope, 'tenant' | 'upstream' | 'answerHeaders' | 'stages'>;

/** Returns everything that isolates the answer to `request` from other answers (INV-C1). */
export function buildScope(
  request: Pick<ChatRequest, 'wire' | 'model'>,
  parts: ScopeParts,
  around: { readonly scope: ScopeSurroundings; readonly policy: ScopePolicy },
): CacheScope {
  const { scope, policy } = around;
  return {
    tenant: scope.tenant,
    wire: request.wire,
    model: request.model,
    system: parts.system,
    tools: parts.tools,
    toolChoice: parts.toolChoice,
    responseFormat: parts.responseFormat,
    sampling: parts.sampling,
    // Descending, which is the order of the key: nothing needs to be sorted.
    policy: {
      version: policy.version ?? '',
      upstream: scope.upstream,
      // A caller who switched a stage off must not get an answer to the rewritten request.
      stages: scope.stages,
      normalization: `${policy.normalize}-${NORMALIZATION_VERSION}`,
      headers: scope.answerHeaders,
    },
  };
}
