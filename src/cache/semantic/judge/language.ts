import { FUNCTION_WORDS } from './data/function-words.data.ts';
import { OTHER_STOP_WORDS } from './data/stop-words.data.ts';
import type { RawToken } from './tokens.ts';

/**
 * `en` when the rules for English may be applied: Latin letters, and more English function words than ones of other
 * languages. A run of names or nouns without function words counts as English; a text in another script does not.
 */
export function languageOf(tokens: readonly RawToken[]): 'en' | 'other' {
  let english = 0;
  let other = 0;
  let foreign = 0;
  let words = 0;
  for (const { kind, text, raw } of tokens) {
    if (kind === 'foreign') foreign += 1;
    if (kind !== 'word') continue;
    words += 1;
    if (FUNCTION_WORDS.has(text)) english += 1;
    if (OTHER_STOP_WORDS.has(text)) other += 1;
    else if (/[^!-~’]/.test(raw)) other += 0.5;
  }
  if (foreign > words) return 'other';
  return other > english || (other > 1 && other * 2 > english) ? 'other' : 'en';
}
