/** A stretch of signs that stands between blanks, and what it is. */
export type SignRole = 'literal' | 'stop' | 'mark' | 'symbol' | 'silent';

/** Where a piece of a text that is code rather than prose may begin. */
const START = '(?<![^\\s("\'“‘«])';
/** Where it ends: before signs of a sentence, and a blank. */
const END = '(?=[.,;:!?)"\'”’»]*(?:\\s|$))';

/** Signs between blanks: `--`, `?.`, `!`. */
export const LONE_SIGNS = '(?<!\\S)[!-/:-@\\[-`{-~…–—]+(?!\\S)';

/** Words that hold signs of code: `a[1:]`, `\d`, `{a}`, `x=5`, `a?.b`. */
export const CODE_CHUNK = `${START}[^\\s("'“‘«][^\\s]*[[\\]{}\\\\<>|^=][^\\s]*?${END}|${START}[[\\]{}\\\\<>|^=][^\\s]*?${END}|${START}\\w+(?:::|[?!]\\.)[\\w.:]*\\w`;

/** Words with signs of code in front or behind: `!done`, `**args`, `:name`, `a+`, `i--`; not `*stressed*`. */
export const SIGNED_WORD =
  `${START}(?:[!*&%;$~]+|:+)[\\p{L}_]\\w*(?![\\w*])|` +
  `${START}[\\p{L}_][\\w.]*(?:[*&$~^]+|--|(?<!\\+)\\+(?!\\+))${END}|` +
  // "what does save! do": of what is spoken of, the sign is no end of a sentence.
  '(?<=\\b(?:does|is) )[\\p{L}_]\\w*[!?](?= (?:do in|do\\?|mean|returns?|methods?|macros?)(?![\\p{L}\\d]))';

const MENTIONED_BEHIND =
  /(?:^|\s)(?:does|do|is|are|the|an?|of|use|using|between|called|with|type|write)\s+$/i;
const MENTIONED_BEFORE =
  /^\s+(?:means?|stands?|operators?|signs?|symbols?|characters?|keys?|does|do|called)(?![\p{L}\d])/iu;
/** Characters of the text around signs that tell whether they are mentioned. */
const AROUND = 16;
const END_OF_SENTENCE = /^[.?!…]+$/;
/** Of these none stands alone in prose. */
const NO_PROSE = /^[[\]{}\\_`]$/;
const DASHES = /^[-–—]+$|^[-*_=~]{3,}$/;
const SMILEY = /^[:;=]['-]?[()DPp|/]+$|^[()]+['-]?[:;=]$/;

/**
 * What signs between blanks are: `literal` where they are what is spoken of ("what does -- do"), and wherever they are
 * none of prose; `symbol` for a single one, which its surroundings decide on.
 */
export function roleOfSigns(text: string, at: number, signs: string): SignRole {
  const end = at + signs.length;
  const isMentioned =
    MENTIONED_BEHIND.test(text.slice(Math.max(0, at - AROUND), at)) ||
    MENTIONED_BEFORE.test(text.slice(end, end + AROUND));
  const isLast = text.slice(end).trim() === '';
  if (isMentioned && !(isLast && END_OF_SENTENCE.test(signs))) return 'literal';
  if (END_OF_SENTENCE.test(signs)) return 'stop';
  if (NO_PROSE.test(signs)) return 'literal';
  if (DASHES.test(signs) && signs.length > 1) return 'silent';
  if (SMILEY.test(signs)) return 'silent';
  if (signs.length > 1) return 'literal';
  return /[,:;]/.test(signs) ? 'mark' : 'symbol';
}

/** Short forms of units that another case makes another unit. */
const CASED_UNITS: ReadonlyMap<string, string> = new Map([
  ...['Kb kilobit', 'kb kilobyte', 'Mb megabit', 'Gb gigabit', 'Tb terabit'].map(pairOf),
  ...['KBps', 'kBps', 'MBps', 'GBps', 'TBps'].map((unit): [string, string] => [unit, `${unit[0]}bytes/s`]),
  ...['W', 'V', 'A', 'J', 'N', 'F', 'H', 'Pa', 'eV', 'Sv', 'bar'].flatMap((unit): [string, string][] => [
    [`m${unit}`, `milli-${unit}`],
    [`M${unit}`, `mega-${unit}`],
  ]),
]);

function pairOf(entry: string): [string, string] {
  const [form = '', name = ''] = entry.split(' ');
  return [form, name];
}

/** The unit that a word behind a number is by its letters' case: `Mb` is not `MB`, `mW` not `MW`; undefined for others. */
export function casedUnit(raw: string): string | undefined {
  return CASED_UNITS.get(raw);
}
