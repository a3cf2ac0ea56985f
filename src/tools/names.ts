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

/** The tools that any of several texts names. */
export function namedTools(names: ToolNames, texts: readonly string[]): NamedTools {
  const found = texts.map((text) => names.find(text));
  const certain = new Set(found.flatMap((named) => [...named.certain]));
  const possible = new Set(found.flatMap((named) => [...named.possible]));
  for (const tool of certain) possible.delete(tool);
  return { certain, possible };
}

/** Finds names of tools in a text: as written, or word by word whatever the case and signs between. */
export class ToolNames {
  readonly #written = new Map<string, number[]>();
  readonly #spoken = new Map<string, number[]>();
  /** The words that names begin with. */
  readonly #begins = new Set<string>();
  readonly #counts: readonly number[];

  constructor(names: readonly string[]) {
    const counts: number[] = [];
    for (const [index, name] of names.entries()) {
      if (name === '') continue;
      const words = wordsOf(name);
      add(this.#written, name.toLowerCase(), index);
      if (words.length > 0 && words.length <= MOST_WORDS) {
        add(this.#spoken, words.join(' '), index);
        this.#begins.add(words[0] as string);
        if (!counts.includes(words.length)) counts.push(words.length);
      }
    }
    this.#counts = counts.toSorted((a, b) => a - b);
  }

  /** The tools of a name, in whatever case. */
  of(name: string): readonly number[] {
    return this.#written.get(name.toLowerCase()) ?? [];
  }

  /** The tools whose names stand in a text as written, plain words aside. */
  written(text: string): ReadonlySet<number> {
    const found = new Set<number>();
    for (const [word] of text.matchAll(IDENTIFIER)) {
      const tools = this.#written.get(word.toLowerCase());
      if (tools === undefined || isPlainWord(word)) continue;
      for (const tool of tools) found.add(tool);
    }
    return found;
  }

  /** Reads the text once; the work grows with its length alone. */
  find(text: string): NamedTools {
    const certain = new Set<number>();
    const possible = new Set<number>();
    for (const match of text.matchAll(IDENTIFIER)) {
      const tools = this.#written.get(match[0].toLowerCase());
      if (tools === undefined) continue;
      const isCertain = !isPlainWord(match[0]) || isWrittenAsName(text, match.index, match[0].length);
      for (const tool of tools) (isCertain ? certain : possible).add(tool);
    }
    for (const { tools, count } of this.#spokenIn(wordsOf(text)))
      for (const tool of tools) (count > 1 ? certain : possible).add(tool);
    for (const tool of certain) possible.delete(tool);
    return { certain, possible };
  }

  /** Names that are spelled out word by word. */
  *#spokenIn(
    words: readonly string[],
  ): Iterable<{ readonly tools: readonly number[]; readonly count: number }> {
    for (const [at, first] of words.entries()) {
      if (!this.#begins.has(first)) continue;
      for (const count of this.#counts) {
        if (at + count > words.length) break;
        const tools = this.#spoken.get(count === 1 ? first : words.slice(at, at + count).join(' '));
        if (tools !== undefined && (count > 1 || !isStopWord(first))) yield { tools, count };
      }
    }
  }
}

/** A word as prose has it: one that names nothing by its shape. */
function isPlainWord(word: string): boolean {
  return /^\p{L}\p{Ll}*$/u.test(word);
}

/** True for a word in quotation marks or before a bracket, and for one that is called a tool. */
function isWrittenAsName(text: string, at: number, length: number): boolean {
  const around = text.slice(Math.max(0, at - 1), at + length + 1);
  if (/[`"'“”«»(]/u.test(around)) return true;
  if (/^[\s-]+(?:tool|function)s?\b/iu.test(text.slice(at + length, at + length + 12))) return true;
  return /\b(?:tool|function)\s+(?:(?:called|named)\s+)?$/iu.test(text.slice(Math.max(0, at - 24), at));
}

function add(map: Map<string, number[]>, key: string, index: number): void {
  const tools = map.get(key);
  if (tools === undefined) map.set(key, [index]);
  else tools.push(index);
}
