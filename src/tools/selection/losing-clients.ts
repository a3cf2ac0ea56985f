import type { ChatRequest, ToolDialect } from '../../contract/index.ts';
import { BoundedMap } from '../../support/index.ts';
import { calledNames, calledWithoutNamespace, hasHiddenHistory } from './conversation.ts';
import type { SessionSet } from './session-sets.ts';

/** Tenants with a set of tools each that are remembered. */
const MOST_SETS = 1024;

/**
 * Clients that leave the searches of OpenAI's models out of the turn that follows, or the namespaces of calls. Every tool
 * that is found must be loaded for them, each time with the whole prompt read anew, and the search was paid as well: that
 * may cost more than sending all tools, so the sessions that they begin later have none deferred.
 */
export class LosingClients {
  readonly #sets = new BoundedMap<string, true>(MOST_SETS);

  /** Looks at the request that follows an answer with a search. */
  observe(
    request: ChatRequest,
    {
      set,
      session,
      found,
      dialect,
    }: {
      readonly set: string;
      readonly session: SessionSet | undefined;
      /** What the searches in the request found. */
      readonly found: ReadonlySet<string>;
      readonly dialect: Pick<ToolDialect, 'callsFoundInNamespaces'>;
    },
  ): void {
    if (!dialect.callsFoundInNamespaces || hasHiddenHistory(request)) return;
    const last = session?.foundLast ?? [];
    if (last.length === 0) return;
    const called = new Set(calledNames(request));
    const plain = calledWithoutNamespace(request);
    if (last.some((name) => called.has(name) && (plain.has(name) || !found.has(name))))
      this.#sets.set(set, true);
  }

  /** True for a tenant and set of tools of which such a client was seen. */
  has(set: string): boolean {
    return this.#sets.get(set) === true;
  }
}
