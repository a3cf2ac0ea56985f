import { FUNCTION_WORDS } from './data/function-words.data.ts';
import { inPlainForm, inside, type Sentence, textOf, wordOf } from './form-rules.ts';
import type { RawToken } from './tokens.ts';

const MOST_WORDS = 40;
const WISH =
  /^(?:so )?i (?:really )?(?:want|would like|need|wish|would love|am trying|am looking|am planning|plan|must|hope)(?: help)?(?: to)? /;
const MODAL = '(?:do|can|could|should|would|shall|must)';
/** Asks how to do what was just said. */
const HOW_TAIL = new RegExp(
  `^(?:but |and |so )?(?:how|how ${MODAL} (?:i|we|one|you)(?: (?:do|achieve|accomplish|manage|go about)(?: (?:it|that|this|so))?)?|how to(?: do (?:it|that|this|so))?|howto(?: do (?:it|that|this|so))?|how (?:is|can) (?:it|this|that)(?: be)? done)$`,
);
/** Asks what to do about a wish. */
const WHAT_TAIL = new RegExp(`^what ${MODAL} (?:i|we|one)(?: (?:must|need|have))?(?: to)? do$`);
const WHY_TAIL = /^(?:but |and |so )?(?:why|how come|why is (?:that|this|it)|why so|for what reason)$/;
/** In a sentence that asks something else already. */
const ASKS_INSIDE = /^(?:what|which|who|whom|how|why|howto)$/;
const ASKS =
  /^(?:what|which|who|whom|whose|when|where|why|how|howto|is|are|was|were|am|do|does|did|can|could|should|would|will|shall|may|must|has|have)$/;

/**
 * The tokens with the forms of a question that only order its words in another way read as the plain form: what is
 * wished and how, in one question; a statement with "Why?" behind it; what is named in front with a colon; who it was
 * done by. Linear in the number of tokens.
 *
 * @param turned gets what must stand in another text that is compared as it stands: what is done in passives that are
 *   read as actives, and a "why" that was read into a statement
 */
export function readForms(tokens: readonly RawToken[], turned: string[]): readonly RawToken[] {
  const sentences = split(tokens);
  const read: Sentence[] = [];
  for (const sentence of sentences) {
    const joined = joinTails(read, sentence, turned);
    if (!joined) read.push(inOneSentence(sentence, turned));
  }
  if (read.length === sentences.length && read.every((sentence, i) => sentence === sentences[i]))
    return tokens;
  return read.flatMap((sentence, i) => (i < read.length - 1 ? [...sentence, STOP] : sentence));
}

const STOP: RawToken = { kind: 'stop', raw: '.', text: '.', opensSentence: false, opensClause: false };

function split(tokens: readonly RawToken[]): Sentence[] {
  const sentences: RawToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'stop') sentences.push([]);
    else sentences.at(-1)?.push(token);
  }
  return sentences.filter((sentence) => sentence.length > 0);
}

/** A sentence that only asks how or why what the last one says: read with that. */
function joinTails(read: Sentence[], sentence: Sentence, turned: string[]): boolean {
  const last = read.at(-1);
  if (last === undefined || sentence.length > 9 || last.length > MOST_WORDS) return false;
  const joined = withTail(last, textOf(sentence), turned);
  if (joined === null) return false;
  read[read.length - 1] = joined;
  return true;
}

/** What is said and what is asked of it as one question; null when that is none. */
function withTail(said: Sentence, tail: string, turned: string[]): Sentence | null {
  const first = said[0]?.text ?? '';
  if (ASKS.test(first) || said.some(({ text }) => ASKS_INSIDE.test(text))) return null;
  if (WHY_TAIL.test(tail)) {
    turned.push(tail);
    return [wordOf('why'), ...inside(said)];
  }
  const isHow = HOW_TAIL.test(tail);
  if (!isHow && !WHAT_TAIL.test(tail)) return null;
  const wish = WISH.exec(`${textOf(said)} `);
  if (wish === null && (!isHow || FUNCTION_WORDS.has(first))) return null;
  const rest = said.slice(wish === null ? 0 : wish[0].trim().split(' ').length);
  return rest.length === 0 ? null : [wordOf('how'), wordOf('do'), wordOf('i'), ...inside(rest)];
}

function inOneSentence(sentence: Sentence, turned: string[]): Sentence {
  if (sentence.length > MOST_WORDS) return sentence;
  if (sentence.at(-1)?.text === 'how' && sentence.length > 2 && /\wing$/.test(sentence[0]?.text ?? '')) {
    const joined = withTail(sentence.slice(0, -1), 'how', turned);
    if (joined !== null) return joined;
  }
  const clause = sentence.findLastIndex(({ opensClause }, i) => opensClause && i > 0);
  if (clause > 0 && sentence.length - clause <= 9) {
    const joined = withTail(sentence.slice(0, clause), textOf(sentence.slice(clause)), turned);
    if (joined !== null) return joined;
  }
  return inTool(fronted(inPlainForm(withoutIdle(sentence), turned)));
}

/** "where is it located", "explain it to me": what the opening says already. */
function withoutIdle(sentence: Sentence): Sentence {
  const [first, last] = [sentence[0]?.text ?? '', sentence.at(-1)?.text ?? ''];
  if (sentence.length < 4) return sentence;
  if (first === 'where' && /^(?:located|situated)$/.test(last)) return sentence.slice(0, -1);
  const asks = sentence.some(({ text }, i) => i < 4 && /^(?:explain|describe)$/.test(text));
  if (asks && /^(?:me|us)$/.test(last) && /^(?:to|for)$/.test(sentence.at(-2)?.text ?? ''))
    return sentence.slice(0, -2);
  return withTool(sentence);
}

/** Before "using" where that is what is done, and not by what. */
const NO_TOOL =
  /^(?:i|we|you|one|they|people|to|of|for|about|from|by|in|on|at|am|is|are|was|were|be|been|and|or|not|if|when|while|without|before|after|with|start|started|stop|stopped|begin|quit|avoid|try|trying|keep|like|love|hate|enjoy|consider|considering|recommend|suggest|mind|worth|finish|continue|people|someone|anyone)$/;

/** What is done with a program or in it, and not with people or in places. */
const TOOL_VERBS: ReadonlySet<string> = new Set(
  (
    'center align sum reverse sort merge join split crop resize rotate cut trim debounce parse read write print create make build draw edit format ' +
    'convert filter count implement declare define loop iterate debug calculate compute plot render ' +
    'scrape style highlight underline validate deploy compile encode decode compress freeze group record animate blur mask code program'
  ).split(' '),
);

/** "with Python" in what is done to a list, as "in Python". */
function inTool(sentence: Sentence): Sentence {
  const markers = sentence.flatMap(({ text }, i) => (/^(?:in|with)$/.test(text) ? [i] : []));
  const at = markers[0] ?? -1;
  const name = sentence[at + 1];
  if (
    markers.length !== 1 ||
    sentence[at]?.text !== 'with' ||
    name?.kind !== 'word' ||
    !/^[A-Z]/.test(name.raw)
  )
    return sentence;
  if (
    !sentence.some(({ text }) => ASKS_TO_DO.test(text)) ||
    !sentence.some(({ text }) => TOOL_VERBS.has(text))
  )
    return sentence;
  return sentence.map((token, i) => (i === at ? { ...token, text: 'in' } : token));
}

const ASKS_TO_DO = /^(?:how|howto|way|ways|can|could|should|possible|steps)$/;

/** "do it using a tool", as "do it with a tool". */
function withTool(sentence: Sentence): Sentence {
  const at = sentence.findIndex(({ text }, i) => text === 'using' && i > 3);
  const before = sentence[at - 1]?.text ?? '';
  if (at === -1 || at === sentence.length - 1 || sentence[at]?.opensClause === true || NO_TOOL.test(before))
    return sentence;
  if (!sentence.slice(0, at).some(({ text }) => ASKS_TO_DO.test(text))) return sentence;
  return sentence.map((token, i) => (i === at ? { ...token, text: 'with' } : token));
}

/** "CSS: how do I, as "in CSS, how do I". */
function fronted(sentence: Sentence): Sentence {
  const opens = sentence.findIndex(({ opensClause }) => opensClause);
  if (opens < 1 || opens > 2 || !/^how(?:to)?$/.test(sentence[opens]?.text ?? '')) return sentence;
  const front = sentence.slice(0, opens);
  if (front.some(({ kind, text }) => kind !== 'word' || FUNCTION_WORDS.has(text))) return sentence;
  return [{ ...wordOf('in'), opensSentence: true }, ...inside(front), ...sentence.slice(opens)];
}
