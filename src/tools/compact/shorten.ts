import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { type Stems, wordsOf } from '../words.ts';
import { isBinding, isStrictlyBinding, statesDuty } from './constraints.ts';
import { trimExamples } from './examples.ts';
import { type Line, outsideQuotes, readLines, writeLines } from './sentences.ts';
import { capitalize, isFiller, rephrase, reword } from './wording.ts';

/** What else the reader is told, so that a description need not. */
export interface Surroundings {
  /** The schema described; undefined for the tool itself. */
  readonly schema: JsonObject | undefined;
  /** The parameter's name; undefined for the tool itself. */
  readonly name: string | undefined;
  /** Whether the parameter must be given; undefined where that cannot be told. */
  readonly isRequired: boolean | undefined;
  /** Names that stand around it, and texts that are sent as well. */
  readonly known: readonly string[];
  /** Remembers the stems of words between descriptions. */
  readonly stems: Stems;
}

/** Fewest words of meaning by which a sentence is judged to say what was said: one new word may be its point. */
const LEAST_WORDS = 3;
const MOST_CHARS = 50_000;

/** A description in fewer words; what binds the caller stays as it is. Empty where nothing is left to say. */
export function shorten(description: string, around: Surroundings): string {
  // Beyond that it is a document, not a description: nothing is read in it that takes longer than linear time.
  if (description.length > MOST_CHARS) return description.trim();
  const isParameter = around.name !== undefined;
  const lines = readLines(description);
  const { stems } = around;
  const known = new Set(around.known.flatMap((text) => stems.of(text)));
  const kept: Line[] = [];
  for (const line of lines) {
    if (line.isCode) {
      kept.push(line);
      continue;
    }
    const sentences: string[] = [];
    for (const sentence of line.sentences) {
      const isFirst = kept.length === 0 && sentences.length === 0;
      const short = shortenSentence(sentence, { around, isParameter, isFirst });
      if (short === '') continue;
      const words = [...new Set(stems.of(short))];
      const isLater = !isFirst && line.lead === '';
      if (isLater && (isFiller(sentence) || isFiller(short)) && !isStrictlyBinding(short)) continue;
      if (isLater && isKnown(words, known) && !isBinding(short)) continue;
      sentences.push(short);
      for (const word of words) known.add(word);
    }
    if (sentences.length > 0) kept.push({ ...line, sentences });
  }
  const text = writeLines(kept);
  return isParameter && saysOnlyItsName(text, around) ? '' : text;
}

function isKnown(words: readonly string[], known: ReadonlySet<string>): boolean {
  return words.length >= LEAST_WORDS && words.every((word) => known.has(word));
}

function shortenSentence(
  sentence: string,
  {
    around,
    isParameter,
    isFirst,
  }: { readonly around: Surroundings; readonly isParameter: boolean; readonly isFirst: boolean },
): string {
  let text = outsideQuotes(statesDuty(sentence) ? sentence : trimExamples(sentence), rephrase);
  if (isParameter && isFirst) text = dropPresence(text, around.isRequired);
  text = reword(text, { isParameter, isFirst });
  if (/^\p{Lu}/u.test(sentence)) text = capitalize(text);
  return around.schema !== undefined && isToldBySchema(text, around.schema) ? '' : text;
}

/** Without "(optional)" and the like, where the list of required parameters says the same. */
function dropPresence(sentence: string, isRequired: boolean | undefined): string {
  if (isRequired === undefined) return sentence;
  const word = isRequired ? 'required|mandatory' : 'optional';
  const rest = sentence
    .replace(new RegExp(`^[(\\[](?:${word})[)\\]][:.,]?\\s*`, 'i'), '')
    .replace(new RegExp(`^(?:${word})[:.]\\s+`, 'i'), '')
    .replace(new RegExp(`\\s*[(\\[](?:${word})[)\\]](?=[.,;:]?$)`, 'i'), '')
    .replace(isRequired ? /(?!)/ : /^optional (?=\p{Ll}+ )/iu, '');
  if (rest === sentence || rest.trim() === '') return sentence;
  return capitalize(rest);
}

/** Words that may stand around a value that the schema tells as well. */
const TELLING = new Set(
  (
    'default defaults default value is to are the a an if not specified provided given omitted set options option ' +
    'possible valid allowed available accepted supported values value choices choice can be may must should one of ' +
    'either or and following any types type use by optional it this parameter field e g enum include includes'
  ).split(' '),
);

/** True for a sentence that only repeats the schema's own default or all its allowed values. */
function isToldBySchema(sentence: string, schema: JsonObject): boolean {
  if (sentence.length > MOST_TELLING) return false;
  const listed = schema['enum'];
  const isAboutDefault = /\bdefaults?\b/i.test(sentence);
  const values =
    isAboutDefault && 'default' in schema ? [schema['default']] : Array.isArray(listed) ? listed : undefined;
  if (values === undefined || values.length === 0) return false;
  if (
    !values.every((value) => ['string', 'number', 'boolean'].includes(typeof value) && String(value) !== '')
  ) {
    return false;
  }
  let rest = ` ${sentence.toLowerCase()} `;
  const longestFirst = (values as JsonValue[]).map(String).toSorted((a, b) => b.length - a.length);
  for (const value of longestFirst.slice(0, MOST_VALUES)) {
    const without = removeWhole(rest, value.toLowerCase());
    if (without === rest) return false;
    rest = without;
  }
  // A number that is left is another than the schema's.
  return !/[\p{N}<>=±%]/u.test(rest) && wordsOf(rest).every((word) => TELLING.has(word));
}

const MOST_VALUES = 100;
const MOST_TELLING = 1_000;

/** The text without a value where it stands for itself: `5` is not in `50`. */
function removeWhole(text: string, value: string): string {
  const at = text.indexOf(value);
  if (at < 0) return text;
  const joins = /[\p{L}\p{N}_]/u;
  const isWhole = !joins.test(text.charAt(at - 1)) && !joins.test(text.charAt(at + value.length));
  return isWhole && !/^\.\d/.test(text.slice(at + value.length))
    ? removeWhole(text.slice(0, at) + text.slice(at + value.length), value)
    : text;
}

/** True for "The user ID" of `user_id`. */
function saysOnlyItsName(text: string, { name = '', schema, stems }: Surroundings): boolean {
  const type = schema?.['type'];
  const known = new Set(stems.of([name, typeof type === 'string' ? type : '', 'parameter value'].join(' ')));
  if (/[^\p{ASCII}]/u.test(text) || /\p{N}/u.test(text.replace(name, ''))) return false;
  const words = stems.of(text);
  return (
    words.length > 0 && words.every((word) => known.has(word)) && wordsOf(text).length <= MOST_NAME_WORDS
  );
}

const MOST_NAME_WORDS = 8;
