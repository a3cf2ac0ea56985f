import { StringDecoder } from 'node:string_decoder';

/** Characters that are kept: a line of them is told by its first `MOST_TOLD`. */
const MOST_KEPT = 65_536;
const MOST_TOLD = 300;

/** The end of what a process wrote to stderr, of which the last line that says something is told. */
export class LastWords {
  readonly #decoder = new StringDecoder('utf8');
  #kept = '';
  #isCut = false;

  add(chunk: Uint8Array): void {
    const all = this.#kept + this.#decoder.write(chunk);
    this.#isCut ||= all.length > MOST_KEPT;
    this.#kept = all.slice(-MOST_KEPT);
  }

  /**
   * The last line, at most 300 characters of it; empty when nothing was said.
   *
   * @param withoutSecrets is given whole lines, since a key may come in two pieces and is no key then
   */
  told(withoutSecrets: (text: string) => string): string {
    const lines = this.#kept.split('\n');
    // Of the first line the beginning is missing, and with it perhaps that of a key.
    if (this.#isCut) lines.shift();
    const last = lines.findLast((line) => line.trim() !== '') ?? '';
    return withoutSecrets(last.trim()).slice(0, MOST_TOLD);
  }
}
