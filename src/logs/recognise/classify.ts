import { FAMILIES } from './families/index.ts';
import { declaredLetter, declaredLevel, LEVEL_HINT } from './level.ts';
import { createPrefilter } from './prefilter.ts';
import type { LineClass, Recogniser, RecogniserFamily } from './recogniser.ts';
import { ROLE_ORDER, ROLE_PRIORITY } from './roles.ts';
import { classOfDeclared, classOfWords, PLAIN, SEVERITY_HINT } from './severity.ts';

/** What of a long line is looked at. */
const HEAD_LENGTH = 2_000;
const TAIL_LENGTH = 200;

interface Rule {
  readonly recogniser: Recogniser;
  readonly family: string;
  readonly found: LineClass;
}

/** Says of one line, by its text, what it is. The text comes without colours, times and runner's prefix. */
export type Classifier = (message: string) => LineClass;

/**
 * A pattern that says how the line begins knows more of the line than one that finds words in it, and the
 * roles follow from the most telling on; information and debug come last, whatever their pattern.
 */
function rankOf({ pattern, role, typeGroup }: Recogniser): number {
  const quiet = role === 'info' || role === 'debug';
  const anchored = pattern.source.startsWith('^');
  const place = quiet ? 200 : anchored ? 0 : 100;
  // Of two that know the role, the one that also reads the error's type says more.
  return place + ROLE_ORDER.indexOf(role) + (typeGroup === undefined ? 0.5 : 0);
}

function rulesOf(families: readonly RecogniserFamily[]): readonly Rule[] {
  const rules = families.flatMap(({ name, recognisers }) =>
    recognisers.map((recogniser): Rule & { readonly rank: number } => {
      const { id, role, priority = ROLE_PRIORITY[role] } = recogniser;
      const found = { role, priority, family: name, by: id };
      return { recogniser, family: name, found, rank: rankOf(recogniser) };
    }),
  );
  // The sort is stable: within one rank the tables' own order stands.
  return rules.toSorted((a, b) => a.rank - b.rank);
}

function capped(message: string): string {
  if (message.length <= HEAD_LENGTH + TAIL_LENGTH) return message;
  return `${message.slice(0, HEAD_LENGTH)} … ${message.slice(-TAIL_LENGTH)}`;
}

const isQuiet = ({ role }: LineClass): boolean => role === 'info' || role === 'debug';

/** An ordinary error or exit, found somewhere in the line: a level that calls the line information weighs against it. */
const isSign = ({ role, priority }: LineClass): boolean =>
  (role === 'error' || role === 'exit') && priority === 'high';

const lowered = (found: LineClass): LineClass => ({ ...found, role: 'warning', priority: 'medium' });

/** The message inside a line of a log format weighs with the line's level: the more telling of the two stands. */
function weighed(inner: LineClass, outer: LineClass): LineClass {
  if (inner.role === 'pass' || inner.role === 'step' || inner.role === 'progress') {
    return isQuiet(outer) ? inner : outer;
  }
  return ROLE_ORDER.indexOf(inner.role) <= ROLE_ORDER.indexOf(outer.role) ? inner : outer;
}

/** Makes a classifier over the built-in families; `added` ones are asked first within one rank. */
export function createClassifier(options: { readonly added?: readonly RecogniserFamily[] } = {}): Classifier {
  const rules = rulesOf([...(options.added ?? []), ...FAMILIES]);
  const prefilter = createPrefilter([
    ...rules.map(({ recogniser }) => recogniser.pattern),
    SEVERITY_HINT,
    LEVEL_HINT,
  ]);

  const settled = new Set(
    rules
      .filter(({ recogniser, found }) => isQuiet(found) && recogniser.pattern.source.startsWith('^'))
      .map(({ found }) => found.by),
  );
  const severityHint = rules.length;
  const levelHint = severityHint + 1;

  const firstMatch = (candidates: readonly number[], text: string): LineClass | undefined => {
    for (const index of candidates) {
      const found = match(rules[index], text);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  return (message) => {
    const text = capped(message);
    const candidates = prefilter.candidates(text);
    const whole = firstMatch(candidates, text);
    if (whole !== undefined && !isQuiet(whole) && !isSign(whole)) return whole;
    // A tool's own words for what is no news outweigh the level it prints them with.
    if (whole !== undefined && settled.has(whole.by)) return whole;
    const declared = candidates.includes(levelHint) ? declaredLevel(text) : declaredLetter(text);
    if (declared === undefined) {
      return whole ?? (candidates.includes(severityHint) ? classOfWords(text) : PLAIN);
    }
    if (!/\w/.test(declared.rest)) return PLAIN;
    const outer = classOfDeclared(declared, text);
    if (whole !== undefined && !isQuiet(whole)) return isQuiet(outer) ? lowered(whole) : whole;
    const { rest } = declared;
    const inner = rest === '' ? undefined : firstMatch(prefilter.candidates(rest), rest);
    return inner === undefined || isQuiet(inner) || inner.role === 'detail' ? outer : weighed(inner, outer);
  };
}

function match(rule: Rule | undefined, text: string): LineClass | undefined {
  if (rule === undefined) return undefined;
  const { pattern, typeGroup } = rule.recogniser;
  if (typeGroup === undefined) return pattern.test(text) ? rule.found : undefined;
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const errorType = found[typeGroup];
  return errorType === undefined ? rule.found : { ...rule.found, errorType };
}
