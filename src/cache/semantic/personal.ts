/**
 * What names one person or one case of theirs: an answer to it is for nobody else, and its text is not to be kept
 * for comparison.
 */
const PERSONAL: readonly RegExp[] = [
  // An e-mail address.
  /[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}/u,
  // A long number: telephone, account, card, order, insurance. Blanks and signs may stand between its digits.
  /(?<![\w.,])\+?\d(?:[ ().-]{0,2}\d){6,}(?![\w])/u,
  // An account number as IBAN writes it.
  /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,8}\b/u,
  // The number of a case: `#48213`, `order no. 48213`, `ticket ABC-4821`.
  /#\d{3,}\b/u,
  /\b(?:order|ticket|case|invoice|account|booking|reservation|customer|reference|tracking|policy|contract|claim|request)(?: (?:id|no\.?|number|nr\.?|code|ref\.?))?[:# ]{1,3}(?=[A-Z0-9-]{0,20}\d)[A-Z0-9-]{4,24}\b/iu,
  // Who speaks, and where they live.
  /\b(?:my (?:full |first |last )?name(?: is|:|'s|’s)|i(?: am|'m|’m) called)\s+\p{L}/iu,
  /\b(?:ich heiße|mein name ist|je m['’]appelle|me llamo|mi chiamo|ik heet)\s+\p{L}/iu,
  // By their capitals: "I'm Ann. How ...", "this is Ann Smith".
  /\b(?:I am|I['’]m|[Tt]his is|[Nn]ame:)\s+\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+|[.,!;]| and\b| here\b|$)/mu,
  /\b(?:regards|sincerely|yours (?:truly|faithfully)),?\s{1,4}\p{L}{2,}(?: \p{L}{2,})?\s*$/iu,
  /\bi (?:live|reside) (?:at|in|on)\b/iu,
  /\bmy (?:e-?mail|address|home address|phone|telephone|mobile|date of birth|birthday|birth date|passport|social security|ssn|dob|iban|user ?name|user id|login|(?:licen[cs]e|number) plate|account number|card number|customer number|licen[cs]e number|password|pin|api key|token)(?: \w+)?(?:\s?:|\s(?:is|was)\b)/iu,
  /\bi(?: was born| am \d{1,3} years old|['’]m \d{1,3} years old)\b/iu,
  /\bend(?:s|ing) in \d{4}\b/iu,
  /\bmy (?:salary|income) (?:is|was)\b[^.?!\d]{0,30}\d/iu,
  // A key or a token of a service.
  /\b(?:sk|pk|ghp|gho|xox[abp])[-_][\w-]{8,}/u,
  /\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,}|github_pat_\w{10,}|eyJ[\w-]{8,}\.[\w-]{8,}|Bearer [\w.~+/-]{16,})/u,
];

/** True when a text tells who asks, or holds what belongs to one person. */
export function isPersonal(text: string): boolean {
  return PERSONAL.some((pattern) => pattern.test(text));
}
