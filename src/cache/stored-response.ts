import {
  type CacheEntry,
  type ChatResponse,
  type FinishReason,
  type StoredCacheEntry,
  StoreError,
  type ToolCall,
  type Usage,
  type WireFormat,
} from '../contract/index.ts';
import type { CacheCodecs } from './options.ts';

/**
 * A stored answer as a `ChatResponse`. The body is parsed when `id`, `model`, `finish`, `text` or
 * `toolCalls` are first read, and only once: a hit that is replayed as JSON needs none of them.
 */
export class StoredResponse implements ChatResponse {
  readonly wire: WireFormat;
  readonly bytes: Uint8Array;
  readonly usage: Usage;
  readonly #codecs: CacheCodecs;
  #parsed: ChatResponse | undefined;

  constructor(entry: CacheEntry, codecs: CacheCodecs) {
    this.wire = entry.wire;
    this.bytes = entry.body;
    this.usage = entry.usage;
    this.#codecs = codecs;
  }

  get id(): string {
    return this.#parse().id;
  }

  get model(): string {
    return this.#parse().model;
  }

  get finish(): FinishReason {
    return this.#parse().finish;
  }

  get text(): string {
    return this.#parse().text;
  }

  get toolCalls(): readonly ToolCall[] {
    return this.#parse().toolCalls;
  }

  #parse(): ChatResponse {
    this.#parsed ??= this.#codecs[this.wire].parseResponse(this.bytes);
    if (this.#parsed !== undefined) return this.#parsed;
    throw new StoreError(
      'cache_entry_unreadable',
      `A stored answer is no answer of ${this.wire}; clear the cache.`,
    );
  }
}

/** An entry with its answer, made once per stay in memory. */
export interface FrontItem {
  readonly entry: StoredCacheEntry;
  readonly response: ChatResponse;
}

/** What an entry costs in memory besides its body. */
const ITEM_BYTES = 1024;

/** Keeps the entries that were used last, bounded by bytes (INV-S4). */
export class Front {
  readonly #items = new Map<string, FrontItem>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The item, which becomes the most recently used. */
  get(key: string): FrontItem | undefined {
    const item = this.#items.get(key);
    if (item === undefined) return undefined;
    this.#items.delete(key);
    this.#items.set(key, item);
    return item;
  }

  set(key: string, item: FrontItem): void {
    this.delete(key);
    const size = sizeOf(item);
    // One huge answer would push everything else out.
    if (size * 4 > this.#maxBytes) return;
    this.#items.set(key, item);
    this.#bytes += size;
    for (const oldest of this.#items.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const item = this.#items.get(key);
    if (item === undefined) return;
    this.#items.delete(key);
    this.#bytes -= sizeOf(item);
  }

  clear(): void {
    this.#items.clear();
    this.#bytes = 0;
  }
}

function sizeOf(item: FrontItem): number {
  // Twice, since the body may be parsed.
  return item.entry.body.byteLength * 2 + ITEM_BYTES;
}
