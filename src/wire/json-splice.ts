import { Buffer } from 'node:buffer';
import type { JsonValue } from '../contract/index.ts';

/** JSON text that stands for a value which the caller did not write. */
export interface FreshJson {
  readonly json: string;
}

/** One element of an edited array: an original one by its index, or a fresh one. */
export type ItemEdit = number | FreshJson;

/** What happens to one value of a JSON text. An absent field leaves that aspect as it was. */
export interface JsonEdit {
  /** Put this text in place of the value. */
  replacement?: string;
  /** Put the value, replaced or not, between these two texts. */
  wrapper?: readonly [before: string, after: string];
  /** Edits of members (by key) and elements (by original index). `null` removes a member. */
  children?: Map<string | number, JsonEdit | null>;
  /** The elements of the array anew. */
  items?: readonly ItemEdit[];
  /** Members to append to the object. */
  additions?: [key: string, json: string][];
}

/** The edit of the value at `path` below `root`, made when there is none yet. */
export function editAt(root: JsonEdit, path: readonly (string | number)[]): JsonEdit {
  let edit = root;
  for (const step of path) {
    edit.children ??= new Map();
    let child = edit.children.get(step);
    if (child === undefined || child === null) {
      child = {};
      edit.children.set(step, child);
    }
    edit = child;
  }
  return edit;
}

/**
 * The bytes with the edits made at the offsets of the values they name; all other bytes are kept.
 *
 * The text must be valid JSON. Of members with the same key the last one counts, as in `JSON.parse`;
 * removing a member removes all of them. Each byte is looked at once.
 */
export function spliceJson(bytes: Uint8Array, edit: JsonEdit): Uint8Array {
  return new Splicer(bytes).run(edit);
}

/**
 * The bytes of the value at `path`, or undefined when there is none. For valid JSON only.
 */
export function sliceJson(bytes: Uint8Array, path: readonly (string | number)[]): Uint8Array | undefined {
  const edit: JsonEdit = {};
  editAt(edit, path);
  let span: Span | undefined = scan(bytes, startOf(bytes), edit);
  for (const step of path) span = span?.children?.find((child) => child.key === step && !child.isShadowed);
  return span === undefined ? undefined : bytes.subarray(span.start, span.end);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Where a value stands; children are kept only where an edit needs them. */
interface Span {
  key: string | number;
  /** First byte of the key for a member, of the value for an element. */
  outerStart: number;
  readonly start: number;
  end: number;
  children: Span[] | undefined;
  /** True when a later member has the same key. */
  isShadowed: boolean;
}

function startOf(bytes: Uint8Array): number {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return skipBlanks(bytes, hasMark ? 3 : 0);
}

function skipBlanks(bytes: Uint8Array, from: number): number {
  let i = from;
  while (i < bytes.length && (bytes[i] as number) <= 0x20) i++;
  return i;
}

/** The index after the string that begins at `from`. */
function skipString(bytes: Uint8Array, from: number): number {
  let i = from + 1;
  while (i < bytes.length && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
  return i + 1;
}

/** The index after the value that begins at `from`. */
function skipValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from];
  if (first === QUOTE) return skipString(bytes, from);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    let i = from;
    while (i < bytes.length && !isDelimiter(bytes[i] as number)) i++;
    return i;
  }
  let depth = 0;
  let i = from;
  while (i < bytes.length) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      i = skipString(bytes, i);
      continue;
    }
    i++;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) break;
  }
  return i;
}

function isDelimiter(byte: number): boolean {
  return byte <= 0x20 || byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET;
}

function readKey(bytes: Uint8Array, start: number, end: number): string {
  const inner = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  return inner.includes(BACKSLASH)
    ? (JSON.parse(inner.toString()) as string)
    : inner.toString('utf8', 1, inner.length - 1);
}

function needsChildren(edit: JsonEdit): boolean {
  return edit.children !== undefined || edit.items !== undefined || edit.additions !== undefined;
}

/** The span of the value at `start`, with the spans below it that the edit needs. */
function scan(bytes: Uint8Array, start: number, edit: JsonEdit): Span {
  const isArray = bytes[start] === OPEN_BRACKET;
  const span: Span = {
    key: '',
    outerStart: start,
    start,
    end: start,
    children: undefined,
    isShadowed: false,
  };
  if (!needsChildren(edit) || (!isArray && bytes[start] !== OPEN_BRACE)) {
    span.end = skipValue(bytes, start);
    return span;
  }
  const children: Span[] = [];
  const last = new Map<string, Span>();
  let i = skipBlanks(bytes, start + 1);
  while (i < bytes.length && bytes[i] !== CLOSE_BRACE && bytes[i] !== CLOSE_BRACKET) {
    const outer = i;
    let step: string | number = children.length;
    if (!isArray) {
      const keyEnd = skipString(bytes, i);
      step = readKey(bytes, i, keyEnd);
      i = skipBlanks(bytes, skipBlanks(bytes, keyEnd) + 1);
    }
    const child = scan(bytes, i, edit.children?.get(step) ?? {});
    child.key = step;
    child.outerStart = outer;
    if (typeof step === 'string') {
      const earlier = last.get(step);
      if (earlier !== undefined) earlier.isShadowed = true;
      last.set(step, child);
    }
    children.push(child);
    i = skipBlanks(bytes, child.end);
    if (bytes[i] === COMMA) i = skipBlanks(bytes, i + 1);
  }
  span.children = children;
  span.end = i + 1;
  return span;
}

class Splicer {
  readonly #bytes: Uint8Array;
  readonly #out: Uint8Array[] = [];
  /** Start of the run of kept bytes that is not written yet, and its end. */
  #from = 0;
  #to = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  run(edit: JsonEdit): Uint8Array {
    const root = scan(this.#bytes, startOf(this.#bytes), edit);
    this.#keep(0, root.start);
    this.#value(root, edit);
    this.#keep(root.end, this.#bytes.length);
    this.#flush();
    return Buffer.concat(this.#out);
  }

  /** Writes original bytes; neighbouring runs become one slice. */
  #keep(from: number, to: number): void {
    if (from !== this.#to) {
      this.#flush();
      this.#from = from;
    }
    this.#to = to;
  }

  #flush(): void {
    if (this.#to > this.#from) this.#out.push(this.#bytes.subarray(this.#from, this.#to));
    this.#from = this.#to;
  }

  #text(text: string): void {
    this.#flush();
    this.#out.push(Buffer.from(text));
  }

  #value(span: Span, edit: JsonEdit): void {
    if (edit.wrapper !== undefined) this.#text(edit.wrapper[0]);
    if (edit.replacement !== undefined) this.#text(edit.replacement);
    else if (span.children === undefined || !needsChildren(edit)) this.#keep(span.start, span.end);
    else this.#container(span, span.children, edit);
    if (edit.wrapper !== undefined) this.#text(edit.wrapper[1]);
  }

  /** Objects and arrays: what stays keeps its bytes and those before it, up to its left neighbour. */
  #container(span: Span, children: readonly Span[], edit: JsonEdit): void {
    this.#keep(span.start, children[0]?.outerStart ?? span.start + 1);
    let isFirst = true;
    for (const item of edit.items ?? children.keys()) {
      const child = typeof item === 'number' ? children[item] : undefined;
      if (child !== undefined && edit.children?.get(child.key) === null) continue;
      if (!isFirst) this.#separator(children, typeof item === 'number' && item > 0 ? item : 1);
      isFirst = false;
      if (typeof item !== 'number') this.#text(item.json);
      else if (child !== undefined) {
        this.#keep(child.outerStart, child.start);
        this.#value(child, child.isShadowed ? {} : (edit.children?.get(child.key) ?? {}));
      }
    }
    for (const [key, json] of edit.additions ?? []) {
      if (!isFirst) this.#text(',');
      isFirst = false;
      this.#text(`${JSON.stringify(key)}:${json}`);
    }
    this.#keep(children.at(-1)?.end ?? span.end - 1, span.end);
  }

  /** The caller's own bytes before child `index`; a comma when there are none to copy. */
  #separator(children: readonly Span[], index: number): void {
    const left = children[index - 1];
    const right = children[index];
    if (left === undefined || right === undefined) this.#text(',');
    else this.#keep(left.end, right.outerStart);
  }
}

/** A value as JSON text, the way `JSON.stringify` writes it. */
export function toJson(value: JsonValue | undefined): string {
  return JSON.stringify(value ?? null);
}
