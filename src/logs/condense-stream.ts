import { PassThrough, Transform, type TransformCallback } from 'node:stream';
import { AbortedError, type LogReport } from '../contract/index.ts';
import { condenseLog, type LogCondenser } from './condense.ts';
import type { CondenseOptions } from './options.ts';

/** A log goes in, as bytes or text; what explains it comes out once the log has ended. */
export interface CondenseStream extends Transform {
  /** The account of the log, once it has ended; rejects as the stream does. */
  readonly report: Promise<LogReport>;
}

/**
 * Condenses a log that is piped through. Of the log, what does not fit in memory waits in a temporary file.
 * The stream is destroyed with an `AbortedError` when the signal fires, and with the error of `condenseLog`
 * when that fails.
 *
 * @param condense one made by `createLogCondenser`, for many logs
 * @example
 * await pipeline(child.stdout, condenseStream({ count }), process.stdout);
 */
export function condenseStream(
  options: CondenseOptions,
  condense: LogCondenser = condenseLog,
): CondenseStream {
  return new CondenseTransform(options, condense);
}

class CondenseTransform extends Transform implements CondenseStream {
  readonly report: Promise<LogReport>;
  readonly #log = new PassThrough();
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => {
    this.destroy(new AbortedError(undefined, { cause: this.#signal?.reason }));
  };

  constructor(options: CondenseOptions, condense: LogCondenser) {
    super();
    this.#signal = options.signal;
    // Whoever reads the log gets its error; where nobody has begun to, nobody needs it.
    this.#log.on('error', () => undefined);
    this.report = condense({ stream: this.#log }, options);
    // Whoever reads the stream learns of it there; whoever awaits the report, too.
    this.report.catch((error: unknown) => {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    });
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  override _transform(chunk: unknown, encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#log.destroyed) return;
    // A full buffer holds the writer back until the reader has caught up.
    if (this.#log.write(chunk, encoding)) done();
    else this.#log.once('drain', () => done());
  }

  override _flush(done: TransformCallback): void {
    this.#log.end();
    this.report.then(({ text }) => done(null, text), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    if (!this.#log.writableEnded) {
      this.#log.destroy(error ?? new AbortedError('The stream was destroyed before the log had ended.'));
    }
    done(error);
  }
}
