/**
 * True for a sentence that may bind what a caller of the tool does: it names a limit, a unit, a format, an allowed
 * or forbidden value, an order or a condition, or it holds a number, a quotation or an identifier. In doubt it is
 * true: such sentences stay as they are.
 */
export function isBinding(sentence: string): boolean {
  return EXACT.test(sentence) || WORDS.test(sentence) || !isEnglish(sentence);
}

/** Numbers, quotations, code, identifiers, addresses, paths, and words in capitals. */
const EXACT = new RegExp(
  [
    String.raw`\p{N}`,
    '["`“”«»]',
    String.raw`(?<![\p{L}\p{N}])'[^']+'`,
    String.raw`\w_\w`,
    String.raw`[\p{Ll}]\p{Lu}`,
    String.raw`\b\p{Lu}{2,}`,
    String.raw`:\/\/|\w\/\w|(?:^|\s)\/\w`,
    String.raw`[<>={}%$€#|\\]`,
    String.raw`\w\.\w{2,4}\b`,
  ].join('|'),
  'u',
);

const WORDS = new RegExp(
  `\\b(?:${[
    `must|should|shall|may|might|cannot|can ?not|not|no|none|nor|never|always|only|don't|doesn't|won't|can't|isn't|aren't|without|except(?:ions?)?`,
    'require[sd]?|requiring|requirements?|mandatory|need(?:s|ed)?|optional(?:ly)?|necessary|forbidden|prohibited',
    'if|unless|until|when|whenever|while|before|after|first|then|otherwise|instead|once|prior|avoid|ensure|make sure',
    'at least|at most|up to|more than|less than|fewer|greater|above|below|between|within|exceed(?:s|ing)?|limit(?:s|ed)?',
    'max(?:imum)?|min(?:imum)?|exact(?:ly)?|ranges?|lengths?|sizes?|counts?|each|every|all|any|both|either|neither',
    'one|two|three|four|five|six|seven|eight|nine|ten|single|multiple|several|once|twice|half|double',
    'formats?|formatted|valid|invalid|supports?|supported|allow(?:s|ed)|accept(?:s|ed)?|options?|choices?|one of|default(?:s)?',
    'comma|separated|delimited|encoded|case|sensitive|insensitive|unique|distinct|relative|absolute|empty|null|blank',
    'seconds?|minutes?|hours?|days?|weeks?|months?|years?|milliseconds?|bytes?|pixels?|characters?|tokens?|percent(?:age)?',
    'degrees?|meters?|metres?|kilomet(?:er|re)s?|miles?|feet|inches|celsius|fahrenheit|dollars?|euros?|cents?|timezones?',
    'true|false|overrid(?:e|es|den)|overwrit(?:e|es|ten)|ignored?|fails?|errors?|warnings?|caution|permanent(?:ly)?',
    'irreversible|destructive|confirm(?:ation)?|permission|approv(?:e|al|es)|careful(?:ly)?|important|critical|deprecated',
    'same|different|other than|rather than|starts? with|ends? with|prefix(?:ed)?|suffix|pattern|regex|wildcards?',
    'latest|current(?:ly)?|existing|previous(?:ly)?|user|private|public|secret|sensitive',
  ].join('|')})\\b`,
  'i',
);

/** True for a sentence that binds by its verb or by a limit: the last that is cut where there is little room. */
export function isStrictlyBinding(sentence: string): boolean {
  return STRICT.test(sentence);
}

const STRICT =
  /\b(?:must|never|only|always|required|mandatory|cannot|can't|do not|don't|not (?:allowed|supported)|at least|at most|up to|max(?:imum)?|min(?:imum)?|between|limit(?:ed)?|exactly|format|one of|valid|supported)\b|\p{N} ?(?:ms|s|sec|min|[kmg]?b|px|%)?\b/iu;

const FUNCTION_WORDS =
  /\b(?:the|a|an|of|to|for|in|on|and|or|is|are|this|that|with|by|from|it|you|be|as|at)\b/i;

/** True for text whose filler can be told: others are kept whole, as what binds in them cannot be told either. */
function isEnglish(sentence: string): boolean {
  return /^[\p{ASCII}–—’…•]*$/u.test(sentence) && FUNCTION_WORDS.test(sentence);
}
