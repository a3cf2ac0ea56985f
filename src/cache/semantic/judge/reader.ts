import type { Head, Negation, Word } from './analysis.ts';
import { hasTellingCase, isDateAmongWords, isIdle, isLiking, isThanking, looksLikeName } from './context.ts';
import { DATE_WORDS, UNSURE_DATES } from './data/dates.data.ts';
import { FUNCTION_WORDS, type FunctionRole, NOUNS_BEFORE_OF } from './data/function-words.data.ts';
import { DEGREES } from './data/gradable.data.ts';
import { UNIT_NAMES, UNITS_BEHIND_NUMBERS } from './data/units.data.ts';
import type { Frame } from './frames.ts';
import { CLAUSES, JOINING, LIGHT, LIGHT_KEYS, LITERALS, MODALS, PAST, STAYS_IN_PHRASE } from './grammar.ts';
import { lemmaOf } from './lemma.ts';
import { isNumberWord } from './numbers.ts';
import { headOf, openingOf } from './opening.ts';
import type { RawToken } from './tokens.ts';

const OBJECTS = /^(?:me|him|us|them)$/;

type Draft = { -readonly [key in keyof Word]: Word[key] };

/** Walks the tokens once and notes what each says. */
export class Reader {
  readonly words: Draft[] = [];
  readonly functions = new Map<string, number>();
  readonly frames: Frame[] = [];
  readonly heads: Head[] = [];
  readonly objects: string[] = [];
  readonly negations: Negation[] = [];
  readonly moods = new Set<string>();
  past = 0;
  readonly joins = new Set<number>();
  readonly #tokens: readonly RawToken[];
  readonly #hasCase: boolean;
  readonly #openNegations: { readonly text: string; readonly deniesAll: boolean }[] = [];
  /** True where single capitals are names: "does A imply B". */
  readonly #hasLetters: boolean;
  #marker: string | null = null;
  #clause: string | null = null;
  #degree: Word['degree'] = null;
  #at = 0;
  #meansAnyone = false;
  #isRequest = false;

  constructor(tokens: readonly RawToken[]) {
    this.#tokens = tokens;
    this.#hasCase = hasTellingCase(tokens);
    this.#hasLetters = tokens.some(({ raw }) => /^[B-HJ-Z]$/.test(raw));
  }

  run(): void {
    let start = 0;
    for (let i = 0; i <= this.#tokens.length; i += 1) {
      if (i < this.#tokens.length && this.#tokens[i]?.kind !== 'stop') continue;
      if (i > start) this.#sentence(start, i);
      start = i + 1;
    }
    for (const open of this.#openNegations) this.negations.push({ ...open, target: -1 });
  }

  #sentence(start: number, end: number): void {
    const texts: string[] = [];
    for (let i = start; i < end && texts.length < 24; i += 1) texts.push((this.#tokens[i] as RawToken).text);
    const frame = openingOf(texts, (at) => this.#tokens[start + at]?.opensClause === true);
    // "Why?" and "Help me." behind another question add nothing.
    if (this.frames.length === 0 || frame.at > 0 || texts.length > frame.length) this.frames.push(frame);
    const from = frame.type === 'topic' && frame.length === 0 ? 0 : frame.length;
    const head = headOf(frame, texts);
    if (head !== null && this.#tokens[start + head.at]?.kind === 'word')
      this.heads.push({ ...head, at: this.#at + head.at });
    this.#reset();
    this.#isRequest = frame.type === 'request';
    this.#meansAnyone = frame.adds.includes('@mean') || frame.adds.includes('@anyone');
    const at = this.#at;
    this.#at = -1;
    for (const word of frame.adds) {
      if (word.startsWith('@@')) this.moods.add(word.slice(2));
      else if (word.startsWith('@')) this.moods.add(`frame:${word.slice(1)}`);
      else this.#content(word, word, false);
    }
    this.#at = at;
    for (let i = start; i < end; i += 1) {
      const token = this.#tokens[i] as RawToken;
      const isFramed = i - start >= frame.at && i - start < frame.at + from;
      if (i - start >= frame.at && i - start < frame.at + frame.lead) {
        this.#at += 1;
        continue;
      }
      this.#token(token, i, isFramed ? frame : null);
      this.#at += 1;
    }
    this.#reset();
  }

  #reset(): void {
    this.#marker = null;
    this.#clause = null;
    this.#degree = null;
  }

  #token(token: RawToken, i: number, frame: Frame | null): void {
    if (token.opensClause) {
      this.#marker = null;
      this.#clause = null;
      this.joins.add(this.#at);
    }
    if (token.kind === 'quotation' && this.#quoted(token)) return;
    const literal = LITERALS[token.kind];
    if (literal !== undefined) {
      this.#push({
        kind: 'literal',
        literal,
        key: token.text,
        text: token.text,
        weight: literal === 'emoji' ? LIGHT : 1,
      });
      return;
    }
    if (token.kind === 'number' || token.kind === 'time' || token.kind === 'date') {
      this.#push({
        kind: token.kind === 'number' ? 'number' : 'date',
        literal: null,
        key: token.text,
        text: token.raw,
        weight: 1,
      });
      return;
    }
    this.#word(token, i, frame);
  }

  /** A few quoted words are words that must stand as they are, quoted or not. */
  #quoted({ text }: RawToken): boolean {
    const words = text.toLowerCase().split(/\s+/);
    if (words.length > 3 || !words.every((word) => /^[\p{L}'-]+$/u.test(word))) return false;
    for (const word of words)
      this.#push({ kind: 'content', literal: null, key: word, text: word, weight: 1, isName: true });
    return true;
  }

  #word(token: RawToken, i: number, frame: Frame | null): void {
    const { text } = token;
    const isName = looksLikeName(token, this.#hasCase);
    const date = DATE_WORDS.get(text);
    if (date !== undefined && (!UNSURE_DATES.has(text) || isDateAmongWords(this.#tokens, i, this.#hasCase))) {
      this.#push({ kind: 'date', literal: null, key: date, text, weight: 1 });
      return;
    }
    const unit = UNITS_BEHIND_NUMBERS.has(text) ? undefined : UNIT_NAMES.get(text);
    // "how many days does it take" says so in its mood.
    if (unit !== undefined && frame?.type !== 'how_long') {
      this.#push({ kind: 'literal', literal: 'unit', key: unit, text, weight: 1 });
      return;
    }
    // "US", "IT", "WHO": names that look like function words but for their case.
    const role =
      (text === 'like' && isLiking(this.#tokens, i)) || (text === 'thank' && isThanking(this.#tokens, i))
        ? undefined
        : isName && (text.length > 1 || this.#hasLetters) && /^[A-Z]+$/.test(token.raw)
          ? undefined
          : FUNCTION_WORDS.get(text);
    if (role !== undefined && frame === null) this.#function(text, role, i);
    else if (role !== undefined) this.#framed(text, role, i);
    else if (frame === null || /^\d/.test(text)) {
      this.#content(text, token.raw, isName);
      const last = this.words.at(-1);
      if (last !== undefined && NOUNS_BEFORE_OF.has(text) && this.#tokens[i + 1]?.text === 'of')
        last.weight = 1;
    }
  }

  #framed(text: string, role: FunctionRole, i: number): void {
    if (role === 'negator') this.#openNegations.push({ text, deniesAll: this.#deniesAll(text, i) });
    if (role === 'first' || role === 'second' || role === 'third') {
      if (!this.#meansAnyone && !this.#isRequest) this.#count(text);
    }
    if (PAST.has(text)) this.past += 1;
    const mood = MODALS.get(text);
    if (mood !== undefined && !this.#isRequest && !this.#meansAnyone) this.moods.add(`frame:${mood}`);
  }

  #function(text: string, role: FunctionRole, i: number): void {
    if (!isIdle(this.#tokens, i)) this.#count(text);
    if (role === 'negator') this.#openNegations.push({ text, deniesAll: this.#deniesAll(text, i) });
    if (PAST.has(text)) this.past += 1;
    const mood = MODALS.get(text);
    if (mood !== undefined) this.moods.add(mood);
    const acted = this.words.at(-1);
    if (OBJECTS.test(text) && acted?.at === this.#at - 1) this.objects.push(`${acted.key} ${text}`);
    if (JOINING.has(text)) this.joins.add(this.#at);
    else if (role === 'preposition') {
      // "some of the" hangs nothing on "of".
      if (text !== 'of' || FUNCTION_WORDS.get(this.#tokens[i - 1]?.text ?? '') !== 'quantifier')
        this.#marker = text;
    } else if (!STAYS_IN_PHRASE.has(role)) this.#marker = null;
    if (CLAUSES.has(text)) this.#clause = text;
    if (text === 'more' || text === 'most' || text === 'less' || text === 'least') {
      if (this.#tokens[i - 1]?.text === 'how') return;
      this.#degree = text === 'more' ? 'er' : text === 'most' ? 'est' : text;
    }
  }

  #content(text: string, raw: string, isName: boolean): void {
    const step = DEGREES.get(text);
    const base = step?.base ?? text;
    if (step !== undefined) this.#degree = step.degree;
    const key = isNumberWord(base) ? base : lemmaOf(base);
    const weight = LIGHT_KEYS.has(key) ? LIGHT : 1;
    this.#push({
      kind: 'content',
      literal: null,
      key,
      text,
      weight: isName ? 1 : weight,
      isName: isName || /\d/.test(raw),
    });
  }

  #push(
    word: Pick<Word, 'kind' | 'literal' | 'key' | 'text' | 'weight'> & { readonly isName?: boolean },
  ): void {
    const index = this.words.length;
    const before = this.words[index - 1];
    if (this.#at > 0 && before?.at === this.#at - 1) before.joinsNext = true;
    this.words.push({
      kind: word.kind,
      literal: word.literal,
      key: word.key,
      text: word.text,
      weight: word.weight,
      isName: word.isName === true,
      at: this.#at,
      marker: this.#marker,
      clause: this.#clause,
      degree: this.#degree,
      joinsNext: false,
    });
    this.#degree = null;
    if (this.#at >= 0 && word.literal !== 'emoji')
      for (const open of this.#openNegations.splice(0)) this.negations.push({ ...open, target: index });
  }

  #count(text: string): void {
    this.functions.set(text, (this.functions.get(text) ?? 0) + 1);
  }

  /** "does not", and "not" anywhere in a question that has its auxiliary in front. */
  #deniesAll(text: string, i: number): boolean {
    if (text !== 'not') return false;
    if (this.#clause === null && this.frames.at(-1)?.type !== 'topic') return true;
    const role = FUNCTION_WORDS.get(this.#tokens[i - 1]?.text ?? '');
    return role === 'aux' || role === 'modal';
  }
}
