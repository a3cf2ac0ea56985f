import type { JsonObject, JsonValue } from '../../contract/index.ts';

/** Stands between two turns of a user in one text; texts of users never hold it. */
const TURN_END = '\n\u001E\n';
/** The record separator of ASCII. */
const MARK = '\u001E';
const TEXT_BLOCKS: ReadonlySet<unknown> = new Set(['text', 'input_text']);

/** A conversation taken apart into what is compared by meaning and what must be equal. */
export interface Conversation {
  /** What the user wrote, turn by turn; the last one is asked now. */
  readonly turns: readonly string[];
  /** The messages with null in place of those texts: roles, answers, images, names and their order. */
  readonly frame: JsonValue;
}

/**
 * Takes the messages of a body apart (any of the wires).
 *
 * The answer to a turn depends on all that was said before it, so the frame holds every answer word for word: a
 * follow-up such as "and for Berlin?" only meets follow-ups to the same answers (INV-C2).
 */
export function takeApart(messages: JsonValue): Conversation {
  if (typeof messages === 'string') return { turns: [clean(messages)], frame: null };
  if (!isArray(messages)) return { turns: [], frame: messages };
  const turns: string[] = [];
  const frame = messages.map((message) => {
    if (!isObject(message) || message['role'] !== 'user') return message;
    const { content } = message;
    if (typeof content === 'string') {
      turns.push(clean(content));
      return { ...message, content: null };
    }
    if (!isArray(content)) return message;
    const texts: string[] = [];
    const blocks = content.map((block) => withoutText(block, texts));
    if (texts.length > 0) turns.push(texts.join('\n'));
    return { ...message, content: blocks };
  });
  return { turns, frame };
}

/** The turns as one text. */
export function joinTurns(turns: readonly string[]): string {
  return turns.join(TURN_END);
}

/** The turns of a text that `joinTurns` made. */
export function splitTurns(text: string): string[] {
  return text.split(TURN_END);
}

function withoutText(block: JsonValue, texts: string[]): JsonValue {
  if (!isObject(block) || !TEXT_BLOCKS.has(block['type']) || typeof block['text'] !== 'string') return block;
  texts.push(clean(block['text']));
  return { ...block, text: null };
}

function clean(text: string): string {
  return text.replaceAll(MARK, ' ').trim();
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
