/** A text as lines, each with its line end, and the code blocks fenced in it. */
export class TextLines {
  readonly text: string;
  /** Start of each line; the end of the text follows the last. */
  readonly #starts: number[] = [0];
  /** For a line of a fenced block the index of the block's first line, else -1. */
  readonly #fences: Int32Array;
  /** For the first line of a block the line after its last. */
  readonly #blockEnds = new Map<number, number>();

  constructor(text: string) {
    this.text = text;
    for (let at = text.indexOf('\n'); at >= 0 && at + 1 < text.length; at = text.indexOf('\n', at + 1)) {
      this.#starts.push(at + 1);
    }
    this.#starts.push(text.length);
    this.#fences = new Int32Array(this.size).fill(-1);
    this.#findFences();
  }

  get size(): number {
    return this.#starts.length - 1;
  }

  /** Offset of a line; for `size` the end of the text. */
  start(line: number): number {
    return this.#starts[line] as number;
  }

  /** The lines `from` to before `to`. */
  slice(from: number, to: number): string {
    return this.text.slice(this.start(from), this.start(to));
  }

  /** The line that an offset lies in. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.size - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The line after the fenced block that starts at `line`; otherwise the next line. */
  blockEnd(line: number): number {
    return this.#blockEnds.get(line) ?? line + 1;
  }

  /** The first line of the fenced block that ends with `line`; otherwise the line itself. */
  blockStart(line: number): number {
    const first = this.#fences[line] as number;
    return first >= 0 && this.#blockEnds.get(first) === line + 1 ? first : line;
  }

  /** The first line of the fenced block that an offset cuts in two, or -1. */
  fenceAt(offset: number): number {
    if (offset <= 0 || offset >= this.text.length) return -1;
    const line = this.lineAt(offset);
    const first = this.#fences[line] as number;
    return first >= 0 && offset > this.start(first) ? first : -1;
  }

  #findFences(): void {
    let open = -1;
    let fence = '';
    for (let line = 0; line < this.size; line++) {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(this.text.slice(this.start(line), this.start(line) + 64))?.[1];
      if (open < 0 && mark !== undefined) {
        open = line;
        fence = mark;
      } else if (open >= 0 && mark?.startsWith(fence) === true) {
        for (let i = open; i <= line; i++) this.#fences[i] = open;
        this.#blockEnds.set(open, line + 1);
        open = -1;
      }
    }
  }
}
