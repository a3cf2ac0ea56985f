const STOP = new Set(
  (
    'a an the of to in on at by for with from as is are was were be been being am and or but if then than that this these those it its ' +
    'i me my we us our you your he she his her they them their do does did can could would should will shall may might must have has had ' +
    'please want need like just so such about into there here what which who whom whose when where how why not no any some all also use ' +
    'using used via help let lets give tell show make sure e g etc'
  ).split(' '),
);
const ASCII = /^\p{ASCII}*$/u;
const ASCII_WORD = /[a-z]+|[0-9]+/g;
const ASCII_HUMP = /[a-z][A-Z]|[A-Z]{2}[a-z]/;
/** The same words as `spaceWords` parts, taken out in one pass. */
const ASCII_HUMPED_WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;
const WORD = /[\p{L}\p{M}]+|\p{N}+/gu;
/** Scripts that part no words by spaces, and Hangul, which joins endings to its words. */
const UNSPACED = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Hangul}\p{M}ー]`;
const UNSPACED_RUN = new RegExp(`^${UNSPACED}`, 'u');
const RUNS = new RegExp(`${UNSPACED}+|(?:(?!${UNSPACED}).)+`, 'gu');
/** Accents of Latin, Greek and Cyrillic letters, once they are parted from them. */
const ACCENTS = /[\u0300-\u036F]/g;

/** True for a word that says nothing of what is wanted. */
export function isStopWord(word: string): boolean {
  return STOP.has(word);
}

/** A name or text with spaces where case, digits or signs part words: `getUserByID2` is `get User By ID 2`. */
export function spaceWords(text: string): string {
  if (ASCII.test(text)) {
    return text
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
      .replace(/[_.\-/:]+/g, ' ');
  }
  return text
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/[_.\-/:]+/g, ' ');
}

/** The words of a text in lower case, split at case, signs and digits; scripts without spaces as pairs of characters. */
export function wordsOf(text: string): string[] {
  if (ASCII.test(text)) {
    if (!ASCII_HUMP.test(text)) return text.toLowerCase().match(ASCII_WORD) ?? [];
    return (text.match(ASCII_HUMPED_WORD) ?? []).map((word) => word.toLowerCase());
  }
  const spaced = spaceWords(text.normalize('NFKD').replace(ACCENTS, '').normalize('NFC'));
  const words: string[] = [];
  for (const [word] of spaced.matchAll(WORD)) {
    addWords(word.toLowerCase(), words);
  }
  return words;
}

/** A run of letters that may change between scripts, as in "用Python写". */
function addWords(letters: string, words: string[]): void {
  for (const [run] of letters.matchAll(RUNS)) {
    if (UNSPACED_RUN.test(run)) addPairs(run, words);
    else words.push(run);
  }
}

function addPairs(run: string, words: string[]): void {
  const characters = Array.from(run);
  if (characters.length === 1) words.push(run);
  for (let i = 0; i + 1 < characters.length; i += 1) words.push(`${characters[i]}${characters[i + 1]}`);
}

/** Words cut to their stems, without stop words. A stem is equal for the forms of a word; it need not be a word. */
export class Stems {
  readonly #known = new Map<string, string>();

  of(text: string): string[] {
    const stems: string[] = [];
    for (const word of wordsOf(text)) {
      if (STOP.has(word)) continue;
      let stem = this.#known.get(word);
      if (stem === undefined) {
        stem = stemOf(word);
        if (this.#known.size >= MOST_KNOWN) this.#known.clear();
        if (word.length <= MOST_WORD_CHARS) this.#known.set(word, stem);
      }
      stems.push(stem);
    }
    return stems;
  }
}

/** Words whose stems are kept, and the characters of the longest: some megabytes at most (INV-S4). */
const MOST_KNOWN = 20_000;
const MOST_WORD_CHARS = 40;

/** Endings that are dropped, longest first, and what stands in their place. */
const ENDINGS: readonly (readonly [ending: string, instead: string, least: number])[] = [
  ['izations', 'iz', 3],
  ['ization', 'iz', 3],
  ['ations', 'at', 3],
  ['ation', 'at', 3],
  ['ators', 'at', 3],
  ['ator', 'at', 3],
  ['ating', 'at', 3],
  ['ated', 'at', 3],
  ['ates', 'at', 3],
  ['ate', 'at', 3],
  ['ions', '', 4],
  ['ion', '', 4],
  ['ments', '', 4],
  ['ment', '', 4],
  ['ings', '', 3],
  ['ing', '', 3],
  ['ies', 'y', 2],
  ['ied', 'y', 2],
  ['ers', '', 4],
  ['er', '', 4],
  ['ed', '', 3],
  ['es', '', 3],
  ['ly', '', 4],
  ['s', '', 3],
  ['e', '', 3],
];

/** A light stem: strips one ending of inflection or of common derivation, then a doubled last consonant. */
function stemOf(word: string): string {
  if (word.length < 4 || word.endsWith('ss')) return word;
  for (const [ending, instead, least] of ENDINGS) {
    if (!word.endsWith(ending) || word.length - ending.length < least) continue;
    const base = word.slice(0, word.length - ending.length) + instead;
    return /([bdfgklmnprt])\1$/.test(base) ? base.slice(0, -1) : base;
  }
  return word;
}
