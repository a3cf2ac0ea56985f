import type { LogSource } from '../scan/log-source.ts';
import type { Turns } from '../scan/turns.ts';

/** Texts up to this are counted whole. */
const EXACT_BYTES = 1_048_576;
/** What is read to estimate the tokens of a longer one, and in how many places. */
const SAMPLE_BYTES = 1_048_576;
const SAMPLES = 64;
/** What is counted at once. */
const PIECE_BYTES = 65_536;
/** Text that no place to cut was found in is held up to this, and then cut anyway. */
const MOST_HELD_CHARS = 4 * 1024 * 1024;

/** Tokens of a whole log. */
export interface InputTokens {
  readonly tokens: number;
  readonly basis: 'exact' | 'calibrated' | 'estimated';
}

/** How the tokens of a log are counted. */
export interface InputCount {
  readonly source: LogSource;
  /** Bytes of the text. */
  readonly bytes: number;
  readonly count: (text: string) => number;
  readonly turns: Turns;
  /** Counts all of it, however long it takes. */
  readonly isExact: boolean;
}

/** Counts the tokens of a log's text, or estimates them from pieces of a long one. @throws AbortedError */
export async function inputTokensOf(input: InputCount): Promise<InputTokens> {
  return input.isExact || input.bytes <= EXACT_BYTES ? countAll(input) : estimate(input);
}

async function countAll({ source, bytes, count, turns }: InputCount): Promise<InputTokens> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const buffer = new Uint8Array(Math.min(PIECE_BYTES, bytes));
  let held = '';
  let tokens = 0;
  let isExact = true;
  for (let offset = 0; offset < bytes; ) {
    const read = source.read(offset, buffer);
    if (read === 0) break;
    offset += read;
    held += decoder.decode(buffer.subarray(0, read), { stream: true });
    let cut = lastSafeCut(held);
    if (cut === 0 && held.length > MOST_HELD_CHARS) {
      cut = held.length;
      isExact = false;
    }
    if (cut > 0) {
      tokens += count(held.slice(0, cut));
      held = held.slice(cut);
    }
    if (turns.isDue) await turns.take();
  }
  held += decoder.decode();
  return { tokens: held === '' ? tokens : tokens + count(held), basis: isExact ? 'exact' : 'estimated' };
}

const LINE_FEED = 10;

/**
 * The last place where a text can be cut so that its parts have as many tokens as the whole: after the end of a
 * line that is not blank and before one that begins with a letter or digit; no encoding has a piece across it.
 */
function lastSafeCut(text: string): number {
  for (let end = text.lastIndexOf('\n'); end > 0; end = text.lastIndexOf('\n', end - 1)) {
    const before = text.charCodeAt(end - 1) === 13 ? end - 2 : end - 1;
    if (/[A-Za-z0-9]/.test(text.charAt(end + 1)) && /\S/.test(text.charAt(before))) return end + 1;
  }
  return 0;
}

async function estimate({ source, bytes, count, turns }: InputCount): Promise<InputTokens> {
  const buffer = new Uint8Array(Math.floor(SAMPLE_BYTES / SAMPLES));
  let tokens = 0;
  let counted = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const offset = Math.floor(((bytes - buffer.length) * sample) / (SAMPLES - 1));
    const read = buffer.subarray(0, source.read(offset, buffer));
    const whole = wholeLines(read);
    tokens += count(new TextDecoder().decode(whole));
    counted += whole.length;
    if (turns.isDue) await turns.take();
  }
  return { tokens: counted === 0 ? 0 : Math.round((tokens * bytes) / counted), basis: 'estimated' };
}

/** The bytes without the parts of lines at both ends; all of them where no line ends there. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  const from = bytes.indexOf(LINE_FEED) + 1;
  const to = bytes.lastIndexOf(LINE_FEED) + 1;
  return to > from ? bytes.subarray(from, to) : bytes;
}
