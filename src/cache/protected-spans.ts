/** A stretch `[start, end)` of a text that must stay as it is. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

// What may open a stretch that is not prose: one class of characters, since this scan meets every prompt.
const OPENERS = /[`~"'“”„«»‘’‚‹›「『{[\]}<]/g;
const PREFORMATTED = /<(?:pre|code|script|style|textarea|xmp)\b/iy;
const CLOSERS: Readonly<Record<string, string>> = {
  '“': '”',
  '„': '“”',
  '«': '»',
  '»': '«',
  '‘': '’',
  '‚': '‘’',
  '‹': '›',
  '›': '‹',
  '「': '」',
  '『': '』',
};
const WORD = /[\p{L}\p{M}\p{N}_]/u;
/** `f'...'`, `r"..."`: prefixes of string literals, unlike the letters that French elides. */
const LITERAL_PREFIX = /[bfruBFRU]/;

/**
 * Finds what is not prose: fenced and inline code, quotations, JSON and preformatted markup.
 *
 * Where a mark is ambiguous or never closed, everything from it to the end of the text counts as
 * protected: an answer served too seldom costs tokens, one served wrongly costs trust.
 *
 * @returns spans in order, not touching each other
 */
export function findProtectedSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  const openers = new RegExp(OPENERS);
  for (let match = openers.exec(text); match !== null; match = openers.exec(text)) {
    const span = spanAt(text, match.index);
    if (span === undefined) continue;
    const last = spans.at(-1);
    if (last !== undefined && last.end === span.start)
      spans[spans.length - 1] = { start: last.start, end: span.end };
    else spans.push(span);
    openers.lastIndex = span.end;
  }
  return spans;
}

/** The span that the mark at `at` opens; undefined when it opens none. */
function spanAt(text: string, at: number): Span | undefined {
  const mark = text.charAt(at);
  if (mark === '`' || mark === '~') return codeAt(text, at);
  const end = endOfSpan(text, at, mark);
  return end === undefined ? undefined : { start: at, end };
}

function endOfSpan(text: string, at: number, mark: string): number | undefined {
  if (mark === '{' || mark === '[') return endOfJson(text, at);
  if (mark === '"') return endOfDoubleQuote(text, at);
  if (mark === "'") return endOfSingleQuote(text, at);
  if (mark === '’') return isWordAt(text, at - 1) ? undefined : text.length;
  if (mark === '<') {
    const preformatted = new RegExp(PREFORMATTED);
    preformatted.lastIndex = at;
    return preformatted.test(text) ? text.length : undefined;
  }
  const closers = CLOSERS[mark];
  // A closing mark that nothing opened.
  if (closers === undefined) return text.length;
  for (let i = at + 1; i < text.length; i++) {
    if (closers.includes(text.charAt(i))) return i + 1;
  }
  return text.length;
}

function codeAt(text: string, at: number): Span | undefined {
  const mark = text.charAt(at);
  let after = at;
  while (text.charAt(after) === mark) after++;
  let start = at;
  while (start > 0 && at - start < 4 && text.charAt(start - 1) === ' ') start--;
  const isAtLineStart = at - start < 4 && (start === 0 || text.charAt(start - 1) === '\n');
  if (after - at >= 3 && isAtLineStart) return { start, end: endOfFence(text, at, text.slice(at, after)) };
  return mark === '`' ? { start: at, end: endOfInlineCode(text, after, after - at) } : undefined;
}

function endOfFence(text: string, at: number, fence: string): number {
  let lineStart = text.indexOf('\n', at) + 1;
  while (lineStart > 0) {
    const lineEnd = text.indexOf('\n', lineStart);
    const line = text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd).trim();
    if (line.startsWith(fence) && isRunOf(line, fence.charAt(0))) {
      return lineEnd === -1 ? text.length : lineEnd;
    }
    lineStart = lineEnd + 1;
  }
  return text.length;
}

function isRunOf(line: string, character: string): boolean {
  for (let i = 0; i < line.length; i++) if (line.charAt(i) !== character) return false;
  return true;
}

function endOfInlineCode(text: string, from: number, length: number): number {
  for (let i = text.indexOf('`', from); i !== -1; i = text.indexOf('`', i)) {
    let end = i;
    while (text.charAt(end) === '`') end++;
    if (end - i === length) return end;
    i = end;
  }
  return text.length;
}

/** Ends after the bracket that matches the one at `at`; brackets inside strings do not count. */
function endOfJson(text: string, at: number): number {
  let depth = 0;
  let isInString = false;
  for (let i = at; i < text.length; i++) {
    const character = text.charAt(i);
    if (isInString) {
      if (character === '\\') i++;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) return i + 1;
    }
  }
  return text.length;
}

function endOfDoubleQuote(text: string, at: number): number {
  const before = text.charAt(at - 1);
  const isPrefixed = isLiteralPrefix(text, at - 1);
  // `5" pipe`: an inch mark, or a quotation that closes what we did not see open.
  if (at > 0 && !isPrefixed && (isWordAt(text, at - 1) || /[.,!?;:"]/.test(before))) return text.length;
  for (let i = at + 1; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '\\') i++;
    else if (character === '"') return opensAgain(text, i, at + 1) ? text.length : i + 1;
  }
  return text.length;
}

/** True when the mark at `at` looks like an opening one, where a closing one is expected. */
function opensAgain(text: string, at: number, start: number): boolean {
  return at > start && /\s/.test(text.charAt(at - 1)) && /\S/.test(text.charAt(at + 1));
}

function endOfSingleQuote(text: string, at: number): number | undefined {
  // An apostrophe: "don't", "the students' books".
  if (isWordAt(text, at - 1) && !isLiteralPrefix(text, at - 1)) return undefined;
  for (let i = at + 1; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '\\') i++;
    else if (character === "'" && !(isWordAt(text, i - 1) && isWordAt(text, i + 1))) {
      return opensAgain(text, i, at + 1) ? text.length : i + 1;
    }
  }
  return text.length;
}

function isLiteralPrefix(text: string, at: number): boolean {
  return at >= 0 && LITERAL_PREFIX.test(text.charAt(at)) && !isWordAt(text, at - 1);
}

/** Also of either half of a character beyond the basic plane, which may compose to one within it. */
function isWordAt(text: string, at: number): boolean {
  if (at < 0 || at >= text.length) return false;
  const isSecondHalf = /[\udc00-\udfff]/.test(text.charAt(at));
  return WORD.test(String.fromCodePoint(text.codePointAt(isSecondHalf && at > 0 ? at - 1 : at) as number));
}
