/**
 * What an answer says when it has no tool for the request: it denies having one, or having one that does a thing.
 * English alone; a phrase here must not fit an answer that merely reports on tools. Longer answers have found
 * something to say.
 */
const NO_TOOL =
  /\b(?:(?:i|we)(?: currently)? (?:do not|don['’]t|did not|didn['’]t|cannot|can['’]t) (?:currently )?(?:have|see|find|access)(?: access to)? (?:an?y? |the |a suitable |an appropriate )?(?:[\w-]+ ){0,4}?(?:tools?|functions?)\b|(?:there (?:is|are)(?: currently)? no|none of (?:the|my)|no) (?:[\w-]+ ){0,3}?(?:tools?|functions?) (?:[\w-]+ ){0,2}?(?:available|provided|for (?:this|that)|to (?:do|perform|help)|(?:can|could|fits?|match(?:es)?|supports?|allows?|lets?))\b)/iu;

const MOST_CHARS = 1_500;

/** True when a whole answer without a call says that no tool fits. */
export function saysNoToolFits(text: string): boolean {
  return text.length <= MOST_CHARS && NO_TOOL.test(text);
}
