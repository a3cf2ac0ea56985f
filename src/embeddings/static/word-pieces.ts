/** What to do with the parts of a word. */
export interface PieceSink {
  /** A token of the table, by its row. */
  token(row: number): void;
  /** A run of characters that the table does not know. */
  unknown(run: string): void;
}

/** Splits words into the longest tokens of a table, from the left (WordPiece, Wu et al. 2016). */
export class WordPieces {
  /** Tokens that begin a word, by text. */
  readonly #first = new Map<string, number>();
  /** Tokens that go on, by text without their mark. */
  readonly #next = new Map<string, number>();
  readonly #mostChars: number;

  /** @param tokens the texts of the rows in their order; a token that goes on begins with `##` */
  constructor(tokens: readonly string[]) {
    let mostChars = 1;
    for (let row = 0; row < tokens.length; row += 1) {
      const token = tokens[row] as string;
      if (token.length > 2 && token.startsWith('##')) {
        this.#next.set(token.slice(2), row);
      } else {
        this.#first.set(token, row);
      }
      if (token.length > mostChars) mostChars = token.length;
    }
    this.#mostChars = mostChars;
  }

  /**
   * Tells the parts of a word from left to right. Where no token fits, the run of characters that no token
   * stands for is told as unknown, and what follows it begins anew: every text leaves a trace.
   */
  split(word: string, sink: PieceSink): void {
    const whole = this.#first.get(word);
    if (whole !== undefined) {
      sink.token(whole);
      return;
    }
    let from = 0;
    let table = this.#first;
    while (from < word.length) {
      const end = this.#longest(word, from, table);
      if (end > from) {
        sink.token(table.get(word.slice(from, end)) as number);
        from = end;
        table = this.#next;
      } else {
        const stop = this.#unknownUntil(word, from);
        sink.unknown(word.slice(from, stop));
        from = stop;
        table = this.#first;
      }
    }
  }

  /** Where the longest token from this place ends; the place itself when none fits. */
  #longest(word: string, from: number, table: ReadonlyMap<string, number>): number {
    for (let end = Math.min(word.length, from + this.#mostChars); end > from; end -= 1) {
      if (table.has(word.slice(from, end))) return end;
    }
    return from;
  }

  #unknownUntil(word: string, from: number): number {
    let at = from;
    do {
      at += (word.codePointAt(at) as number) > 0xffff ? 2 : 1;
    } while (at < word.length && !this.#first.has(word[at] as string));
    return at;
  }
}
