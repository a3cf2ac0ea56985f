/** What a rule of wording replaces, and by what. */
type Rule = readonly [pattern: RegExp, instead: string];

const SUBJECT = String.raw`(?:this|the) (?:tool|function|method|api|endpoint|command|operation|action)`;
const FIELD = String.raw`(?:this|the) (?:parameter|param|field|property|argument|option|value|attribute)`;

/** Beginnings of a sentence that say nothing; what follows begins the sentence. */
const OPENINGS: readonly RegExp[] = [
  /^(?:please )?(?:note|be aware|keep in mind|remember) that /i,
  /^it is (?:important|worth|useful|recommended) (?:to note|noting|knowing) that /i,
  new RegExp(
    `^${SUBJECT} (?:allows|lets|enables|helps|permits) (?:you|users|the user|clients|agents|the agent) to `,
    'i',
  ),
  new RegExp(`^${SUBJECT} (?:is|can be|may be|should be) (?:used|useful|designed|intended|meant) to `, 'i'),
  new RegExp(`^${SUBJECT} (?:will|can) (?!not |only |never |be |also |either )`, 'i'),
  new RegExp(`^(?:use|call) ${SUBJECT} to `, 'i'),
  /^the (?=\p{L})/iu,
];

const FIELD_OPENINGS: readonly RegExp[] = [
  new RegExp(
    `^${FIELD} (?:is|specifies|indicates|defines|represents|determines|describes|contains|denotes|sets|controls) (?:used to )?`,
    'i',
  ),
  /^(?:specifies|indicates|represents|denotes|defines|describes|contains) (?=(?:the|a|an|whether|how|which|what) )/i,
  /^(?:a|an) (?:string|text|number|integer|boolean|array|list|object|parameter|value|flag) (?:that |which )?(?:specifying|indicating|representing|containing|describing|defining|specifies|indicates|represents|contains|describes|defines) /i,
  /^(?:a|an) (?=\p{L})/iu,
];

const PHRASES: readonly Rule[] = [
  [/\b(?:please|simply|easily|seamlessly|effortlessly|conveniently|basically|actually) /gi, ''],
  [/\b(?:powerful|robust|seamless|cutting-edge|state-of-the-art) (?=\p{Ll})/giu, ''],
  [/\bin order to\b/gi, 'to'],
  [/\bas well as\b/gi, 'and'],
  [/\bdue to the fact that\b/gi, 'because'],
  [/\bin the event that\b/gi, 'if'],
  [/\b(?:for the purpose of|to be used for|that (?:is|are) used for)\b/gi, 'for'],
  [/\b(?:to be used to|that (?:is|are) used to)\b/gi, 'to'],
  [/\b(?:is|are) able to\b/gi, 'can'],
  [/\bin addition to\b/gi, 'besides'],
  [/\bwith (?:regards?|respect) to\b/gi, 'about'],
  [/\bprior to\b/gi, 'before'],
  [/\bwhether or not\b/gi, 'whether'],
  [/\ba (?:wide |large )?(?:variety|range|number) of\b/gi, 'several'],
  [/\b(?:for example|for instance|e\.g\.)[,:] ?/gi, 'e.g. '],
  [/\bi\.e\.[,:] ?/gi, 'i.e. '],
  [/\*\*([^*\s](?:[^*]*[^*\s])?)\*\*/g, '$1'],
  // Articles: a reader of instructions does without. A letter that is a name ("from a to b") is none.
  [/(?<=[\p{L}\p{N},;:)] )(?:the|an|a(?= \p{Ll}{2})) (?!(?:to|and|or|is|in|of)\b)(?=[\p{L}\p{N}"'`])/gu, ''],
];

const GOOD =
  'useful|ideal|perfect|great|essential|helpful|powerful|recommended|suitable|best|excellent|handy|convenient|more efficient|faster';

/** Sentences that praise, that say why and not how, or that send the reader elsewhere. */
const FILLER: readonly RegExp[] = [
  new RegExp(
    `^(?:${SUBJECT}|${FIELD}|this|it|which)(?: also)? (?:helps?|is (?:\\p{L}+ly |very )?(?:${GOOD})|makes it (?:easy|easier|simple|possible)|saves|improves|simplifies|streamlines|enhances|gives|prevents)(?![\\p{L}])`,
    'iu',
  ),
  new RegExp(`^(?:${GOOD}) (?:for|to|in|when)\\b`, 'i'),
  new RegExp(`^(?:use|call) (?:this|it|${SUBJECT}) (?:to|for)\\b`, 'i'),
  /^(?:used|useful|helps?) to\b/i,
  /^(?:for more (?:information|details|info)|see (?:the )?(?:documentation|docs)|refer to (?:the )?(?:documentation|docs))\b/i,
  /^(?:a|an) (?:powerful|comprehensive|versatile|robust|flexible|convenient|simple|easy)\b[^,;:]*$/i,
];

/** A sentence with the same sense in fewer words; quotes and code are left alone. */
export function reword(
  sentence: string,
  { isParameter, isFirst }: { readonly isParameter: boolean; readonly isFirst: boolean },
): string {
  let text = sentence;
  for (const pattern of [...OPENINGS, ...(isParameter && isFirst ? FIELD_OPENINGS : [])]) {
    const found = pattern.exec(text)?.[0];
    if (found !== undefined && found.length < text.length) text = capitalize(text.slice(found.length));
  }
  return text;
}

/** Phrases by shorter ones of the same sense. */
export function rephrase(text: string): string {
  let shorter = text.replace(/[ \t\u00a0]{2,}/g, ' ');
  for (const [pattern, instead] of PHRASES) shorter = shorter.replace(pattern, instead);
  return shorter;
}

/** True for a sentence without news, by its beginning. */
export function isFiller(sentence: string): boolean {
  return FILLER.some((pattern) => pattern.test(sentence));
}

/** A plain word begins with a capital; an identifier or an address stays as it is. */
export function capitalize(text: string): string {
  return /^\p{Ll}+(?=[,.;:!?]?(?:\s|$))/u.test(text)
    ? `${text.charAt(0).toUpperCase()}${text.slice(1)}`
    : text;
}
