import { throwIfAborted } from '../../support/index.ts';

/** The event loop gets its turn after so much time. */
const TURN_MS = 10;

/** Lets others have their turn in long work, and ends it when the signal fires. */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** True when this thread has worked long enough. */
  get isDue(): boolean {
    return performance.now() - this.#since >= TURN_MS;
  }

  /** @throws AbortedError */
  async take(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    throwIfAborted(this.#signal);
    this.#since = performance.now();
  }
}
