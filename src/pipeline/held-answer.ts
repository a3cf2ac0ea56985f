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
import type { ExchangeResult } from './exchange-result.ts';
import type { Recoverer, Retry } from './recoverer.ts';
import { RetriedAnswer } from './retried-answer.ts';

/** Where an answer goes once it is accepted. */
export interface HeldTarget extends UpstreamSink {
  /** True once all callers left: nobody wants anything any more. */
  readonly isOver: boolean;
  /** From now on `call` is the one that callers pause and abort, and nothing is held. */
  follow(call: UpstreamCall): void;
  /** Nothing is held any more. */
  release(): void;
}

export interface HeldOptions {
  readonly codec: WireCodec;
  readonly upstream: Upstream;
  readonly outgoing: OutgoingRequest;
  readonly recoverer: Recoverer;
  readonly maxCaptureBytes: number;
  readonly maxHoldMs: number;
  readonly target: HeldTarget;
}

/** What was read of a held answer. */
export interface HeldReading {
  readonly response: ChatResponse | undefined;
  readonly usage: Usage | undefined;
  /** 0 before the head. */
  readonly status: number;
}

/**
 * The answer to a request that a stage rewrote, held back until the stage accepts it, or until another is
 * asked for in its place. What was held goes out as it came, so no byte of it changes (INV-S1); it is bounded
 * in bytes, and a stream in time.
 */
export class HeldAnswer implements UpstreamSink {
  readonly #options: HeldOptions;
  #state: 'held' | 'accepted' | 'dropped' = 'held';
  #call: UpstreamCall | undefined;
  #head: { readonly status: number; readonly headers: readonly string[] } | undefined;
  #capture: Capture | undefined;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isWhole = false;
  #timer: NodeJS.Timeout | undefined;
  #readers: ((reading: HeldReading) => void)[] | undefined;
  #reading: HeldReading | undefined;

  constructor(options: HeldOptions) {
    this.#options = options;
  }

  send(): UpstreamCall {
    const { upstream, outgoing } = this.#options;
    this.#call = upstream.send(outgoing, this);
    return this.#call;
  }

  /** Lets nothing out any more: all callers left. */
  drop(): void {
    this.#state = 'dropped';
    clearTimeout(this.#timer);
    this.#chunks = [];
  }

  /** Reads what came, to its end; calls back once, at once unless the answer is encoded. */
  read(done: (reading: HeldReading) => void): void {
    if (this.#reading !== undefined) return done(this.#reading);
    this.#readers ??= [];
    if (this.#readers.push(done) > 1) return;
    const finish = (response: ChatResponse | undefined): void => {
      const usage = response?.usage ?? this.#capture?.usage;
      this.#reading = { response, usage, status: this.#head?.status ?? 0 };
      for (const reader of this.#readers ?? []) reader(this.#reading);
    };
    if (this.#capture === undefined) finish(undefined);
    else this.#capture.end(finish);
  }

  onHead(status: number, headers: readonly string[]): void {
    if (this.#state !== 'held') return;
    const { codec, maxCaptureBytes: maxBytes, maxHoldMs, recoverer } = this.#options;
    this.#head = { status, headers };
    this.#capture = createCapture({ codec, status, headers, maxBytes, onProgress: () => this.#look() });
    if (!this.#capture.isReadable) return this.#accept();
    // Of a plain answer nothing is of use before its end, so that holding it costs no time.
    if (this.#capture.peek() === undefined) return;
    this.#timer = setTimeout(() => {
      recoverer.giveUp(`it was held back for ${maxHoldMs} ms without a decision`);
      this.#accept();
    }, maxHoldMs);
  }

  onData(chunk: Uint8Array): void {
    const { target, maxCaptureBytes, recoverer } = this.#options;
    if (this.#state === 'accepted') return target.onData(chunk);
    if (this.#state === 'dropped') return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.#capture?.push(chunk);
    if (this.#state !== 'held' || this.#bytes <= maxCaptureBytes) return;
    recoverer.giveUp(`it is longer than the ${maxCaptureBytes} bytes that are held back`);
    this.#accept();
  }

  onEnd(): void {
    if (this.#state === 'accepted') return this.#options.target.onEnd();
    if (this.#state === 'dropped') return;
    this.#isWhole = true;
    this.read(({ response }) => {
      if (this.#state !== 'held') return;
      if (response === undefined) return this.#accept();
      const { text, toolSearch } = response;
      const toolCalls = response.toolCalls.map((call) => call.name);
      const hasThinking = this.#capture?.peek()?.hasThinking ?? false;
      const found = toolSearch === undefined ? {} : { foundTools: toolSearch.found };
      const verdict = this.#options.recoverer.judge({ text, toolCalls, hasThinking, ...found }, true);
      if (verdict.kind === 'retry') this.#retry(verdict);
      else this.#accept();
    });
  }

  onError(error: Error): void {
    if (this.#state === 'dropped') return;
    if (this.#state === 'held') this.#accept();
    this.#options.target.onError(error);
  }

  /** Asks at the first content or thinking, and whenever more came while a stage waits. */
  #look(): void {
    if (this.#state !== 'held' || this.#isWhole) return;
    const seen = this.#capture?.peek();
    if (seen === undefined) return;
    if (seen.text === '' && seen.toolCalls.length === 0 && !seen.hasThinking) return;
    const verdict = this.#options.recoverer.judge(seen, false);
    if (verdict.kind === 'retry') this.#retry(verdict);
    else if (verdict.kind === 'accept') this.#accept();
  }

  /** Hands on what was held; whatever follows goes straight on. */
  #accept(): void {
    const { target } = this.#options;
    const chunks = this.#chunks;
    this.drop();
    this.#state = 'accepted';
    target.release();
    if (this.#head === undefined || target.isOver) return;
    target.onHead(this.#head.status, this.#head.headers);
    for (const chunk of chunks) {
      // A caller may leave at any byte.
      if (target.isOver) return;
      target.onData(chunk);
    }
    if (this.#isWhole && !target.isOver) target.onEnd();
  }

  /** Nobody may have this answer, and there is no other. */
  #fail(error: unknown): void {
    this.drop();
    this.#call?.abort();
    this.#options.target.onError(error instanceof Error ? error : new Error(String(error)));
  }

  #retry(retry: Retry): void {
    const { upstream, outgoing, recoverer, target } = this.#options;
    let call: UpstreamCall | undefined;
    const restore = (error: unknown): void => {
      // Of a refusal nobody wants the rest.
      call?.abort();
      if (target.isOver) return;
      recoverer.undo(retry, error);
      this.#accept();
    };
    // An answer of which all is there can still be handed on when the other cannot be had.
    const mayRestore = this.#isWhole && retry.isFirstUsable;
    const answer = new RetriedAnswer(target, mayRestore ? restore : undefined, () => this.drop());
    try {
      call = upstream.send({ ...outgoing, body: retry.body }, answer);
    } catch (error) {
      return retry.isFirstUsable ? restore(error) : this.#fail(error);
    }
    const first = Promise.withResolvers<ExchangeResult>();
    recoverer.begin(retry, first.promise);
    clearTimeout(this.#timer);
    this.#state = 'dropped';
    if (!this.#isWhole) {
      this.drop();
      this.#call?.abort();
    }
    target.follow(call);
    this.read((reading) => first.resolve(toResult(reading, this.#isWhole)));
  }
}

/** A first answer that nobody gets. */
function toResult({ response, usage, status }: HeldReading, isWhole: boolean): ExchangeResult {
  return { response, usage, status, wasAborted: !isWhole, error: undefined, firstContentAt: null };
}
