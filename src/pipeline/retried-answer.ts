import type { UpstreamSink } from '../contract/index.ts';

/**
 * The answer to a retry on its way to the callers: nothing of it is held. Should it fail before it begins,
 * what is left of the first answer takes its place, if anything is.
 */
export class RetriedAnswer implements UpstreamSink {
  readonly #target: UpstreamSink;
  readonly #restoreFirst: ((error: Error) => void) | undefined;
  readonly #forgetFirst: () => void;
  #hasBegun = false;

  constructor(
    target: UpstreamSink,
    restoreFirst: ((error: Error) => void) | undefined,
    forgetFirst: () => void,
  ) {
    this.#target = target;
    this.#restoreFirst = restoreFirst;
    this.#forgetFirst = forgetFirst;
  }

  onHead(status: number, headers: readonly string[]): void {
    this.#hasBegun = true;
    this.#forgetFirst();
    this.#target.onHead(status, headers);
  }

  onData(chunk: Uint8Array): void {
    this.#target.onData(chunk);
  }

  onEnd(): void {
    this.#target.onEnd();
  }

  onError(error: Error): void {
    if (this.#hasBegun || this.#restoreFirst === undefined) this.#target.onError(error);
    else this.#restoreFirst(error);
  }
}
