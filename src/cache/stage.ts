import type { Exchange, MaybePromise, RequestScope, Stage, StageOutcome } from '../contract/index.ts';
import { createAttachment } from './attachment.ts';
import { isStorableExchange, judgeRequest } from './eligibility.ts';
import { type KeyOf, rememberKeys } from './remembered-keys.ts';
import type { CacheLookup, ExactCache } from './types.ts';

/** What `prepare` learned that `settle` needs. */
interface Prepared {
  readonly key: string;
  readonly isAgentWanted: boolean;
}

/**
 * Returns the stage that answers requests from the exact cache and fills it with whole answers.
 * Its `prepare` is synchronous when the store is. Identical requests that miss at the same time get
 * the same `shareKey` (INV-C11).
 *
 * @param keyOf remembers keys; share it with other stages that ask for them
 */
export function createExactCacheStage(
  cache: ExactCache,
  keyOf: KeyOf = rememberKeys((request, scope) => cache.keyOf(request, scope)),
): Stage {
  // By scope, which is one exchange's own: callers with equal bodies may share one parsed request, and
  // must never share a key (INV-C1).
  const prepared = createAttachment<RequestScope, Prepared>();
  return {
    name: 'exact-cache',
    rewrites: [],
    prepare: (request, scope) => {
      const verdict = judgeRequest(request, scope.cache, cache);
      if (!verdict.mayRead && !verdict.mayStore) return { kind: 'bypassed', reason: verdict.reason };
      const key = keyOf(request, scope);
      if (verdict.mayStore) prepared.set(scope, { key, isAgentWanted: verdict.isAgentWanted });
      if (!verdict.mayRead) return { kind: 'bypassed', reason: verdict.reason };
      const shareKey = verdict.mayShare ? key : undefined;
      const { maxAgeSeconds } = scope.cache;
      const found = cache.lookup(key, maxAgeSeconds === undefined ? {} : { maxAgeSeconds });
      return mapNow(found, (lookup) => toOutcome(lookup, shareKey));
    },
    settle: (exchange, scope) => {
      const ready = prepared.get(scope);
      if (ready === undefined) return;
      // What another stage answered may still be verified: then the provider's own answer is stored.
      if (exchange.answeredBy === undefined) prepared.set(scope, undefined);
      store(cache, ready, { exchange, scope });
    },
  };
}

function toOutcome(lookup: CacheLookup, shareKey: string | undefined): StageOutcome {
  if (lookup.outcome !== 'hit') {
    const { outcome: reason } = lookup;
    return shareKey === undefined ? { kind: 'bypassed', reason } : { kind: 'bypassed', reason, shareKey };
  }
  const { entry, response, ageSeconds } = lookup;
  return {
    kind: 'answered',
    response,
    receipt: {
      sparedUsage: entry.usage,
      sparedUsageBasis: entry.usageBasis,
      sparedCostUsd: entry.costUsd,
      ageSeconds,
    },
  };
}

function store(
  cache: ExactCache,
  { key, isAgentWanted }: Prepared,
  settled: { readonly exchange: Exchange; readonly scope: RequestScope },
): void {
  const { exchange, scope } = settled;
  const { request, response, usage, usageBasis, costUsd } = exchange;
  if (response === undefined) return;
  if (!isStorableExchange(exchange, { isAgentWanted, maxEntryBytes: cache.maxEntryBytes })) return;
  const { wire, model } = request;
  cache.put(key, { tenant: scope.tenant, wire, model, body: response.bytes, usage, usageBasis, costUsd });
}

function mapNow<T, U>(value: MaybePromise<T>, map: (value: T) => U): MaybePromise<U> {
  return value instanceof Promise ? value.then(map) : map(value);
}
