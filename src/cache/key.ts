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
 * What is hashed is one JSON array of all parts with the keys of every object in one order, which
 * is injective (INV-C3): JSON delimits its values itself. Only prose is normalized: the text of
 * system prompts and of messages, never tool results, arguments, schemas, ids or images. Linear in
 * the size of the body.
 */
export function cacheKey(input: KeyInput): string {
  const { scope } = input;
  const form = new CanonicalForm(input.normalize);
  const text = JSON.stringify([
    KEY_VERSION,
    scope.tenant,
    scope.wire,
    scope.model,
    form.turns(scope.system),
    form.exact(scope.tools),
    form.exact(scope.toolChoice),
    form.exact(scope.responseFormat),
    form.exact(scope.sampling),
    form.exact(scope.policy),
    form.turns(input.messages),
  ]);
  return sha256Hex(form.isLossy ? `${text}${sha256Hex(input.bytes)}` : text);
}

type Rewrite = (form: CanonicalForm, value: JsonValue) => JsonValue;
type RewriteField = (form: CanonicalForm, name: string, value: JsonValue) => JsonValue;

/**
 * Brings values into the one form that stands for all that are equal. A value that is in this form
 * already is returned as it is: most messages are, and then nothing is copied.
 */
class CanonicalForm {
  /** True once a value was met whose parsed form may stand for several spellings. */
  isLossy = false;
  readonly #normalize: Normalization;
  #depth = 0;

  constructor(normalize: Normalization) {
    this.#normalize = normalize;
  }

  /** A value whose texts count as they are. */
  exact(value: JsonValue): JsonValue {
    if (typeof value === 'number') this.#check(value);
    if (typeof value !== 'object' || value === null) return value;
    return isArray(value) ? this.#array(value, exact) : this.#object(value, exactField);
  }

  /** A system prompt or a list of messages: a text, blocks of text, or messages. */
  turns(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.#prose(value);
    return isArray(value) ? this.#array(value, turn) : this.exact(value);
  }

  turn(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.#prose(value);
    if (!isObject(value)) return this.exact(value);
    if (typeof value['role'] === 'string' && value['role'] !== 'tool')
      return this.#object(value, messageField);
    return this.block(value);
  }

  content(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.#prose(value);
    return isArray(value) ? this.#array(value, block) : this.exact(value);
  }

  block(value: JsonValue): JsonValue {
    if (isObject(value) && TEXT_BLOCKS.has(value['type'])) return this.#object(value, blockField);
    return this.exact(value);
  }

  blockText(value: JsonValue): JsonValue {
    return typeof value === 'string' ? this.#prose(value) : this.exact(value);
  }

  #prose(text: string): string {
    return normalizeProse(text, this.#normalize);
  }

  #check(value: number): void {
    if (!Number.isSafeInteger(value) && (Number.isInteger(value) || !Number.isFinite(value)))
      this.isLossy = true;
  }

  #array(items: readonly JsonValue[], rewrite: Rewrite): JsonValue {
    if (!this.#enter()) return null;
    let copy: JsonValue[] | undefined;
    for (let i = 0; i < items.length; i++) {
      const item = items[i] as JsonValue;
      const canonical = rewrite(this, item);
      if (canonical === item) continue;
      copy ??= [...items];
      copy[i] = canonical;
    }
    this.#depth--;
    return copy ?? items;
  }

  #object(object: JsonObject, rewrite: RewriteField): JsonValue {
    if (!this.#enter()) return null;
    const names = Object.keys(object);
    let copy: Record<string, JsonValue> | undefined;
    if (!isDescending(names)) {
      names.sort(descending);
      copy = copyOf(object, names);
    }
    for (const name of names) {
      const value = object[name];
      if (value === undefined) continue;
      const canonical = rewrite(this, name, value);
      if (canonical === value) continue;
      copy ??= copyOf(object, names);
      copy[name] = canonical;
    }
    this.#depth--;
    return copy ?? object;
  }

  #enter(): boolean {
    if (this.#depth < MAX_DEPTH) {
      this.#depth++;
      return true;
    }
    this.isLossy = true;
    return false;
  }
}

// Functions of the module rather than closures: one key visits thousands of values.
const exact: Rewrite = (form, item) => form.exact(item);
const turn: Rewrite = (form, item) => form.turn(item);
const block: Rewrite = (form, item) => form.block(item);
const exactField: RewriteField = (form, _name, value) => form.exact(value);
const messageField: RewriteField = (form, name, value) =>
  name === 'content' ? form.content(value) : form.exact(value);
const blockField: RewriteField = (form, name, value) =>
  name === 'text' ? form.blockText(value) : form.exact(value);

/** Descending, because the usual `role, content` and `type, text` then stand in order already. */
const descending = (a: string, b: string): number => (a < b ? 1 : -1);

function copyOf(object: JsonObject, names: readonly string[]): Record<string, JsonValue> {
  // Without a prototype `__proto__` is a field like any other; with one, all else is faster.
  const copy: Record<string, JsonValue> = names.includes('__proto__') ? Object.create(null) : {};
  for (const name of names) {
    const value = object[name];
    if (value !== undefined) copy[name] = value;
  }
  return copy;
}

function isDescending(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i++) {
    if ((names[i - 1] as string) < (names[i] as string)) return false;
  }
  return true;
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
