import type { Encoding, EventSink } from '../contract/index.ts';

/** How a model's tokens are counted; an entry of the model registry has these fields, and `familyOf` gives them. */
export interface ModelFamily {
  /** `gpt`, `claude`, `gemini`, ... */
  readonly family: string;
  /** The exact encoding; absent when it is not published. */
  readonly encoding?: Encoding | undefined;
  /** True when only the name was read: the encoding is then a guess, and no count is exact. */
  readonly isGuess?: boolean;
}

/** Options of `createTokenCounter`. */
export interface TokenCounterOptions {
  /**
   * Looks a model up; `undefined` for an unknown one, which is estimated with a wide band. The model
   * registry's `find` fits, or `familyOf`, which reads names that the registry does not know.
   *
   * @default every model is unknown
   */
  readonly families?: (model: string) => ModelFamily | undefined;
  /**
   * Encodings loaded before the counter is returned. Others are loaded at first use, which stops the
   * event loop for about 50 ms.
   *
   * @default ['o200k_base']
   */
  readonly preload?: readonly Encoding[];
  /**
   * Requests with more characters of text than this, history counted before left out, are counted in a
   * worker.
   *
   * @default 65536
   */
  readonly workerThresholdChars?: number;
  /**
   * Most worker threads, at least 1.
   *
   * @default the number of processors, at most 4
   */
  readonly maxWorkers?: number;
  /** Learns of workers that could not be used (`counting_worker_failed`). */
  readonly onEvent?: EventSink;
}
