import type { OutgoingRequest, Upstream, UpstreamCall, UpstreamSink } from '../contract/index.ts';

/** What the fake upstream answers to one request. */
export interface FakeAnswer {
  /** @default 200 */
  readonly status?: number;
  /** @default `content-type: application/json` */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body: text or bytes; a list arrives piece by piece. A plain object is sent as JSON. @default empty */
  readonly body?: string | Uint8Array | readonly (string | Uint8Array)[] | object;
  /** Joins the body and delivers it in pieces of this many bytes. */
  readonly splitBytes?: number;
  /** Milliseconds before the head. @default 0; no timer runs at 0 */
  readonly latencyMs?: number;
  /** Milliseconds before every piece but the first. @default 0 */
  readonly chunkDelayMs?: number;
  /** `before-head` and `after-body` report `error` there; `hang` stops for good after the body. */
  readonly failure?: 'before-head' | 'after-body' | 'hang';
  /** @default an Error that says that the fake upstream failed */
  readonly error?: Error;
}

/** One call as the fake upstream saw it. */
export interface FakeCall {
  readonly request: OutgoingRequest;
  /** Body of the request as text. */
  readonly text: string;
  readonly wasAborted: boolean;
  /** True after `onEnd` or `onError`. */
  readonly isOver: boolean;
  readonly bytesSent: number;
  readonly isPaused: boolean;
}

/** An upstream in memory that remembers its calls. */
export interface FakeUpstream extends Upstream {
  readonly calls: readonly FakeCall[];
  readonly isClosed: boolean;
}

/** Answers one request; throwing reports the error before the head. */
export type FakeHandler = (request: OutgoingRequest, index: number) => FakeAnswer | Promise<FakeAnswer>;

/**
 * Returns an `Upstream` that answers from a function. As the real one, it never calls the sink before
 * `send` returned, delivers nothing while paused, and says nothing more after `abort`.
 *
 * @example
 * const upstream = createFakeUpstream(() => ({ body: { id: 'a' }, splitBytes: 1 }));
 */
export function createFakeUpstream(
  handler: FakeHandler,
  options: { readonly name?: string; readonly baseUrl?: string } = {},
): FakeUpstream {
  const calls: RunningCall[] = [];
  let isClosed = false;
  return {
    name: options.name ?? 'fake',
    baseUrl: options.baseUrl ?? 'http://fake.invalid',
    calls,
    get isClosed() {
      return isClosed;
    },
    send(request, sink) {
      const call = new RunningCall(request, sink);
      calls.push(call);
      void call.run(handler, calls.length - 1);
      return call;
    },
    close() {
      isClosed = true;
      return Promise.resolve();
    },
  };
}

class RunningCall implements UpstreamCall, FakeCall {
  readonly request: OutgoingRequest;
  wasAborted = false;
  isOver = false;
  isPaused = false;
  bytesSent = 0;
  readonly #sink: UpstreamSink;
  #wake: (() => void) | null = null;

  constructor(request: OutgoingRequest, sink: UpstreamSink) {
    this.request = request;
    this.#sink = sink;
  }

  get text(): string {
    return this.request.body === null ? '' : new TextDecoder().decode(this.request.body);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.#wake?.();
  }

  abort(): void {
    if (this.isOver) return;
    this.wasAborted = true;
    this.#wake?.();
  }

  async run(handler: FakeHandler, index: number): Promise<void> {
    await Promise.resolve();
    let answer: FakeAnswer;
    try {
      answer = await handler(this.request, index);
    } catch (error) {
      this.#end(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    const failure = answer.error ?? new Error('The fake upstream failed as it was told to.');
    if (!(await this.#wait(answer.latencyMs ?? 0))) return;
    if (answer.failure === 'before-head') return this.#end(failure);
    this.#sink.onHead(answer.status ?? 200, headerList(answer.headers));
    if (!(await this.#deliver(answer))) return;
    if (answer.failure === 'after-body') this.#end(failure);
    else if (answer.failure !== 'hang') this.#end();
  }

  async #deliver(answer: FakeAnswer): Promise<boolean> {
    for (const [index, piece] of piecesOf(answer).entries()) {
      if (!(await this.#wait(index === 0 ? 0 : (answer.chunkDelayMs ?? 0)))) return false;
      this.bytesSent += piece.length;
      this.#sink.onData(piece);
    }
    return this.#wait(0);
  }

  /** Waits for the delay and for `resume`. False when the call was aborted meanwhile. */
  async #wait(ms: number): Promise<boolean> {
    if (ms > 0 && !this.wasAborted) await this.#sleep(ms);
    while (this.isPaused && !this.wasAborted) await this.#sleep(null);
    return !this.wasAborted;
  }

  /** Sleeps for a time, or until woken when `ms` is null; `abort` wakes both. */
  #sleep(ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === null ? undefined : setTimeout(() => done(), ms);
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      this.#wake = () => {
        if (ms === null || this.wasAborted) done();
      };
    });
  }

  #end(error?: Error): void {
    if (this.wasAborted || this.isOver) return;
    this.isOver = true;
    if (error === undefined) this.#sink.onEnd();
    else this.#sink.onError(error);
  }
}

function headerList(
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): string[] {
  return Object.entries(headers).flat();
}

function piecesOf({ body = '', splitBytes }: FakeAnswer): Uint8Array[] {
  const list: readonly unknown[] = Array.isArray(body) ? body : [body];
  const pieces = list.map((piece) => {
    if (piece instanceof Uint8Array) return piece;
    return new TextEncoder().encode(typeof piece === 'string' ? piece : JSON.stringify(piece));
  });
  if (splitBytes === undefined) return pieces.filter((piece) => piece.length > 0);
  const joined = new Uint8Array(Buffer.concat(pieces));
  const cut: Uint8Array[] = [];
  for (let at = 0; at < joined.length; at += splitBytes) cut.push(joined.subarray(at, at + splitBytes));
  return cut;
}
