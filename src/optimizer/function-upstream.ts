import {
  InputError,
  type OutgoingRequest,
  type Upstream,
  type UpstreamCall,
  type UpstreamSink,
} from '../contract/index.ts';

/** A request as a caller's own function gets it. */
export interface FunctionRequest {
  /** `/v1/chat/completions` and the like. */
  readonly path: string;
  readonly headers: OutgoingRequest['headers'];
  /** The JSON body, parsed. */
  readonly body: unknown;
  /** Fires when the answer is no longer wanted. */
  readonly signal: AbortSignal;
}

/**
 * A provider in the caller's own code: gets the request that would be sent, returns the answer as a
 * JSON value in the request's wire, as a `Response`, or as the chunks of an event stream.
 */
export type UpstreamFunction = (
  request: FunctionRequest,
) => Promise<object | Response | AsyncIterable<Uint8Array | string>>;

/** Returns an upstream that calls a function instead of the network. */
export function createFunctionUpstream(call: UpstreamFunction): Upstream {
  return {
    name: 'function',
    baseUrl: 'function:',
    send: (request, sink) => {
      const running = new FunctionCall(sink);
      void running.run(call, request);
      return running;
    },
    close: async () => {},
  };
}

class FunctionCall implements UpstreamCall {
  readonly #sink: UpstreamSink;
  readonly #abort = new AbortController();
  #resumed: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(sink: UpstreamSink) {
    this.#sink = sink;
  }

  pause(): void {
    this.#resumed ??= Promise.withResolvers<void>();
  }

  resume(): void {
    this.#resumed?.resolve();
    this.#resumed = undefined;
  }

  abort(): void {
    this.#abort.abort();
    this.resume();
  }

  async run(call: UpstreamFunction, request: OutgoingRequest): Promise<void> {
    try {
      const { path, headers, body } = request;
      const parsed: unknown = body === null ? null : JSON.parse(Buffer.from(body).toString('utf8'));
      await this.#deliver(await call({ path, headers, body: parsed, signal: this.#abort.signal }));
    } catch (error) {
      if (!this.#abort.signal.aborted)
        this.#sink.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #deliver(answer: Awaited<ReturnType<UpstreamFunction>>): Promise<void> {
    if (this.#abort.signal.aborted) return;
    if (answer instanceof Response) {
      this.#sink.onHead(answer.status, headersOf(answer));
      await this.#pump(answer.body ?? []);
    } else if (typeof answer !== 'object' || answer === null) {
      throw new InputError(
        'invalid_upstream_answer',
        `The upstream function must return an object, a Response or chunks, got ${answer === null ? 'null' : typeof answer}.`,
      );
    } else if (Symbol.asyncIterator in answer) {
      this.#sink.onHead(200, ['content-type', 'text/event-stream']);
      await this.#pump(answer);
    } else {
      this.#sink.onHead(200, ['content-type', 'application/json']);
      await this.#pump([JSON.stringify(answer)]);
    }
  }

  async #pump(chunks: AsyncIterable<Uint8Array | string> | Iterable<string>): Promise<void> {
    for await (const chunk of chunks) {
      if (this.#resumed !== undefined) await this.#resumed.promise;
      if (this.#abort.signal.aborted) return;
      this.#sink.onData(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    }
    // Chunks that end because they were aborted are no end of an answer.
    if (!this.#abort.signal.aborted) this.#sink.onEnd();
  }
}

/** `fetch` has undone the encoding of a body already, and its length with it. */
function headersOf({ headers }: Response): string[] {
  return [...headers].filter(([name]) => name !== 'content-encoding' && name !== 'content-length').flat();
}
