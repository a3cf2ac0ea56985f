import {
  InputError,
  type JsonObject,
  type JsonValue,
  type Message,
  type ToolDefinition,
} from '../contract/index.ts';
import { isArray, isObject } from './decode.ts';

/** What the three wires read alike from a body. */
export interface CommonFields {
  readonly model: string;
  readonly isStream: boolean;
}

/** @throws InputError `missing_model` or `invalid_field` */
export function readCommonFields(body: JsonObject): CommonFields {
  const { model, stream } = body;
  if (model === undefined || model === null || model === '') {
    throw new InputError('missing_model', 'The body has no "model"; name the model to use.');
  }
  if (typeof model !== 'string') throw wrongType('model', 'a string', model);
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw wrongType('stream', 'true or false', stream);
  }
  return { model, isStream: stream === true };
}

/** The elements of an array field; none when it is absent or null. @throws InputError `invalid_field` */
export function readList(body: JsonObject, field: string): readonly JsonValue[] {
  const value = body[field];
  if (value === undefined || value === null) return [];
  if (!isArray(value)) throw wrongType(field, 'an array', value);
  return value;
}

/**
 * The messages of a body.
 *
 * @throws InputError `invalid_messages` when absent, empty or holding something without a role,
 *   `invalid_field` when not an array
 */
export function readMessages(body: JsonObject): readonly JsonObject[] {
  const { messages } = body;
  if (messages === undefined || messages === null) {
    throw new InputError('invalid_messages', 'The body has no "messages"; send at least one message.');
  }
  if (!isArray(messages)) throw wrongType('messages', 'an array', messages);
  if (messages.length === 0) {
    throw new InputError('invalid_messages', '"messages" is empty; send at least one message.');
  }
  for (let i = 0; i < messages.length; i++) {
    const message = messages[i];
    if (!isObject(message) || typeof message.role !== 'string') {
      throw new InputError('invalid_messages', `"messages[${i}]" must be an object with a "role".`);
    }
  }
  return messages as readonly JsonObject[];
}

/** An error that says which field has which wrong type, without quoting its value. */
export function wrongType(field: string, wanted: string, value: JsonValue | undefined): InputError {
  const seen = value === null ? 'null' : isArray(value) ? 'an array' : `a value of type ${typeof value}`;
  return new InputError('invalid_field', `"${field}" must be ${wanted}, got ${seen}.`);
}

/** The value when it is a string, else `''`. */
export function stringOr(value: JsonValue | undefined, fallback = ''): string {
  return typeof value === 'string' ? value : fallback;
}

/** Index of the first message after the last one of the assistant. */
export function findLiveFrom(messages: readonly Message[]): number {
  let i = messages.length;
  while (i > 0 && messages[i - 1]?.role !== 'assistant') i--;
  return i;
}

/** True when tool results stand after the last message of the user that holds none (INV-C6). */
export function endsInToolResults(messages: readonly Message[]): boolean {
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i] as Message;
    if (message.role === 'tool' || message.parts.some((part) => part.kind === 'tool-result')) return true;
    if (message.role === 'user') return false;
  }
  return false;
}

/** True when the provider runs one of the tools. */
export function hasHostedTool(tools: readonly ToolDefinition[]): boolean {
  return tools.some((tool) => tool.isHosted);
}

/** An object of the fields that are present, or null when none is. */
export function pick(body: JsonObject, fields: readonly string[]): JsonValue {
  let picked: Record<string, JsonValue> | null = null;
  for (const field of fields) {
    const value = body[field];
    if (value === undefined) continue;
    picked ??= {};
    picked[field] = value;
  }
  return picked;
}

/** An object of all fields but these. */
export function omit(body: JsonObject, fields: ReadonlySet<string>): JsonObject {
  const kept: Record<string, JsonValue | undefined> = {};
  for (const field in body) if (!fields.has(field)) kept[field] = body[field];
  return kept;
}
