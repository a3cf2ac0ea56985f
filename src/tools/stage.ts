import type {
  ChatRequest,
  Exchange,
  PartialAnswer,
  Receipt,
  Recovery,
  RequestScope,
  Stage,
  StageOutcome,
  ToolRecall,
} from '../contract/index.ts';
import { BoundedMap } from '../support/index.ts';
import { DESCRIBE_TOOL } from './compact/lazy.ts';
import { Compacting } from './selection/compacting.ts';
import {
  forbidsTools,
  hasHiddenHistory,
  isFreeToCall,
  lastCalled,
  previousResponse,
} from './selection/conversation.ts';
import { saysNoToolFits } from './selection/lack-of-tool.ts';
import { lacksTool, leftOut } from './selection/left-out.ts';
import { LiveRecall } from './selection/live-recall.ts';
import { foundBefore, isDeferred, overheadOf, searchesIn } from './selection/native-search.ts';
import { FIND_TOOLS, offersOwn } from './selection/own-tools.ts';
import { isDeferredByCaller } from './selection/rewrite.ts';
import { ToolSelector } from './selection/selector.ts';
import { keysOf, type SessionKeys } from './selection/session-keys.ts';
import type { ToolSelectionStageOptions } from './stage-options.ts';

/** The stage, and how it fares. */
export interface ToolSelection {
  readonly stage: Stage;
  readonly recall: () => ToolRecall;
  /** Requests for which no tool seemed to be needed, or none fitted, since the start. Nothing is left out for it. */
  readonly noneNeeded: () => number;
}

/** What was chosen for one request. */
interface Chosen {
  readonly key: string;
  /** Whose habits with which tools. */
  readonly set: string;
  readonly isFirst: boolean;
  /** Names of the tools that were, or would have been, sent. */
  readonly names: ReadonlySet<string>;
  /** Names of those that the model sees besides, because the provider's own search found them before. */
  readonly found: ReadonlySet<string>;
  /** As the stage found it, with all tools. */
  readonly request: ChatRequest;
  /** The same with all tools that the provider takes, as they are, or would be, sent. */
  fallback: ChatRequest;
}

/** Answers whose session is remembered, for callers that go on from an answer without sending the conversation. */
const MOST_ANSWERS = 16_384;

/**
 * Returns the stage that sends the tools a request needs in place of all. What a session was sent once it is sent
 * again, in the caller's order (INV-P4); what is named, was called or must be there is sent (INV-T2); an answer that
 * needed a tool which was left out is asked for again with all (INV-T4). Where that is wanted, the tools that go out
 * are compacted, chosen from or not.
 *
 * @example
 * const { stage } = createToolSelectionStage({ policy, embedder, counter, registry, onEvent });
 */
export function createToolSelectionStage(options: ToolSelectionStageOptions): ToolSelection {
  const { policy, onEvent } = options;
  const recall = new LiveRecall({ minRecall: policy.minRecall, window: policy.recallWindow, onEvent });
  const tools = new SelectingStage(options, recall);
  return {
    recall: () => recall.status(),
    noneNeeded: () => tools.noneNeeded,
    stage: {
      name: 'tool-selection',
      rewrites: ['tools'],
      prepare: (request, scope) => tools.prepare(request, scope),
      recover: (answer, scope) => tools.recover(answer, scope),
      settle: (exchange, scope) => tools.settle(exchange, scope),
      overheadOf: (exchange) => overheadOf(exchange, options.dialectOf(exchange.sent.wire)),
    },
  };
}

class SelectingStage {
  noneNeeded = 0;
  readonly #options: ToolSelectionStageOptions;
  readonly #selector: ToolSelector;
  readonly #recall: LiveRecall;
  readonly #compacting: Compacting | undefined;
  readonly #chosen = new WeakMap<RequestScope, Chosen>();
  /** Sessions by the answers that they got. */
  readonly #answers = new BoundedMap<string, string>(MOST_ANSWERS);

  constructor(options: ToolSelectionStageOptions, recall: LiveRecall) {
    this.#options = options;
    this.#selector = new ToolSelector(options);
    this.#recall = recall;
    const { compaction } = options.policy;
    this.#compacting = compaction === 'off' ? undefined : new Compacting(compaction, options);
  }

  prepare(request: ChatRequest, scope: RequestScope): StageOutcome | Promise<StageOutcome> {
    const isLeft =
      request.tools.length < this.#options.policy.minTools ||
      // Where tools were deferred before, what the provider has cached goes on with them deferred.
      (forbidsTools(request) && foundBefore(request).size === 0) ||
      isDeferredByCaller(request);
    const isToCompact = this.#compacting !== undefined && request.tools.length > 0;
    if (isLeft && !isToCompact) return { kind: 'bypassed', reason: 'nothing_to_do' };
    return this.#rewrite(request, scope, isLeft);
  }

  /** Selects, unless that is left, and compacts. */
  async #rewrite(request: ChatRequest, scope: RequestScope, isLeft: boolean): Promise<StageOutcome> {
    const own = keysOf(request, scope);
    const continued = this.#continued(request, own.set);
    const keys = { ...own, key: continued ?? own.key };
    const selected: StageOutcome = isLeft
      ? { kind: 'bypassed', reason: 'nothing_to_do' }
      : await this.#select(request, scope, { ...keys, isContinued: continued !== undefined });
    if (this.#compacting === undefined) return selected;
    const before = selected.kind === 'rewritten' ? selected.request : request;
    const after = await this.#compacting.compact({ request: before, original: request, ...keys }, scope);
    if (after === before) return selected;
    const chosen = this.#chosen.get(scope);
    if (chosen?.fallback.tools === before.tools) chosen.fallback = after;
    return selected.kind === 'rewritten'
      ? { ...selected, request: after }
      : { kind: 'rewritten', request: after, receipt: {} };
  }

  async #select(
    request: ChatRequest,
    scope: RequestScope,
    { isContinued, ...keys }: SessionKeys & { readonly isContinued: boolean },
  ): Promise<StageOutcome> {
    const { key, set } = keys;
    const isFirst = this.#selector.sessions.get(key) === undefined;
    // Which tools the turns before called is only known of sessions that began here (INV-T2), and the words of a
    // later turn may be those with which another session began.
    const isUnseen = previousResponse(request) !== undefined && !isContinued && scope.session === null;
    if (hasHiddenHistory(request) && (isFirst || isUnseen))
      return { kind: 'bypassed', reason: 'not_eligible' };
    const selection = await this.#selector.select(request, { ...keys, signal: scope.signal });
    if (selection === undefined) return { kind: 'bypassed', reason: 'indexing' };
    if (selection.isNoneNeeded) this.noneNeeded += 1;
    const { names, found, fallback } = selection;
    this.#chosen.set(scope, { key, set, isFirst, names, found, request, fallback });
    if (selection.request === request) return { kind: 'bypassed', reason: 'nothing_to_do' };
    if (selection.breaksCache) return { kind: 'bypassed', reason: 'breaks_prompt_cache' };
    if (this.#recall.isBreached) {
      if (fallback === request) return { kind: 'bypassed', reason: 'low_recall' };
      return { kind: 'rewritten', request: fallback, receipt: {}, baseline: fallback };
    }
    // Without us the provider would have refused more tools than it takes: nothing was spared by leaving those out.
    const baseline = fallback === request ? {} : { baseline: fallback };
    return {
      kind: 'rewritten',
      request: selection.request,
      receipt: this.#receipt(request),
      ...baseline,
    };
  }

  /** Charges the searches that stand in the conversation, which the caller would not send without us (INV-U4). */
  #receipt({ messages, model }: ChatRequest): Receipt {
    const searches = searchesIn(messages);
    if (searches === '') return {};
    return { overheadTokens: this.#options.counter.countText(searches, model).tokens };
  }

  /** The session of a request that goes on from an answer, with the same tools; never that of another tenant. */
  #continued(request: ChatRequest, set: string): string | undefined {
    const id = previousResponse(request);
    return id === undefined ? undefined : this.#answers.get(JSON.stringify([set, id]));
  }

  recover(answer: PartialAnswer, scope: RequestScope): Recovery {
    const { sent, toolCalls, isWhole } = answer;
    const chosen = this.#chosen.get(scope);
    const mayAsk = offersOwn(sent, DESCRIBE_TOOL);
    const uncut = mayAsk && toolCalls.includes(DESCRIBE_TOOL) ? this.#compacting?.ask(scope) : undefined;
    // Nobody but us may see that it was asked.
    const usable = uncut === undefined ? {} : { isFirstUsable: false };
    const grown = chosen === undefined ? undefined : this.#withAll(answer, chosen, scope);
    if (grown !== undefined) return { ...grown, ...usable };
    if (uncut !== undefined) {
      if (chosen?.fallback.tools === sent.tools) chosen.fallback = { ...chosen.fallback, tools: uncut };
      return { kind: 'retry', request: { ...sent, tools: uncut }, reason: 'describe_tool', ...usable };
    }
    if (isWhole) return { kind: 'accept' };
    // Text may be followed by a call of our own tool, which nobody but us may see.
    const isToHold = offersOwn(sent, FIND_TOOLS) || (mayAsk && isFreeToCall(sent));
    return isToHold || this.#holdsThinking(answer, chosen) ? { kind: 'wait' } : { kind: 'accept' };
  }

  /** True while the model only thinks, and might still need a tool that was left out. */
  #holdsThinking({ sent, text, toolCalls }: PartialAnswer, chosen: Chosen | undefined): boolean {
    if (chosen === undefined || sent.tools === chosen.fallback.tools) return false;
    return this.#options.policy.holdThinking && text === '' && toolCalls.length === 0;
  }

  /** The retry with all tools, where the answer needs it. */
  #withAll(
    { sent, toolCalls, text, foundTools = [], isWhole }: PartialAnswer,
    chosen: Chosen,
    scope: RequestScope,
  ): Extract<Recovery, { kind: 'retry' }> | undefined {
    // Those that are left out of what is sent instead cannot be had.
    if (sent.tools === chosen.fallback.tools) return undefined;
    const retry = (reason: string) => {
      chosen.fallback = this.#compacting?.retry(chosen.fallback, scope) ?? chosen.fallback;
      return { kind: 'retry' as const, request: { ...sent, tools: chosen.fallback.tools }, reason };
    };
    if (offersOwn(sent, FIND_TOOLS) && toolCalls.includes(FIND_TOOLS))
      return { ...retry('find_tools'), isFirstUsable: false };
    const seen = new Set([...chosen.found, ...foundTools]);
    if (leftOut(toolCalls, { sent, seen, fallback: chosen.fallback }).length > 0) return retry('unsent_tool');
    const fits = !isWhole || toolCalls.length > 0 || !saysNoToolFits(text);
    return fits ? undefined : retry('no_tool_fits');
  }

  settle(exchange: Exchange, scope: RequestScope): void {
    if (exchange.answeredBy !== undefined || exchange.status !== 200) return;
    const compacted = this.#compacting?.settle(exchange, scope);
    const chosen = this.#chosen.get(scope);
    const sessionKey = chosen?.key ?? compacted;
    if (sessionKey !== undefined) this.#noteAnswer(exchange, scope, { key: sessionKey, set: chosen?.set });
    if (chosen === undefined) return;
    this.#chosen.delete(scope);
    const { sessions, habits } = this.#selector;
    const { request, names, key, set } = chosen;
    const { response } = exchange;
    const known = new Set(request.tools.map(({ name }) => name));
    const called = (response?.toolCalls ?? []).map(({ name }) => name).filter((name) => known.has(name));
    const { tools } = exchange.sent;
    const wasChosen = tools !== chosen.fallback.tools && tools !== request.tools;
    const wasWhole = !wasChosen && this.#options.isShadow !== true;
    if (chosen.isFirst) habits.begin(set);
    for (const name of sessions.note(key, wasWhole ? 'all' : 'chosen', called)) habits.use(set, name);
    const last = lastCalled(request);
    habits.follow(set, last === undefined ? called : [last, ...called]);
    if (response === undefined) return;
    const foundNow = response.toolSearch?.found ?? [];
    sessions.noteFound(key, foundNow, called);
    // What the provider's own search found was there to be found. In shadow it had nothing to find.
    const seen = new Set([...names, ...chosen.found, ...foundNow]);
    const wasThere = (name: string): boolean =>
      seen.has(name) || (wasChosen && tools.some((tool) => tool.name === name && !isDeferred(tool)));
    const missed = called.filter((name) => !wasThere(name));
    if (missed.length > 0) sessions.grow(key, missed);
    if (names.size < known.size)
      this.#recall.observe(missed.length > 0 || lacksTool(exchange, chosen.fallback));
  }

  /** Remembers which session an answer is of, for requests that go on from it by its id. */
  #noteAnswer(
    { request, response }: Exchange,
    scope: RequestScope,
    { key, set = keysOf(request, scope).set }: { readonly key: string; readonly set?: string | undefined },
  ): void {
    if (response === undefined || !this.#options.dialectOf(request.wire).keepsAnswers) return;
    this.#answers.set(JSON.stringify([set, response.id]), key);
  }
}
