import { Worker } from 'node:worker_threads';
import { moduleUrl } from '../support/index.ts';
import { EmbeddingError } from './errors.ts';
import type { OnnxReply, OnnxSettings } from './onnx-messages.ts';

interface Waiting {
  readonly done: (vectors: Float32Array[]) => void;
  readonly failed: (error: EmbeddingError) => void;
}

/** One thread with one model; it holds the process open only while texts wait for it. */
export class OnnxThread {
  readonly #worker: Worker;
  readonly #settings: OnnxSettings;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #isEnded = false;

  constructor(settings: OnnxSettings) {
    this.#settings = settings;
    this.#worker = new Worker(moduleUrl(import.meta.url, './onnx-worker'), {
      workerData: settings,
      name: 'embeddings',
    });
    this.#worker.unref();
    this.#worker.on('message', (reply: OnnxReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#end(this.#failure(String(error))));
    this.#worker.on('exit', (code) => this.#end(this.#failure(`its thread ended with code ${code}`)));
  }

  /** True when the thread has died or was ended: it takes no more texts. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The vectors of texts in one run of the model. @throws EmbeddingError */
  run(texts: readonly string[]): Promise<Float32Array[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Float32Array[]>();
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, { done: resolve, failed: reject });
    this.#worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage({ id: this.#lastId, texts });
    return promise;
  }

  /** Ends the thread at once, with whatever it is doing. */
  async stop(): Promise<void> {
    this.#end(this.#failure('it was stopped'));
    await this.#worker.terminate();
  }

  #settle(reply: OnnxReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('data' in reply) waiting?.done(rowsOf(reply.data, reply.dimensions));
    else waiting?.failed(reply.isMissing ? this.#missing() : this.#failure(reply.message));
  }

  #end(error: EmbeddingError): void {
    this.#isEnded = true;
    for (const { failed } of this.#waiting.values()) failed(error);
    this.#waiting.clear();
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
