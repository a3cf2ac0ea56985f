import { isAscii } from 'node:buffer';
import { InputError, type JsonObject, type JsonValue } from '../contract/index.ts';

/** Levels of nesting that a body may have; deeper ones are refused before they are parsed. */
export const MAX_DEPTH = 256;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Below this length a plain scan is faster than native searches. */
const SCAN_AT_ONCE_BYTES = 1024;

const DECODER = new TextDecoder('utf-8', { fatal: true });

/** True for a JSON object, not an array and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `readonly` arrays defeat `Array.isArray`; this narrows a JSON value to its elements. */
export function isArray(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/**
 * Parses a request body; a UTF-8 byte order mark is skipped.
 *
 * @throws InputError `nesting_too_deep`, `invalid_utf8`, `invalid_json` or `invalid_body`
 */
export function decodeBody(bytes: Uint8Array): JsonObject {
  if (isTooDeep(bytes)) {
    throw new InputError(
      'nesting_too_deep',
      `The body nests arrays and objects deeper than ${MAX_DEPTH} levels; flatten it.`,
    );
  }
  let text: string;
  try {
    text = decodeText(bytes);
  } catch {
    throw new InputError('invalid_utf8', 'The body is not valid UTF-8; send JSON encoded as UTF-8.');
  }
  const value = parse(text);
  if (!isObject(value)) {
    const seen = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
    throw new InputError('invalid_body', `The body must be a JSON object, got ${seen}.`);
  }
  return value;
}

/** An answer this short cannot stall the parser, however it nests. */
const UNCHECKED_ANSWER_BYTES = 65_536;

/** Text of UTF-8 bytes; the usual ASCII takes a faster way. @throws TypeError when they are not UTF-8 */
function decodeText(bytes: Uint8Array): string {
  if (!isAscii(bytes)) return DECODER.decode(bytes);
  // A view of the same bytes is only made for those who have none: it costs as much as the text.
  if (Buffer.isBuffer(bytes)) return bytes.toString('latin1');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The value of an answer's bytes, or undefined when they are not JSON; never throws. */
export function decodeAnswer(bytes: Uint8Array): JsonValue | undefined {
  if (bytes.length > UNCHECKED_ANSWER_BYTES && isTooDeep(bytes)) return undefined;
  try {
    return JSON.parse(decodeText(bytes)) as JsonValue;
  } catch {
    return undefined;
  }
}

/** The object that an event's data holds, or undefined; never throws. */
export function decodeEvent(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The engine's message quotes the body, which may hold a prompt or a key: only the place is told.
    const place = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const where = place === undefined ? '' : ` at character ${place}`;
    throw new InputError('invalid_json', `The body is not valid JSON${where}.`, {
      details: { length: text.length },
    });
  }
}

/**
 * True when the nesting passes `MAX_DEPTH`. `JSON.parse` does not crash on deep input, but it stalls:
 * seconds for 32 MB of brackets.
 */
function isTooDeep(bytes: Uint8Array): boolean {
  if (bytes.length <= MAX_DEPTH) return false;
  if (bytes.length > SCAN_AT_ONCE_BYTES && !mayBeTooDeep(bytes)) return false;
  let depth = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) i++;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > MAX_DEPTH) return true;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
  }
  return false;
}

/** Counts opening bytes by native search: prose holds few, so most bodies need no scan. */
function mayBeTooDeep(bytes: Uint8Array): boolean {
  let left = MAX_DEPTH;
  for (const opener of [OPEN_BRACE, OPEN_BRACKET]) {
    for (let i = bytes.indexOf(opener); i !== -1; i = bytes.indexOf(opener, i + 1)) {
      if (left-- === 0) return true;
    }
  }
  return false;
}
