import type { ChatRequest, Exchange, RequestScope } from '../../contract/index.ts';
import { BoundedMap } from '../../support/index.ts';
import { DESCRIBE_TOOL } from '../compact/lazy.ts';
import type { CompactionLevel } from '../compact/options.ts';
import type { ToolSelectionStageOptions } from '../stage-options.ts';
import { hasHiddenHistory } from './conversation.ts';
import { ChangeCosts, cachedState } from './cost.ts';
import { mayCut } from './may-cut.ts';
import { offersOwn, withoutOwn } from './own-tools.ts';
import { type SmallerRequest, SmallerTools, type WholeSet } from './smaller-tools.ts';
import { soon } from './soon.ts';

/** Tools that are compacted on the spot, 0.4 ms each the first time; more are waited for. */
const MOST_AT_ONCE = 40;

/** What is compacted, and for whom. */
export interface CompactionTask {
  /** As it would go out otherwise. */
  readonly request: ChatRequest;
  /** As the stage found it. */
  readonly original: ChatRequest;
  readonly key: string;
  readonly toolsHash: string;
}

/** How tools go out: as they were, smaller, or with long descriptions cut besides. */
type Form = 'as they were' | 'full' | 'cut';

/** How the tools of a session went out last. */
interface SessionForm {
  readonly form: Form;
  /** Where an answer was asked for again with all tools: the form of those. */
  readonly formOfAll: Form | undefined;
  /** True once the model asked for what was cut: it may need it again. */
  readonly wasAsked: boolean;
  /** Epoch milliseconds. */
  readonly sentAt: number;
}

type Tools = ChatRequest['tools'];

/** What was made of one request. */
interface Compacted {
  readonly key: string;
  readonly form: Form;
  readonly set: WholeSet;
  /** The tools as they are sent. */
  readonly tools: Tools;
  /** The same, none of them cut, without tools of ours. */
  readonly uncut: Tools;
  /** All tools, as they are sent where the chosen ones did not do. */
  all: Tools | undefined;
  wasAsked: boolean;
}

/**
 * Compacts the tools of requests. A session that began with tools as they were keeps them where the provider's prompt
 * cache is dearer to break than the tokens are (INV-P2), and one that began with compact tools stays so. Where the
 * model asked for what was cut, the session has its tools uncut from then on.
 */
export class Compacting {
  readonly #level: CompactionLevel;
  readonly #smaller: SmallerTools;
  readonly #costs: ChangeCosts;
  readonly #options: Pick<ToolSelectionStageOptions, 'dialectOf' | 'isShadow' | 'indexWaitMs' | 'now'>;
  readonly #forms: BoundedMap<string, SessionForm>;
  readonly #compacted = new WeakMap<RequestScope, Compacted>();

  constructor(level: CompactionLevel, options: ToolSelectionStageOptions) {
    const { counter, dialectOf, maxSessions = 4096 } = options;
    const countTokens = (text: string, model: string): number => counter.countText(text, model).tokens;
    this.#level = level;
    this.#smaller = new SmallerTools(level, { countTokens, dialectOf });
    this.#costs = new ChangeCosts(options);
    this.#options = options;
    this.#forms = new BoundedMap(maxSessions);
  }

  /** The request with compact tools; the same object where they stay as they are. */
  async compact(task: CompactionTask, scope: RequestScope): Promise<ChatRequest> {
    const { request, original, key, toolsHash } = task;
    const set = { model: original.model, tools: original.tools, hash: toolsHash };
    const small = await this.#small(request, set);
    const form = small === undefined ? 'as they were' : await this.#formFor(task, small);
    const sent = small === undefined || form === 'as they were' ? request : small[form];
    const uncut = withoutOwn(small?.full.tools ?? request.tools);
    this.#compacted.set(scope, { key, form, set, tools: sent.tools, uncut, all: undefined, wasAsked: false });
    return sent;
  }

  /**
   * The request that is sent where the chosen tools did not do, in the form that the session has. Nothing is cut there:
   * its answer is not held back, so that a call of `describe_tool` would be seen.
   */
  retry(request: ChatRequest, scope: RequestScope): ChatRequest {
    const compacted = this.#compacted.get(scope);
    if (compacted === undefined || compacted.form === 'as they were') return request;
    // Where that is not done, tools as they were accept the same calls, and nobody has to wait.
    const all = this.#smaller.ofSet(request, compacted.set)?.full ?? request;
    compacted.all = all.tools;
    return all;
  }

  /** Notes that the model asked for what was cut; gives the tools of the request uncut. */
  ask(scope: RequestScope): Tools | undefined {
    const compacted = this.#compacted.get(scope);
    if (compacted?.form !== 'cut') return undefined;
    compacted.wasAsked = true;
    return compacted.uncut;
  }

  /** Notes in which form the tools went out, by the session; gives its key. */
  settle({ sent, response }: Exchange, scope: RequestScope): string | undefined {
    const compacted = this.#compacted.get(scope);
    if (compacted === undefined) return undefined;
    this.#compacted.delete(scope);
    const { key, form, tools, uncut, all } = compacted;
    // Seen too late, it went out; what was asked for is there in the next turn at least.
    const isAsking =
      offersOwn(sent, DESCRIBE_TOOL) && response?.toolCalls.some(({ name }) => name === DESCRIBE_TOOL);
    const { isShadow = false, now = Date.now } = this.#options;
    const wasSent = isShadow || sent.tools === tools || sent.tools === all;
    const wasAsked = compacted.wasAsked || isAsking === true || this.#forms.get(key)?.wasAsked === true;
    const sentForm = wasSent ? form : sent.tools === uncut ? 'full' : 'as they were';
    this.#forms.set(key, {
      form: sentForm,
      formOfAll: all !== undefined && sent.tools === all ? 'full' : undefined,
      wasAsked,
      sentAt: now(),
    });
    return key;
  }

  /** The request with smaller tools; undefined where that takes too long. */
  async #small(request: ChatRequest, set: WholeSet): Promise<SmallerRequest | undefined> {
    // A retry needs all of them, at once.
    const { tools, ready } = this.#smaller.begin(set);
    if (tools === undefined && request.tools !== set.tools && request.tools.length <= MOST_AT_ONCE)
      return this.#smaller.some(request);
    if (tools === undefined) await soon(ready, this.#options.indexWaitMs ?? 150);
    return this.#smaller.ofSet(request, set);
  }

  async #formFor({ request, original, key }: CompactionTask, small: SmallerRequest): Promise<Form> {
    const session = this.#forms.get(key);
    const isAll = request.tools === original.tools;
    const last = (isAll ? session?.formOfAll : undefined) ?? session?.form;
    const isToCut = this.#level === 'lazy' && session?.wasAsked !== true && mayCut(original, small.cutNames);
    const best = isToCut ? 'cut' : 'full';
    if (small[best] === request || last === best) return best;
    // What the choice of tools demands goes before what is cached.
    if (last === 'cut') return 'full';
    // How long a conversation is that the provider keeps cannot be seen, nor in which form it began.
    if (hasHiddenHistory(original)) return last ?? 'as they were';
    const state = cachedState(
      original,
      session === undefined ? undefined : { lastSent: 'all', sentAt: session.sentAt },
      { now: (this.#options.now ?? Date.now)(), dialect: this.#options.dialectOf(original.wire) },
    );
    if (state === 'nothing') return best;
    // Where the selection takes tools out of what is cached, it is written anew as it is.
    if (session === undefined && !isAll) return best;
    const cached = last === 'full' ? small.full : request;
    return (await this.#costs.isWorthDropping(cached, small[best])) ? best : (last ?? 'as they were');
  }
}
