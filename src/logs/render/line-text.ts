import { type HeaderStripper, learnHeader } from '../mine/index.ts';
import { splitPrefix, stripColours } from '../recognise/index.ts';
import type { ScannedLog } from '../scan/index.ts';

/** Characters of the longest line that is shown whole, unless it is one that matters. */
export const MAX_CHARS = 400;
/** Share of a long line that is shown from its beginning. */
const HEAD_SHARE = 0.7;
/** Lines that are looked at to tell how a log's lines begin. */
const SAMPLE_LINES = 400;
/** A beginning is left out where at least this share of the lines has one; a rare one is content. */
const USUAL_SHARE = 0.4;
const LEVEL =
  /[[(<]?\b(?:TRACE|DEBUG|VERBOSE|INFO|NOTICE|WARN|WARNING|ERR|ERROR|SEVERE|FATAL|CRIT|CRITICAL|ALERT|EMERG|PANIC)\b[\])>]?:?/i;
const TIME = /\d{1,2}[:.]\d{2}[:.]\d{2}|\d{4}[-/.]\d{2}[-/.]\d{2}|\b1\d{9}\b/;

/** How the lines of one log begin: with what is the same in nearly all of them, and tells nothing about one. */
export interface LineForm {
  /** Most lines begin with a time or a runner's prefix. */
  readonly hasPrefix: boolean;
  /** A line as it is shown: without colours, time, prefix and header; the level stays. */
  shown(line: string): string;
  /** What a line says, without any header. */
  message(line: string): string;
}

/** Learns from a sample how the lines of a log begin. */
export function learnForm(log: ScannedLog): LineForm {
  const step = Math.max(1, Math.floor(log.lineCount / SAMPLE_LINES));
  const sample: string[] = [];
  for (let line = 0; line < log.lineCount; line += step) {
    const text = stripColours(log.text(line, line + 1)[0] ?? '');
    if (text.trim() !== '') sample.push(text);
  }
  const prefixed = sample.filter((text) => splitPrefix(text).prefix !== '').length;
  const hasPrefix = prefixed > 0 && prefixed >= sample.length * USUAL_SHARE;
  const strip = rememberLast(learnHeader(sample));
  return {
    hasPrefix,
    shown: (line) => {
      const plain = stripColours(line);
      return withoutHeader(hasPrefix ? splitPrefix(plain).message : plain, plain, strip).trimEnd();
    },
    message: (line) => {
      const plain = stripColours(line);
      const short = strip(plain);
      return short.length < plain.length ? short : splitPrefix(plain).message;
    },
  };
}

/** What a line shows and what it says are asked for one after the other. */
function rememberLast(strip: HeaderStripper): HeaderStripper {
  let last = '';
  let stripped = strip(last);
  return (line) => {
    if (line !== last) {
      last = line;
      stripped = strip(line);
    }
    return stripped;
  };
}

/** Leaves out a header that holds a time, but for the level in it. */
function withoutHeader(folded: string, plain: string, strip: HeaderStripper): string {
  const message = strip(plain);
  if (message === '' || message.length >= folded.length || !folded.endsWith(message)) return folded;
  // Where the time is gone already, what is left of a header may be the name of who speaks.
  const header = folded.slice(0, folded.length - message.length);
  if (!TIME.test(header)) return folded;
  const level = LEVEL.exec(header);
  if (level === null) return message;
  const between = header.slice(level.index + level[0].length);
  return `${level[0]}${between.trim() === '' ? between : ' '}${message}`;
}

/** Cuts a very long text in its middle, and says so. */
export function cutMiddle(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const head = Math.floor(maxChars * HEAD_SHARE);
  const tail = maxChars - head;
  return `${safeHead(text, head)}[… ${text.length - head - tail} chars …]${safeTail(text, tail)}`;
}

/** Never ends inside a surrogate pair. */
function safeHead(text: string, length: number): string {
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 1 : length);
}

function safeTail(text: string, length: number): string {
  const from = text.length - length;
  const code = text.charCodeAt(from);
  return text.slice(code >= 0xdc00 && code <= 0xdfff ? from + 1 : from);
}
