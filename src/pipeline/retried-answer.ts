import type { UpstreamSink } from '../contract/index.ts';

/**
 * The answer to a retry on its way to the callers: nothing of it is held. Should it fail before it begins, or be
 * refused, the first answer takes its place where that is at hand.
 */
export class RetriedAnswer implements UpstreamSink {
  readonly #target: UpstreamSink;
  readonly #restoreFirst: ((error: Error) => void) | undefined;
  readonly #forgetFirst: () => void;
  #hasBegun = false;
  #isReplaced = false;

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
    if (status !== 200 && this.#restoreFirst !== undefined)
      return this.#replace(new Error(`the provider refused it with status ${status}`));
    this.#hasBegun = true;
    this.#forgetFirst();
    this.#target.onHead(status, headers);
  }

  onData(chunk: Uint8Array): void {
    if (!this.#isReplaced) this.#target.onData(chunk);
  }

  onEnd(): void {
    if (!this.#isReplaced) this.#target.onEnd();
  }

  onError(error: Error): void {
    if (this.#isReplaced) return;
    if (this.#hasBegun || this.#restoreFirst === undefined) this.#target.onError(error);
    else this.#replace(error);
  }

  #replace(why: Error): void {
    this.#isReplaced = true;
    this.#restoreFirst?.(why);
  }
}
