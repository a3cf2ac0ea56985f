import {
  type ChatRequest,
  InputError,
  type JsonPath,
  type JsonValue,
  type Message,
  type Part,
  type ToolDefinition,
} from '../contract/index.ts';
import { isArray, isObject } from './decode.ts';
import { editAt, type FreshJson, type ItemEdit, type JsonEdit, spliceJson, toJson } from './json-splice.ts';

/** A part rendered anew, and the array member of its message that takes it (`content`, `tool_calls`). */
export interface FreshPart {
  readonly container: string;
  readonly value: JsonValue;
}

/** How one wire writes what a stage added. */
export interface EditRules {
  /** Renders a message that the caller did not write; some wires need several elements for one. */
  freshMessage(message: Message): readonly JsonValue[];
  /** Renders one part for an existing message; undefined when the wire has no place for it there. */
  freshPart(part: Part, role: Message['role']): FreshPart | undefined;
  /** The `type` of a text block in an array of contents. */
  textType(role: Message['role']): string;
  /** Puts the edits of the system prompt and the messages into `root`. */
  editMessages(request: ChatRequest, root: JsonEdit): void;
}

/** The source bytes when nothing was edited, else the edits spliced in. */
export function renderEdited(request: ChatRequest, rules: EditRules): Uint8Array {
  const { source } = request;
  const hasModelEdit = request.model !== source.value.model;
  const hasToolEdit = request.tools !== source.tools;
  const hasMessageEdit = request.messages !== source.messages || request.system !== source.system;
  if (!hasModelEdit && !hasToolEdit && !hasMessageEdit) return source.bytes;
  const root: JsonEdit = {};
  if (hasModelEdit) editAt(root, ['model']).replacement = toJson(request.model);
  if (hasToolEdit) editTools(request, root);
  if (hasMessageEdit) rules.editMessages(request, root);
  return spliceJson(source.bytes, root);
}

/** A value that the caller did not write, as an element of an edited array. */
export function freshItem(value: JsonValue): FreshJson {
  return { json: toJson(value) };
}

function editTools(request: ChatRequest, root: JsonEdit): void {
  const { source, tools } = request;
  const originals = new Map(source.tools.map((tool) => [pathKey(tool.path), tool]));
  const items = new Map<string, ItemEdit[]>([
    ['tools', []],
    ['functions', []],
  ]);
  for (const tool of tools) {
    const original = tool.path && originals.get(pathKey(tool.path));
    if (original?.path === undefined) {
      const { key, value } = placeOfFreshTool(tool, source.tools);
      items.get(key)?.push(freshItem(value));
      continue;
    }
    originals.delete(pathKey(original.path));
    items.get(String(original.path[0]))?.push(Number(original.path[1]));
    if (tool.value !== original.value) editMembers(editAt(root, original.path), original.value, tool.value);
  }
  for (const [key, list] of items) setList(root, request, { key, items: list });
  if (tools.length === 0 && source.tools.length > 0) {
    // Providers refuse a choice among no tools.
    for (const key of ['tool_choice', 'parallel_tool_calls', 'function_call']) dropMember(root, request, key);
  }
}

/** Edits the members that differ and leaves the bytes of all others (INV-P1); a value without members goes as a whole. */
function editMembers(edit: JsonEdit, before: JsonValue, after: JsonValue): void {
  if (!isObject(before) || !isObject(after)) {
    edit.replacement = toJson(after);
    return;
  }
  for (const key of Object.keys(before)) {
    if (after[key] === before[key]) continue;
    edit.children ??= new Map();
    edit.children.set(key, editOfMember(key, before[key], after[key]));
  }
  for (const [key, value] of Object.entries(after)) {
    if (value === undefined || before[key] !== undefined) continue;
    edit.additions ??= [];
    edit.additions.push([key, toJson(value)]);
  }
}

function editOfMember(
  key: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): JsonEdit | null {
  if (after === undefined) return null;
  const edit: JsonEdit = {};
  // What a tool is stands one level further down where the wire nests it.
  if (key === 'function' && before !== undefined) editMembers(edit, before, after);
  else edit.replacement = toJson(after);
  return edit;
}

/** A list of `functions` stays one, and the only one: OpenAI refuses a request that has both lists. */
function placeOfFreshTool(
  { value }: ToolDefinition,
  originals: readonly ToolDefinition[],
): { readonly key: 'tools' | 'functions'; readonly value: JsonValue } {
  const isLegacy = originals.length > 0 && originals.every((original) => original.path?.[0] === 'functions');
  if (!isLegacy || !isObject(value)) return { key: 'tools', value };
  if (value.type === undefined) return { key: 'functions', value };
  const { function: inner } = value;
  return isObject(inner) ? { key: 'functions', value: inner } : { key: 'tools', value };
}

function dropMember(root: JsonEdit, request: ChatRequest, key: string): void {
  if (request.source.value[key] === undefined) return;
  root.children ??= new Map();
  root.children.set(key, null);
}

/** Gives the list member `key` of the body new elements; removes it when empty, adds it when absent. */
export function setList(
  root: JsonEdit,
  request: ChatRequest,
  list: { readonly key: string; readonly items: readonly ItemEdit[] },
): void {
  const present = request.source.value[list.key];
  if (isArray(present)) {
    if (list.items.length === 0 && present.length > 0) dropMember(root, request, list.key);
    else editAt(root, [list.key]).items = list.items;
  } else if (list.items.length > 0) {
    const json = `[${list.items.map((item) => (typeof item === 'number' ? '' : item.json)).join(',')}]`;
    setMember(root, { key: list.key, isPresent: present !== undefined, json });
  }
}

/** Replaces a member's value, or appends the member. */
export function setMember(
  edit: JsonEdit,
  member: { readonly key: string; readonly isPresent: boolean; readonly json: string },
): void {
  if (member.isPresent) editAt(edit, [member.key]).replacement = member.json;
  else {
    edit.additions ??= [];
    edit.additions.push([member.key, member.json]);
  }
}

/** A path as a map key; paths hold no line feeds of their own in the places that are compared. */
export function pathKey(path: JsonPath | undefined): string {
  return path === undefined ? '' : path.join('\n');
}

/** The value at a path, or undefined. */
export function valueAt(root: JsonValue | undefined, path: JsonPath): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const step of path) {
    if (isArray(value)) value = value[Number(step)];
    else if (isObject(value)) value = value[String(step)];
    else return undefined;
  }
  return value;
}

/** An edit that cannot be written in this wire is a fault of the stage that made it. */
export function unrenderable(part: Part, role: string): InputError {
  return new InputError(
    'unrenderable_edit',
    `A part of kind "${part.kind}" cannot be added to a message of role "${role}" in this wire.`,
  );
}
