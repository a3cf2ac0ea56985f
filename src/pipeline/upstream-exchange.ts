import type {
  ChatResponse,
  OutgoingRequest,
  Upstream,
  UpstreamCall,
  UpstreamSink,
  Usage,
  WireCodec,
} from '../contract/index.ts';
import { type Capture, createCapture } from './capture.ts';

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

/** How an exchange ended. */
export interface ExchangeResult {
  /** The whole answer, cut-off ones included (see its `finish`). */
  readonly response: ChatResponse | undefined;
  /** Usage seen, also of a cut-off answer. */
  readonly usage: Usage | undefined;
  /** 0 when the upstream did not answer. */
  readonly status: number;
  /** True when every caller left before the end. */
  readonly wasAborted: boolean;
  readonly error: Error | undefined;
  readonly firstContentAt: number | null;
}

export interface ExchangeOptions {
  readonly codec: WireCodec;
  readonly upstream: Upstream;
  readonly outgoing: OutgoingRequest;
  /** Others may join while it runs, so what arrived is kept for them. */
  readonly isShared: boolean;
  readonly maxCaptureBytes: number;
  readonly now: () => number;
  /** Called once, after the subscribers heard of the end. */
  readonly onSettled: (result: ExchangeResult) => void;
}

interface Member {
  readonly subscriber: Subscriber;
  isPaused: boolean;
}

/**
 * One upstream call and everyone who waits for it. Bytes go on as they arrive; on the side they are
 * captured for the ledger and the caches. The fastest caller sets the pace; the call is paused only
 * while all callers are.
 */
export class UpstreamExchange implements UpstreamSink {
  readonly #options: ExchangeOptions;
  readonly #members = new Set<Member>();
  #call: UpstreamCall | undefined;
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

  start(): void {
    this.#call = this.#options.upstream.send(this.#options.outgoing, this);
  }

  /** Adds a caller; it first gets what arrived so far. */
  join(subscriber: Subscriber): Subscription {
    const member: Member = { subscriber, isPaused: false };
    this.#members.add(member);
    if (this.#head !== undefined) subscriber.onHead(this.#head.status, this.#head.headers);
    for (const chunk of this.#kept ?? []) subscriber.onData(chunk);
    // The others may all have paused the call, and would leave the newcomer waiting with them.
    if (this.#members.size > 1) this.#setFlow();
    return {
      pause: () => this.#setPaused(member, true),
      resume: () => this.#setPaused(member, false),
      leave: () => this.#leave(member),
    };
  }

  onHead(status: number, headers: readonly string[]): void {
    const { codec, maxCaptureBytes: maxBytes } = this.#options;
    this.#head = { status, headers };
    this.#capture = createCapture({ codec, status, headers, maxBytes });
    for (const { subscriber } of this.#members) subscriber.onHead(status, headers);
  }

  onData(chunk: Uint8Array): void {
    for (const { subscriber } of this.#members) subscriber.onData(chunk);
    this.#keep(chunk);
    const capture = this.#capture;
    if (capture === undefined) return;
    capture.push(chunk);
    if (this.#firstContentAt === null && capture.hasContent) this.#firstContentAt = this.#options.now();
  }

  onEnd(): void {
    this.#isEnded = true;
    for (const { subscriber } of this.#members) subscriber.onEnd();
    this.#settle({ wasAborted: false });
  }

  onError(error: Error): void {
    this.#isEnded = true;
    for (const { subscriber } of this.#members) subscriber.onError(error);
    this.#settle({ wasAborted: false, error });
  }

  #keep(chunk: Uint8Array): void {
    if (this.#kept === undefined) return;
    this.#keptBytes += chunk.length;
    if (this.#keptBytes > this.#options.maxCaptureBytes) this.#kept = undefined;
    else this.#kept.push(chunk);
  }

  #setPaused(member: Member, isPaused: boolean): void {
    member.isPaused = isPaused;
    this.#setFlow();
  }

  /** The call flows while anybody can take more; a caller who joins or leaves changes that too. */
  #setFlow(): void {
    if (this.#isEnded) return;
    for (const { isPaused } of this.#members) {
      if (!isPaused) return this.#call?.resume();
    }
    this.#call?.pause();
  }

  #leave(member: Member): void {
    if (!this.#members.delete(member) || this.#isEnded) return;
    if (this.#members.size > 0) return this.#setFlow();
    this.#isEnded = true;
    this.#call?.abort();
    this.#settle({ wasAborted: true });
  }

  #settle(how: { readonly wasAborted: boolean; readonly error?: Error }): void {
    const capture = this.#capture;
    const finish = (response: ChatResponse | undefined): void => {
      const usage = response?.usage ?? capture?.usage;
      this.#kept = undefined;
      this.#options.onSettled({
        wasAborted: how.wasAborted,
        error: how.error,
        response,
        usage,
        status: this.#head?.status ?? 0,
        firstContentAt: this.#firstContentAt,
      });
    };
    if (capture === undefined) finish(undefined);
    else capture.end(finish);
  }
}
