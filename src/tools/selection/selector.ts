import type { ChatRequest, RequestScope } from '../../contract/index.ts';
import { sha256Hex } from '../../support/index.ts';
import type { ToolIndex, ToolRanking, ToolTransitions } from '../options.ts';
import type { ToolSelectionPolicy, ToolSelectionStageOptions } from '../stage-options.ts';
import {
  calledNames,
  conversationDigest,
  hasHiddenHistory,
  hasHistory,
  lastCalled,
  recentFrom,
  saysSomethingNew,
  turnsOf,
} from './conversation.ts';
import { ChangeCosts, cachedState } from './cost.ts';
import { fallbackOf, listedOf } from './fitting-tools.ts';
import { ToolHabits } from './habits.ts';
import { hashOfTools, ToolIndexes } from './indexes.ts';
import { likelyCalled } from './likely-called.ts';
import { LosingClients } from './losing-clients.ts';
import { foundBefore } from './native-search.ts';
import { addFirst, requiredBesides, requiredNames } from './required-names.ts';
import { withTools } from './rewrite.ts';
import { type SessionSet, SessionSets } from './session-sets.ts';
import { SharedSets } from './shared-sets.ts';
import { soon } from './soon.ts';

/**
 * Most tools that are added to a session's at once because they are likely called: where they break what is cached, and
 * where it is written anew as it is, so that it is done in one go.
 */
const MOST_ADDED = { warm: 3, cold: 8 } as const;

/**
 * How many times as likely as the sums say a tool must be to break what is cached. They know one session; others of
 * the account read the same beginning, and the retry that they fear reads what an earlier one wrote. Replayed runs.
 */
const DOUBT = 1.5;

/**
 * Most of a first choice that is kept for the tools that sessions usually call; all of one that others will begin with.
 */
const USUAL_PART = 0.6;

const NONE: ReadonlySet<string> = new Set();

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

  keysOf(request: ChatRequest, scope: RequestScope): SessionKeys {
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

  /** The tools of a request; undefined while their set is being indexed. */
  async select(
    request: ChatRequest,
    { key, toolsHash, set, account, signal }: SessionKeys & { readonly signal: AbortSignal },
  ): Promise<Selection | undefined> {
    const index = await this.#indexFor(request, toolsHash);
    if (index === undefined) return undefined;
    const session = this.sessions.get(key);
    const known = session !== undefined && session.names.size > 0 ? session : undefined;
    const transitions = this.habits.transitions(set);
    const ranking = await index.rank(turnsOf(request, known === undefined ? 0 : recentFrom(request)), {
      ...this.#rankOptions(request),
      ...(transitions === undefined ? {} : { transitions }),
      ...(known === undefined ? {} : { previous: [...known.names] }),
      signal,
    });
    const found = foundBefore(request);
    // With hidden turns the provider keeps what was found in them, too.
    if (hasHiddenHistory(request)) for (const name of session?.found ?? []) found.add(name);
    const state = this.#cachedState(request, session);
    const names = new Set(known?.names);
    const dialect = this.#dialectOf(request.wire);
    this.#losing.observe(request, { set, session, found, dialect });
    const isNative = this.#isNative(request, { found, session, set });
    const isWarm = known !== undefined && state === 'chosen';
    const cache = { now: this.#now(), lifeMs: dialect.cacheLifeMs(request) };
    const required = isNative
      ? requiredBesides(found, { request, ranking, isWarm, dialect })
      : // The provider refuses what refers to tools that are not there.
        [...found, ...requiredNames(request, ranking)];
    for (const name of required) names.add(name);
    const isFirst = known === undefined;
    const shared =
      isFirst && isNative ? this.#shared.begin(account, { ...cache, required: names }) : undefined;
    if (shared !== undefined) for (const name of shared.names) names.add(name);
    else if (isFirst) {
      const usual = this.#usual(request, set, isNative && cache.lifeMs > 0 ? 1 : USUAL_PART);
      addFirst(names, { ranking, usual, besides: isNative ? found : NONE, ...this.#policy });
    } else if (!isNative) await this.#addLikely(names, { request, ranking, session: known, transitions });
    // Those of a session stay, since the model sees deferred ones as well.
    const listedFirst = new Set([...names, ...found, ...(session?.listed ?? shared?.listed ?? [])]);
    const how = { index, dialect, excluded: this.#policy.excluded };
    const listed = isNative ? await listedOf(request, { ...how, first: listedFirst }) : request;
    const chosen = this.#withTools(listed, names, isNative);
    const fallback = await fallbackOf(request, { ...how, first: names });
    const breaksCache =
      fallback === request &&
      chosen !== request &&
      state === 'all' &&
      // A conversation with searches in it was not sent all tools, whoever saw it.
      (found.size === 0 || session !== undefined) &&
      !(await this.#costs.isWorthDropping(request, chosen));
    // What was not sent binds nobody: the next request may choose anew.
    if (!breaksCache || known !== undefined) {
      this.sessions.grow(key, names);
      this.sessions.begin(key, isNative);
      const cut = listed === request ? undefined : new Set(listed.tools.map(({ name }) => name));
      if (cut !== undefined) this.sessions.list(key, cut);
      const mayShare =
        isFirst && !hasHistory(request) && !this.#policy.excluded.some((name) => names.has(name));
      if (isNative)
        this.#shared.note(account, { names, listed: cut ?? NONE }, { ...cache, isFirst: mayShare });
    }
    return { names, found, request: chosen, fallback, breaksCache, isNoneNeeded: ranking.isNoneNeeded };
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

  #cachedState(request: ChatRequest, session: SessionSet | undefined): ReturnType<typeof cachedState> {
    return cachedState(request, session, { now: this.#now(), dialect: this.#dialectOf(request.wire) });
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

  /** Adds to a session's tools those that the ranking wants now, where a miss would be dearer. */
  async #addLikely(
    names: Set<string>,
    {
      request,
      ranking,
      session,
      transitions,
    }: {
      readonly request: ChatRequest;
      readonly ranking: ToolRanking;
      readonly session: SessionSet;
      readonly transitions: ToolTransitions | undefined;
    },
  ): Promise<void> {
    const grows = [...names].some((name) => !session.names.has(name));
    let isWarm = this.#cachedState(request, session) === 'chosen' && !grows;
    const room = Math.min(isWarm ? MOST_ADDED.warm : MOST_ADDED.cold, 2 * this.#policy.maxTools - names.size);
    const isNewRequest = saysSomethingNew(request);
    // What sessions did is surer than what the words say.
    const followers = transitions?.get(lastCalled(request) ?? '');
    const wanted = ranking.tools
      .filter(({ reason }) => reason === 'ranked')
      .map((tool, place) => ({
        ...tool,
        likely: Math.max(likelyCalled({ ...tool, place, isNewRequest }), followers?.get(tool.name) ?? 0),
      }))
      .filter(({ name }) => !names.has(name))
      .slice(0, Math.max(0, room));
    if (wanted.length === 0) return;
    const sent = this.#withTools(request, names, false);
    for (const { name, index, likely } of wanted) {
      const toolJson = JSON.stringify(request.tools[index]?.value ?? null);
      const worthFrom = await this.#costs.worthAddingFrom(request, sent, { toolJson, isWarm });
      if (likely < (isWarm ? DOUBT : 1) * worthFrom) continue;
      names.add(name);
      // What the first one breaks, the next does not break again.
      isWarm = false;
    }
  }

  async #indexFor(request: ChatRequest, toolsHash: string): Promise<ToolIndex | undefined> {
    const kept = this.#indexes.of({ hash: toolsHash, tools: request.tools, model: request.model });
    if (kept.index !== undefined) return kept.index;
    return soon(kept.ready, this.#indexWaitMs);
  }
}
