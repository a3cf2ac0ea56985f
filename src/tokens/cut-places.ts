/** Where a line may be cut: offsets, ascending, without its start and its end. */
export interface CutPlaces {
  /** After a sentence. */
  readonly sentences: readonly number[];
  /** After a word; the ends of sentences included. */
  readonly words: readonly number[];
}

const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  '`': '`',
  '“': '”',
  '«': '»',
  '「': '」',
  '‘': '’',
};
const SENTENCE_END = /[.!?…:;]/;
const WIDE_SENTENCE_END = /[。！？；]/;
const CLOSING = /[)\]}"'”’»」]/;

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13 || code === 0x3000 || code === 0xa0;
}

function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122) || code > 0x7f;
}

/** Scripts that write without blanks, where any two characters may part. */
function isWide(code: number): boolean {
  // U+3099 to U+309C are marks on the character before.
  return (
    (code >= 0x3041 && code <= 0x9fff && !(code >= 0x3099 && code <= 0x309c)) ||
    (code >= 0xac00 && code <= 0xd7a3)
  );
}

/** Finds the ends of quoted strings in one line without looking for a missing end twice. */
class QuoteEnds {
  readonly #line: string;
  readonly #missing = new Set<string>();

  constructor(line: string) {
    this.#line = line;
  }

  /** The offset after the string that starts at `at`, or `at` when none does. */
  after(at: number): number {
    const open = this.#line.charAt(at);
    const close = open === "'" && this.#opensSingle(at) ? "'" : QUOTES[open];
    if (close === undefined || this.#missing.has(close)) return at;
    for (let end = this.#line.indexOf(close, at + 1); end >= 0; end = this.#line.indexOf(close, end + 1)) {
      if (this.#line.charCodeAt(end - 1) !== 92) return end + 1;
    }
    this.#missing.add(close);
    return at;
  }

  /** An apostrophe inside of a word opens nothing. */
  #opensSingle(at: number): boolean {
    return at === 0 || !isWord(this.#line.charCodeAt(at - 1));
  }
}

function endsSentence(line: string, end: number): boolean {
  let last = end - 1;
  while (last > 0 && isBlank(line.charCodeAt(last))) last--;
  while (last > 0 && CLOSING.test(line.charAt(last))) last--;
  return SENTENCE_END.test(line.charAt(last)) || WIDE_SENTENCE_END.test(line.charAt(last));
}

/**
 * Returns where a line may be cut: never inside a word, number, URL or quoted string, since the only
 * places are blanks outside of quotes, and between characters of scripts that have no blanks.
 */
export function cutPlaces(line: string): CutPlaces {
  const sentences: number[] = [];
  const words: number[] = [];
  const quotes = new QuoteEnds(line);
  for (let at = 0; at < line.length; ) {
    const afterQuote = quotes.after(at);
    if (afterQuote > at) {
      at = afterQuote;
      continue;
    }
    const code = line.charCodeAt(at);
    at++;
    if (isBlank(code)) {
      while (at < line.length && isBlank(line.charCodeAt(at))) at++;
    } else if (
      !(isWide(code) || WIDE_SENTENCE_END.test(line.charAt(at - 1))) ||
      !isWide(line.charCodeAt(at))
    ) {
      continue;
    }
    if (at >= line.length) break;
    words.push(at);
    if (endsSentence(line, at)) sentences.push(at);
  }
  return { sentences, words };
}
