import { IRREGULAR_FORMS, NOT_INFLECTED } from './data/irregular-forms.data.ts';

const VOWEL = /[aeiouy]/;
/** One syllable with one last consonant: "hop", "plan". */
const SHORT = /^[^aeiouy]*[aeiouy][^aeiouwxy]$/;
/** "past" and "paste", "moral" and "morale" are four words. */
const KEPT = new Set(['paste', 'morale']);
const DOUBLED = /([bdfgklmnprtvz])\1$/;

/**
 * A key that the inflected forms of a word share: endings of number, person and tense off, with a final "e", so
 * that "make", "makes", "making" and "made" agree. It is no word to show. Spellings of both sides of the Atlantic
 * fall together.
 */
export function lemmaOf(word: string): string {
  const irregular = IRREGULAR_FORMS.get(word);
  if (irregular !== undefined) return bare(irregular);
  if (word.length < 4 || NOT_INFLECTED.has(word)) return bare(word);
  return bare(withoutEnding(word));
}

function withoutEnding(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (word.endsWith('ied') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:[sxz]|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return word.slice(0, -1);
  for (const ending of ['ing', 'ed']) {
    if (!word.endsWith(ending)) continue;
    const stem = word.slice(0, -ending.length);
    if (stem.length < 2 || !VOWEL.test(stem)) return word;
    if (ending === 'ed' && stem.endsWith('e')) return word;
    if (DOUBLED.test(stem) && stem.length > 3 && !/(?:ll|ss|zz)$/.test(stem)) return stem.slice(0, -1);
    // "hoping" comes from "hope": "hop" would have doubled its last letter.
    return SHORT.test(stem) ? `${stem}e` : stem;
  }
  return word;
}

/** One spelling of each, without the final "e" that forms lose. */
function bare(word: string): string {
  let key = word;
  if (key.length > 5) {
    key = key
      .replace(/is(e|ation|er|ing|able)?$/, 'iz$1')
      .replace(/our(s|ed|ing|ite|ful)?$/, 'or$1')
      .replace(/ys(e|ing)$/, 'yz$1')
      .replace(/([^aeiou])re$/, '$1er')
      .replace(/gue$/, 'g');
  }
  if (key.length > 3 && key.endsWith('e') && !SHORT.test(key.slice(0, -1)) && !KEPT.has(key))
    key = key.slice(0, -1);
  if (key.length > 4 && key.endsWith('ll')) key = key.slice(0, -1);
  return key;
}

const DERIVED =
  /(?:ization|ational|fulness|ousness|iveness|ically|ations?|ements?|ments?|ously|ively|fully|ation|ition|ness|ance|ence|ancy|ency|ally|ible|able|ical|ity|ive|ion|ial|ant|ent|ous|ful|ing|al|ic|ly|at|iz|y)$/;

/**
 * A key that words derived from each other share ("invest", "investment"); at least five characters, and rough:
 * only for words that nothing else tells apart.
 */
export function stemOf(lemma: string): string {
  let stem = lemma;
  for (let round = 0; round < 2; round += 1) {
    const shorter = stem.replace(DERIVED, '');
    if (shorter.length < 5 || shorter === stem) break;
    stem = shorter;
  }
  return stem.length > 5 && /[ei]$/.test(stem) ? stem.slice(0, -1) : stem;
}
