import type { ExactCache } from '../cache/exact.ts';
import type { Invalidation } from '../cache/semantic/invalidate.ts';
import type { SemanticFilter, SemanticLive } from '../contract/index.ts';
import type { Core } from './core.ts';

/** The cache as the library has it. */
export type LibraryCache = Pick<
  ExactCache,
  'get' | 'set' | 'clearOld' | 'clear' | 'stats' | 'export' | 'import'
> & {
  /** Deletes answers, and what finds them by meaning, by tag, model, time or text; `isDryRun` only counts. */
  invalidate(filter: SemanticFilter, options?: { readonly isDryRun?: boolean }): Promise<Invalidation>;
  /** How the semantic cache fares; undefined where it is off. */
  semantic(): Promise<SemanticLive | undefined>;
};

/** Texts go with their answers. */
async function forgetTexts({ semantic }: Core, filter: SemanticFilter): Promise<void> {
  await semantic?.cache.invalidate(filter);
}

/** The cache, whose `get` and `set` mean the answers of this Pare's own upstreams. */
export function cacheOf(core: Core): LibraryCache {
  const { cache, upstreams } = core;
  const scoped = (scope: Parameters<ExactCache['get']>[1] = {}): typeof scope => ({
    upstream: upstreams[scope.wire === 'anthropic-messages' ? 'anthropic' : 'openai'].baseUrl,
    ...scope,
  });
  return {
    get: (request, scope) => cache.get(request, scoped(scope)),
    set: (request, answer, scope) => cache.set(request, answer, scoped(scope)),
    clearOld: async (age = {}) => {
      const deleted = await cache.clearOld(age);
      const { maxAgeSeconds } = age;
      if (maxAgeSeconds !== undefined)
        await forgetTexts(core, { createdBefore: core.now() - maxAgeSeconds * 1000 });
      return deleted;
    },
    clear: async (tenant) => {
      const deleted = await cache.clear(tenant);
      await forgetTexts(core, tenant === undefined ? {} : { tenant });
      return deleted;
    },
    stats: () => cache.stats(),
    export: () => cache.export(),
    import: (lines) => cache.import(lines),
    invalidate: async (filter, options) => {
      if (core.semantic !== undefined) return core.semantic.cache.invalidate(filter, options);
      const answers =
        filter.tags === undefined && filter.text === undefined ? await cache.invalidate(filter, options) : 0;
      return { entries: 0, answers, texts: [] };
    },
    semantic: () => core.semanticLive(),
  };
}
