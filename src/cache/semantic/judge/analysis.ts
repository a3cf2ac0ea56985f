import type { Frame } from './frames.ts';

/** How a word of a text takes part in a comparison. */
export type WordKind = 'content' | 'number' | 'date' | 'literal';

/** A word that says something: content, a number, a date, an identifier, a quotation. */
export interface Word {
  readonly kind: WordKind;
  /** Of literals: which. */
  readonly literal: Literal | null;
  /** Equal keys mean the same: a lemma, a number's value with its unit, a literal's text. */
  readonly key: string;
  /** In lower case, as it stands. */
  readonly text: string;
  /** What the word adds to a text, 0 to 1: little for words such as "thing". */
  readonly weight: number;
  /** Place among all words of the text; -1 for a word that only the kind of question stands for. */
  readonly at: number;
  /** The preposition that it hangs on, as far as that is plain. */
  readonly marker: string | null;
  /** The conjunction that opens its clause: `if`, `because`. */
  readonly clause: string | null;
  /** Step of comparison: "cheaper", "cheapest", "less cheap". */
  readonly degree: 'er' | 'est' | 'less' | 'least' | null;
  /** True when its letters' case says that it is a name. */
  readonly isName: boolean;
  /** True when the next word follows without anything between. */
  readonly joinsNext: boolean;
}

/** Literals are compared exactly. */
export type Literal =
  | 'version'
  | 'identifier'
  | 'path'
  | 'url'
  | 'quotation'
  | 'code'
  | 'symbol'
  | 'emoji'
  | 'foreign'
  | 'unit';

/** A word that says no: what it denies is the next word of content. */
export interface Negation {
  readonly text: string;
  /** Index in `words` of what is denied; -1 when nothing follows. */
  readonly target: number;
  /** True behind an auxiliary, where it denies the whole: "does not", "don't". */
  readonly deniesAll: boolean;
}

/** The verb that opens what is asked for: "do" of "how can I do". */
export interface Head {
  readonly text: string;
  readonly key: string;
  /** Place among all words of the text. */
  readonly at: number;
  /** The word behind it, in lower case; empty at the end. */
  readonly next: string;
}

/** What a text says, as far as rules tell; made once a text. */
export interface Analysis {
  readonly text: string;
  /** Equal for texts that are the same but for case, blanks and signs, as far as these say nothing. */
  readonly skeleton: string;
  /** False when the text is too long to be compared word by word. */
  readonly isComparable: boolean;
  /** True when its form was read as another: a passive as an active, a wish as a question. */
  readonly isReformed: boolean;
  /** What is done in passives that were read as actives. */
  readonly turned: readonly string[];
  /** How indented lines are indented; empty without any. */
  readonly layout: string;
  /** `en` when rules apply; `other` when they do not. */
  readonly language: 'en' | 'other';
  readonly words: readonly Word[];
  /** Function words and how often each stands. */
  readonly functions: ReadonlyMap<string, number>;
  /** One of each sentence that has words. */
  readonly frames: readonly Frame[];
  /** One of each sentence whose opening ends in who does it, or in "to". */
  readonly heads: readonly Head[];
  readonly negations: readonly Negation[];
  /** What is done to those who speak or are spoken of: `remind me`, by the lemma in front. */
  readonly objects: readonly string[];
  /** True for "what are all the": the list that is asked for is whole without the word. */
  readonly asksForAll: boolean;
  /** How many auxiliaries are in the past: "did", "was". */
  readonly past: number;
  /** Modal verbs and tenses outside the frames: `should`, `must`, `past`, `future`. */
  readonly moods: ReadonlySet<string>;
  /** Positions in the text of words that join: "and", "or", "versus", a comma. */
  readonly joins: ReadonlySet<number>;
  /** Words that point at something outside the text: "this sentence". */
  readonly pointers: readonly string[];
  /** Sum of the words' weights. */
  readonly weight: number;
}
