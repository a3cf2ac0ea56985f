import type { LineClass } from '../recognise/index.ts';

/** What errors are called in the text of a line, the surest way first. Each has its name as the only group. */
const TYPES: readonly RegExp[] = [
  // FooError, java.io.FooException, not Foo.Error.js.
  /\b((?:[A-Za-z_$][\w$]{0,60}\.){0,8}[A-Z]\w{0,80}(?:Error|Exception))\b(?!\.\w)/,
  // error TS2345, error[E0308], error: CS1002.
  /\berror(?: |: |:? ?\[)([A-Z]{1,8}\d{2,5})\b/i,
  // [SC2086], E501: at the end of a place.
  /(?:\[|\s)([A-Z]{1,8}\d{3,5})(?:\]|: )/,
  /\b(ERR_[A-Z0-9_]{2,60})\b/,
  /\b(E(?:NOENT|ACCES|PERM|EXIST|NOSPC|NOMEM|MFILE|PIPE|INVAL|IO|ISDIR|NOTDIR|NOTEMPTY|ADDRINUSE|CONN[A-Z]{5,9}|TIMEDOUT|HOSTUNREACH|NOTFOUND|AI_AGAIN|LIFECYCLE|RESOLVE|INTEGRITY|40[0-9]))\b/,
  /\b(SIG(?:SEGV|ABRT|KILL|BUS|ILL|FPE|TERM|INT|PIPE|TRAP))\b/,
];

/** Text beyond this is no place for a type. */
const MOST_CHARS = 1_000;

/** What an error is called: by its recogniser, by its text, or else after the rule that recognised it. */
export function errorTypeOf({ errorType, by }: LineClass, message: string): string {
  if (errorType !== undefined) return errorType;
  const text = message.slice(0, MOST_CHARS);
  for (const pattern of TYPES) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return by;
}
