import type { SeededRandom } from './random.ts';

/** Makes of a text two that differ in one thing; null where the text does not hold that thing. */
export type Rewrite = (text: string, random: SeededRandom) => readonly [string, string] | null;

/** A rewrite with the name of what it does. */
export interface Rule {
  readonly kind: string;
  readonly rewrite: Rewrite;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** Gives a word the case of another: all capitals, a capital first, or as it is. */
export function inCaseOf(model: string, word: string): string {
  if (model.length > 1 && model === model.toUpperCase() && /[A-Z]{2}/.test(model)) return word.toUpperCase();
  if (/^[A-Z]/.test(model)) return word.charAt(0).toUpperCase() + word.slice(1);
  return word;
}

/** Puts "a" or "an" right before the place where a word was put in. */
function withArticle(before: string, word: string): string {
  const article = /^[aeiou]/i.test(word) ? 'an' : 'a';
  return before.replace(/\b(an?) $/i, (_, found: string) => `${inCaseOf(found.charAt(0), article)} `);
}

/** Replaces a stretch of a text. */
export function replaced(text: string, [from, length]: readonly [number, number], word: string): string {
  return withArticle(text.slice(0, from), word) + word + text.slice(from + length);
}

/** One match of a pattern (with the flag `g`) in a text, drawn at random. */
export function oneMatch(text: string, pattern: RegExp, random: SeededRandom): RegExpMatchArray | null {
  const found = [...text.matchAll(pattern)];
  return found.length === 0 ? null : random.pick(found);
}

/** Replaces one match by what `other` makes of it. */
export function replacing(
  pattern: RegExp,
  other: (match: RegExpMatchArray, random: SeededRandom) => string | null,
): Rewrite {
  return (text, random) => {
    const match = oneMatch(text, pattern, random);
    const word = match === null ? null : other(match, random);
    if (match === null || word === null || word === match[0]) return null;
    return [text, replaced(text, [match.index ?? 0, match[0].length], word)];
  };
}

function anyOf(words: readonly string[], guard: string): RegExp {
  const longestFirst = words.toSorted((a, b) => b.length - a.length).map(escaped);
  return new RegExp(String.raw`${guard}(?<![\w'’.-])(?:${longestFirst.join('|')})(?![\w'’-]|\.\d)`, 'gi');
}

/** Replaces a word by another of its class: Monday by Thursday. */
export function siblings(...classes: readonly (readonly string[])[]): Rewrite {
  const classOf = new Map(
    classes.flatMap((words) => words.map((word) => [word.toLowerCase(), words] as const)),
  );
  return replacing(anyOf([...classOf.keys()], ''), ([found], random) => {
    const rest = (classOf.get(found.toLowerCase()) ?? []).filter(
      (word) => word.toLowerCase() !== found.toLowerCase(),
    );
    const word = random.pick(rest);
    return /^[a-z]/.test(found) ? word.toLowerCase() : inCaseOf(found, word);
  });
}

/** Replaces a word by its partner, in both directions. @param guard a lookbehind that must hold before the word */
export function partners(pairs: readonly (readonly [string, string])[], guard = ''): Rewrite {
  const other = new Map<string, string[]>();
  for (const [a, b] of pairs) {
    other.set(a, [...(other.get(a) ?? []), b]);
    other.set(b, [...(other.get(b) ?? []), a]);
  }
  return replacing(anyOf([...other.keys()], guard), ([found], random) =>
    inCaseOf(found, random.pick(other.get(found.toLowerCase()) ?? [found])),
  );
}

/** Replaces a word by what stands beside it in the table, in this direction alone. */
export function oneWay(table: readonly (readonly [RegExp, readonly string[]])[]): Rewrite {
  return (text, random) => {
    for (const [pattern, others] of random.shuffle(table)) {
      const everywhere = new RegExp(pattern.source, 'gi');
      const pair = replacing(everywhere, ([found], random) => inCaseOf(found, random.pick(others)))(
        text,
        random,
      );
      if (pair !== null) return pair;
    }
    return null;
  };
}

/** The first of some rewrites that finds something, in their order. */
export function firstOf(...rewrites: readonly Rewrite[]): Rewrite {
  return (text, random) => {
    for (const rewrite of rewrites) {
      const pair = rewrite(text, random);
      if (pair !== null) return pair;
    }
    return null;
  };
}

/** The first of some rewrites that finds something, tried in random order. */
export function either(...rewrites: readonly Rewrite[]): Rewrite {
  return (text, random) => {
    for (const rewrite of random.shuffle(rewrites)) {
      const pair = rewrite(text, random);
      if (pair !== null) return pair;
    }
    return null;
  };
}

const QUESTION =
  /^(?:how|what|why|where|when|which|who|can|could|is|are|do|does|did|should|will|please|i|my|show|tell|give|find|set|make)\b/i;

/** True for one sentence that asks or orders, so that something may be added at its end. */
export function isPlainQuestion(text: string): boolean {
  return QUESTION.test(text) && !/[.?!:;"“`].*\w/.test(text);
}

/** Adds something at the end of a question, before its mark. */
export function appended(text: string, tail: string): string {
  const [, body = '', mark = ''] = /^(.*?)\s*([.?!]*)$/s.exec(text) ?? [];
  return `${body} ${tail}${mark}`;
}

/** Adds two tails that differ to the same question. An empty tail adds nothing. */
export function tails(make: (random: SeededRandom) => readonly [string, string]): Rewrite {
  return (text, random) => {
    if (!isPlainQuestion(text)) return null;
    const [a, b] = make(random);
    return [a === '' ? text : appended(text, a), b === '' ? text : appended(text, b)];
  };
}
