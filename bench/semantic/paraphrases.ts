// Rules that keep the meaning of a question, one rule a kind.
import * as lists from './phrases.data.ts';
import {
  appended,
  either,
  isPlainQuestion,
  oneWay,
  partners,
  type Rewrite,
  type Rule,
  replacing,
} from './rewriting.ts';

function decapitalised(text: string): string {
  return /^(?:I\b|[A-Z]{2})/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Only of plain questions, and only where the result differs. */
function ofQuestion(
  other: (text: string, random: { pick<T>(values: readonly T[]): T }) => string | null,
): Rewrite {
  return (text, random) => {
    if (!isPlainQuestion(text)) return null;
    const made = other(text, random);
    return made === null || made === text ? null : [text, made];
  };
}

const asking = oneWay([
  [/^how do i(?= )/i, ['how can I', 'how could I', 'how would I', 'how to', 'how should I go about it to']],
  [/^how can i(?= )/i, ['how do I', 'how could I', 'how would I', 'how to', "what's the way to"]],
  [/^how to(?= )/i, ['how do I', 'how can I', 'how does one', 'how do you']],
  [/^how do you(?= )/i, ['how do I', 'how does one', 'how to']],
  [/^can i(?= )/i, ['is it possible to', 'could I', 'am I able to', 'may I']],
  [/^is it possible to(?= )/i, ['can I', 'is there a way to', 'could I']],
  [/^what is the best way to(?= )/i, ["what's the best way to", 'which is the best way to', 'how best to']],
  [/^what are the(?= )/i, ['which are the']],
  [/^why do(?= )/i, ['for what reason do', 'for which reasons do']],
  [/^i (?:want|need) to know(?= )/i, ["I'd like to know", 'tell me', 'I would like to know']],
  [/^tell me(?= )/i, ['could you tell me', 'please tell me', 'I want to know']],
  [/^where can i find(?= )/i, ['where do I find', 'where could I find', 'where would I find']],
]);

const polite = ofQuestion((text, random) => {
  const isOrder = /^(?:show|tell|give|find|set|make|play|turn|add|remove|create|send|book)\b/i.test(text);
  if (isOrder) {
    return random.pick([
      `Please ${decapitalised(text)}`,
      `Could you please ${decapitalised(text)}`,
      appended(text, 'please'),
      `${decapitalised(text)}, thanks`,
    ]);
  }
  return random.pick([
    `${text} Thanks!`,
    `${text} Thank you.`,
    `Sorry to bother you, ${decapitalised(text)}`,
    `${text} Please help.`,
    `Quick question: ${decapitalised(text)}`,
    `Excuse me, ${decapitalised(text)}`,
  ]);
});

const greeting = ofQuestion((text, random) =>
  random.pick([
    `Hi, ${decapitalised(text)}`,
    `Hello! ${capitalised(text)}`,
    `Hey there, ${decapitalised(text)}`,
    `Good morning, ${decapitalised(text)}`,
    `hi team - ${decapitalised(text)}`,
  ]),
);

const filler = ofQuestion((text, random) => {
  const word = random.pick(['actually', 'really', 'just', 'exactly', 'basically']);
  const match = /^(?:how (?:do|can) i|how to|what is|why (?:do|is)|where (?:is|can i)|i|can i)(?= )/i.exec(
    text,
  );
  if (match === null || /\bi am\b/i.test(match[0])) {
    return random.pick([
      `So, ${decapitalised(text)}`,
      `Well, ${decapitalised(text)}`,
      `Ok so ${decapitalised(text)}`,
    ]);
  }
  return `${match[0]} ${word}${text.slice(match[0].length)}`;
});

const embedded = ofQuestion((text, random) => {
  const body = text.replace(/[?.!\s]+$/, '');
  const lead = random.pick(['Can you tell me', 'Do you know', 'Could you explain', "I'd like to know"]);
  const mark = lead.startsWith('I') ? '.' : '?';
  const is =
    /^(what|where|who|when|why|how) (is|are|was|were) ((?:the|a|an|my) [\w-]+(?: [\w-]+){0,3})$/i.exec(body);
  if (is !== null) return `${lead} ${is[1]?.toLowerCase()} ${is[3]} ${is[2]?.toLowerCase()}${mark}`;
  const how = /^(?:how (?:do|can) i|how to) (.+)$/i.exec(body);
  if (how !== null) return `${lead} how to ${how[1]}${mark}`;
  const modal = /^(where|when|how|what) (can|should|will) (i|you|we) (.+)$/i.exec(body);
  if (modal !== null)
    return `${lead} ${modal[1]?.toLowerCase()} ${modal[3]} ${modal[2]?.toLowerCase()} ${modal[4]}${mark}`;
  return null;
});

const adjunctOrder = ofQuestion((text) => {
  const match = /^(.+) ((?:in|on|at|for|after|before|during) (?:the )?[\w']+(?: [\w']+)?)\s*(\?|\.|)$/i.exec(
    text,
  );
  const [, body = '', adjunct = '', mark = ''] = match ?? [];
  if (match === null || body.split(' ').length < 4 || /\b(?:to|of|is|are|be|was)$/i.test(body)) return null;
  return `${capitalised(adjunct)}, ${decapitalised(body)}${mark}`;
});

const passive: Rewrite = (text) => {
  const match =
    /^how (?:do|can|could|should) (?:i|you|we) (\w+) ((?:my|the|a|an|your) \w+(?: (?!in|on|from|to|if|when|for|at|with|through)\w+)?)((?:[?.!]| (?:in|on|from|to|if|when|for|at|with|through)\b).*|)$/i.exec(
      text,
    );
  const verb = match?.[1]?.toLowerCase() ?? '';
  const participle = Object.hasOwn(lists.PARTICIPLES, verb) ? lists.PARTICIPLES[verb] : undefined;
  if (match === null || participle === undefined) return null;
  return [text, `How can ${match[2]} be ${participle}${match[3]}`];
};

const typo: Rewrite = (text, random) => {
  const words = [...text.matchAll(/(?<![\w`/.@-])[a-z]{6,}(?![\w`/.@-])/g)];
  if (words.length === 0) return null;
  const match = random.pick(words);
  const at = 1 + Math.floor(random.next() * (match[0].length - 3));
  const [word, x = '', y = ''] = [match[0], match[0][at], match[0][at + 1]];
  const made = random.pick([
    word.slice(0, at) + y + x + word.slice(at + 2),
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + x + word.slice(at),
  ]);
  if (made === word) return null;
  return [text, text.slice(0, match.index) + made + text.slice(match.index + word.length)];
};

const letterCase: Rewrite = (text, random) => {
  if (/[`/@_]/.test(text)) return null;
  const made = random.pick([
    text.toLowerCase(),
    text.toUpperCase(),
    text.replaceAll(/(?<![\w'’])[a-z]/g, (letter) => letter.toUpperCase()),
  ]);
  return made === text ? null : [text, made];
};

const punctuation: Rewrite = (text, random) => {
  const body = text.replace(/[?.!\s]+$/, '');
  if (/[`/@]/.test(text)) return null;
  const made = random.pick([
    body,
    `${body}??`,
    `${body} ?`,
    `${body}...`,
    `${body}!`,
    body.replaceAll(', ', ' '),
    `  ${body.replace(' ', '  ')}? `,
  ]);
  return made === text ? null : [text, made];
};

const typography: Rewrite = (text, random) => {
  const made = random.pick([
    text.replaceAll("'", '’'),
    text.replace(/"([^"]+)"/, '“$1”'),
    text.replaceAll(' ', '\u00a0'),
    text.replaceAll('-', '–'),
    `${text} 🙂`,
    `${text} 🙏`,
    text.replace('?', '？'),
  ]);
  return made === text || /\d-\d|[`/@]/.test(text) ? null : [text, made];
};

const plural = oneWay([
  [/\bwhat is the best way to\b/i, ['what are the best ways to']],
  [/\bwhat are the best ways to\b/i, ['what is the best way to']],
  [/\bis there a way to\b/i, ['are there ways to', 'are there any ways to']],
  [/\bwhat are some good\b/i, ['what are good']],
  [/\bwhat are some of the best\b/i, ['what are the best']],
  [/\bwhat are the best\b/i, ['what are some of the best', 'which are the best']],
  [/\bwhat is a good\b/i, ["what's a good", 'which is a good']],
  [/\bwhat is the reason\b/i, ['what are the reasons']],
  [/\bwhat are the reasons\b/i, ['what is the reason']],
  [/\bwhat is the difference between\b/i, ['what are the differences between', 'how do they differ:']],
  [/\bwhat is the benefit of\b/i, ['what are the benefits of']],
  [/\bwhat are the benefits of\b/i, ['what is the benefit of']],
  [/\bwhat are the symptoms of\b/i, ['what is the symptom of']],
  [/\bwhat are the advantages of\b/i, ['what is the advantage of']],
  [/\bdoes anyone know\b/i, ['does anybody know']],
  [/\bsomeone\b/i, ['somebody']],
  [/\banyone\b/i, ['anybody']],
  [/\beveryone\b/i, ['everybody']],
  [/\beverybody\b/i, ['everyone']],
]);

const oneWayWords = oneWay(
  lists.ONE_WAY_SYNONYMS.map(
    ([word, other]) => [new RegExp(`(?<![\\w-])${word}(?![\\w-])`, 'i'), [other]] as const,
  ),
);

const articles = replacing(
  /(?<=\b(?:is|are|in|for|on|to|with|from|at) )(?:the|an?) (?=[a-z]{3,})/g,
  () => '',
);

const wording = oneWay([
  [/\bthat is being\b/i, ['being']],
  [/\bwhat is meant by\b/i, ['what is the meaning of']],
  [/\bwhat is the meaning of\b/i, ['what is meant by']],
  [/\bi would like to\b/i, ['I want to', "I'd like to"]],
  [/\bi want to\b/i, ['I would like to', "I'd like to", 'I wish to']],
  [/\bi need to\b/i, ['I have to', "I've got to"]],
  [/\bi have to\b/i, ['I need to']],
  [/\bdo i need to\b/i, ['do I have to']],
  [/\bdo i have to\b/i, ['do I need to']],
  [/\bhow long does it take\b/i, ['how much time does it take', 'how long will it take']],
  [/\bhow long will it take\b/i, ['how much time will it take', 'how long does it take']],
  [/\bhow much is\b(?= (?:a|an|the) \w+\W*$)/i, ['what is the price of']],
  [/\bwhat time is it\b/i, ["what's the time"]],
  [/\bso that i can\b/i, ['so I can']],
  [/\bis not working\b/i, ["doesn't work", "isn't working"]],
  [/\bdoesn['’]t work\b/i, ['is not working', 'does not work']],
  [/\bisn['’]t working\b/i, ["doesn't work", 'is not working']],
  [/\bbecause of\b/i, ['due to']],
]);

/** Every kind of paraphrase, in the order of the bench's table. */
export const PARAPHRASES: readonly Rule[] = [
  { kind: 'contraction', rewrite: partners(lists.CONTRACTIONS) },
  { kind: 'asking', rewrite: asking },
  { kind: 'politeness', rewrite: polite },
  { kind: 'greeting', rewrite: greeting },
  { kind: 'filler', rewrite: filler },
  { kind: 'embedded', rewrite: embedded },
  { kind: 'adjunct_order', rewrite: adjunctOrder },
  { kind: 'passive', rewrite: passive },
  { kind: 'synonym', rewrite: either(partners(lists.SYNONYMS), oneWayWords) },
  { kind: 'wording', rewrite: wording },
  { kind: 'spelling', rewrite: partners(lists.SPELLINGS) },
  { kind: 'abbreviation', rewrite: partners(lists.ABBREVIATIONS) },
  { kind: 'numeral', rewrite: partners(lists.NUMERALS, '(?<!\\b(?:a|the|one) )') },
  { kind: 'plural', rewrite: plural },
  { kind: 'articles', rewrite: articles },
  { kind: 'typo', rewrite: typo },
  { kind: 'case', rewrite: letterCase },
  { kind: 'punctuation', rewrite: punctuation },
  { kind: 'typography', rewrite: typography },
  { kind: 'two_at_once', rewrite: twice() },
];

/** Two small changes in one text. */
function twice(): Rewrite {
  const [first, second] = [
    either(asking, wording, partners(lists.CONTRACTIONS)),
    either(polite, typo, letterCase),
  ];
  return (text, random) => {
    const once = first(text, random);
    const again = once === null ? null : second(once[1], random);
    return again === null ? null : [text, again[1]];
  };
}
