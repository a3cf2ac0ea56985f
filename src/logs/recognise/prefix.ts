/** A line in two parts: what the runner put before it, and the message. */
export interface SplitLine {
  readonly prefix: string;
  readonly message: string;
}

const DATE = String.raw`\d{4}[-/.]\d\d[-/.]\d\d`;
const CLOCK = String.raw`\d\d[:.]\d\d[:.]\d\d(?:[.,:]\d{1,9})?`;
const ZONE = String.raw`(?: ?(?:Z|UTC|GMT|[AP]M|[+-]\d\d:?\d\d)(?![\w]))?`;
const MONTH = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const WEEKDAY = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun';
const TASK =
  '(?:build|test|lint|dev|start|typecheck|type-check|check-types|check|compile|format|e2e|deploy|bundle|generate|clean|watch|serve|storybook|install|postinstall|prepare)';
/** After a time: a separator, and one space; further ones are the message's indentation. */
const AFTER = String.raw`(?:(?: ?[-|] (?=\S))|[,:]? |[,:]?$)`;

const sticky = (parts: readonly string[]): RegExp => new RegExp(`(?:${parts.join('|')})`, 'y');

/** Prefixes that begin with a digit. */
const DIGITS = sticky([
  `${DATE}(?:[T _-]${CLOCK}${ZONE})?${AFTER}`,
  String.raw`\d\d[ /-](?:\d\d|(?:${MONTH}))[ /-]\d{4}[ :]${CLOCK}${ZONE}(?: (?=\S)|:|$)`,
  String.raw`\d\d-\d\d ${CLOCK} `,
  String.raw`(?:\d\d[:]\d\d[:]\d\d(?:[.,]\d{1,9})?|\d{1,2}:\d\d:\d\d [AP]M)(?:${AFTER}|(?=\]))`,
  String.raw`1\d{9}(?:\.\d{1,9}|\d{3})?(?: (?=\D)| (?=${DATE})|$)`,
  String.raw`\d{6} \d{6} (?=\d|[A-Z])`,
]);

/** Prefixes that begin with a bracket. */
const BRACKETS = sticky([
  String.raw`\[(?:[a-z_-]{1,20} )?${DATE}[T ]${CLOCK}${ZONE}\]:? ?`,
  String.raw`\[(?:\d\d\.\d\d )?\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?\]:? ?`,
  String.raw`\[(?:${WEEKDAY}) (?:${MONTH}) [ \d]\d [\d:.]{8,18}(?: \d{4})?\] ?`,
  String.raw`\[\d{2}\/(?:${MONTH})\/\d{4}[: ]${CLOCK}${ZONE}\] ?`,
  String.raw`\[gw\d{1,3}\] (?:\[ {0,2}\d{1,3}%\] )?`,
  String.raw`\[pod\/[\w./-]{1,200}\] `,
  String.raw`\[ {0,6}\d{1,7}\.\d{3,9}\] `,
]);

/** Prefixes that begin with a letter, `@` or `<`. */
const LETTERS = sticky([
  String.raw`travis_(?:fold|time):(?:start|end):[\w.:,=@+-]{1,200}(?:\r| )?`,
  String.raw`section_(?:start|end):\d{1,12}:[\w.-]{1,100}(?:\[[\w=,]{1,60}\])?(?:\r| )?`,
  String.raw`(?:<\d{1,3}>(?:1 )?)?(?:${MONTH}) [ \d]\d \d\d:\d\d:\d\d (?:[\w.-]{1,80} )?(?:[\w./@-]{1,60}(?:\([\w]{1,20}\))?\[\d{1,7}\]: |kernel: |systemd: )?`,
  String.raw`<\d{1,3}>(?:1 )?(?=\d{4}-)`,
  String.raw`(?:${WEEKDAY}),? (?:\d\d? (?:${MONTH})|(?:${MONTH}) [ \d]\d) (?:\d{4} )?\d\d:\d\d:\d\d(?: \d{4})?(?: (?=\S)|$)`,
  String.raw`[A-Za-z][\w.-]{0,60}[-_.]\d{1,4} {1,40}\| `,
  String.raw`@[\w.-]{1,60}\/[\w.-]{1,60}:${TASK}(?::[\w-]{1,20})?: `,
  String.raw`@[\w.-]{1,60}\/[\w.-]{1,60}: `,
  String.raw`[a-z][\w./-]{0,60}[:#]${TASK}(?::[\w-]{1,20})?: `,
  String.raw`(?:packages|apps|libs|services|examples|tools)\/[\w./-]{1,80} ${TASK}(?::[\w-]{1,20})?[:$] `,
]);

/** `gh run view --log`: job and step, each ended by a tab, before a time. */
const JOB_AND_STEP = /[^\t]{1,120}\t[^\t]{1,120}\t\ufeff?(?=\d{4}-\d\d-\d\dT|$)/y;
/** BuildKit's step and seconds; `#12 ERROR` stays, for it has no time. */
const BUILDKIT = /#\d{1,4} \d{1,6}\.\d{1,4} /y;
/** Journald and `docker compose` put a second prefix after the first one; more than this is content. */
const MOST_PREFIXES = 5;

function prefixPattern(code: number): RegExp | undefined {
  if (code >= 48 && code <= 57) return DIGITS;
  if (code === 91) return BRACKETS;
  if (code === 35) return BUILDKIT;
  if ((code | 32) >= 97 && (code | 32) <= 122) return LETTERS;
  if (code === 60 || code === 64) return LETTERS;
  return undefined;
}

function endOfPrefix(pattern: RegExp | undefined, line: string, at: number): number {
  if (pattern === undefined) return at;
  pattern.lastIndex = at;
  return pattern.test(line) ? pattern.lastIndex : at;
}

/**
 * Parts a line from the times and the runner's names that stand before it, repeated ones too. Levels stay in
 * the message, and so does everything that a tool itself might have printed. The line comes without colours.
 */
export function splitPrefix(line: string): SplitLine {
  let at = line.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (line.includes('\t')) at = endOfPrefix(JOB_AND_STEP, line, at);
  for (let round = 0; round < MOST_PREFIXES; round += 1) {
    const next = endOfPrefix(prefixPattern(line.charCodeAt(at)), line, at);
    if (next === at) break;
    at = next;
  }
  return { prefix: line.slice(0, at), message: line.slice(at) };
}

/** The codes for colour and style; other numbers before an `m` are minutes. */
const STYLE = '(?:[0-9]|2[1-9]|3[0-9]|4[0-9]|9[0-7]|10[0-7])';
const COLOURS = new RegExp(
  [
    // Control sequences, titles and links, and the short escapes, each with its ESC byte.
    String.raw`\u001b(?:\[[0-?]{0,60}[ -/]{0,9}[@-~]|\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\)|[()][0-9A-B]|[@-Z\\^_=>78]|\]|)`,
    String.raw`\u009b[0-?]{0,60}[@-~]`,
    // The ESC byte written out, or replaced by something printable.
    String.raw`(?:\\u001b|\\x1b|\\033|\^\[|[\ufffd\u2190\u241b])\[[\d;]{0,20}[mK]`,
    // The ESC byte lost.
    String.raw`\[(?:${STYLE}(?:;\d{1,3}){1,4}|0?${STYLE})m(?!\d{0,2}s?\])`,
    String.raw`\[[0-2]K(?!\])`,
  ].join('|'),
  'g',
);

/** Removes colours and other terminal escapes, also those whose ESC byte was lost on the way. */
export function stripColours(text: string): string {
  const clean = text.includes('\u001b') || text.includes('[') || text.includes('\u009b');
  return clean ? text.replace(COLOURS, '') : text;
}
