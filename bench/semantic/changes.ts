// Rules that change the meaning of a text by as little as possible, one rule a kind.
import {
  either,
  firstOf,
  inCaseOf,
  oneMatch,
  oneWay,
  partners,
  type Rewrite,
  type Rule,
  replacing,
  siblings,
  tails,
} from './rewriting.ts';
import * as lists from './words.data.ts';

const negationAdded = oneWay([
  [/(?<=\bhow )to(?= [a-z]{3,})/i, ['not to']],
  [/(?<=^why )do(?= )/i, ["don't"]],
  [/(?<=^why )does(?= )/i, ["doesn't"]],
  [/(?<=^why )is(?= )/i, ["isn't"]],
  [/(?<=^why )are(?= )/i, ["aren't"]],
  [/(?<=\bshould (?:i|we|you) )(?!not)(?=[a-z])/i, ['not ']],
  [/(?<=\bmy \w+ (?:\w+ )?)(?:is|was|has|will)(?= (?!not|n't)[a-z])/i, ['is not']],
  [/(?<=\b(?:i|you|we|they) )can(?= (?!not)[a-z])/i, ['cannot', "can't"]],
  [/(?<=\bi )(?=(?:want|need|have|like|know|recognize|see|live|work) )/i, ["don't ", 'do not ']],
  [/(?<=\bi )(?:got|received|made|requested|ordered)(?= )/i, ["didn't get"]],
  [/(?<= )is(?= \w+ing\b)/i, ['is not']],
  [/(?<= )are(?= \w+ing\b)/i, ['are not', "aren't"]],
]);

const negationRemoved = oneWay([
  [/ not(?= (?!only|sure|just|yet|even)[a-z])/i, ['']],
  [/(?<=\b(?:is|are|was|were|does|did|has|have|had|could|should|would|do))n['’]t(?= [a-z])/i, ['']],
  [/\bcan['’]t(?= [a-z])/i, ['can']],
  [/\bcannot(?= [a-z])/i, ['can']],
  [/\bwon['’]t(?= [a-z])/i, ['will']],
  [/\bunable to/i, ['able to']],
  [/\bno longer /i, ['']],
  [/\bnever (?=[a-z])/i, ['']],
]);

const withWithout = either(
  partners([
    ['with', 'without'],
    ['by using', 'without using'],
    ['including', 'excluding'],
  ]),
);

const number = replacing(/(?<![\w.,:/$-])\d{1,6}(?![\w:/-]|[.,]\d)/g, ([digits], random) => {
  const value = Number(digits);
  if (digits.length === 4 && value > 1_800 && value < 2_100) return null;
  return String(random.pick([value + 1, value * 10, value + 5, Math.max(1, value - 1), value * 2]));
});

const amount = either(
  replacing(/(?<=[$£€])\d[\d,]*(?:\.\d+)?/g, ([digits], random) =>
    random.pick([`${digits}0`, digits.replace(/^\d/, (first) => String((Number(first) % 9) + 1))]),
  ),
  replacing(/(?<![\w.])\d+(?= ?%)/g, ([digits]) => String(Number(digits) + 5)),
  replacing(/(?<![\w.])\d+\.\d+(?![\w.])/g, ([digits], random) =>
    random.pick([digits.replace('.', ''), String(Number((Number(digits) + 0.1).toFixed(2)))]),
  ),
);

const year = replacing(/(?<![\w.,$-])(?:19|20)\d\d(?![\w%-]|[.,]\d)/g, ([digits], random) =>
  String(Number(digits) + random.pick([1, -1, 10, 2])),
);

const timeOfDay = either(
  replacing(
    /(?<=\d ?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) )[ap]m\b/gi,
    ([half]) => (half.toLowerCase() === 'am' ? 'pm' : 'am'),
  ),
  replacing(/(?<=\bat )\d{1,2}(?=(?::\d\d)? ?(?:[ap]\.? ?m|o'clock))/gi, ([hour]) =>
    String((Number(hour) % 12) + 1),
  ),
);

const version = firstOf(
  replacing(
    /(?<=\b(?:iphone|windows|python|galaxy|ios|android|java|note|php|gta|xbox|ipad|version|lumia|moto|k|ps)\s?)\d{1,2}\b/gi,
    ([digits]) => String(Number(digits) + 1),
  ),
  tails((random) => {
    const [a, b] = random.pick(lists.VERSIONS);
    const where = random.pick(['in version', 'with Python', 'on release', 'on Node', 'after the upgrade to']);
    return [`${where} ${a}`, `${where} ${b}`];
  }),
);

function tailOf(list: readonly (readonly [string, string])[], leads: readonly string[]): Rewrite {
  return tails((random) => {
    const [a, b] = random.pick(list);
    const lead = random.pick(leads);
    return [`${lead} ${a}`, `${lead} ${b}`];
  });
}

const codeSpan = replacing(/`[A-Za-z_.]{4,}(?:\(\))?`/g, ([span], random) =>
  random.pick([
    span.replace(/^`/, '`set_'),
    span.replace(/(\(\))?`$/, 's$1`'),
    span.replace(/(\(\))?`$/, '_v2$1`'),
  ]),
);

const NO_NOUN =
  /^(?:a|an|the|my|your|his|her|our|their|this|that|it|me|you|us|one|not|there|what|which|i|we|they|he|she|to|so|in|on|at|for|of|people's|be|get|do|have|bury|go)$/i;

const direction = firstOf(
  replacing(
    /\bfrom (?:(?:my|the) )?([\w.]+) to (?:(?:my|the) )?([\w.]+)(?=$|[?.,]| (?:on|in|at|for|with|by)\b)/gi,
    ([, a = '', b = '']) => (a === b || NO_NOUN.test(a) || NO_NOUN.test(b) ? null : `from ${b} to ${a}`),
  ),
  replacing(
    /(?<=\b(?:convert|translate|exchange) )(\w+) (to|into) (\w+)(?=$|[?.,])/gi,
    ([, a = '', to, b = '']) => (NO_NOUN.test(a) || NO_NOUN.test(b) ? null : `${b} ${to} ${a}`),
  ),
  tails((random) => {
    const [a, b] = random.pick(lists.ARGUMENTS);
    return [`from ${a} to ${b}`, `from ${b} to ${a}`];
  }),
);

const argumentOrder = firstOf(
  replacing(
    /\b(?:is|are) ([A-Z]?[\w#+]+) ((?:\w+er|more \w+|less \w+) than) ([A-Z]?[\w#+]+)\b/gi,
    ([found, a, than, b]) =>
      /^(?:it|there|a|an|the|this|that)$/i.test(a ?? '') ||
      /^(?:a|an|the|my|any|other|another)$/i.test(b ?? '')
        ? null
        : `${found.split(' ')[0]} ${b} ${than} ${a}`,
  ),
  tails((random) => {
    const [a, b] = random.pick(lists.ARGUMENTS);
    const than = random.pick(['instead of', 'rather than', 'before', 'after', 'without']);
    return [`with ${a} ${than} ${b}`, `with ${b} ${than} ${a}`];
  }),
);

const SYMMETRIC = /^(?:meeting|kissing|hugging|marrying|near|beside)$/i;
const WHO_DOES_WHAT = [
  /\b(?:A|The|One) (\w+) (?:is|was) (\w+ing) (?:with )?(?:a|the|an) (\w+)\b(?=$|[.?]| (?:in|on|at|by|near)\b)/gi,
  /\b(?:do|does|did) (?:the )?([A-Z]?\w+) (love|hate|support|attack|beat|help|need|fear|dislike|respect|control|own|trust|ruin|kill|want|follow|defeat|invade|pay|owe|call|hit|visit|replace) (?:the )?([A-Z]?\w+)\b(?=$|[.?,]| (?:in|on|at|by|so|that|more|when)\b)/gi,
];

/** "A dog chases a cat" into "A cat chases a dog"; both nouns are single words. */
const subjectObject: Rewrite = (text, random) => {
  for (const pattern of WHO_DOES_WHAT) {
    const match = oneMatch(text, pattern, random);
    const [whole, subject = '', verb = '', object = ''] = match ?? [];
    if (match === null || whole === undefined || subject === object || SYMMETRIC.test(verb)) continue;
    if ([subject, object].some((word) => NO_NOUN.test(word))) continue;
    const swapped = whole.replace(
      new RegExp(String.raw`\b${subject}\b(.*)\b${object}\b`),
      (_, middle: string) => `${inCaseOf(subject, object)}${middle}${subject}`,
    );
    const before = text.slice(0, match.index);
    return [text, before + swapped + text.slice((match.index ?? 0) + whole.length)];
  }
  return null;
};

const quantifier = oneWay([
  [/\ball(?= (?!of a|over|right)[a-z])/i, ['some', 'none of', 'most']],
  [/\bevery(?= [a-z])/i, ['one', 'almost no']],
  [/\balways\b/i, ['never', 'sometimes']],
  [/\bnever\b/i, ['always', 'often']],
  [/\bonly (?=[a-z])/i, ['', 'not only ']],
  [/\bboth\b/i, ['neither', 'either']],
  [/(?<!how |too |so |as )\bmany\b/i, ['few', 'no']],
  [/(?<!\bor |the |how )\bsome(?= [a-z])/i, ['all', 'no']],
  [/\bpeople\b(?= (?:think|say|believe|love|hate))/i, ['few people', 'all people']],
  [/\beveryone\b/i, ['someone', 'no one']],
  [/\bsomeone\b/i, ['everyone', 'no one']],
  [/\banything\b/i, ['everything']],
  [/\beverything\b/i, ['nothing', 'something']],
  [/\bonce\b(?! (?:i|you|we|they|he|she|it|upon|the))/i, ['twice', 'three times']],
  [/\bhalf\b/i, ['all']],
  [/\bseveral\b/i, ['all']],
  [/\bmost(?= (?:people|indians|americans|men|women|of the|countries))/i, ['few']],
]);

const questionType = oneWay([
  [/^how(?= (?:do|does|did|can|could|should|is|are|will|would) )/i, ['why', 'when', 'where']],
  [/^why(?= (?:do|does|did|is|are|was|has|have|can) )/i, ['how', 'when', 'where']],
  [/^when(?= )/i, ['where', 'why']],
  [/^where(?= )/i, ['when', 'why']],
  [/^who(?= (?:is|was|are|were) )/i, ['where', 'why']],
  [/^how many(?= )/i, ['which']],
  [/^how much(?= (?:is|does|do|will|would|should))/i, ['how often', 'how soon']],
  [/^how long(?= )/i, ['how often', 'how soon']],
  [/^what(?= (?:is|are|was|were) the (?:best|most|difference|first|biggest))/i, ['who', 'where']],
]);

const modality = oneWay([
  [
    /(?<=^|\b(?:if|whether|that|when|so|and) )can(?= (?:i|we|he|she|they|it|someone|one|a) )/i,
    ['should', 'must'],
  ],
  [
    /(?<=^|\b(?:if|whether|that|when|so|and) )should(?= (?:i|we|he|she|they|it|someone|one|a) )/i,
    ['can', 'may'],
  ],
  [/(?<=\b(?:i|we|you|he|she|they) )(?:must|have to|need to)(?= [a-z])/i, ['can', 'might']],
  [/\bis it possible to\b/i, ['is it necessary to', 'is it illegal to']],
  [/\bam i able to\b/i, ['am I required to']],
  [/\bdo i (?:need|have) to\b/i, ['am I allowed to']],
  [/\bwill(?= (?:i|we|it|he|she|they|there|india|trump|the) )/i, ['should', 'could']],
  [/(?<=\b(?:it|they|he|she|there) )(?:might|may|could)(?= [a-z])/i, ['must', 'will']],
  [/\bis it safe to\b/i, ['is it mandatory to']],
  [/(?<=\b(?:i|we|you|they) )(?:can|may)(?= [a-z])/i, ['must', 'should']],
]);

const tense = oneWay([
  [/\bdid(?= (?:i|you|we|he|she|it|they|the|my|\w+) [a-z])/i, ['will']],
  [/\bwill(?= (?:i|you|we|he|she|it|they|the|my|\w+) [a-z])/i, ['did']],
  [/(?<=^(?:who|where|when|why|how) )is(?= )/i, ['was']],
  [/(?<=^(?:who|where|when|why|how|what) )was(?= )/i, ['will be']],
  [/(?<=^(?:who|where|when|why|how|what) )were(?= )/i, ['are']],
  [/(?<=^(?:why|how|when|where|what) )does(?= )/i, ['did']],
  [/\bam going to\b/i, ['was going to']],
  [/\bhas been\b/i, ['will be']],
]);

const owner = replacing(/(?<!\b(?:all|of) )\bmy(?= [a-z])/gi, ([found], random) =>
  inCaseOf(found, random.pick(["my wife's", "my father's", 'your', 'his', "my client's", 'their'])),
);

const condition = tails((random) => {
  const [a, b] = [random.pick(lists.CONDITIONS), random.pick(['', '', random.pick(lists.CONDITIONS)])];
  return [a, a === b ? '' : b];
});

const switches = either(
  partners(lists.SWITCHES),
  replacing(
    /(?<=\b(?:turn|switch|put|turned|switched) (?:the |my |all )?(?:\w+ ){0,3})(?:on|off)\b/gi,
    ([found]) => (found.toLowerCase() === 'on' ? 'off' : 'on'),
  ),
);

/** Every kind of change, in the order of the bench's table. */
export const CHANGES: readonly Rule[] = [
  { kind: 'negation_added', rewrite: negationAdded },
  { kind: 'negation_removed', rewrite: negationRemoved },
  { kind: 'with_without', rewrite: withWithout },
  { kind: 'antonym_verb', rewrite: partners(lists.VERB_ANTONYMS) },
  {
    kind: 'antonym_quality',
    rewrite: partners(
      lists.QUALITY_ANTONYMS,
      '(?<!\\b(?:how|as|so|no) )(?!new (?:york|delhi|jersey|zealand|orleans|mexico)|short term|long term)',
    ),
  },
  { kind: 'switch', rewrite: switches },
  { kind: 'counterpart', rewrite: partners(lists.COUNTERPARTS) },
  { kind: 'number', rewrite: number },
  { kind: 'number_word', rewrite: siblings(...lists.NUMBER_WORDS) },
  { kind: 'amount', rewrite: amount },
  { kind: 'unit', rewrite: siblings(...lists.PLURAL_UNITS, ...lists.SINGULAR_UNITS) },
  { kind: 'scale', rewrite: siblings(...lists.SCALES, lists.FREQUENCIES) },
  { kind: 'currency', rewrite: siblings(...lists.CURRENCIES) },
  { kind: 'weekday_month', rewrite: siblings(lists.WEEKDAYS, lists.MONTHS, lists.HOLIDAYS) },
  { kind: 'day', rewrite: siblings(lists.DAYS, lists.SPANS) },
  { kind: 'time_of_day', rewrite: timeOfDay },
  { kind: 'year', rewrite: year },
  { kind: 'person', rewrite: siblings(lists.FULL_NAMES, lists.LAST_NAMES, lists.FIRST_NAMES) },
  { kind: 'place', rewrite: siblings(lists.COUNTRIES, lists.CITIES, lists.STATES) },
  { kind: 'language', rewrite: siblings(lists.LANGUAGES) },
  { kind: 'product', rewrite: siblings(...lists.PRODUCTS) },
  { kind: 'version', rewrite: version },
  {
    kind: 'identifier',
    rewrite: firstOf(codeSpan, tailOf(lists.IDENTIFIERS, ['for', 'about', 'given', 'when I see'])),
  },
  { kind: 'path', rewrite: tailOf(lists.PATHS, ['in', 'using', 'with the file', 'after editing']) },
  { kind: 'url', rewrite: tailOf(lists.URLS, ['on', 'through', 'as described on', 'via']) },
  { kind: 'quotation', rewrite: tailOf(lists.QUOTATIONS, ['when it says', 'if I see', 'after I typed']) },
  { kind: 'operator', rewrite: tailOf(lists.OPERATORS, ['with', 'using', 'when I write', 'for']) },
  { kind: 'comparison', rewrite: partners(lists.COMPARISONS, '(?<!\\b(?:no|any|the|much|this|how) )') },
  { kind: 'direction', rewrite: direction },
  { kind: 'argument_order', rewrite: argumentOrder },
  { kind: 'subject_object', rewrite: subjectObject },
  { kind: 'quantifier', rewrite: quantifier },
  { kind: 'question_type', rewrite: questionType },
  { kind: 'modality', rewrite: modality },
  { kind: 'tense', rewrite: tense },
  { kind: 'owner', rewrite: owner },
  { kind: 'colour', rewrite: siblings(lists.COLOURS) },
  { kind: 'sibling', rewrite: siblings(...lists.SIBLINGS) },
  { kind: 'condition', rewrite: condition },
];
