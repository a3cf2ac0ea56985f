import type { PromptBlock } from './types.ts';

/** Tokens that the framing of one message costs. Simulated: near what OpenAI documents. */
export const MESSAGE_TOKENS = 3;

/** Tokens that prime the answer. */
export const PRIMING_TOKENS = 3;

/** Tokens of one image at low detail, and otherwise. Simulated: sizes are not looked at. */
export const IMAGE_TOKENS = { low: 85, high: 765 } as const;

const LETTERS_PER_TOKEN = 7;
const DIGITS_PER_TOKEN = 3;

/**
 * Approximates the tokens of a text. It is simulated: no provider counts this way, but the sums have
 * the right size for English and are the same everywhere.
 *
 * A run of ASCII letters costs one token per 7 letters begun, a run of digits one per 3 begun, a run
 * of line ends one, every other visible character one; blanks cost nothing.
 */
export function approximateTokens(text: string): number {
  let tokens = 0;
  let run = 0;
  let kind = 0;
  for (let i = 0; i < text.length; i += 1) {
    const now = kindOfChar(text.charCodeAt(i));
    run = now === kind ? run + 1 : 1;
    kind = now;
    if (now === BLANK || now === LOW_SURROGATE) continue;
    if (now === OTHER) tokens += 1;
    else if (now === NEWLINE) tokens += run === 1 ? 1 : 0;
    else tokens += (run - 1) % (now === LETTER ? LETTERS_PER_TOKEN : DIGITS_PER_TOKEN) === 0 ? 1 : 0;
  }
  return tokens;
}

const BLANK = 1;
const LETTER = 2;
const DIGIT = 3;
const NEWLINE = 4;
const OTHER = 5;
const LOW_SURROGATE = 6;

function kindOfChar(code: number): number {
  if (code === 32 || code === 9) return BLANK;
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return LETTER;
  if (code >= 48 && code <= 57) return DIGIT;
  if (code === 10 || code === 13) return NEWLINE;
  return code >= 0xdc00 && code <= 0xdfff ? LOW_SURROGATE : OTHER;
}

/** Tokens of each block of a prompt. */
export function blockTokens(blocks: readonly PromptBlock[], countTokens: (text: string) => number): number[] {
  return blocks.map((block) => block.flatTokens + (block.text === '' ? 0 : countTokens(block.text)));
}
