/** A text as lines of sentences; a block of code is one sentence that nothing is done to. */
export interface Line {
  /** The sign of a list's item, or a heading's. */
  readonly lead: string;
  readonly sentences: readonly string[];
  readonly isCode: boolean;
}

const FENCE = /^\s*(?:```|~~~)/;
const LEAD = /^(?:[-*•–]\s+|\d{1,2}[.)]\s+|#{1,6}\s+)/;
/** Lines that are drawn, not written. */
const RULE = /^[\s=\-_*~#|+]{3,}$/;
/** A full stop that ends no sentence. */
const ABBREVIATION =
  /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|approx|incl|no|nos|fig|min|max|dr|mr|mrs|ms|st|[A-Za-z])\.$/i;
const END = /(?<=(?<!\.)[.!?]["')\]]{0,3})\s+(?=[^\s\p{Ll}/])|(?<=[。！？])/u;
/** Longest sentence that is waited for, in characters: a bracket that is never closed opens no endless one. */
const MOST_OPEN = 2_000;

/** Parts a text into lines and sentences, without indents, empty lines and drawn lines. */
export function readLines(text: string): Line[] {
  const lines: Line[] = [];
  let code: string[] | undefined;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    if (FENCE.test(raw)) {
      if (code === undefined) code = [raw];
      else {
        lines.push({ lead: '', sentences: [[...code, raw].join('\n')], isCode: true });
        code = undefined;
      }
    } else if (code !== undefined) code.push(raw);
    else addLine(lines, raw.trim());
  }
  if (code !== undefined) lines.push({ lead: '', sentences: [code.join('\n')], isCode: true });
  return lines;
}

function addLine(lines: Line[], line: string): void {
  if (line === '' || RULE.test(line)) return;
  const previous = lines.at(-1);
  const lead = LEAD.exec(line)?.[0] ?? '';
  const open = previous?.isCode === false ? previous.sentences.at(-1) : undefined;
  // A line that goes on in lower case was broken for its width alone.
  if (previous !== undefined && open !== undefined && lead === '' && isBroken(open, line)) {
    const joined = `${open} ${line}`;
    lines[lines.length - 1] = {
      ...previous,
      sentences: [...previous.sentences.slice(0, -1), ...splitSentences(joined)],
    };
    return;
  }
  const rest = line.slice(lead.length).trim();
  lines.push({ lead: lead.trim(), sentences: rest === '' ? [] : splitSentences(rest), isCode: false });
}

/** Least characters of a line that may have been broken for its width. */
const LEAST_BROKEN = 40;

function isBroken(before: string, line: string): boolean {
  if (before.length < LEAST_BROKEN || before.length > MOST_OPEN) return false;
  return /^\p{Ll}+(?=[\s,;.)])/u.test(line) && !/[.:;!?]$/.test(before);
}

/** Sentences of one line. Quotes, brackets and code in backticks are not parted. */
export function splitSentences(line: string): string[] {
  const sentences: string[] = [];
  let open = '';
  for (const piece of line.split(END)) {
    open = open === '' ? piece : `${open}${/[。！？]$/u.test(open) ? '' : ' '}${piece}`;
    if (open.length < MOST_OPEN && (ABBREVIATION.test(open.slice(-8)) || !isBalanced(open))) continue;
    sentences.push(open.trim());
    open = '';
  }
  if (open.trim() !== '') sentences.push(open.trim());
  return sentences;
}

function isBalanced(text: string): boolean {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return (
    count(/`/g) % 2 === 0 &&
    count(/"/g) % 2 === 0 &&
    count(/\(/g) <= count(/\)/g) &&
    count(/\[/g) <= count(/\]/g) &&
    count(/\{/g) <= count(/\}/g)
  );
}

/** The text of lines, one below the other. */
export function writeLines(lines: readonly Line[]): string {
  return lines
    .map(({ lead, sentences }) =>
      [lead, ...sentences]
        .filter((part) => part !== '')
        .join(' ')
        .replace(UNSPACED_END, '$1'),
    )
    .filter((line) => line !== '')
    .join('\n');
}

/** Scripts without spaces between words have none between sentences. */
const UNSPACED_END = /([。！？]) (?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/gu;

/** Changes what stands outside of quotes, backticks and addresses. */
export function outsideQuotes(text: string, change: (part: string) => string): string {
  return text
    .split(QUOTED)
    .map((part, i) => (i % 2 === 0 ? change(part) : part))
    .join('');
}

const QUOTED =
  /(`[^`]*`|"[^"\n]*"|(?<![\p{L}\p{N}])'[^'\n]*'(?![\p{L}\p{N}])|“[^”]*”|https?:\/\/\S+|\{[^{}]*\}|<[^<>\s][^<>]*>)/u;
