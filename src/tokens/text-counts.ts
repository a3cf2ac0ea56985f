import type { ContentClass } from '../contract/index.ts';
import { createClassifier } from './content-class.ts';
import type { EncodingCounter } from './encoding.ts';

/** What a text holds: its tokens in one encoding, and its kind. */
export interface CountedText {
  readonly tokens: number;
  readonly contentClass: ContentClass;
}

/** Characters that one generation of remembered texts may hold. */
const GENERATION_CHARS = 8_000_000;
/** Remembering all shorter texts would cost more than counting them, and leave work for the collector. */
const MIN_REMEMBERED_CHARS = 256;
/** Places for short texts, by length: enough for the system prompts and the like that come with every request. */
const SHORT_SLOTS = 32;
/** Also bounds what many tiny texts cost. */
const GENERATION_ENTRIES = 50_000;

/**
 * Counts texts of one encoding and remembers them, so that history which comes back every turn is
 * counted once. Two generations bound the memory (INV-S4): what was not asked for while one filled
 * up is forgotten with the next.
 */
export class TextCounts {
  readonly counter: EncodingCounter;
  readonly #classify = createClassifier();
  readonly #short: ({ readonly text: string; readonly counted: CountedText } | undefined)[] = Array.from({
    length: SHORT_SLOTS,
  });
  #recent = new Map<string, CountedText>();
  #older = new Map<string, CountedText>();
  #chars = 0;

  constructor(counter: EncodingCounter) {
    this.counter = counter;
  }

  /** Tokens and kind of the text. */
  of(text: string): CountedText {
    if (text.length >= MIN_REMEMBERED_CHARS) {
      return this.#known(text) ?? this.put(text, this.counter.count(text));
    }
    const slot = text.length % SHORT_SLOTS;
    const last = this.#short[slot];
    if (last?.text === text) return last.counted;
    const counted = { tokens: this.counter.count(text), contentClass: this.#classify(text) };
    this.#short[slot] = { text, counted };
    return counted;
  }

  /** True when the text is remembered. */
  has(text: string): boolean {
    return this.#recent.has(text) || this.#older.has(text);
  }

  /** Remembers what a worker counted. */
  put(text: string, tokens: number): CountedText {
    const counted = { tokens, contentClass: this.#classify(text) };
    this.#keep(text, counted);
    return counted;
  }

  #known(text: string): CountedText | undefined {
    const recent = this.#recent.get(text);
    if (recent !== undefined) return recent;
    const older = this.#older.get(text);
    if (older !== undefined) this.#keep(text, older);
    return older;
  }

  #keep(text: string, counted: CountedText): void {
    if (this.#chars > GENERATION_CHARS || this.#recent.size >= GENERATION_ENTRIES) {
      this.#older = this.#recent;
      this.#recent = new Map();
      this.#chars = 0;
    }
    this.#recent.set(text, counted);
    this.#chars += text.length;
  }
}
