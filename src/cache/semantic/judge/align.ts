import type { Analysis, Word } from './analysis.ts';
import type { AreNear } from './nearness.ts';
import { type FullForm, fullForm, type Tie, tieOf } from './relations.ts';

/** Two words that stand for each other. */
export interface Match {
  /** Index of the word in the first text. */
  readonly a: number;
  readonly b: number;
  readonly tie: Tie;
}

/** Which words of two texts stand for each other, and which stand alone. */
export interface Alignment {
  readonly matches: readonly Match[];
  /** Words of the first text without a counterpart. */
  readonly onlyA: readonly Word[];
  readonly onlyB: readonly Word[];
  /** For each word of the first text the index of its counterpart; -1 for none. */
  readonly mateOfA: readonly number[];
}

const REPEATED = 0.25;

/** Pairs the words of two texts: equal ones first, then those that a table, a spelling or a derivation ties. */
export function align(a: Analysis, b: Analysis, areNear: AreNear): Alignment {
  const mateOfA = a.words.map(() => -1);
  const takenB = b.words.map(() => false);
  const matches: Match[] = [];
  const take = (i: number, j: number, tie: Tie) => {
    mateOfA[i] = j;
    takenB[j] = true;
    matches.push({ a: i, b: j, tie });
  };
  matchEqual(a, b, { mateOfA, takenB, take });
  matchBareNumbers(a, b, { mateOfA, takenB, take });
  joinCompounds(a, b, { mateOfA, takenB, take });
  joinCompounds(b, a, {
    mateOfA: takenB.map((taken) => (taken ? 0 : -1)),
    takenB: mateOfA.map((j) => j >= 0),
    take: (j, i, tie) => take(i, j, tie),
  });
  tieRest(a, b, { mateOfA, takenB, take, areNear });
  // What says the same word twice says little more.
  const keysA = new Set(a.words.map(({ key }) => key));
  const keysB = new Set(b.words.map(({ key }) => key));
  const again = (word: Word, keys: ReadonlySet<string>) =>
    word.kind === 'content' && keys.has(word.key)
      ? { ...word, weight: Math.min(word.weight, REPEATED) }
      : word;
  return {
    matches,
    onlyA: a.words.filter((_, i) => mateOfA[i] === -1).map((word) => again(word, keysB)),
    onlyB: b.words.filter((_, j) => takenB[j] !== true).map((word) => again(word, keysA)),
    mateOfA,
  };
}

/** Ties words of equal keys, those of one step of comparison first. */
function matchEqual(a: Analysis, b: Analysis, { take }: Taking): void {
  const places = new Map<string, number[]>();
  for (const [j, { key }] of b.words.entries()) {
    const list = places.get(key);
    if (list === undefined) places.set(key, [j]);
    else list.push(j);
  }
  for (const [i, word] of a.words.entries()) {
    const list = places.get(word.key);
    if (list === undefined) continue;
    const fits = (j: number) => b.words[j]?.kind === word.kind;
    const j = list.find((j) => fits(j) && b.words[j]?.degree === word.degree) ?? list.find(fits);
    if (j === undefined) continue;
    list.splice(list.indexOf(j), 1);
    take(i, j, 'same');
  }
}

/** "500 and 1000 rupees" and "500 rupees and 1000 rupees": a number without a unit, where the text has the unit. */
function matchBareNumbers(a: Analysis, b: Analysis, { mateOfA, takenB, take }: Taking): void {
  for (const [i, x] of a.words.entries()) {
    if (mateOfA[i] !== -1 || x.kind !== 'number') continue;
    const [value, unit] = x.key.split(' ');
    const j = b.words.findIndex((y, j) => {
      if (takenB[j] === true || y.kind !== 'number') return false;
      const [otherValue, otherUnit] = y.key.split(' ');
      if (value !== otherValue || (unit !== undefined && otherUnit !== undefined)) return false;
      const [bare, missing] = unit === undefined ? [a, otherUnit] : [b, unit];
      return bare.words.some(({ key }) => key === missing || key.endsWith(` ${missing}`));
    });
    if (j !== -1) take(i, j, 'spelling');
  }
}

/** Ties what is left by tables, spelling and derivation. */
function tieRest(a: Analysis, b: Analysis, rest: Taking & { readonly areNear: AreNear }): void {
  const { mateOfA, takenB, take, areNear } = rest;
  const restB: { readonly j: number; readonly word: Word; readonly form: FullForm }[] = [];
  for (const [j, word] of b.words.entries()) {
    if (takenB[j] !== true && word.kind === 'content') restB.push({ j, word, form: fullForm(word) });
  }
  if (restB.length === 0) return;
  for (const [i, word] of a.words.entries()) {
    if (mateOfA[i] !== -1 || word.kind !== 'content') continue;
    const form = fullForm(word);
    for (const other of restB) {
      if (takenB[other.j] === true) continue;
      const tie = tieOf(form, other.form);
      // Two names of one stem are two names.
      if (tie === null || (tie === 'derived' && word.isName && other.word.isName)) continue;
      if (tie === 'derived' && !areNear(word.text, other.word.text)) continue;
      take(i, other.j, tie);
      break;
    }
  }
}

interface Taking {
  readonly mateOfA: readonly number[];
  readonly takenB: readonly boolean[];
  readonly take: (i: number, j: number, tie: Tie) => void;
}

/** Ties a word to two neighbours that are written apart: "chatbot", "chat bot". */
function joinCompounds(one: Analysis, two: Analysis, { mateOfA, takenB, take }: Taking): void {
  for (const [i, word] of one.words.entries()) {
    if (mateOfA[i] !== -1 || word.kind !== 'content' || word.text.length < 5) continue;
    const text = word.text.replaceAll('-', '');
    for (let j = 0; j + 1 < two.words.length; j += 1) {
      const [x, y] = [two.words[j] as Word, two.words[j + 1] as Word];
      if (takenB[j] === true || takenB[j + 1] === true || !x.joinsNext || x.kind !== 'content') continue;
      if (x.text + y.text !== text) continue;
      take(i, j, 'spelling');
      take(i, j + 1, 'spelling');
      break;
    }
  }
}
