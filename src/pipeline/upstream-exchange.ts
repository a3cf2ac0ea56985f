import type { OutgoingRequest, Upstream, UpstreamCall, WireCodec } from '../contract/index.ts';
import { type Capture, createCapture } from './capture.ts';
import type { ExchangeResult } from './exchange-result.ts';
import { HeldAnswer, type HeldReading, type HeldTarget } from './held-answer.ts';
import type { Recoverer } from './recoverer.ts';

/** One caller of an exchange. */
export interface Subscriber {
  onHead(status: number, headers: readonly string[]): void;
  onData(chunk: Uint8Array): void;
  onEnd(): void;
  onError(error: Error): void;
}

/** A caller's hold on an exchange. */
export interface Subscription {
  pause(): void;
  resume(): void;
  /** Leaves; when the last caller leaves, the upstream call is aborted. */
  leave(): void;
}

export interface ExchangeOptions {
  readonly codec: WireCodec;
  readonly upstream: Upstream;
  readonly outgoing: OutgoingRequest;
  /** Others may join while it runs, so what arrived is kept for them. */
  readonly isShared: boolean;
  readonly maxCaptureBytes: number;
  readonly now: () => number;
  /** Set where an answer may be thrown away and another asked for: it is held back until that is decided. */
  readonly recoverer?: Recoverer | undefined;
  /** Milliseconds after its head for which a stream is held back at most. */
  readonly maxHoldMs: number;
  /** Called once, after the subscribers heard of the end. */
  readonly onSettled: (result: ExchangeResult) => void;
}

/** A caller's place at an exchange. */
class Member implements Subscription {
  readonly subscriber: Subscriber;
  readonly #exchange: UpstreamExchange;
  isPaused = false;
  hasLeft = false;

  constructor(subscriber: Subscriber, exchange: UpstreamExchange) {
    this.subscriber = subscriber;
    this.#exchange = exchange;
  }

  pause(): void {
    this.#setPaused(true);
  }

  resume(): void {
    this.#setPaused(false);
  }

  leave(): void {
    this.#exchange.leave(this);
  }

  #setPaused(isPaused: boolean): void {
    this.isPaused = isPaused;
    this.#exchange.setFlow();
  }
}

/**
 * One upstream call and everyone who waits for it. Bytes go on as they arrive; on the side they are
 * captured for the ledger and the caches. The fastest caller sets the pace; the call is paused only
 * while all callers are.
 */
export class UpstreamExchange implements HeldTarget {
  readonly #options: ExchangeOptions;
  #members: Member[] = [];
  #call: UpstreamCall | undefined;
  #held: HeldAnswer | undefined;
  #capture: Capture | undefined;
  #head: { status: number; headers: readonly string[] } | undefined;
  #kept: Uint8Array[] | undefined;
  #keptBytes = 0;
  #isEnded = false;
  #firstContentAt: number | null = null;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#kept = options.isShared ? [] : undefined;
  }

  /** False once it ended, or once it is too long to replay its beginning. */
  get isOpen(): boolean {
    return !this.#isEnded && this.#kept !== undefined;
  }

  get isOver(): boolean {
    return this.#isEnded;
  }

  start(): void {
    const { recoverer, upstream, outgoing } = this.#options;
    if (recoverer === undefined) {
      this.#call = upstream.send(outgoing, this);
    } else {
      this.#held = new HeldAnswer({ ...this.#options, recoverer, target: this });
      this.#call = this.#held.send();
    }
  }

  release(): void {
    this.#held = undefined;
  }

  follow(call: UpstreamCall): void {
    this.release();
    this.#call = call;
    this.setFlow();
  }

  /** Adds a caller; it first gets what arrived so far. */
  join(subscriber: Subscriber): Subscription {
    const member = new Member(subscriber, this);
    this.#members.push(member);
    if (this.#head !== undefined) subscriber.onHead(this.#head.status, this.#head.headers);
    for (const chunk of this.#kept ?? []) subscriber.onData(chunk);
    // The others may all have paused the call, and would leave the newcomer waiting with them.
    if (this.#members.length > 1) this.setFlow();
    return member;
  }

  onHead(status: number, headers: readonly string[]): void {
    const { codec, maxCaptureBytes: maxBytes } = this.#options;
    this.#head = { status, headers };
    this.#capture = createCapture({ codec, status, headers, maxBytes });
    for (const member of this.#members) if (!member.hasLeft) member.subscriber.onHead(status, headers);
  }

  onData(chunk: Uint8Array): void {
    for (const member of this.#members) if (!member.hasLeft) member.subscriber.onData(chunk);
    this.#keep(chunk);
    const capture = this.#capture;
    if (capture === undefined) return;
    capture.push(chunk);
    if (this.#firstContentAt === null && capture.hasContent) this.#firstContentAt = this.#options.now();
  }

  onEnd(): void {
    this.#isEnded = true;
    for (const member of this.#members) if (!member.hasLeft) member.subscriber.onEnd();
    this.#settle({ wasAborted: false });
  }

  onError(error: Error): void {
    this.#isEnded = true;
    for (const member of this.#members) if (!member.hasLeft) member.subscriber.onError(error);
    this.#settle({ wasAborted: false, error });
  }

  #keep(chunk: Uint8Array): void {
    if (this.#kept === undefined) return;
    this.#keptBytes += chunk.length;
    if (this.#keptBytes > this.#options.maxCaptureBytes) this.#kept = undefined;
    else this.#kept.push(chunk);
  }

  /** The call flows while anybody can take more; a caller who joins, pauses or leaves changes that. */
  setFlow(): void {
    if (this.#isEnded) return;
    for (const { isPaused } of this.#members) {
      if (!isPaused) return this.#call?.resume();
    }
    this.#call?.pause();
  }

  /** Ends one caller's part; with the last one the call ends. */
  leave(member: Member): void {
    if (member.hasLeft) return;
    member.hasLeft = true;
    // A new list: the caller may leave while it is told something, in the middle of the old one.
    this.#members = this.#members.filter((other) => other !== member);
    if (this.#isEnded) return;
    if (this.#members.length > 0) return this.setFlow();
    this.#isEnded = true;
    this.#call?.abort();
    this.#settle({ wasAborted: true });
  }

  #settle(how: { readonly wasAborted: boolean; readonly error?: Error }): void {
    const capture = this.#capture;
    const finish = ({ response, usage, status }: HeldReading): void => {
      this.#kept = undefined;
      this.#options.onSettled({
        wasAborted: how.wasAborted,
        error: how.error,
        response,
        usage,
        status,
        firstContentAt: this.#firstContentAt,
      });
    };
    const held = this.#held;
    if (held !== undefined) {
      held.drop();
      return held.read(finish);
    }
    const status = this.#head?.status ?? 0;
    if (capture === undefined) finish({ response: undefined, usage: undefined, status });
    else capture.end((response) => finish({ response, usage: response?.usage ?? capture.usage, status }));
  }
}
