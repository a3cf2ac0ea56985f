import type { PairGate } from '../../../../contract/index.ts';
import { antonymGate } from './antonym.ts';
import { comparisonGate } from './comparison.ts';
import { dateGate } from './date.ts';
import { directionGate } from './direction.ts';
import { emojiGate } from './emoji.ts';
import type { Gate } from './gate.ts';
import { headsGate } from './heads.ts';
import { languageGate } from './language.ts';
import { layoutGate } from './layout.ts';
import { literalGate } from './literal.ts';
import { nameGate } from './name.ts';
import { negationGate } from './negation.ts';
import { numberGate } from './number.ts';
import { pointingGate } from './pointing.ts';
import { quantifierGate } from './quantifier.ts';
import { questionTypeGate } from './question-type.ts';
import { unmatchedWordsGate } from './unmatched-words.ts';

export type { Pair } from './gate.ts';

/** All gates, in the order in which they are asked; the first that says no gives the reason. */
export const GATES: readonly (readonly [PairGate, Gate])[] = [
  ['language', languageGate],
  ['undecidable', layoutGate],
  ['undecidable', literalGate('foreign')],
  ['undecidable', emojiGate],
  ['undecidable', pointingGate],
  ['quotation', literalGate('quotation')],
  ['identifier', literalGate('code', 'identifier')],
  ['path', literalGate('path')],
  ['url', literalGate('url')],
  ['version', literalGate('version')],
  ['negation', negationGate],
  ['antonym', antonymGate],
  ['date', dateGate],
  ['number', numberGate],
  ['unit', literalGate('unit')],
  ['comparison', comparisonGate],
  ['quantifier', quantifierGate],
  ['name', nameGate],
  ['direction', directionGate],
  ['question_type', questionTypeGate],
  ['unmatched_words', unmatchedWordsGate],
  ['unmatched_words', headsGate],
];
