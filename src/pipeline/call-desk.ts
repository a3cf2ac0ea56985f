import type { ChatRequest, RequestTokens, WireCodec } from '../contract/index.ts';
import type { Run } from './answer.ts';
import { withAnswerOverhead } from './answer-overhead.ts';
import { type Bill, errorCodeOf, measurementsOf, type Role, toExchange } from './call-account.ts';
import { Member, type SharedCall } from './call-member.ts';
import type { ExchangeResult } from './exchange-result.ts';
import { OpenCalls } from './open-calls.ts';
import type { RunnerOptions } from './options.ts';
import type { PreparedRun } from './prepared.ts';
import { cacheOutcomeOf, FREE, publish, toRecord } from './record.ts';
import { asRetried, type FirstAnswer, recordOfFirst, toRecovered } from './recovered.ts';
import { type Recovered, Recoverer } from './recoverer.ts';
import type { Settle } from './settle.ts';
import { TokenTally } from './token-tally.ts';
import { UpstreamExchange } from './upstream-exchange.ts';
import { type KnownUsage, usageOfAnswer } from './usage-of-answer.ts';

const DEFAULT_MAX_CAPTURE_BYTES = 16 * 1024 * 1024;

const DEFAULT_MAX_HOLD_MS = 30_000;

/** How a call ended; `first` is the answer that was thrown away for it. */
interface CallEnd {
  readonly result: ExchangeResult;
  readonly tokens: RequestTokens | undefined;
  readonly first?: FirstAnswer;
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
    const recoverer = this.#recovererOf(work);
    const shared: SharedCall = {
      members,
      recoverer,
      tally: new TokenTally(this.#options.counter, prepared.request, this.#options.onEvent),
      exchange: new UpstreamExchange({
        codec,
        upstream: input.upstream,
        outgoing: { method: 'POST', path: input.path, headers: input.headers, body },
        isShared: key !== undefined,
        maxCaptureBytes: this.#options.maxCaptureBytes ?? DEFAULT_MAX_CAPTURE_BYTES,
        now: this.#now,
        recoverer,
        maxHoldMs: this.#options.maxHoldMs ?? DEFAULT_MAX_HOLD_MS,
        onSettled: (result) => {
          if (key !== undefined && open.get(key) === shared) open.delete(key);
          this.#finish(shared, result);
        },
      }),
    };
    if (key !== undefined) open.set(key, shared);
    return shared;
  }

  /** A request that may have changed something beyond its answer is not repeated (INV-S3). */
  #recovererOf(work: PreparedRun): Recoverer | undefined {
    const { recoverers, request } = work.prepared;
    if (recoverers === undefined || !request.isReplayable) return undefined;
    return new Recoverer(work, recoverers, this.#options);
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

  /** Accounts for a call that ended; what goes wrong in that is told, and touches nobody's answer. */
  #finish(shared: SharedCall, result: ExchangeResult): void {
    const { tally, recoverer } = shared;
    const failed = (error: unknown): void =>
      this.#options.onEvent({
        level: 'error',
        code: 'account_failed',
        message: `A call could not be accounted for: ${error instanceof Error ? error.message : String(error)}`,
      });
    const recovered = recoverer?.recovered;
    if (recovered !== undefined) return void this.#finishRecovered(shared, result, recovered).catch(failed);
    const pending = tally.pending;
    if (pending !== undefined)
      return void pending.then((tokens) => this.#account(shared, { result, tokens })).catch(failed);
    try {
      this.#account(shared, { result, tokens: tally.known });
    } catch (error) {
      failed(error);
    }
  }

  async #finishRecovered(shared: SharedCall, result: ExchangeResult, recovered: Recovered): Promise<void> {
    const [first] = shared.members;
    if (first === undefined) return;
    const { request } = first.work.prepared;
    const before = shared.tally.known ?? (await shared.tally.pending);
    const tokens = recovered.tally.known ?? (await recovered.tally.pending);
    const thrownAway = await recovered.first;
    const bill = this.#billOf(request, thrownAway, before);
    const isCounted = tokens !== undefined && before !== undefined;
    const addedTokens = isCounted ? tokens.tokens - before.tokens : undefined;
    this.#options.record(recordOfFirst(first.work, { recovered, result: thrownAway, bill, addedTokens }));
    this.#learn(request, thrownAway, before);
    this.#account(shared, { result, tokens, first: { recovered, result: thrownAway, bill, addedTokens } });
  }

  #account(shared: SharedCall, end: CallEnd): void {
    const [billed, ...others] = shared.members;
    if (billed === undefined) return;
    const { result, tokens, first } = end;
    const { registry } = this.#options;
    const retried = asRetried(billed.work, first, registry);
    const { input, prepared, verifies } = retried;
    const { request } = prepared;
    const bill = this.#billOf(request, result, tokens);
    const codec = this.#options.codecFor(request.wire);
    const exchange = toExchange(retried, result, { ...bill, codec, tokens });
    const work = withAnswerOverhead(retried, exchange, this.#options);
    this.#settle(
      first === undefined ? exchange : { ...exchange, recovered: toRecovered(first) },
      verifies?.scope ?? input.scope,
    );
    this.#record(billed, result, { ...bill, role: 'billed', work });
    const isWhole = result.status === 200 && result.error === undefined && !result.wasAborted;
    // Others may have been prepared otherwise, so that only their own rewrites are known to be taken back.
    const theirs = first && { ...first, addedTokens: undefined };
    for (const member of others) {
      const role = isWhole && !member.hasLeft ? 'spared' : 'failed';
      this.#record(member, result, { ...bill, role, work: asRetried(member.work, theirs, registry) });
    }
    this.#learn(request, result, tokens);
  }

  #billOf(request: ChatRequest, result: ExchangeResult, tokens: RequestTokens | undefined): Bill {
    const used = usageOfAnswer(result, { request, tokens, counter: this.#options.counter });
    return { used, costUsd: this.#priceOf(request.model, used) };
  }

  #priceOf(model: string, { usage, isKnown }: KnownUsage): number | null {
    if (!isKnown) return null;
    // What was refused costs nothing, whatever the model would have cost.
    if (usage.inputTokens === 0 && usage.outputTokens === 0) return 0;
    return this.#options.registry.price(model, usage).costUsd;
  }

  #record(
    member: Member,
    result: ExchangeResult,
    bill: Bill & { readonly role: Role; readonly work: PreparedRun },
  ): void {
    const { work } = bill;
    const isSpared = bill.role === 'spared';
    publish(
      this.#options,
      work.input,
      toRecord(work.input, {
        status: result.status === 0 ? 502 : result.status,
        errorCode: errorCodeOf(result, bill.used),
        cacheOutcome: isSpared ? 'hit' : cacheOutcomeOf(work.prepared),
        cacheReason: work.prepared.cacheReason,
        semanticReason: work.prepared.semanticReason,
        used: bill.role === 'billed' ? bill.used : FREE,
        costUsd: bill.role === 'billed' ? bill.costUsd : 0,
        firstTokenAt: result.firstContentAt,
        endedAt: member.endedAt ?? this.#now(),
        hasLeft: member.hasLeft,
        measurements: measurementsOf(work, bill),
      }),
    );
  }

  #learn({ model }: ChatRequest, result: ExchangeResult, tokens: RequestTokens | undefined): void {
    if (result.usage === undefined || tokens === undefined || result.response === undefined) return;
    // A search for tools has the prompt billed more than once, which tells nothing about what a text costs.
    if (result.response.toolSearch !== undefined) return;
    this.#options.counter.observe({
      model,
      contentClass: tokens.contentClass,
      rawTokens: tokens.rawTokens,
      reportedTokens: result.usage.inputTokens,
    });
  }
}
