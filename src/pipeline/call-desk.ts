import {
  type ChatRequest,
  type Exchange,
  isPareError,
  type Measurement,
  type RequestTokens,
  type WireCodec,
} from '../contract/index.ts';
import type { Run } from './answer.ts';
import { OpenCalls } from './open-calls.ts';
import type { RunnerOptions } from './options.ts';
import type { PreparedRun } from './prepare.ts';
import { cacheOutcomeOf, FREE, measureShared, publish, toRecord } from './record.ts';
import type { Settle } from './settle.ts';
import { TokenTally } from './token-tally.ts';
import {
  type ExchangeResult,
  type Subscriber,
  type Subscription,
  UpstreamExchange,
} from './upstream-exchange.ts';
import { type KnownUsage, usageOfAnswer } from './usage-of-answer.ts';

const DEFAULT_MAX_CAPTURE_BYTES = 16 * 1024 * 1024;

/** A call in progress and the runs that wait for it; the first of them is billed. */
interface SharedCall {
  readonly exchange: UpstreamExchange;
  readonly tally: TokenTally;
  readonly members: Member[];
}

/** One caller of a call: hears the answer, and can pause or leave. */
class Member implements Subscriber, Run {
  readonly work: PreparedRun;
  readonly #shared: SharedCall;
  readonly #now: () => number;
  isFirst = false;
  hold: Subscription | undefined;
  endedAt: number | null = null;
  hasLeft = false;

  constructor(work: PreparedRun, shared: SharedCall, now: () => number) {
    this.work = work;
    this.#shared = shared;
    this.#now = now;
  }

  onHead(status: number, headers: readonly string[]): void {
    const { prepared, input } = this.work;
    const after = this.#shared.tally.known?.tokens;
    const isOwn = this.isFirst || status !== 200;
    input.sink.onHead({
      status,
      headers,
      cacheOutcome: isOwn ? cacheOutcomeOf(prepared) : 'hit',
      stages: this.isFirst ? prepared.results : [...prepared.results, 'shared-call'],
      tokensBefore: after === undefined ? undefined : after + removedBy(prepared),
      tokensAfter: after === undefined || this.isFirst ? after : 0,
      similarity: undefined,
      ageSeconds: undefined,
    });
  }

  onData(chunk: Uint8Array): void {
    this.work.input.sink.onData(chunk);
  }

  onEnd(): void {
    this.endedAt = this.#now();
    this.work.input.sink.onEnd();
  }

  onError(error: Error): void {
    this.endedAt = this.#now();
    this.work.input.sink.onError(error);
  }

  pause(): void {
    this.hold?.pause();
  }

  resume(): void {
    this.hold?.resume();
  }

  abort(): void {
    if (this.endedAt !== null) return;
    this.endedAt = this.#now();
    this.hasLeft = true;
    this.hold?.leave();
  }
}

/** How a caller stands to the bill of a call. */
type Role = 'billed' | 'spared' | 'failed';

const NO_MEASUREMENTS: readonly Measurement[] = Object.freeze([]);

interface Bill {
  readonly used: KnownUsage;
  readonly costUsd: number | null;
}

/** Makes upstream calls; identical concurrent requests share one (INV-C11). */
export class CallDesk {
  readonly #options: RunnerOptions;
  readonly #settle: Settle;
  readonly #now: () => number;
  /** Calls that others may join, by share key; as many as run at this moment. */
  readonly #openPlain = new OpenCalls<SharedCall>();
  readonly #openStreams = new OpenCalls<SharedCall>();
  readonly #openStreamsWithUsage = new OpenCalls<SharedCall>();

  constructor(options: RunnerOptions, settle: Settle) {
    this.#options = options;
    this.#settle = settle;
    this.#now = options.now ?? Date.now;
  }

  /** Starts a call for a prepared request, or joins the one that runs already. */
  call(work: PreparedRun): Run {
    const { prepared, input } = work;
    const open = this.#openTo(input.request);
    const { shareKey: key } = prepared;
    const running = key === undefined ? undefined : open.get(key);
    if (running !== undefined && running.exchange.isOpen) return this.#join(running, work);
    const shared = this.#start(work, open);
    const run = this.#join(shared, work);
    shared.exchange.start();
    return run;
  }

  /** A streamed and a plain answer have other bytes, so only callers of one kind can share them. */
  #openTo({ isStream, wantsStreamUsage }: ChatRequest): OpenCalls<SharedCall> {
    if (!isStream) return this.#openPlain;
    return wantsStreamUsage ? this.#openStreamsWithUsage : this.#openStreams;
  }

  #start(work: PreparedRun, open: OpenCalls<SharedCall>): SharedCall {
    const { input, prepared } = work;
    const { shareKey: key } = prepared;
    const codec = this.#options.codecFor(input.request.wire);
    const members: Member[] = [];
    this.#lint(codec, prepared.request);
    const body = codec.renderRequest(prepared.request);
    const shared: SharedCall = {
      members,
      tally: new TokenTally(this.#options.counter, prepared.request, this.#options.onEvent),
      exchange: new UpstreamExchange({
        codec,
        upstream: input.upstream,
        outgoing: { method: 'POST', path: input.path, headers: input.headers, body },
        isShared: key !== undefined,
        maxCaptureBytes: this.#options.maxCaptureBytes ?? DEFAULT_MAX_CAPTURE_BYTES,
        now: this.#now,
        onSettled: (result) => {
          if (key !== undefined && open.get(key) === shared) open.delete(key);
          this.#finish(shared, result);
        },
      }),
    };
    if (key !== undefined) open.set(key, shared);
    return shared;
  }

  /**
   * Reports what breaks a rule of the wire in a body that is about to go out (INV-T1). Rewrites that break
   * one were dropped before; what is left is the caller's own, which the provider judges.
   */
  #lint(codec: WireCodec, request: ChatRequest): void {
    for (const { rule } of codec.lint(request)) {
      this.#options.onEvent({
        level: 'info',
        code: 'request_breaks_wire_rule',
        message: `A caller's request breaks the rule "${rule}" of its wire; it goes out as it is, and the provider may refuse it.`,
        details: { rule },
      });
    }
  }

  #join(shared: SharedCall, work: PreparedRun): Run {
    const member = new Member(work, shared, this.#now);
    member.isFirst = shared.members.push(member) === 1;
    member.hold = shared.exchange.join(member);
    return member;
  }

  #finish(shared: SharedCall, result: ExchangeResult): void {
    const pending = shared.tally.pending;
    if (pending === undefined) this.#account(shared, result, shared.tally.known);
    else void pending.then((tokens) => this.#account(shared, result, tokens));
  }

  #account(shared: SharedCall, result: ExchangeResult, tokens: RequestTokens | undefined): void {
    const [first, ...others] = shared.members;
    if (first === undefined) return;
    const { request } = first.work.prepared;
    const used = usageOfAnswer(result, { request, tokens, counter: this.#options.counter });
    const costUsd = this.#priceOf(request.model, used);
    const codec = this.#options.codecFor(request.wire);
    this.#settle(toExchange(first.work, result, { used, costUsd, codec }), first.work.input.scope);
    this.#record(first, result, { used, costUsd, role: 'billed' });
    const isWhole = result.status === 200 && result.error === undefined && !result.wasAborted;
    for (const member of others) {
      this.#record(member, result, { used, costUsd, role: isWhole && !member.hasLeft ? 'spared' : 'failed' });
    }
    this.#learn(first, result, tokens);
  }

  #priceOf(model: string, { usage, isKnown }: KnownUsage): number | null {
    if (!isKnown) return null;
    // What was refused costs nothing, whatever the model would have cost.
    if (usage.inputTokens === 0 && usage.outputTokens === 0) return 0;
    return this.#options.registry.price(model, usage).costUsd;
  }

  #record(member: Member, result: ExchangeResult, bill: Bill & { readonly role: Role }): void {
    const { work } = member;
    const isSpared = bill.role === 'spared';
    publish(
      this.#options,
      work.input,
      toRecord(work.input, {
        status: result.status === 0 ? 502 : result.status,
        errorCode: errorCodeOf(result, bill.used),
        cacheOutcome: isSpared ? 'hit' : cacheOutcomeOf(work.prepared),
        cacheReason: work.prepared.cacheReason,
        used: bill.role === 'billed' ? bill.used : FREE,
        costUsd: bill.role === 'billed' ? bill.costUsd : 0,
        firstTokenAt: result.firstContentAt,
        endedAt: member.endedAt ?? this.#now(),
        hasLeft: member.hasLeft,
        measurements: measurementsOf(work.prepared, bill),
      }),
    );
  }

  #learn(first: Member, result: ExchangeResult, tokens: RequestTokens | undefined): void {
    if (result.usage === undefined || tokens === undefined || result.response === undefined) return;
    this.#options.counter.observe({
      model: first.work.prepared.request.model,
      contentClass: tokens.contentClass,
      rawTokens: tokens.rawTokens,
      reportedTokens: result.usage.inputTokens,
    });
  }
}

/** What was spared; a request that the provider did not process spared nothing (INV-U4). */
function measurementsOf(
  { measurements }: PreparedRun['prepared'],
  bill: Bill & { readonly role: Role },
): readonly Measurement[] {
  if (bill.role === 'spared') return [...measurements, measureShared(bill.used, bill.costUsd)];
  const wasProcessed = bill.used.usage.inputTokens > 0 || bill.used.usage.outputTokens > 0;
  return bill.role === 'billed' && wasProcessed ? measurements : NO_MEASUREMENTS;
}

function removedBy(prepared: PreparedRun['prepared']): number {
  let removed = 0;
  for (const { mode, tokensBefore, tokensAfter } of prepared.measurements) {
    if (mode === 'on') removed += tokensBefore - tokensAfter;
  }
  return removed;
}

function toExchange(
  { input, prepared }: PreparedRun,
  result: ExchangeResult,
  bill: Bill & { readonly codec: WireCodec },
): Exchange {
  const isWhole = result.error === undefined && !result.wasAborted;
  // A stored answer is replayed to callers who want usage, too, so it gets what we counted (INV-C5).
  const response =
    isWhole && result.response !== undefined && bill.used.isKnown
      ? bill.codec.withUsage(result.response, bill.used.usage)
      : undefined;
  return {
    request: input.request,
    sent: prepared.request,
    response,
    status: result.status,
    wasAborted: result.wasAborted,
    usage: bill.used.usage,
    usageBasis: bill.used.basis,
    costUsd: bill.costUsd,
  };
}

function errorCodeOf(result: ExchangeResult, used: KnownUsage): string | null {
  if (isPareError(result.error)) return result.error.code;
  if (result.error !== undefined) return 'upstream_closed';
  if (result.wasAborted) return 'client_closed';
  if (result.status >= 400) return 'upstream_status';
  if (result.response?.finish === 'failed') return 'answer_failed';
  return used.isKnown ? null : 'usage_unknown';
}
