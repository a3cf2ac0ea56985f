import type { Analysis, Word } from '../analysis.ts';
import { lemmaOf } from '../lemma.ts';
import { type Gate, type Pair, versus } from './gate.ts';
import { hasSymmetry } from './symmetry.ts';

/** Who does it and to whom it is done, and whether one thing is meant or both. */
export const rolesGate: Gate = (pair) =>
  subjects(pair) ?? passives(pair) ?? agents(pair) ?? keepsFrom(pair) ?? choices(pair);

/** In the moods of a question for what is acted on: "what does React depend on". */
const OBJECT = 'frame:object';

/** "what depends on React", "what does React depend on"; "which bank owns Chase", "which bank does Chase own". */
function subjects({ a, b, alignment }: Pair): string | null {
  const asks = [a, b].map(asksForObject);
  if (asks[0] === asks[1] || ![a, b].every(({ frames }) => frames.length === 1)) return null;
  if (a.frames[0]?.type !== b.frames[0]?.type) return null;
  const matches = alignment.matches.toSorted((x, y) => x.a - y.a);
  const moved = matches.find(({ b: j }, k) => matches.slice(k + 1).some((later) => later.b < j));
  return moved === undefined ? null : versus([a.words[moved.a]?.text ?? ''], [b.words[moved.b]?.text ?? '']);
}

function asksForObject({ moods, functions, frames }: Analysis): boolean {
  return moods.has(OBJECT) || (frames[0]?.type === 'what' && AUXILIARIES.some((word) => functions.has(word)));
}

const AUXILIARIES = ['do', 'does', 'did'];

const TO_BE_DONE = /^(?:get|getting|got|be|being|been)$/;
const PARTICIPLE = /(?:ed|en|id|wn|lt|nt|ght|ung|ade)$/;
/** Those that do to themselves what is done. */
const OWN_DOING = /^(?:started|registered|married|divorced|rid|ready|dressed|organized|organised)$/;

const TO_BE = /\bbe (\w+)/i;

/** "how do I get hired", "how do I hire"; "who can be adopted", "who can adopt". */
function passives(pair: Pair): string | null {
  const { a, b, alignment } = pair;
  for (const { a: i, b: j } of alignment.matches) {
    const [x, y] = [a.words[i] as Word, b.words[j] as Word];
    if (x.text === y.text || isDoneTo(a, x) === isDoneTo(b, y)) continue;
    return versus([x.text], [y.text]);
  }
  return null;
}

function isDoneTo({ heads, frames, functions, turned, text: all }: Analysis, { text, at }: Word): boolean {
  if (!PARTICIPLE.test(text) || OWN_DOING.test(text)) return false;
  if (heads.some((head) => head.at === at - 1 && TO_BE_DONE.test(head.text))) return true;
  if (frames.every(({ type }) => type === 'who') && functions.has('be')) return true;
  return !turned.includes(text) && TO_BE.exec(all)?.[1]?.toLowerCase() === text;
}

/** "what is Google owned by", "what does Google own". */
function agents({ a, b, alignment }: Pair): string | null {
  const [x, y] = [a, b].map(({ functions }) => functions.get('by') ?? 0);
  if (x === y || [a, b].some(({ functions }) => INSTEAD_OF_BY.some((word) => functions.has(word))))
    return null;
  const by = (x ?? 0) > (y ?? 0) ? a : b;
  const isChanged = alignment.matches.some(({ a: i, b: j }) => {
    const [one, two] = [a.words[i] as Word, b.words[j] as Word];
    const [passive, active] = by === a ? [one, two] : [two, one];
    return passive.text !== active.text && PARTICIPLE.test(passive.text);
  });
  return isChanged ? versus(by === a ? ['by'] : [], by === b ? ['by'] : []) : null;
}

const INSTEAD_OF_BY = ['with', 'via', 'through', 'using'];
const KEEP = lemmaOf('keep');

/** "keep it from being active", "keep it active". */
function keepsFrom({ a, b }: Pair): string | null {
  const [x, y] = [a, b].map(
    ({ words, functions }) => words.some(({ key }) => key === KEEP) && functions.has('from'),
  );
  if (x === y || ![a, b].every(({ words }) => words.some(({ key }) => key === KEEP))) return null;
  return versus(x === true ? ['from'] : [], y === true ? ['from'] : []);
}

/** "delete a branch and its tag", "delete a branch or its tag": of what is to be done; questions for facts mean both. */
function choices({ a, b }: Pair): string | null {
  if (![a, b].every(asksToDo)) return null;
  const [x, y] = [joinOf(a, b), joinOf(b, a)];
  return x !== null && y !== null ? versus([x], [y]) : null;
}

function asksToDo(text: Analysis): boolean {
  const { frames } = text;
  return (
    !hasSymmetry(text) && frames.length === 1 && (frames[0]?.type === 'how' || frames[0]?.type === 'request')
  );
}

function joinOf({ functions }: Analysis, other: Analysis): string | null {
  return ['and', 'or'].find((word) => (functions.get(word) ?? 0) > (other.functions.get(word) ?? 0)) ?? null;
}
