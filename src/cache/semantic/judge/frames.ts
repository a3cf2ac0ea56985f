import { FRAME_RULES, LEADS, type Rule, SUBJECT } from './data/frame-rules.data.ts';
import type { QuestionType } from './question-types.ts';

/** What its opening words say of a sentence. */
export interface Frame {
  readonly type: QuestionType;
  /** Words of the opening that say nothing more. */
  readonly length: number;
  /** True when the "I" or "you" of the question is anyone: "how do I", "where can you". */
  readonly isGeneral: boolean;
  /** Words in front that only introduce: "can you tell me", "please". */
  readonly lead: number;
  /** Words that the opening stands for, to be read as if they stood in the text: `cost` for "how much is". */
  readonly adds: readonly string[];
}

const RULES: ReadonlyMap<string, readonly Rule[]> = byFirstWord(FRAME_RULES);

/** Reads the opening of a sentence, given as its words in lower case, contractions and phrases written out. */
export function frameOf(words: readonly string[]): Frame {
  let text = words.join(' ');
  let skipped = 0;
  for (let more = true; more; ) {
    more = false;
    for (const lead of LEADS) {
      const match = lead.exec(text);
      if (match === null) continue;
      skipped += match[0].trimEnd().split(' ').length;
      text = text.slice(match[0].length);
      more = true;
    }
  }
  const space = text.indexOf(' ');
  const first = space === -1 ? text : text.slice(0, space);
  for (const [pattern, type, ...adds] of RULES.get(first) ?? []) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const length = skipped + (match[0].trim() === '' ? 0 : match[0].trim().split(' ').length);
    return { type, length, adds, isGeneral: isGeneral(type, text), lead: skipped };
  }
  return { type: 'topic', length: skipped, adds: [], isGeneral: false, lead: skipped };
}

const ANYONE = new RegExp(
  `^(?:where|when|how \\S+) (?:can|could|should|might|must) ${SUBJECT}(?= |$)|` +
    `^(?:what|which|who|whom)(?: \\S+)? (?:can|could|should|must|might) ${SUBJECT}(?= |$)|^what do ${SUBJECT} do(?= |$)`,
);
const SOMEONE = /^how (?:am|are|is|was|were|did|will|have|has|had) /;

function isGeneral(type: QuestionType, text: string): boolean {
  return type === 'how' ? !SOMEONE.test(text) : ANYONE.test(text);
}

function byFirstWord(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const firsts =
    'how howto what which who whom whose when where why in on at is are was were am do does did can could should would will shall may might must have has had ' +
    'from to for with by until of about need tell teach list name enumerate give show provide fastest quickest fast quick cheapest cheap safest safe easiest simplest instructions procedure process guide methods price cost fee cause causes define explain definition meaning the best good easy steps tips way ways method i help let go make';
  // A rule may begin with any word that stands in it; which does is seen when it is tried.
  const holds = rules.map(([pattern]) => new Set(pattern.source.match(/[a-z]+/g) ?? []));
  return new Map(
    firsts.split(' ').map((first) => [first, rules.filter((_, i) => holds[i]?.has(first) === true)]),
  );
}
