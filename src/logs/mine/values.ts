import { WILD } from './tokens.ts';

/** A place of a form, and the words that stood there. */
export interface Place {
  /** The word before it, and the signs between. */
  readonly after: string;
  readonly before: string;
  readonly words: ReadonlySet<string>;
}

/** So many different words in one place are values, and not what tells statements apart. */
const MANY_WORDS = 5;
/** The same for words that are states rather: `RUNNING`, `true`. */
const MANY_STATES = 8;
/** The same for words that look like names of things: `chrome.exe`, `fooBar`, `node-a`. */
const MANY_NAMES = 4;
/** And for names of several parts: `org.example.Main`, `proxy.example.org`. */
const MANY_PARTED = 2;
/** And for names with a part that a mask knows to vary: `rack-a1`, `rack-b2`. */
const MANY_NUMBERED = 3;
/** And for what stands after a key. */
const MANY_AFTER_KEY = 3;

const NAME = /[._/\\@$~#\d-]|[a-z][A-Z]/;
const PARTED = /^(?!.*(?:Exception|Error)$)[\w$~-]+(?:[./]+[\w$~-]+){2}/;
const LITERAL = /^(?:true|false|yes|no|on|off)$/i;
const CAPITALS = /^[A-Z_]+$/;

/** Words that a name follows. */
const NAMER = /^(?:user|username|login|account|host|hostname)$/i;

/** Whether the words of a place are values, by how many there are and what they look like. */
export function isValues({ after, before, words }: Place): boolean {
  const all = [...words];
  const share = (test: RegExp): number => all.filter((word) => test.test(word)).length / all.length;
  // A word that a mask knows to vary shows what the place is for.
  const isKnown = words.has(WILD) || (before.endsWith('=') && all.some((word) => word.includes(WILD)));
  if (isKnown || NAMER.test(after)) return all.length >= 2;
  if (all.every((word) => word.includes(WILD))) return all.length >= MANY_NUMBERED;
  if (share(PARTED) > 0.5) return all.length >= MANY_PARTED;
  if (all.some((word) => LITERAL.test(word)) || share(CAPITALS) > 0.5) return all.length >= MANY_STATES;
  if (before.endsWith('=')) return all.length >= MANY_AFTER_KEY;
  return all.length >= (share(NAME) > 0.5 ? MANY_NAMES : MANY_WORDS);
}
