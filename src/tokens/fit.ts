import { InputError } from '../contract/index.ts';
import { type CutPlaces, cutPlaces } from './cut-places.ts';
import { describeGap, type Gap } from './gap-marker.ts';
import { TextLines } from './text-lines.ts';

/** Options of `fit`. */
export interface FitOptions {
  /** Upper bound in tokens, the gap's marker included; an integer of at least 0. */
  readonly maxTokens: number;
  /** Counts the tokens of a text: that of an `EncodingCounter`, or of a token counter for one model. */
  readonly count: (text: string) => number;
  /**
   * Share of the budget for the beginning of the text, 0 to 1; the end gets the rest.
   *
   * @default 0.6
   */
  readonly headShare?: number;
}

/** A text cut to a number of tokens. */
export interface FitResult {
  readonly text: string;
  readonly tokens: number;
  readonly tokensBefore: number;
  /** `tokens` / `tokensBefore`; 1 for an empty text. */
  readonly keptRatio: number;
}

const HEAD_SHARE = 0.6;
/** Budgets shrink by what a try was over; this many tries are plenty for that. */
const MAX_TRIES = 12;
/** A side that could keep less than this share by whole sentences is filled up with words. */
const POOR_SHARE = 0.5;
const FENCE = '```';

/** Takes text from one side, line by line, then sentence by sentence, then word by word. */
class Cutter {
  readonly #lines: TextLines;
  readonly #count: (text: string) => number;
  readonly #places = new Map<number, CutPlaces>();

  constructor(lines: TextLines, count: (text: string) => number) {
    this.#lines = lines;
    this.#count = count;
  }

  /** The offset up to which the head's budget reaches. */
  headEnd(budget: number): number {
    const lines = this.#lines;
    let used = 0;
    for (let line = 0; line < lines.size; ) {
      const end = lines.blockEnd(line);
      const block = end > line + 1 ? this.#count(lines.slice(line, end)) : 0;
      if (block > 0 && used + block <= budget) {
        used += block;
        line = end;
        continue;
      }
      // A code block that does not fit is cut only when too little would be left without it.
      if (block > 0 && used >= budget * POOR_SHARE) return lines.start(line);
      const tokens = this.#count(lines.slice(line, line + 1));
      if (used + tokens > budget) return this.#within(line, { budget, used, fromEnd: false });
      used += tokens;
      line++;
    }
    return lines.text.length;
  }

  /** The offset from which the tail's budget reaches, not before `least`. */
  tailStart(budget: number, least: number): number {
    const lines = this.#lines;
    let used = 0;
    for (let line = lines.size - 1; line >= 0; ) {
      if (lines.start(line) < least)
        return Math.max(least, this.#within(line, { budget, used, fromEnd: true }));
      const start = lines.blockStart(line);
      const block = start < line ? this.#count(lines.slice(start, line + 1)) : 0;
      if (block > 0 && used + block <= budget && lines.start(start) >= least) {
        used += block;
        line = start - 1;
        continue;
      }
      if (block > 0 && used >= budget * POOR_SHARE) return lines.start(line + 1);
      const tokens = this.#count(lines.slice(line, line + 1));
      if (used + tokens > budget) return Math.max(least, this.#within(line, { budget, used, fromEnd: true }));
      used += tokens;
      line--;
    }
    return 0;
  }

  /** Cuts inside of a line that does not fit as a whole. */
  #within(line: number, side: { budget: number; used: number; fromEnd: boolean }): number {
    const places = this.#places.get(line) ?? cutPlaces(this.#lines.slice(line, line + 1));
    this.#places.set(line, places);
    const bySentence = this.#fill(line, places.sentences, side);
    if (bySentence.used >= side.budget * POOR_SHARE) return bySentence.at;
    return this.#fill(line, places.words, side).at;
  }

  #fill(
    line: number,
    places: readonly number[],
    side: { budget: number; used: number; fromEnd: boolean },
  ): { at: number; used: number } {
    const offset = this.#lines.start(line);
    const text = this.#lines.slice(line, line + 1);
    let { used } = side;
    let at = side.fromEnd ? text.length : 0;
    for (let i = 0; i < places.length; i++) {
      const place = places[side.fromEnd ? places.length - 1 - i : i] as number;
      const tokens = this.#count(side.fromEnd ? text.slice(place, at) : text.slice(at, place));
      if (used + tokens > side.budget) break;
      used += tokens;
      at = place;
    }
    return { at: offset + at, used };
  }
}

function assemble(lines: TextLines, gap: Gap, marker: string): string {
  const { text } = lines;
  const head = text.slice(0, gap.start);
  const tail = text.slice(gap.end);
  const headFence = lines.fenceAt(gap.start);
  const tailFence = lines.fenceAt(gap.end);
  // A gap inside of one code block needs nothing; one that leaves or enters a block closes or opens it.
  const isInside = headFence === tailFence;
  const close = headFence >= 0 && !isInside ? `${head.endsWith('\n') ? '' : '\n'}${FENCE}\n` : '';
  const open = tailFence >= 0 && !isInside ? `${FENCE}\n` : '';
  const startsLine = gap.end === 0 || text[gap.end - 1] === '\n';
  const after = tail === '' ? '' : startsLine || open !== '' ? '\n' : ' ';
  return head + close + marker + after + open + tail;
}

function check(options: FitOptions): void {
  const { maxTokens, headShare } = options;
  if (!Number.isInteger(maxTokens) || maxTokens < 0) {
    throw new InputError(
      'invalid_max_tokens',
      `maxTokens must be an integer of at least 0, got ${maxTokens}. Give the number of tokens that the text may have.`,
    );
  }
  if (headShare !== undefined && !(headShare >= 0 && headShare <= 1)) {
    throw new InputError('invalid_head_share', `headShare must be between 0 and 1, got ${headShare}.`);
  }
}

/** The best cut that holds the bound with one form of the marker. */
function tryMarker(
  lines: TextLines,
  options: FitOptions,
  form: (lines: TextLines, gap: Gap) => string,
): { text: string; tokens: number } | undefined {
  const { maxTokens, count, headShare = HEAD_SHARE } = options;
  const cutter = new Cutter(lines, count);
  const worst = count(form(lines, { start: 0, end: lines.text.length }));
  for (let budget = maxTokens - worst, tries = 0; tries < MAX_TRIES; tries++) {
    const available = Math.max(0, budget);
    const start = cutter.headEnd(Math.floor(available * headShare));
    const end = cutter.tailStart(available - Math.floor(available * headShare), start);
    const gap = { start, end };
    const text = assemble(lines, gap, form(lines, gap));
    const tokens = count(text);
    if (tokens <= maxTokens && text.length < lines.text.length) return { text, tokens };
    if (available === 0) return undefined;
    // Parts joined may count more than apart: fences, the marker's neighbours.
    budget = tries + 2 < MAX_TRIES ? available - Math.max(1, tokens - maxTokens) : 0;
  }
  return undefined;
}

/**
 * Returns the text cut to at most `maxTokens` tokens: its beginning and its end, with a marker between
 * them that says what was left out and how much. Cuts are made between code blocks, lines or
 * sentences, and between words only where a side would stay nearly empty; never inside of a word,
 * number, URL or quoted string. A text that fits is returned as it is. Time is in proportion to the
 * length of the text.
 *
 * @throws InputError `invalid_max_tokens`, `invalid_head_share`
 * @example
 * const counter = await loadEncoding('o200k_base');
 * fit(log, { maxTokens: 2000, count: (text) => counter.count(text) }).text;
 */
export function fit(text: string, options: FitOptions): FitResult {
  check(options);
  const tokensBefore = options.count(text);
  if (tokensBefore <= options.maxTokens) {
    return { text, tokens: tokensBefore, tokensBefore, keptRatio: 1 };
  }
  const lines = new TextLines(text);
  // Shorter markers come in where the longer ones do not fit; with no room at all nothing is left.
  for (const form of describeGap) {
    const found = tryMarker(lines, options, form);
    if (found !== undefined) return { ...found, tokensBefore, keptRatio: found.tokens / tokensBefore };
  }
  return { text: '', tokens: 0, tokensBefore, keptRatio: 0 };
}
