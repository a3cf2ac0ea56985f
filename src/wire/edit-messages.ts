import {
  type ChatRequest,
  InputError,
  type JsonPath,
  type JsonValue,
  type Message,
  type Part,
} from '../contract/index.ts';
import { isArray, isObject } from './decode.ts';
import { type EditRules, freshItem, pathKey, setMember, unrenderable, valueAt } from './edit-request.ts';
import { editAt, type ItemEdit, type JsonEdit, toJson } from './json-splice.ts';

/** What an edit of messages works on. */
export interface EditContext {
  readonly request: ChatRequest;
  readonly root: JsonEdit;
  readonly rules: EditRules;
}

/** An array of the body whose elements are parts: what stays of it, in the new order. */
interface Container {
  readonly path: JsonPath;
  /** Elements that are parts; the others stay where they are unless dropped. */
  readonly exposed: number[];
  readonly sequence: ItemEdit[];
  readonly dropped: Set<number>;
}

/**
 * Edits the array member `key` of the body so that it holds these messages, in this order. A message
 * whose last part was taken away goes as a whole.
 */
export function editSequence(context: EditContext, key: string, messages: readonly Message[]): void {
  const { source } = context.request;
  const originals = new Map<string, Message>();
  for (const message of [...source.system, ...source.messages]) originals.set(pathKey(message.path), message);
  const items: ItemEdit[] = [];
  for (const message of messages) {
    const original = message.path && originals.get(pathKey(message.path));
    if (original?.path === undefined) {
      items.push(...context.rules.freshMessage(message).map(freshItem));
      continue;
    }
    originals.delete(pathKey(original.path));
    if (message.parts.length === 0 && original.parts.length > 0) continue;
    items.push(Number(original.path[1]));
    if (message !== original) editMessage(context, original, message);
  }
  editAt(context.root, [key]).items = items;
}

/** Edits one message in place: its role, and its parts by the paths they kept. */
export function editMessage(context: EditContext, original: Message, edited: Message): void {
  const base = original.path ?? [];
  const value = valueAt(context.request.source.value, base);
  if (edited.role !== original.role && isObject(value) && typeof value.role === 'string') {
    editAt(context.root, [...base, 'role']).replacement = toJson(edited.role);
  }
  new PartsEditor(context, base).run(original.parts, edited);
}

/** The removable value that holds a part: an element of an array, or a member of the message. */
function unitOf(part: Part, base: JsonPath): JsonPath {
  const path = part.path as JsonPath;
  if (part.kind === 'image' || part.kind === 'other') return path;
  const index = path.findIndex((step, i) => i >= base.length && typeof step === 'number');
  return path.slice(0, index === -1 ? base.length + 1 : index + 1);
}

class PartsEditor {
  readonly #context: EditContext;
  readonly #base: JsonPath;
  readonly #containers = new Map<string, Container>();
  /** Members of the message that are parts themselves: a plain `content`, a `refusal`. */
  readonly #members = new Map<string, { readonly path: JsonPath; isKept: boolean }>();
  /** Parts added to a member that is no array: what stands before and after the member's own text. */
  readonly #around = new Map<string, { readonly before: string[]; readonly after: string[] }>();

  constructor(context: EditContext, base: JsonPath) {
    this.#context = context;
    this.#base = base;
  }

  run(originals: readonly Part[], edited: Message): void {
    const byPath = new Map<string, Part>();
    for (const part of originals) {
      if (part.path === undefined) continue;
      byPath.set(pathKey(part.path), part);
      this.#register(unitOf(part, this.#base));
    }
    for (const part of edited.parts) {
      const original = part.path && byPath.get(pathKey(part.path));
      if (original === undefined) {
        this.#add(part, edited.role);
        continue;
      }
      byPath.delete(pathKey(original.path));
      this.#keep(unitOf(original, this.#base));
      if (part !== original) this.#change(original, part, edited.role);
    }
    for (const container of this.#containers.values()) this.#writeContainer(container);
    for (const [key, member] of this.#members) if (!member.isKept) this.#dropMember(key, member.path);
    for (const [container, around] of this.#around) this.#writeAround(container, around, edited.role);
  }

  #container(path: JsonPath): Container {
    const key = pathKey(path);
    let container = this.#containers.get(key);
    if (container === undefined) {
      container = { path, exposed: [], sequence: [], dropped: new Set() };
      this.#containers.set(key, container);
    }
    return container;
  }

  #register(unit: JsonPath): void {
    const step = unit.at(-1);
    if (typeof step === 'number' && unit.length > this.#base.length) {
      this.#container(unit.slice(0, -1)).exposed.push(step);
    } else this.#members.set(pathKey(unit), { path: unit, isKept: false });
  }

  #keep(unit: JsonPath): void {
    const step = unit.at(-1);
    if (typeof step === 'number' && unit.length > this.#base.length) {
      this.#container(unit.slice(0, -1)).sequence.push(step);
    }
    const member = this.#members.get(pathKey(unit));
    if (member !== undefined) member.isKept = true;
  }

  #add(part: Part, role: Message['role']): void {
    const fresh = this.#context.rules.freshPart(part, role);
    if (fresh === undefined) throw unrenderable(part, role);
    // The root holds `system` and `instructions` themselves, not a member of a message.
    const isRootMember = this.#base.length === 1;
    const path = isRootMember ? this.#base : [...this.#base, fresh.container];
    const json = toJson(fresh.value);
    if (isArray(this.#source(path))) {
      this.#container(path).sequence.push({ json });
      return;
    }
    const key = pathKey(path);
    const around = this.#around.get(key) ?? { before: [], after: [] };
    this.#around.set(key, around);
    (this.#members.get(key)?.isKept ? around.after : around.before).push(json);
  }

  #change(before: Part, after: Part, role: Message['role']): void {
    const path = before.path as JsonPath;
    if (before.kind !== after.kind) {
      const fresh = this.#context.rules.freshPart(after, role);
      const unit = unitOf(before, this.#base);
      if (fresh === undefined || typeof unit.at(-1) !== 'number' || unit.at(-2) !== fresh.container) {
        throw unrenderable(after, role);
      }
      this.#replace(unit, toJson(fresh.value));
    } else if (after.kind === 'image' || after.kind === 'other') {
      this.#replace(path, toJson(after.value));
    } else if (after.kind === 'tool-call') {
      this.#changeCall(before as typeof after, after, role);
    } else if (after.text !== (before as typeof after).text) {
      const value = this.#source(path);
      if (isArray(value) && after.kind === 'tool-result') this.#changeBlocks(path, value, after.text);
      else if (typeof value === 'string') this.#replace(path, toJson(after.text));
      else if (after.kind === 'tool-result' && (value === undefined || value === null)) {
        const key = String(path.at(-1));
        setMember(editAt(this.#context.root, path.slice(0, -1)), {
          key,
          isPresent: value === null,
          json: toJson(after.text),
        });
      } else throw unrenderable(after, role);
    }
  }

  #changeCall(
    before: Extract<Part, { kind: 'tool-call' }>,
    after: Extract<Part, { kind: 'tool-call' }>,
    role: Message['role'],
  ): void {
    if (after.id !== before.id || after.name !== before.name) throw unrenderable(after, role);
    if (after.argumentsText === before.argumentsText) return;
    const path = before.path as JsonPath;
    if (typeof this.#source(path) === 'string') {
      this.#replace(path, toJson(after.argumentsText));
      return;
    }
    try {
      this.#replace(path, toJson(JSON.parse(after.argumentsText) as JsonValue));
    } catch {
      throw unrenderable(after, role);
    }
  }

  /** One text block takes the whole new text, the one with a cache marker if any; the others go. */
  #changeBlocks(path: JsonPath, blocks: readonly JsonValue[], text: string): void {
    const container = this.#container(path);
    const isText = (block: JsonValue) => isObject(block) && typeof block.text === 'string';
    let taker = blocks.findLastIndex(
      (block) => isText(block) && (block as object & { cache_control?: unknown }).cache_control !== undefined,
    );
    if (taker === -1) taker = blocks.findIndex(isText);
    if (taker === -1) {
      const fresh = { type: this.#context.rules.textType('tool'), text };
      container.sequence.unshift(freshItem(fresh));
      return;
    }
    this.#replace([...path, taker, 'text'], toJson(text));
    for (const [i, block] of blocks.entries()) if (i !== taker && isText(block)) container.dropped.add(i);
  }

  #writeContainer(container: Container): void {
    const { path, exposed, sequence, dropped } = container;
    const value = this.#source(path);
    if (!isArray(value)) return;
    const isSame = sequence.length === exposed.length && sequence.every((item, i) => item === exposed[i]);
    if (isSame && dropped.size === 0) return;
    const parts = new Set(exposed);
    const items: ItemEdit[] = [];
    let next = 0;
    const takeOthers = (end: number): void => {
      for (; next < end; next++) if (!parts.has(next) && !dropped.has(next)) items.push(next);
    };
    for (const item of sequence) {
      if (typeof item === 'number') takeOthers(item);
      items.push(item);
    }
    takeOthers(value.length);
    const isInMessage = path.length === this.#base.length + 1;
    if (items.length === 0 && isInMessage) this.#dropMember(pathKey(path), path);
    else editAt(this.#context.root, path).items = items;
  }

  /** A message without content says null; other members of it can simply go. */
  #dropMember(key: string, path: JsonPath): void {
    if (this.#around.has(key)) return;
    const name = path.at(-1);
    if (typeof name !== 'string') {
      throw new InputError('unrenderable_edit', `The item at ${path.join('.')} cannot become another one.`);
    }
    if (name === 'content') {
      this.#replace(path, 'null');
      return;
    }
    const parent = editAt(this.#context.root, path.slice(0, -1));
    parent.children ??= new Map();
    parent.children.set(name, null);
  }

  /** Turns a plain text, or nothing, into an array of blocks. */
  #writeAround(
    key: string,
    around: { readonly before: readonly string[]; readonly after: readonly string[] },
    role: Message['role'],
  ): void {
    const { root, rules } = this.#context;
    const path = key.split('\n').map((step, i) => (i < this.#base.length ? (this.#base[i] as string) : step));
    const value = this.#source(path);
    if (typeof value === 'string' && this.#members.get(key)?.isKept) {
      const before = around.before.map((json) => `${json},`).join('');
      const after = around.after.map((json) => `,${json}`).join('');
      const type = toJson(rules.textType(role));
      editAt(root, path).wrapper = [`[${before}{"type":${type},"text":`, `}${after}]`];
      return;
    }
    const json = `[${[...around.before, ...around.after].join(',')}]`;
    setMember(editAt(root, path.slice(0, -1)), {
      key: String(path.at(-1)),
      isPresent: value !== undefined,
      json,
    });
  }

  #replace(path: JsonPath, json: string): void {
    editAt(this.#context.root, path).replacement = json;
  }

  #source(path: JsonPath): JsonValue | undefined {
    return valueAt(this.#context.request.source.value, path);
  }
}
