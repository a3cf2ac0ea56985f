import { FUNCTION_WORDS } from './data/function-words.data.ts';
import { IRREGULAR_FORMS } from './data/irregular-forms.data.ts';
import type { RawToken } from './tokens.ts';

type Sentence = readonly RawToken[];

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
const ASKS =
  /^(?:what|which|who|whom|whose|when|where|why|how|howto|is|are|was|were|am|do|does|did|can|could|should|would|will|shall|may|must|has|have)$/;

/**
 * The tokens with the forms of a question that only order its words in another way read as the plain form: what is
 * wished and how, in one question; a statement with "Why?" behind it; what is named in front with a colon; who it was
 * done by. Linear in the number of tokens.
 */
export function readForms(tokens: readonly RawToken[]): readonly RawToken[] {
  const sentences = split(tokens);
  const read: Sentence[] = [];
  for (const sentence of sentences) {
    const joined = joinTails(read, sentence);
    if (!joined) read.push(inOneSentence(sentence));
  }
  if (read.length === sentences.length && read.every((sentence, i) => sentence === sentences[i])) return tokens;
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

const textOf = (tokens: Sentence) => tokens.map(({ text }) => text.replaceAll(/\s+/g, '_')).join(' ');

/** A sentence that only asks how or why what the last one says: read with that. */
function joinTails(read: Sentence[], sentence: Sentence): boolean {
  const last = read.at(-1);
  if (last === undefined || sentence.length > 9 || last.length > MOST_WORDS) return false;
  const joined = withTail(last, textOf(sentence));
  if (joined === null) return false;
  read[read.length - 1] = joined;
  return true;
}

/** What is said and what is asked of it as one question; null when that is none. */
function withTail(said: Sentence, tail: string): Sentence | null {
  const first = said[0]?.text ?? '';
  if (ASKS.test(first)) return null;
  if (WHY_TAIL.test(tail)) return [word('why'), ...inside(said)];
  const isHow = HOW_TAIL.test(tail);
  if (!isHow && !WHAT_TAIL.test(tail)) return null;
  const wish = WISH.exec(`${textOf(said)} `);
  if (wish === null && (!isHow || FUNCTION_WORDS.has(first))) return null;
  const rest = said.slice(wish === null ? 0 : wish[0].trim().split(' ').length);
  return rest.length === 0 ? null : [word('how'), word('do'), word('i'), ...inside(rest)];
}

function inOneSentence(sentence: Sentence): Sentence {
  if (sentence.length > MOST_WORDS) return sentence;
  if (sentence.at(-1)?.text === 'how' && sentence.length > 2 && /\wing$/.test(sentence[0]?.text ?? '')) {
    const joined = withTail(sentence.slice(0, -1), 'how');
    if (joined !== null) return joined;
  }
  const clause = sentence.findLastIndex(({ opensClause }, i) => opensClause && i > 0);
  if (clause > 0 && sentence.length - clause <= 9) {
    const joined = withTail(sentence.slice(0, clause), textOf(sentence.slice(clause)));
    if (joined !== null) return joined;
  }
  return inTool(fronted(passive(withoutIdle(sentence))));
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
    'center align sum add reverse sort merge join split crop resize rotate cut trim debounce parse read write print create make build draw edit format ' +
    'convert filter count insert remove delete replace implement declare define loop iterate debug calculate compute plot render ' +
    'export import search scrape style highlight underline validate deploy compile encode decode compress freeze group record animate blur mask code program'
  ).split(' '),
);

/** "with Python" in what is done to a list, as "in Python". */
function inTool(sentence: Sentence): Sentence {
  const markers = sentence.flatMap(({ text }, i) => (/^(?:in|with)$/.test(text) ? [i] : []));
  const at = markers[0] ?? -1;
  const name = sentence[at + 1];
  if (markers.length !== 1 || sentence[at]?.text !== 'with' || name?.kind !== 'word' || !/^[A-Z]/.test(name.raw)) return sentence;
  if (!sentence.some(({ text }) => /^how(?:to)?$/.test(text)) || !sentence.some(({ text }) => TOOL_VERBS.has(text))) return sentence;
  return sentence.map((token, i) => (i === at ? { ...token, text: 'in' } : token));
}

/** "do it using a tool", as "do it with a tool". */
function withTool(sentence: Sentence): Sentence {
  const at = sentence.findIndex(({ text }, i) => text === 'using' && i > 3);
  const before = sentence[at - 1]?.text ?? '';
  if (at === -1 || at === sentence.length - 1 || sentence[at]?.opensClause === true || NO_TOOL.test(before))
    return sentence;
  if (!sentence.slice(0, at).some(({ text }) => /^how(?:to)?$/.test(text))) return sentence;
  return sentence.map((token, i) => (i === at ? { ...token, text: 'with' } : token));
}

/** "CSS: how do I, as "in CSS, how do I". */
function fronted(sentence: Sentence): Sentence {
  const opens = sentence.findIndex(({ opensClause }) => opensClause);
  if (opens < 1 || opens > 2 || !/^how(?:to)?$/.test(sentence[opens]?.text ?? '')) return sentence;
  const front = sentence.slice(0, opens);
  if (front.some(({ kind, text }) => kind !== 'word' || FUNCTION_WORDS.has(text))) return sentence;
  return [{ ...word('in'), opensSentence: true }, ...inside(front), ...sentence.slice(opens)];
}

const BE = '(?:is|are|was|were)';
const WHOM = '(?:who|whom|(?:what|which) \\S+)';
const BY_WHOM: readonly RegExp[] = [
  // "who was the radio invented by"
  new RegExp(`^(${WHOM}) ${BE} ((?:\\S+ ){1,6})(\\S+) by$`),
  // "by whom was the radio invented"
  new RegExp(`^by (${WHOM}) ${BE} ((?:\\S+ ){1,6})(\\S+)$`),
];
/** "the radio was invented by whom" */
const BY_LAST = new RegExp(`^((?:\\S+ ){1,6})${BE} (\\S+) by (${WHOM})$`);
/** "how can a radio be repaired", "for how long should eggs be boiled at home" */
const TO_BE = new RegExp(
  `^((?:(?:how|when|where|howto|how often|how frequently|(?:for )?how long|how much|how many \\S+|(?:what|which) \\S+) )?(?:can|could|should|must|may|will|would) )((?:\\S+ ){1,5})be (\\S+)((?: (?:in|on|at|with|for|to|from|into|before|after|without|by|as|using|if|when|again|online|once) .*)?)$`,
);
/** "when are orders shipped", "how is cheese made" */
const IS_DONE = new RegExp(
  `^((?:how|when|where|how often|how frequently|how long) )(is|are|was|were) ((?:\\S+ ){1,5})(\\S+)((?: (?:in|on|at|with|for|to|from|into|before|after|without|as) .*)?)$`,
);

/** What is done, and to what, in the order of those who do it; by whom, as who does. */
function passive(sentence: Sentence): Sentence {
  if (sentence.length < 4 || sentence.length > 20) return sentence;
  const text = textOf(sentence);
  const take = (from: number, count: number) => inside(sentence.slice(from, from + count));
  for (const pattern of BY_WHOM) {
    const match = pattern.exec(text);
    if (match === null || !isParticiple(match[3] as string)) continue;
    const [, whom = '', object = ''] = match;
    const at = text.startsWith('by ') ? 1 : 0;
    const [people, things] = [count(whom), count(object)];
    const from = at + people + 1;
    return opening([...take(at, people), ...take(from + things, 1), ...take(from, things)]);
  }
  const last = BY_LAST.exec(text);
  if (last !== null && isParticiple(last[2] as string)) {
    const things = count(last[1] as string);
    return opening([...take(things + 3, count(last[3] as string)), ...take(things + 1, 1), ...take(0, things)]);
  }
  return opened(sentence, text) ?? served(sentence, text) ?? toBeDone(sentence, text) ?? isDone(sentence, text) ?? sentence;
}

function toBeDone(sentence: Sentence, text: string): Sentence | null {
  const match = TO_BE.exec(text);
  if (match === null || !isParticiple(match[3] as string) || PERSONS.test(match[2] as string)) return null;
  const [opens, things] = [count(match[1] as string), count(match[2] as string)];
  const done = opens + things + 1;
  return active(sentence, { opens, things, done });
}

function isDone(sentence: Sentence, text: string): Sentence | null {
  const match = IS_DONE.exec(text);
  if (match === null || !isParticiple(match[4] as string) || PERSONS.test(match[3] as string)) return null;
  const [opens, things] = [count(match[1] as string) + 1, count(match[3] as string)];
  const read = active(sentence, { opens, things, done: opens + things });
  const verb = /^w/.test(match[2] as string) ? 'did' : 'do';
  return read.map((token, i) => (i === opens - 1 ? { ...token, text: verb } : token));
}

/** Stands for "you" where that is who sells and serves. */
export const SELLER = 'the_seller';
const SERVED = 'accept|support|offer|ship|deliver|provide|sell|refund|include';
const SERVES = new RegExp(`^((?:(?:what|which|when|where|how) (?:\\S+ ){0,3})?do )you (?:${SERVED})(?: |$)`);
const IS_SERVED = new RegExp(
  `^((?:is|are) )((?:\\S+ ){1,4})(?:(?:${SERVED})(?:ed|d)|shipped|sold)((?: (?:in|on|at|with|for|to|from) .*)?)$`,
);
const WHAT_IS_SERVED = new RegExp(
  `^((?:what|which) (?:\\S+ ){1,3})(?:is|are) (?:(?:${SERVED})(?:ed|d)|shipped|sold)((?: (?:in|on|at|with|for|to|from) .*)?)$`,
);

/** "do you accept cards", "are cards accepted", "which cards are accepted": what a seller does. */
function served(sentence: Sentence, text: string): Sentence | null {
  const does = SERVES.exec(text);
  if (does !== null) {
    const at = count(does[1] as string);
    return sentence.map((token, i) => (i === at ? { ...token, raw: SELLER, text: SELLER } : token));
  }
  const what = WHAT_IS_SERVED.exec(text);
  if (what !== null) {
    const at = count(what[1] as string);
    return [...sentence.slice(0, at), word('do'), word(SELLER), ...sentence.slice(at + 1)];
  }
  const is = IS_SERVED.exec(text);
  if (is === null || PERSONS.test(is[2] as string)) return null;
  const done = 1 + count(is[2] as string);
  return [word('do'), word(SELLER), ...sentence.slice(done, done + 1), ...sentence.slice(1, done), ...sentence.slice(done + 1)];
}

const OPENS = /^((?:when|(?:at )?what time) )do (?:you|they) (open|close|start|begin|end|finish) ((?:(?:the|your|a) )(?:\S+ ?){1,3})$/;

/** "when do you open the shop", as "when does the shop open". */
function opened(sentence: Sentence, text: string): Sentence | null {
  const match = OPENS.exec(text);
  if (match === null) return null;
  const at = count(match[1] as string);
  return [...sentence.slice(0, at), word('does'), ...sentence.slice(at + 3), ...sentence.slice(at + 2, at + 3)];
}

/** Whom it may be done to, and who then is no thing: "how can I be hired". */
const PERSONS = /^(?:i|we|you|he|she|they|one|someone|people|it|there|this|that) |\b(?:to|by|who|that|which|if|not) /;

function active(
  sentence: Sentence,
  { opens, things, done }: { readonly opens: number; readonly things: number; readonly done: number },
): Sentence {
  return [
    ...sentence.slice(0, opens),
    word('one'),
    ...inside(sentence.slice(done, done + 1)),
    ...inside(sentence.slice(opens, opens + things)),
    ...inside(sentence.slice(done + 1)),
  ];
}

const count = (text: string) => text.trim().split(' ').length;

/** Adjectives that end like participles, and what is done to oneself. */
const NO_PARTICIPLE =
  /^(?:red|need|bed|speed|open|even|often|seven|ten|children|women|men|kitchen|chicken|oven|garden|involved|interested|based|located|situated|related|married|called|named|supposed|different|present|current|important|recent|student|parent|agent|content|patient|event|payment|account|amount|point|print|light|night|right|weight|height|flight|old|cold|gold|household|child|world|then|when|been|spanish|between|green|screen|teen|town|brown|down|own|crown|unit|hundred|united|limited|advanced|tired)$/;
const PARTICIPLE = /(?:ed|en|wn|lt|nt|ght|ung|old|ade|id|aught|ost|un|eft|ept|elt|eld|et|ut|one)$/;

function isParticiple(text: string): boolean {
  if (NO_PARTICIPLE.test(text) || FUNCTION_WORDS.has(text)) return false;
  return /ed$/.test(text) || (PARTICIPLE.test(text) && IRREGULAR_FORMS.has(text));
}

function word(text: string): RawToken {
  return { kind: 'word', raw: text, text, opensSentence: false, opensClause: false };
}

/** Tokens that no longer open anything. */
function inside(tokens: Sentence): Sentence {
  return tokens.map((token, i) =>
    i === 0 && (token.opensSentence || token.opensClause)
      ? { ...token, opensSentence: token.opensSentence, opensClause: false }
      : token,
  );
}

function opening(tokens: Sentence): Sentence {
  return tokens.map((token, i) => ({ ...token, opensSentence: i === 0 || token.opensSentence }));
}
