import type { ChatRequest, EventSink, RequestTokens, TokenCounter } from '../contract/index.ts';

/** The input tokens of one request, counted at most once, perhaps still being counted. */
export class TokenTally {
  #tokens: RequestTokens | undefined;
  #pending: Promise<RequestTokens | undefined> | undefined;

  /** Starts to count. A failure is reported and leaves the tally unknown, never 0. */
  constructor(counter: TokenCounter, request: ChatRequest, onEvent: EventSink) {
    const failed = (error: unknown): undefined => {
      onEvent({
        level: 'error',
        code: 'token_count_failed',
        message: `Tokens of a request could not be counted: ${error instanceof Error ? error.message : String(error)}`,
      });
      return undefined;
    };
    try {
      const counted = counter.countRequest(request);
      if (counted instanceof Promise) {
        this.#pending = counted.then((tokens) => (this.#tokens = tokens), failed);
      } else {
        this.#tokens = counted;
      }
    } catch (error) {
      failed(error);
    }
  }

  /** The count, when it is there already. */
  get known(): RequestTokens | undefined {
    return this.#tokens;
  }

  /** Waits for a count that is under way; `undefined` when nothing needs waiting for. */
  get pending(): Promise<RequestTokens | undefined> | undefined {
    return this.#tokens === undefined ? this.#pending : undefined;
  }
}
