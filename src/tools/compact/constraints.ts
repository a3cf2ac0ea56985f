/**
 * True for a sentence that may bind what a caller of the tool does: it names a limit, a unit, a format, an allowed
 * or forbidden value, an order or a condition, or it holds a number, a quotation or an identifier. In doubt it is
 * true: such sentences are not dropped.
 */
export function isBinding(sentence: string): boolean {
  return isStrictlyBinding(sentence) || CONDITION.test(sentence) || !isEnglish(sentence);
}

/** True for a sentence that binds by more than a condition: by its verb, a limit, a unit, or something literal. */
export function isStrictlyBinding(sentence: string): boolean {
  const text = sentence.replace(ENUMERATOR, ' ');
  return LITERAL.test(text) || DUTY.test(text) || MEASURE.test(text);
}

/** True for a sentence that binds by its words, whatever literals it holds. */
export function statesDuty(sentence: string): boolean {
  return DUTY.test(sentence) || MEASURE.test(sentence);
}

/** The signs of a list within a sentence: "1) this, 2) that". They are no numbers. */
const ENUMERATOR = /(?:^|\s)\(?\d{1,2}\)(?=\s)/g;

/** Numbers, quotations, code, identifiers, addresses, paths, and names in capitals. */
const LITERAL = new RegExp(
  [
    String.raw`\p{N}`,
    '["`“”«»]',
    String.raw`(?<![\p{L}\p{N}])'[^']+'`,
    String.raw`\w_\w`,
    String.raw`\p{Ll}\p{Lu}`,
    String.raw`\b\p{Lu}{2,}(?![\p{L}:]*:)`,
    String.raw`:\/\/|(?:^|\s)\/\w`,
    String.raw`[<>={}%$€#|\\]`,
    String.raw`\w\.\w{2,4}\b`,
  ].join('|'),
  'u',
);

const words = (...lists: readonly string[]): RegExp => new RegExp(`\\b(?:${lists.join('|')})\\b`, 'i');

const DUTY = words(
  "must|shall|should|cannot|can not|can't|not|no|none|nor|never|always|only|don't|doesn't|won't|isn't|aren't|without",
  'except|requires?|required|requirements?|mandatory|needs? to|needed|forbidden|prohibited|avoid|ensure|make sure|prefer',
  'optional(?:ly)?|defaults?|overrid(?:e|es|den)|overwrit(?:e|es|ten)|replaces?|deletes?|ignored?|fails?|errors?',
  'before|after|first|instead|prior|once|permanent(?:ly)?|irreversibl[ey]|destructive|confirm(?:ation)?|permission|approv(?:e|al|es)|deprecated|sensitive',
);

const MEASURE = words(
  'at least|at most|up to|more than|less than|fewer|greater|between|within|exceed(?:s|ing)?|limit(?:s|ed)?|per',
  'max(?:imum)?|min(?:imum)?|exact(?:ly)?|ranges?|formats?|formatted|in?valid|accept(?:s|ed)?|allowed|one of|either',
  'comma|separated|delimited|encoded|case|unique|relative|absolute|empty|null|blank|true|false|inclusive|exclusive',
  'seconds?|minutes?|hours?|days?|weeks?|months?|years?|milliseconds?|bytes?|pixels?|characters?|percent(?:age)?',
  'degrees?|met(?:er|re)s?|kilomet(?:er|re)s?|miles?|feet|inches|celsius|fahrenheit|dollars?|euros?|cents?|timezones?',
  'prefix(?:ed)?|suffix|pattern|regex|wildcards?|starts? with|ends? with|single|multiple|two|three|four|five|ten',
);

/** Conditions and order: they bind, unless the whole sentence only says what the tool is good for. */
const CONDITION = words(
  'if|unless|until|when|whenever|while|then|otherwise|same|rather than|other than',
  'each|every|all|any|both|neither|supports?|supported|options?|choices?|existing|previous(?:ly)?|automatically',
);

const FUNCTION_WORDS =
  /\b(?:the|a|an|of|to|for|in|on|and|or|is|are|this|that|with|by|from|it|you|be|as|at|use)\b/i;

/** True for text whose filler can be told: others are kept whole, as what binds in them cannot be told either. */
function isEnglish(sentence: string): boolean {
  return /^[\p{ASCII}–—’…•]*$/u.test(sentence) && FUNCTION_WORDS.test(sentence);
}
