import type { JsonValue } from '../../src/contract/index.ts';

/** What is counted of a tool's texts, and whether it is still there. Its rules are its own, not those it judges. */
export interface Kept {
  readonly total: number;
  readonly kept: number;
}
export const KINDS = ['numbers', 'quotations', 'identifiers', 'sentences', 'values'] as const;
export type Kind = (typeof KINDS)[number];
/** Each kind in binding sentences, and anywhere; `values` (defaults, enums, constants) and `sentences` once. */
export type KeptByKind = Readonly<Record<Kind, { readonly binding: Kept; readonly anywhere: Kept }>>;

const BINDING =
  /\b(?:must|shall|should|never|only|always|required?|mandatory|cannot|can't|do not|don't|not|at least|at most|up to|max(?:imum)?|min(?:imum)?|between|limit(?:ed)?|exactly|formats?|in?valid|allowed|range|unless|default(?:s)?|before|after)\b/i;
const FINDERS = {
  numbers:
    /(?<![\p{L}\p{N}_.-])-?\d+(?:[.,:/-]\d+)*(?:\s?(?:%|ms|px|[KMG]?B|seconds?|minutes?|hours?|days?|characters?|items?|bytes?|tokens?))?(?![\p{L}\p{N}_])/gu,
  quotations: /`[^`\n]+`|"[^"\n]{1,80}"|“[^”]{1,80}”|(?<![\p{L}\p{N}])'[^'\n]{1,80}'(?![\p{L}\p{N}])/gu,
  identifiers:
    /\b[a-z]+(?:_[a-z\d]+)+\b|\b[a-z]+(?:[A-Z][a-z\d]+)+\b|https?:\/\/[^\s)"'`]+|(?<=\s)\/[\w/.-]+\w/gu,
} as const;
/** Share of a sentence's words that must still be there for it to count as kept. */
const WORDS_KEPT = 0.9;
/** Words without news: small ones, and those for what the schema's own keywords say. */
const SMALL = new Set(
  (
    'the and for are was with that this from which will can you your its into such them they been being have has please ' +
    'optional default defaults indicates indicating specifies flag example note simply'
  ).split(' '),
);

/** Counts what one tool's texts said and still say. */
export function keptOf(original: JsonValue, compacted: JsonValue): KeptByKind {
  const before = textsOf(original);
  const after = squeeze(textsOf(compacted).all.join('\n'));
  const words = new Set(wordsOf(after));
  const count = Object.fromEntries(
    KINDS.map((kind) => [kind, { binding: [0, 0], anywhere: [0, 0] }]),
  ) as Record<Kind, { binding: [number, number]; anywhere: [number, number] }>;
  const add = (kind: Kind, isBinding: boolean, isKept: boolean): void => {
    for (const at of [count[kind].anywhere, ...(isBinding ? [count[kind].binding] : [])]) {
      at[0] += 1;
      if (isKept) at[1] += 1;
    }
  };
  for (const sentence of before.descriptions.flatMap((text) => text.split(/(?<=[.!?])\s+|\n/))) {
    const isBinding = BINDING.test(sentence);
    for (const [kind, pattern] of Object.entries(FINDERS)) {
      for (const [found] of sentence.matchAll(pattern)) {
        const isKept = after.includes(squeeze(bare(found)));
        add(kind as Kind, isBinding, isKept);
      }
    }
    const own = wordsOf(sentence);
    if (own.length === 0) continue;
    const there = own.filter((word) => words.has(word)).length;
    if (isBinding) add('sentences', true, there >= WORDS_KEPT * own.length);
  }
  for (const value of before.values) add('values', true, after.includes(squeeze(value)));
  return Object.fromEntries(
    KINDS.map((kind) => [
      kind,
      { binding: asKept(count[kind].binding), anywhere: asKept(count[kind].anywhere) },
    ]),
  ) as KeptByKind;
}

/** The sum of the counts of many tools. */
export function sumKept(all: readonly KeptByKind[]): KeptByKind {
  const sum = (kind: Kind, where: 'binding' | 'anywhere'): Kept => ({
    total: all.reduce((total, one) => total + one[kind][where].total, 0),
    kept: all.reduce((total, one) => total + one[kind][where].kept, 0),
  });
  return Object.fromEntries(
    KINDS.map((kind) => [kind, { binding: sum(kind, 'binding'), anywhere: sum(kind, 'anywhere') }]),
  ) as KeptByKind;
}

/** What is quoted: a default or a listed value says the same without the marks. */
function bare(found: string): string {
  return found.replace(/^(["'`“])(.*)["'`”]$/, '$2');
}

function asKept([total, kept]: readonly [number, number]): Kept {
  return { total, kept };
}

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}]{3,}/gu) ?? []).filter((word) => !SMALL.has(word));
}

function squeeze(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, ' ');
}

interface Texts {
  readonly descriptions: string[];
  /** Listed values, constants and defaults. */
  readonly values: string[];
  readonly all: string[];
}

function textsOf(tool: JsonValue): Texts {
  const texts: Texts = { descriptions: [], values: [], all: [] };
  const walk = (value: JsonValue | undefined, key: string): void => {
    if (Array.isArray(value)) for (const part of value) walk(part as JsonValue, key);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, part] of Object.entries(value)) {
        texts.all.push(name);
        walk(part, name);
      }
    } else if (value !== undefined) {
      texts.all.push(String(value));
      if (key === 'description' && typeof value === 'string') texts.descriptions.push(value);
      if (['enum', 'const', 'default'].includes(key)) texts.values.push(String(value));
    }
  };
  walk(tool, '');
  return texts;
}
