import { FUNCTION_WORDS } from './data/function-words.data.ts';
import { IRREGULAR_FORMS } from './data/irregular-forms.data.ts';
import type { RawToken } from './tokens.ts';

/** The tokens of one sentence, without its stop. */
export type Sentence = readonly RawToken[];

/** Stands for "you" where that is who sells and serves. */
export const SELLER = 'the_seller';

/** A form of a sentence, and the form that it is read as: `$1` for what the first group holds. */
interface FormRule {
  readonly form: RegExp;
  readonly reading: readonly string[];
  /** Of the groups. */
  readonly holds: (groups: readonly string[]) => boolean;
  /** The group of what is done, where it turns who does it. */
  readonly done: number;
}

const MOST_WORDS = 20;
/** What may stand between: some words, each with a blank behind. */
const some = (most: number) => `((?:\\S+ ){1,${most}})`;
const TAIL =
  '((?: (?:in|on|at|with|for|to|from|into|before|after|without|by|as|using|if|when|again|online|once) .*)?)';
const PLACE = '((?: (?:in|on|at|with|for|to|from|into|before|after|without|as) .*)?)';
const WHOM = '(who|whom|(?:what|which) \\S+)';
const SERVED = 'accept|support|offer|ship|deliver|provide|sell|refund';
const IS_SERVED = `((?:${SERVED})(?:ed|d)|shipped|sold)`;
const EASE =
  '(safe|unsafe|healthy|unhealthy|legal|illegal|dangerous|possible|okay|ok|hard|difficult|easy|bad|good|worth)';

/** Adjectives that end like participles, and what is done to oneself. */
const NO_PARTICIPLES: ReadonlySet<string> = new Set(
  'red need bed speed involved interested based located situated related married called named supposed united limited advanced tired hundred'.split(
    ' ',
  ),
);
const PARTICIPLE = /(?:ot|it|uck|en|wn|lt|nt|ght|ung|old|ade|id|ost|un|eft|ept|elt|eld|et|ut|ne)$/;

function isParticiple(text: string): boolean {
  if (NO_PARTICIPLES.has(text) || FUNCTION_WORDS.has(text)) return false;
  return text.endsWith('ed') || (PARTICIPLE.test(text) && IRREGULAR_FORMS.has(text));
}

/** Who is no thing that something is done to: "how can I be hired"; and what is more than one thing. */
const NO_THING =
  /^(?:i|we|you|he|she|they|one|someone|people|it|there|this|that|much|many|long|often|soon|far|old|big|come) |(?:^| )(?:to|by|who|that|which|if|not) /;
const isThing = (text: string) => !NO_THING.test(text);

function rule(form: string, reading: string, holds: FormRule['holds'] = () => true): FormRule {
  return { form: new RegExp(`^${form}$`, 'd'), reading: reading.split(' '), holds, done: 0 };
}

/** A form that says what is done to a thing, read as who does it. */
function passive(form: string, reading: string, [thing, done]: readonly [number, number]): FormRule {
  const holds = (groups: readonly string[]) =>
    isThing(groups[thing] ?? '') && isParticiple(groups[done] ?? '');
  return { ...rule(form, reading, holds), done };
}

/** The first that fits is read; what comes of it is not read again. */
const RULES: readonly FormRule[] = [
  // "who was the radio invented by", "by whom was it", "it was invented by whom": who invented it
  passive(`${WHOM} (?:is|are|was|were) ${some(6)}(\\S+) by`, '$1 $3 $2', [2, 3]),
  passive(`by ${WHOM} (?:is|are|was|were) ${some(6)}(\\S+)`, '$1 $3 $2', [2, 3]),
  passive(`${some(6)}(?:is|are|was|were) (\\S+) by ${WHOM}`, '$3 $2 $1', [1, 2]),
  // "when do you open the shop": when does it open
  rule(
    '((?:when|(?:at )?what time)) do (?:you|they) (open|close|start|begin|end|finish) ((?:the|your|a) \\S+(?: \\S+)?)',
    '$1 does $3 $2',
  ),
  // "do you accept cards", "are cards accepted", "which cards are accepted": what a seller does
  rule(
    `((?:(?:what|which|when|where|how)(?: \\S+){0,3} )?do) you ((?:${SERVED})(?: .*)?)`,
    `$1 ${SELLER} $2`,
  ),
  rule(`((?:what|which)(?: \\S+){1,3}) (?:is|are) ${IS_SERVED}${PLACE}`, `$1 do ${SELLER} $2 $3`),
  rule(`(is|are) ${some(4)}${IS_SERVED}${PLACE}`, `do ${SELLER} $3 $2 $4`, ([, , thing = '']) =>
    isThing(thing),
  ),
  // "is roaming included in the plan": does the plan include it
  passive(
    `(is|are) ${some(3)}(included|covered) (?:in|by|with|under) ((?:\\S+ ?){1,4})`,
    'does $4 $3 $2',
    [2, 3],
  ),
  passive(`(is|are) ${some(4)}(\\S+) by ((?:\\S+ ?){1,4})`, 'does $4 $3 $2', [2, 3]),
  passive(`(was|were) ${some(4)}(\\S+) by ((?:\\S+ ?){1,4})`, 'did $4 $3 $2', [2, 3]),
  // "how many days does May have", "which vitamins are found in kale": are in it
  rule(
    `(how many \\S+|(?:what|which) (?:vitamins|minerals|ingredients|nutrients|chemicals|features|elements|colors|colours)) (?:do|does) ${some(4)}(?:have|contain|include)`,
    '$1 are in $2',
    ([, , thing = '']) => isThing(thing),
  ),
  rule('((?:how many|what|which) (?:\\S+ ?){1,3}) are (?:found|contained|included) in (.+)', '$1 are in $2'),
  // "is tap water safe to drink", "is drinking it safe": is it safe to
  rule(`(?:is|are) ${some(5)}${EASE} to (\\S+)`, 'is it $2 to $3 $1', ([, thing = '']) => isThing(thing)),
  rule(`is (\\w+ing) ${some(6)}${EASE}(?: to do)?`, 'is it $3 to $1 $2'),
  // "is my landlord allowed to raise it": can they
  rule(`(?:is|are|am) ${some(4)}(?:allowed|permitted) to (.+)`, 'can $1 $2'),
  // "how can a radio be repaired": how can one repair it
  passive(
    `((?:(?:how|when|where|howto|how often|how frequently|(?:for )?how long|how much|how many \\S+|(?:what|which) \\S+) )?(?:can|could|should|must|may|will|would)) ${some(5)}be (\\S+)${TAIL}`,
    '$1 one $3 $2 $4',
    [2, 3],
  ),
  passive(
    `((?:how|when|where|how often|how frequently|how long)) (?:is|are) ${some(5)}(\\S+)${PLACE}`,
    '$1 do one $3 $2 $4',
    [2, 3],
  ),
  passive(
    `((?:how|when|where|how long)) (?:was|were) ${some(5)}(\\S+)${PLACE}`,
    '$1 did one $3 $2 $4',
    [2, 3],
  ),
  passive(`(how|when|where) ${some(5)}(?:is|are) (\\S+)${PLACE}`, '$1 do one $3 $2 $4', [2, 3]),
  passive(`(how|when|where) ${some(5)}(can|could|should) be (\\S+)${PLACE}`, '$1 $3 one $4 $2 $5', [2, 4]),
  passive(`(how|when|where) (?:do|does) ${some(5)}get (\\S+)${PLACE}`, '$1 do one $3 $2 $4', [2, 3]),
  // "pancake recipe", "recipe for pancakes": how to make them
  rule(
    `(?:(?:what is|(?:can you )?(?:give|show|tell) me) (?:a|the) )?(?:good |best |easy |simple )*recipe (?:for|of) (.+)`,
    'how do i make $1',
  ),
  rule('((?:\\w+ ){1,3})recipe', 'how do i make $1'),
  // "get him to stop shouting": stop him from shouting
  rule('(how (?:.+ )?)(?:get|make) ((?:\\S+ ){1,3})(?:to )?stop (\\w+ing(?: .*)?)', '$1 stop $2 from $3'),
];

/** Text of some tokens, a blank between two, and none inside of one. */
export const textOf = (tokens: Sentence) => tokens.map(({ text }) => text.replaceAll(/\s+/g, '_')).join(' ');

/**
 * A sentence in the form that its rule reads it as; the same when it has none.
 *
 * @param turned gets what is done in a passive that is read as an active
 */
export function inPlainForm(sentence: Sentence, turned: string[]): Sentence {
  if (sentence.length < 2 || sentence.length > MOST_WORDS) return sentence;
  const text = textOf(sentence);
  for (const { form, reading, holds, done } of RULES) {
    const match = form.exec(text);
    if (match === null || !holds(match)) continue;
    if (done > 0) turned.push(match[done] ?? '');
    return reading.flatMap((piece) => {
      if (!piece.startsWith('$')) return [wordOf(piece)];
      const range = match.indices?.[Number(piece.slice(1))];
      return range === undefined ? [] : inside(tokensAt(sentence, text, range));
    });
  }
  return sentence;
}

function tokensAt(sentence: Sentence, text: string, [from, to]: readonly [number, number]): Sentence {
  const held = text.slice(from, to).trim();
  if (held === '') return [];
  const before = text.slice(0, from).trim();
  const start = before === '' ? 0 : before.split(' ').length;
  return sentence.slice(start, start + held.split(' ').length);
}

/** A word that a form stands for. */
export function wordOf(text: string): RawToken {
  return { kind: 'word', raw: text, text, opensSentence: false, opensClause: false };
}

/** Tokens that no longer open a clause. */
export function inside(tokens: Sentence): Sentence {
  return tokens.map((token, i) => (i === 0 && token.opensClause ? { ...token, opensClause: false } : token));
}
