import type { ChatRequest, Exchange, RequestScope } from '../../contract/index.ts';
import { BoundedMap } from '../../support/index.ts';
import type { ToolSelectionStageOptions } from '../stage-options.ts';
import { hasHiddenHistory } from './conversation.ts';
import { ChangeCosts, cachedState } from './cost.ts';
import { SmallerTools, type StageCompactionLevel, type WholeSet } from './smaller-tools.ts';
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

/** How the tools of a session went out last. */
interface SessionForm {
  readonly isCompact: boolean;
  /** Epoch milliseconds. */
  readonly sentAt: number;
}

/** What was made of one request. */
interface Compacted {
  readonly key: string;
  readonly isCompact: boolean;
  readonly set: WholeSet;
  /** Lists of tools that are compact, each as it would be sent. */
  readonly lists: Set<ChatRequest['tools']>;
}

/**
 * Compacts the tools of requests. A session that began with tools as they were keeps them where the provider's prompt
 * cache is dearer to break than the tokens are (INV-P2), and one that began with compact tools stays so.
 */
export class Compacting {
  readonly #smaller: SmallerTools;
  readonly #costs: ChangeCosts;
  readonly #options: Pick<ToolSelectionStageOptions, 'dialectOf' | 'isShadow' | 'indexWaitMs' | 'now'>;
  readonly #forms: BoundedMap<string, SessionForm>;
  readonly #compacted = new WeakMap<RequestScope, Compacted>();

  constructor(level: StageCompactionLevel, options: ToolSelectionStageOptions) {
    const { counter, maxSessions = 4096 } = options;
    this.#smaller = new SmallerTools(level, (text, model) => counter.countText(text, model).tokens);
    this.#costs = new ChangeCosts(options);
    this.#options = options;
    this.#forms = new BoundedMap(maxSessions);
  }

  /** The request with compact tools; the same object where they stay as they are. */
  async compact(task: CompactionTask, scope: RequestScope): Promise<ChatRequest> {
    const { request, original, key, toolsHash } = task;
    const set = { model: original.model, tools: original.tools, hash: toolsHash };
    const small = await this.#small(request, set);
    const isCompact = small !== undefined && (await this.#mayCompact(task, small));
    const sent = isCompact ? small : request;
    this.#compacted.set(scope, { key, isCompact, set, lists: new Set([sent.tools]) });
    return sent;
  }

  /** The request that is sent where the chosen tools did not do, in the form that the session has. */
  retry(request: ChatRequest, scope: RequestScope): ChatRequest {
    const compacted = this.#compacted.get(scope);
    if (compacted?.isCompact !== true) return request;
    // Where that is not done, tools as they were accept the same calls, and nobody has to wait.
    const small = this.#smaller.ofSet(request, compacted.set) ?? request;
    compacted.lists.add(small.tools);
    return small;
  }

  /** Notes in which form the tools went out, by the session; gives its key. */
  settle({ sent }: Exchange, scope: RequestScope): string | undefined {
    const compacted = this.#compacted.get(scope);
    if (compacted === undefined) return undefined;
    this.#compacted.delete(scope);
    const { key, isCompact, lists } = compacted;
    const { isShadow = false, now = Date.now } = this.#options;
    this.#forms.set(key, { isCompact: isCompact && (isShadow || lists.has(sent.tools)), sentAt: now() });
    return key;
  }

  /** The request with smaller tools; undefined where that takes too long. */
  async #small(request: ChatRequest, set: WholeSet): Promise<ChatRequest | undefined> {
    // A retry needs all of them, at once.
    const { changes, ready } = this.#smaller.begin(set);
    if (changes === undefined && request.tools !== set.tools && request.tools.length <= MOST_AT_ONCE)
      return this.#smaller.some(request);
    if (changes === undefined) await soon(ready, this.#options.indexWaitMs ?? 150);
    return this.#smaller.ofSet(request, set);
  }

  async #mayCompact({ request, original, key }: CompactionTask, small: ChatRequest): Promise<boolean> {
    if (small === request) return true;
    const form = this.#forms.get(key);
    if (form?.isCompact === true) return true;
    // How long a conversation is that the provider keeps cannot be seen, nor in which form it began.
    if (hasHiddenHistory(original)) return false;
    const state = cachedState(
      original,
      form === undefined ? undefined : { lastSent: 'all', sentAt: form.sentAt },
      { now: (this.#options.now ?? Date.now)(), dialect: this.#options.dialectOf(original.wire) },
    );
    if (state === 'nothing') return true;
    // Where the selection takes tools out of what is cached, it is written anew as it is.
    if (form === undefined && request.tools !== original.tools) return true;
    return this.#costs.isWorthDropping(request, small);
  }
}
