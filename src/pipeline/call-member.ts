import type { Run } from './answer.ts';
import type { PreparedRun } from './prepared.ts';
import { cacheOutcomeOf } from './record.ts';
import { resultsOf } from './recovered.ts';
import type { Recoverer } from './recoverer.ts';
import type { TokenTally } from './token-tally.ts';
import type { Subscriber, Subscription, UpstreamExchange } from './upstream-exchange.ts';

/** A call in progress and the runs that wait for it; the first of them is billed. */
export interface SharedCall {
  readonly exchange: UpstreamExchange;
  readonly tally: TokenTally;
  readonly members: Member[];
  /** Set where the answer may be thrown away and another asked for. */
  readonly recoverer: Recoverer | undefined;
}

/** One caller of a call: hears the answer, and can pause or leave. */
export class Member implements Subscriber, Run {
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
    const { tally, recoverer } = this.#shared;
    const recovered = recoverer?.recovered;
    const first = tally.known?.tokens;
    const after = recovered === undefined ? first : recovered.tally.known?.tokens;
    const results = resultsOf(prepared.results, recovered);
    const isOwn = this.isFirst || status !== 200;
    input.sink.onHead({
      status,
      headers,
      cacheOutcome: isOwn ? cacheOutcomeOf(prepared) : 'hit',
      stages: this.isFirst ? results : [...results, 'shared-call'],
      tokensBefore: first === undefined ? undefined : first + removedBy(prepared),
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

function removedBy(prepared: PreparedRun['prepared']): number {
  let removed = 0;
  for (const { mode, tokensBefore, tokensAfter } of prepared.measurements) {
    if (mode === 'on') removed += tokensBefore - tokensAfter;
  }
  return removed;
}
