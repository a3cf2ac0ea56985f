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

/** What an entry costs in memory besides its body: its objects and its key took 740 bytes when measured. */
const ITEM_BYTES = 800;

/**
 * Keeps entries in memory, bounded by bytes (INV-S4). The oldest goes first, but one that was used
 * since it was last passed over gets a second chance: near to least-recently-used, and a hit costs
 * one look-up where reordering a map costs several.
 */
export class Front {
  readonly #slots = new Map<string, Slot>();
  readonly #maxBytes: number;
  /** Stands before the oldest. Kept, since one that starts anew passes all gaps of the map again. */
  #oldest: MapIterator<[string, Slot]> | undefined;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(key: string): FrontItem | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    slot.isUsed = true;
    return slot.item;
  }

  set(key: string, item: FrontItem): void {
    this.delete(key);
    const size = sizeOf(item);
    // One huge answer would push everything else out.
    if (size * 4 > this.#maxBytes) return;
    this.#slots.set(key, { item, isUsed: false });
    this.#bytes += size;
    while (this.#bytes > this.#maxBytes) this.#passOldest(key);
  }

  clear(): void {
    this.#slots.clear();
    this.#oldest = undefined;
    this.#bytes = 0;
  }

  /** Drops the oldest, or moves it to the end when it was used or is the one to keep. */
  #passOldest(kept: string): void {
    this.#oldest ??= this.#slots.entries();
    const { value, done } = this.#oldest.next();
    if (done === true) {
      this.#oldest = undefined;
      return;
    }
    const [key, slot] = value;
    this.delete(key);
    if (!slot.isUsed && key !== kept) return;
    this.#slots.set(key, { item: slot.item, isUsed: false });
    this.#bytes += sizeOf(slot.item);
  }

  /** Forgets an entry, if it is there. */
  delete(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#slots.delete(key);
    this.#bytes -= sizeOf(slot.item);
  }
}

interface Slot {
  readonly item: FrontItem;
  isUsed: boolean;
}

function sizeOf(item: FrontItem): number {
  // Twice, since the body may be parsed.
  return item.entry.body.byteLength * 2 + ITEM_BYTES;
}
