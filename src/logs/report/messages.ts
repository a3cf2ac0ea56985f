import type { LineForm } from '../render/line-text.ts';
import type { ScannedLog } from '../scan/index.ts';

/** The first line of a shape as a report tells of it. */
export interface Message {
  /** Without colours, time and runner's prefix. */
  readonly shown: string;
  /** What it says, without level, thread and logger. */
  readonly bare: string;
}

/** Reads what the first line of a shape says. */
export type Messages = (shape: number) => Message;

/** Makes a reader of a log's messages. */
export function messagesOf(log: ScannedLog, form: LineForm): Messages {
  return (shape) => {
    const text = log.firstText(shape);
    return { shown: form.shown(text), bare: bareOf(text, form) };
  };
}

/** What a line says, without level, thread and logger; a line of nothing else as it is shown. */
export function bareOf(text: string, form: LineForm): string {
  const bare = form.message(text).trim();
  return bare === '' ? form.shown(text) : bare;
}

/** The beginning of a text, never cut inside a character. */
export function cutTo(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const head = text.slice(0, chars - 1);
  const last = head.charCodeAt(head.length - 1);
  return `${last >= 0xd800 && last <= 0xdbff ? head.slice(0, -1) : head}…`;
}
