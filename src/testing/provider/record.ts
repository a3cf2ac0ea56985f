/** What is kept of requests. */
export interface RecordingOptions {
  /** Requests kept; older ones are dropped. @default 1000 */
  readonly maxRequests?: number;
  /** Bytes of bodies kept, both ways together; older requests are dropped. @default 268_435_456 (256 MiB) */
  readonly maxBytes?: number;
}

/** A request as it came and what became of it. */
export interface RecordedRequest {
  /** Counts from 0 over the life of the provider. */
  readonly index: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names in lower case; repeated ones joined as node:http joins them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Name, value, name, value, ... exactly as they came. */
  readonly rawHeaders: readonly string[];
  /** The bytes of the body exactly as they came. */
  readonly body: Buffer;
  /** Status of the answer; 0 while there is none. */
  readonly status: number;
  /** Body bytes handed to the connection. */
  readonly bytesSent: number;
  /** Those bytes, before any framing. */
  readonly sent: Buffer;
  /** True when the caller left before the answer ended. */
  readonly wasAborted: boolean;
  /** True when the answer ended as intended, faults included. */
  readonly isComplete: boolean;
  /** Settles when the exchange is over, whichever way. */
  readonly closed: Promise<void>;
}

/** The writable side of a record. */
export class ExchangeRecord implements RecordedRequest {
  readonly index: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly rawHeaders: readonly string[];
  readonly closed: Promise<void>;
  body: Buffer = Buffer.alloc(0);
  status = 0;
  bytesSent = 0;
  wasAborted = false;
  isComplete = false;
  readonly #close: () => void;
  #pieces: Buffer[] = [];

  constructor(index: number, head: Pick<RecordedRequest, 'method' | 'path' | 'headers' | 'rawHeaders'>) {
    this.index = index;
    this.method = head.method;
    this.path = head.path;
    this.headers = head.headers;
    this.rawHeaders = head.rawHeaders;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.#close = resolve;
  }

  get sent(): Buffer {
    const joined = Buffer.concat(this.#pieces);
    this.#pieces = [joined];
    return joined;
  }

  addSent(piece: Buffer): void {
    this.bytesSent += piece.length;
    this.#pieces.push(piece);
  }

  finish(outcome: { readonly wasAborted: boolean }): void {
    this.wasAborted = outcome.wasAborted;
    this.isComplete = !outcome.wasAborted;
    this.#close();
  }
}

const MAX_REQUESTS = 1000;
const MAX_BYTES = 256 * 1024 * 1024;

/** The latest records within bounds; the oldest go first. */
export class RecordList {
  readonly records: ExchangeRecord[] = [];
  readonly #maxRequests: number;
  readonly #maxBytes: number;
  /** Bytes of each listed record whose exchange is over. */
  readonly #sizes = new Map<ExchangeRecord, number>();
  #bytes = 0;

  constructor(options: RecordingOptions = {}) {
    this.#maxRequests = options.maxRequests ?? MAX_REQUESTS;
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
  }

  add(record: ExchangeRecord): void {
    this.records.push(record);
    if (this.records.length > this.#maxRequests) this.#dropOldest();
  }

  /** Called once when an exchange is over and its size is known. */
  settle(record: ExchangeRecord): void {
    if (this.records.lastIndexOf(record) < 0) return;
    const size = record.body.length + record.bytesSent;
    this.#sizes.set(record, size);
    this.#bytes += size;
    while (this.#bytes > this.#maxBytes && this.records.length > 1) this.#dropOldest();
  }

  clear(): void {
    this.records.length = 0;
    this.#sizes.clear();
    this.#bytes = 0;
  }

  #dropOldest(): void {
    const oldest = this.records.shift();
    if (oldest === undefined) return;
    this.#bytes -= this.#sizes.get(oldest) ?? 0;
    this.#sizes.delete(oldest);
  }
}
