import type { ChatRequest, ToolDialect } from '../../contract/index.ts';
import type { ToolIndex, ToolRanking, ToolTransitions } from '../options.ts';
import type { ToolSelectionPolicy, ToolSelectionStageOptions } from '../stage-options.ts';
import { addLikely } from './add-likely.ts';
import { calledNames, hasHiddenHistory, hasHistory, recentFrom, turnsOf } from './conversation.ts';
import { ChangeCosts, cachedState } from './cost.ts';
import { fallbackOf, listedOf } from './fitting-tools.ts';
import { ToolHabits } from './habits.ts';
import { ToolIndexes } from './indexes.ts';
import { LosingClients } from './losing-clients.ts';
import { foundBefore } from './native-search.ts';
import { addFirst, requiredBesides, requiredNames } from './required-names.ts';
import { withTools } from './rewrite.ts';
import type { SessionKeys } from './session-keys.ts';
import { type SessionSet, SessionSets } from './session-sets.ts';
import { SharedSets } from './shared-sets.ts';
import { soon } from './soon.ts';

/**
 * Most of a first choice that is kept for the tools that sessions usually call; all of one that others will begin with.
 */
const USUAL_PART = 0.6;

const NONE: ReadonlySet<string> = new Set();

/** Tools for one request. */
export interface Selection {
  /** Names of the tools to send. */
  readonly names: ReadonlySet<string>;
  /** Names of those that the model sees besides, because the provider's own search found them before. */
  readonly found: ReadonlySet<string>;
  /** The request with them; the same object when they are all. */
  readonly request: ChatRequest;
  /** What is sent instead where the chosen tools do not do: all, or as many of the best as the provider takes. */
  readonly fallback: ChatRequest;
  /** True when it costs more to change what the provider has cached than it saves. */
  readonly breaksCache: boolean;
  /** True when no tool seems to be needed, or none fits. */
  readonly isNoneNeeded: boolean;
}

/** What is known of a request before its tools are chosen. */
interface Asked extends SessionKeys {
  readonly request: ChatRequest;
  readonly index: ToolIndex;
  readonly dialect: ToolDialect;
  readonly session: SessionSet | undefined;
  /** Names that the session has; undefined where the request begins one. */
  readonly known: ReadonlySet<string> | undefined;
  readonly ranking: ToolRanking;
  readonly transitions: ToolTransitions | undefined;
  readonly found: ReadonlySet<string>;
  /** What the provider has in its cache of this conversation. */
  readonly state: ReturnType<typeof cachedState>;
  readonly isNative: boolean;
  /** The present, and how long the provider's cache holds, in milliseconds. */
  readonly cache: { readonly now: number; readonly lifeMs: number };
}

/** Names chosen for a request, and those to which all are cut down where the others are deferred. */
interface Choice {
  readonly names: ReadonlySet<string>;
  readonly listed: ReadonlySet<string>;
}

/** Chooses the tools of requests and remembers them by session, so that a set only grows (INV-P4). */
export class ToolSelector {
  readonly sessions: SessionSets;
  readonly habits = new ToolHabits();
  readonly #losing = new LosingClients();
  readonly #shared = new SharedSets();
  readonly #policy: ToolSelectionPolicy;
  readonly #indexes: ToolIndexes;
  readonly #costs: ChangeCosts;
  readonly #now: () => number;
  readonly #indexWaitMs: number;
  readonly #dialectOf: ToolSelectionStageOptions['dialectOf'];

  constructor(options: ToolSelectionStageOptions) {
    const { policy, counter, now = Date.now, maxSessions = 4096, sessionTtlMs = 86_400_000 } = options;
    this.sessions = new SessionSets({ maxSessions, ttlMs: sessionTtlMs, now });
    this.#policy = policy;
    this.#now = now;
    this.#dialectOf = options.dialectOf;
    this.#indexWaitMs = options.indexWaitMs ?? 150;
    this.#costs = new ChangeCosts(options);
    this.#indexes = new ToolIndexes({
      embedder: options.embedder,
      onEvent: options.onEvent,
      countTokens:
        policy.maxToolTokens === undefined
          ? undefined
          : (text, model) => counter.countText(text, model).tokens,
    });
  }

  /** The tools of a request; undefined while their set is being indexed. */
  async select(
    request: ChatRequest,
    { signal, ...keys }: SessionKeys & { readonly signal: AbortSignal },
  ): Promise<Selection | undefined> {
    const index = await this.#indexFor(request, keys.toolsHash);
    if (index === undefined) return undefined;
    const asked = await this.#read(request, { ...keys, index, signal });
    const choice = await this.#choose(asked);
    const { names } = choice;
    const { found, isNative, dialect, ranking } = asked;
    const how = { index, dialect, excluded: this.#policy.excluded };
    const listed = isNative ? await listedOf(request, { ...how, first: choice.listed }) : request;
    const chosen = this.#withTools(listed, names, isNative);
    const fallback = await fallbackOf(request, { ...how, first: names });
    const breaksCache = fallback === request && (await this.#breaksCache(asked, chosen));
    // What was not sent binds nobody: the next request may choose anew.
    if (!breaksCache || asked.known !== undefined) this.#remember(asked, { names, listed });
    return { names, found, request: chosen, fallback, breaksCache, isNoneNeeded: ranking.isNoneNeeded };
  }

  async #read(
    request: ChatRequest,
    { index, signal, ...keys }: SessionKeys & { readonly index: ToolIndex; readonly signal: AbortSignal },
  ): Promise<Asked> {
    const session = this.sessions.get(keys.key);
    const known = session !== undefined && session.names.size > 0 ? session.names : undefined;
    const transitions = this.habits.transitions(keys.set);
    const ranking = await index.rank(turnsOf(request, known === undefined ? 0 : recentFrom(request)), {
      ...this.#rankOptions(request),
      ...(transitions === undefined ? {} : { transitions }),
      ...(known === undefined ? {} : { previous: [...known] }),
      signal,
    });
    const found = foundBefore(request);
    // With hidden turns the provider keeps what was found in them, too.
    if (hasHiddenHistory(request)) for (const name of session?.found ?? []) found.add(name);
    const dialect = this.#dialectOf(request.wire);
    const now = this.#now();
    const state = cachedState(request, session, { now, dialect });
    this.#losing.observe(request, { set: keys.set, session, found, dialect });
    const isNative = this.#isNative(request, { found, session, set: keys.set });
    const cache = { now, lifeMs: dialect.cacheLifeMs(request) };
    return {
      ...keys,
      request,
      index,
      dialect,
      session,
      known,
      ranking,
      transitions,
      found,
      state,
      isNative,
      cache,
    };
  }

  async #choose(asked: Asked): Promise<Choice> {
    const { request, ranking, found, isNative, known, session } = asked;
    const names = new Set(known);
    for (const name of requiredOf(asked)) names.add(name);
    const shared =
      known === undefined && isNative
        ? this.#shared.begin(asked.account, { ...asked.cache, required: names })
        : undefined;
    if (shared !== undefined) for (const name of shared.names) names.add(name);
    else if (known === undefined) {
      const usual = this.#usual(request, asked.set, isNative && asked.cache.lifeMs > 0 ? 1 : USUAL_PART);
      addFirst(names, { ranking, usual, besides: isNative ? found : NONE, ...this.#policy });
    } else if (!isNative) await this.#addLikely(names, asked);
    // Those of a session stay, since the model sees deferred ones as well.
    return { names, listed: new Set([...names, ...found, ...(session?.listed ?? shared?.listed ?? [])]) };
  }

  /** True when it costs more to send the chosen tools in place of all, which the provider has cached, than it saves. */
  async #breaksCache({ request, state, found, session }: Asked, chosen: ChatRequest): Promise<boolean> {
    // A conversation with searches in it was not sent all tools, whoever saw it.
    const mayHaveAll = state === 'all' && (found.size === 0 || session !== undefined);
    if (!mayHaveAll || chosen === request) return false;
    return !(await this.#costs.isWorthDropping(request, chosen));
  }

  #remember(
    { key, account, request, known, isNative, cache }: Asked,
    { names, listed }: { readonly names: ReadonlySet<string>; readonly listed: ChatRequest },
  ): void {
    this.sessions.grow(key, names);
    this.sessions.begin(key, isNative);
    const cut = listed === request ? undefined : new Set(listed.tools.map(({ name }) => name));
    if (cut !== undefined) this.sessions.list(key, cut);
    if (!isNative) return;
    const { excluded } = this.#policy;
    const isFirst = known === undefined && !hasHistory(request) && !excluded.some((name) => names.has(name));
    this.#shared.note(account, { names, listed: cut ?? NONE }, { ...cache, isFirst });
  }

  /** True where tools are deferred: the conversation was begun like that, or the mode says so and the client keeps up. */
  #isNative(
    { wire, model }: ChatRequest,
    {
      found,
      session,
      set,
    }: {
      readonly found: ReadonlySet<string>;
      readonly session: SessionSet | undefined;
      readonly set: string;
    },
  ): boolean {
    if (this.#dialectOf(wire).searchTool(model) === undefined) return false;
    if (found.size > 0) return true;
    return this.#policy.mode === 'native' && (session?.isNative ?? !this.#losing.has(set));
  }

  #withTools(request: ChatRequest, names: ReadonlySet<string>, isNative: boolean): ChatRequest {
    const { mode } = this.#policy;
    const kept = mode === 'native' ? 'drop' : mode;
    const dialect = this.#dialectOf(request.wire);
    return withTools(request, names, { mode: isNative ? 'native' : kept, dialect });
  }

  #usual({ tools }: ChatRequest, set: string, part: number): string[] {
    const { maxTools, maxToolTokens, excluded } = this.#policy;
    // A bound in tokens is kept by the ranking alone.
    if (maxToolTokens !== undefined) return [];
    return this.habits
      .usual(set, Math.floor(maxTools * part))
      .filter((name) => !excluded.includes(name) && tools.some((tool) => tool.name === name));
  }

  #rankOptions(request: ChatRequest): Parameters<ToolIndex['rank']>[1] {
    const { maxTools, maxToolTokens, pinned, excluded } = this.#policy;
    const used = calledNames(request);
    return {
      // What was called before takes no place of what is asked for now.
      max: maxTools + used.length,
      pinned,
      excluded,
      used,
      ...(maxToolTokens === undefined ? {} : { maxTokens: maxToolTokens }),
    };
  }

  #addLikely(names: Set<string>, { request, ranking, transitions, state, known }: Asked): Promise<void> {
    const grows = [...names].some((name) => known?.has(name) !== true);
    return addLikely(names, {
      request,
      ranking,
      transitions,
      isWarm: state === 'chosen' && !grows,
      maxTools: this.#policy.maxTools,
      costs: this.#costs,
      withTools: (some) => this.#withTools(request, some, false),
    });
  }

  async #indexFor(request: ChatRequest, toolsHash: string): Promise<ToolIndex | undefined> {
    const kept = this.#indexes.of({ hash: toolsHash, tools: request.tools, model: request.model });
    if (kept.index !== undefined) return kept.index;
    return soon(kept.ready, this.#indexWaitMs);
  }
}

function requiredOf({ request, ranking, found, isNative, known, state, dialect }: Asked): Iterable<string> {
  // The provider refuses what refers to tools that are not there.
  if (!isNative) return [...found, ...requiredNames(request, ranking)];
  const isWarm = known !== undefined && state === 'chosen';
  return requiredBesides(found, { request, ranking, isWarm, dialect });
}
