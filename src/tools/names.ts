import { isStopWord, wordsOf } from './words.ts';

const MOST_WORDS = 8;
const IDENTIFIER = /[\p{L}\p{N}_][\p{L}\p{N}_.\-/:]*[\p{L}\p{N}_]|[\p{L}\p{N}]/gu;

/** Which tools a text names. */
export interface NamedTools {
  /** Named beyond doubt: as written, or in its words where it has several. */
  readonly certain: ReadonlySet<number>;
  /** A name that is also a plain word of the text: "search", "load". */
  readonly possible: ReadonlySet<number>;
}

/** Finds names of tools in a text: as written, or word by word whatever the case and signs between. */
export class ToolNames {
  readonly #written = new Map<string, number[]>();
  readonly #spoken = new Map<string, number[]>();
  readonly #counts: readonly number[];

  constructor(names: readonly string[]) {
    const counts: number[] = [];
    for (const [index, name] of names.entries()) {
      if (name === '') continue;
      const words = wordsOf(name);
      add(this.#written, name.toLowerCase(), index);
      if (words.length > 0 && words.length <= MOST_WORDS) {
        add(this.#spoken, words.join(' '), index);
        if (!counts.includes(words.length)) counts.push(words.length);
      }
    }
    this.#counts = counts.toSorted((a, b) => a - b);
  }

  /** The tools of a name, in whatever case. */
  of(name: string): readonly number[] {
    return this.#written.get(name.toLowerCase()) ?? [];
  }

  /** Reads the text once; the work grows with its length alone. */
  find(text: string): NamedTools {
    const certain = new Set<number>();
    const possible = new Set<number>();
    for (const match of text.matchAll(IDENTIFIER)) {
      const tools = this.#written.get(match[0].toLowerCase());
      if (tools === undefined) continue;
      const around = text.slice(Math.max(0, match.index - 1), match.index + match[0].length + 1);
      const isPlain = /^\p{L}\p{Ll}*$/u.test(match[0]) && !/[`"'“”«»(]/u.test(around);
      for (const tool of tools) (isPlain ? possible : certain).add(tool);
    }
    const words = wordsOf(text);
    for (const count of this.#counts) {
      for (let i = 0; i + count <= words.length; i += 1) {
        const spoken = count === 1 ? (words[i] as string) : words.slice(i, i + count).join(' ');
        const tools = this.#spoken.get(spoken);
        if (tools === undefined || (count === 1 && isStopWord(spoken))) continue;
        for (const tool of tools) (count > 1 ? certain : possible).add(tool);
      }
    }
    for (const tool of certain) possible.delete(tool);
    return { certain, possible };
  }
}

function add(map: Map<string, number[]>, key: string, index: number): void {
  const tools = map.get(key);
  if (tools === undefined) map.set(key, [index]);
  else tools.push(index);
}
