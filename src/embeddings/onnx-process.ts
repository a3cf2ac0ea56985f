import { type ChildProcess, fork } from 'node:child_process';
import { AbortedError } from '../contract/index.ts';
import { moduleUrl } from '../support/index.ts';
import { EmbeddingError } from './errors.ts';
import type { OnnxReply, OnnxSettings, OnnxTask } from './onnx-messages.ts';

interface Run {
  readonly texts: readonly string[];
  readonly done: (vectors: Float32Array[]) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * One process with one model, which dies without taking this one with it. It holds this process open only while
 * texts wait for it. Runs wait here, not there: what nobody waits for any more is never begun, and a run's time
 * counts from when it is begun.
 */
export class OnnxProcess {
  readonly #child: ChildProcess;
  readonly #settings: OnnxSettings;
  readonly #deadlineMs: number;
  /** In the order of the calls. */
  readonly #waiting = new Set<Run>();
  #current: Run | undefined;
  #watch: NodeJS.Timeout | undefined;
  #isEnded = false;

  /** @param deadlineMs milliseconds of one run, after which the process is ended; the first one loads the model */
  constructor(settings: OnnxSettings, deadlineMs: number) {
    this.#settings = settings;
    this.#deadlineMs = deadlineMs;
    this.#child = fork(moduleUrl(import.meta.url, './onnx-worker'), [JSON.stringify(settings)], {
      serialization: 'advanced',
      // Neither this process's flags nor its output are the model's.
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (reply: OnnxReply) => this.#settle(reply));
    this.#child.on('error', (error) => this.#end(this.#failure(String(error))));
    this.#child.on('exit', (code, signal) =>
      this.#end(this.#failure(`its process ended with ${code === null ? signal : `code ${code}`}`)),
    );
    this.#letGo();
  }

  /** True when the process has died or was ended: it takes no more texts. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The vectors of texts in one run of the model. @throws EmbeddingError, AbortedError */
  run(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Float32Array[]>();
    const run: Run = { texts, done: resolve, failed: reject };
    const onAbort = () => {
      this.#waiting.delete(run);
      reject(new AbortedError(undefined, { cause: signal.reason }));
    };
    if (signal.aborted) onAbort();
    else {
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(run);
      this.#begin();
    }
    return promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  /** Ends the process at once, with whatever it is doing. */
  stop(): void {
    this.#end(this.#failure('it was stopped'));
  }

  #begin(): void {
    if (this.#current !== undefined) return;
    const [next] = this.#waiting;
    if (next === undefined) return this.#letGo();
    this.#waiting.delete(next);
    this.#current = next;
    this.#watch = setTimeout(() => this.#end(this.#timeout()), this.#deadlineMs);
    this.#child.ref();
    this.#child.channel?.ref();
    const task: OnnxTask = { texts: next.texts };
    this.#child.send(task, (error) => {
      if (error !== null) this.#end(this.#failure(String(error)));
    });
  }

  #settle(reply: OnnxReply): void {
    clearTimeout(this.#watch);
    const run = this.#current;
    this.#current = undefined;
    if ('data' in reply) run?.done(rowsOf(reply.data, reply.dimensions));
    else run?.failed(reply.isMissing ? this.#missing() : this.#failure(reply.message));
    if (!this.#isEnded) this.#begin();
  }

  #end(error: EmbeddingError): void {
    this.#isEnded = true;
    clearTimeout(this.#watch);
    this.#current?.failed(error);
    for (const { failed } of this.#waiting) failed(error);
    this.#current = undefined;
    this.#waiting.clear();
    this.#letGo();
    // It keeps nothing, and a runtime that is asked to end amid a run prints that it was aborted.
    this.#child.kill('SIGKILL');
  }

  #letGo(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }

  #timeout(): EmbeddingError {
    return new EmbeddingError(
      'embedding_timeout',
      `The model "${this.#settings.model}" gave no answer within ${this.#deadlineMs} ms. ` +
        'Raise its deadlineMs if it is only slow.',
      { details: { deadlineMs: this.#deadlineMs } },
    );
  }

  #missing(): EmbeddingError {
    const { packageName } = this.#settings;
    return new EmbeddingError(
      'embedding_peer_missing',
      `The embedder "onnx" needs the package ${packageName}, which is not installed. ` +
        `Run \`npm install ${packageName}\`, or choose the built-in embedder.`,
    );
  }

  #failure(what: string): EmbeddingError {
    return new EmbeddingError(
      'embedding_failed',
      `The model "${this.#settings.model}" failed: ${what.replace(/\.+$/, '')}.`,
    );
  }
}

function rowsOf(data: Float32Array, dimensions: number): Float32Array[] {
  const count = dimensions > 0 ? Math.floor(data.length / dimensions) : 0;
  return Array.from({ length: count }, (_, row) => data.slice(row * dimensions, (row + 1) * dimensions));
}
