import type { CacheScope, JsonObject, JsonValue } from '../contract/index.ts';
import { sha256Hex } from '../support/index.ts';
import { type Normalization, normalizeProse } from './normalize.ts';

/** Changes whenever the same request gets another key. */
const KEY_VERSION = 'pare-cache-key-1';
/** Beyond this nesting a request is keyed by its bytes instead of its values. */
const MAX_DEPTH = 200;
const TEXT_BLOCKS: ReadonlySet<unknown> = new Set(['text', 'input_text', 'output_text']);

/** What a key is made of. */
export interface KeyInput {
  readonly scope: CacheScope;
  /** All messages of the body, as JSON (INV-C2). */
  readonly messages: JsonValue;
  readonly normalize: Normalization;
  /**
   * The body as sent. Used where parsed values cannot tell two bodies apart: integers beyond 2^53,
   * or nesting beyond 200 levels.
   */
  readonly bytes: Uint8Array;
}

/**
 * Returns the key of a request: SHA-256, in hex, of its scope and all its messages.
 *
 * The serialisation is injective (INV-C3): every value carries a tag, strings and lists their
 * length, and object keys are sorted. Only prose is normalized: the text of system prompts and of
 * messages, never tool results, arguments, schemas, ids or images. Linear in the size of the body.
 */
export function cacheKey(input: KeyInput): string {
  const { scope } = input;
  const writer = new KeyWriter(input.normalize);
  writer.exact(KEY_VERSION);
  writer.exact(scope.tenant);
  writer.exact(scope.wire);
  writer.exact(scope.model);
  writer.turns(scope.system);
  writer.exact(scope.tools);
  writer.exact(scope.toolChoice);
  writer.exact(scope.responseFormat);
  writer.exact(scope.sampling);
  writer.exact(scope.policy);
  writer.turns(input.messages);
  return sha256Hex(writer.isLossy ? `${writer.text}b${sha256Hex(input.bytes)}` : writer.text);
}

class KeyWriter {
  text = '';
  /** True once a value was met whose parsed form may stand for several spellings. */
  isLossy = false;
  readonly #normalize: Normalization;
  #depth = 0;

  constructor(normalize: Normalization) {
    this.#normalize = normalize;
  }

  /** Writes a value as it is. */
  exact(value: JsonValue | undefined): void {
    if (typeof value === 'string') this.#string(value);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'boolean') this.text += value ? 't' : 'f';
    else if (value === null || value === undefined) this.text += 'n';
    else if (isArray(value)) this.#array(value, writeExact);
    else this.#object(value, writeExactField);
  }

  /** Writes a system prompt or a list of messages: a string, blocks of text, or messages. */
  turns(value: JsonValue): void {
    if (typeof value === 'string') this.#prose(value);
    else if (isArray(value)) this.#array(value, writeTurn);
    else this.exact(value);
  }

  turn(value: JsonValue): void {
    if (typeof value === 'string') this.#prose(value);
    else if (!isObject(value)) this.exact(value);
    else if (typeof value['role'] === 'string' && value['role'] !== 'tool')
      this.#object(value, writeMessageField);
    else this.block(value);
  }

  content(value: JsonValue): void {
    if (typeof value === 'string') this.#prose(value);
    else if (isArray(value)) this.#array(value, writeBlock);
    else this.exact(value);
  }

  block(value: JsonValue): void {
    if (isObject(value) && TEXT_BLOCKS.has(value['type'])) this.#object(value, writeBlockField);
    else this.exact(value);
  }

  blockText(value: JsonValue): void {
    if (typeof value === 'string') this.#prose(value);
    else this.exact(value);
  }

  #prose(text: string): void {
    this.#string(normalizeProse(text, this.#normalize));
  }

  #string(text: string): void {
    if (text.isWellFormed()) {
      this.text += `s${text.length}:${text}`;
      return;
    }
    // Half of a surrogate pair would be hashed as U+FFFD, like every other half.
    const escaped = JSON.stringify(text);
    this.text += `u${escaped.length}:${escaped}`;
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value) && (Number.isInteger(value) || !Number.isFinite(value)))
      this.isLossy = true;
    this.text += `#${value};`;
  }

  #array(items: readonly JsonValue[], write: (writer: KeyWriter, item: JsonValue) => void): void {
    if (this.#enter()) {
      this.text += `a${items.length}:`;
      for (const item of items) write(this, item);
    }
    this.#depth--;
  }

  #object(object: JsonObject, write: (writer: KeyWriter, name: string, value: JsonValue) => void): void {
    if (this.#enter()) {
      this.text += 'o';
      for (const name of sortedNames(object)) {
        const value = object[name];
        if (value === undefined) continue;
        this.#string(name);
        write(this, name, value);
      }
      this.text += 'e';
    }
    this.#depth--;
  }

  #enter(): boolean {
    this.#depth++;
    if (this.#depth <= MAX_DEPTH) return true;
    this.isLossy = true;
    this.text += 'd';
    return false;
  }
}

// Functions of the module rather than closures: one key writes thousands of values.
const writeExact = (writer: KeyWriter, item: JsonValue) => writer.exact(item);
const writeTurn = (writer: KeyWriter, item: JsonValue) => writer.turn(item);
const writeBlock = (writer: KeyWriter, item: JsonValue) => writer.block(item);
const writeExactField = (writer: KeyWriter, _name: string, value: JsonValue) => writer.exact(value);
const writeMessageField = (writer: KeyWriter, name: string, value: JsonValue) =>
  name === 'content' ? writer.content(value) : writer.exact(value);
const writeBlockField = (writer: KeyWriter, name: string, value: JsonValue) =>
  name === 'text' ? writer.blockText(value) : writer.exact(value);

function sortedNames(object: JsonObject): readonly string[] {
  const names = Object.keys(object);
  for (let i = 1; i < names.length; i++) {
    if ((names[i - 1] as string) > (names[i] as string)) return names.sort();
  }
  return names;
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
