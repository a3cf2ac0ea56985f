import type { Encoding, Message, ToolDefinition } from '../contract/index.ts';
import { type FamilyRatio, familyRatio } from './families.ts';
import { type ImageRule, imageRule } from './images.ts';
import type { ModelFamily } from './options.ts';
import type { TextCounts } from './text-counts.ts';
import type { ToolListing } from './tool-tokens.ts';

/** Tokens that a format adds around messages. */
export interface MessageOverheads {
  readonly perMessage: number;
  /** Of the role's name. */
  readonly perRole: number;
  /** Added to the tokens of a participant's name. */
  readonly perName: number;
  readonly perToolCall: number;
  /** Once a request: what the answer is primed with. */
  readonly perRequest: number;
}

/** OpenAI, as the cookbook publishes it: 3 for each message, 1 for its role, 1 for a name, 3 for the reply. */
const OPENAI: MessageOverheads = { perMessage: 3, perRole: 1, perName: 1, perToolCall: 3, perRequest: 3 };
/** Anthropic does not publish its overheads; these agree with the examples of its token-counting guide. */
const CLAUDE: MessageOverheads = { perMessage: 3, perRole: 0, perName: 0, perToolCall: 12, perRequest: 2 };
/** Templates of open models: two marks, the role and a line end. */
const OTHER: MessageOverheads = { perMessage: 3, perRole: 1, perName: 0, perToolCall: 6, perRequest: 3 };

/** Tokens of a message before any ratio. */
export interface MessageTokens {
  /** Tokens of its texts in the encoding that is counted with. */
  readonly text: number;
  /** Tokens that no ratio applies to: overheads and images. */
  readonly fixed: number;
  /** Half-width of the 95% band that `fixed` adds, in tokens. */
  readonly uncertainty: number;
  /** True when the provider documents all of it. */
  readonly isExact: boolean;
  /** Kind of its longest text. */
  readonly contentClass: 'prose' | 'code' | 'json' | 'cjk' | 'mixed';
}

/** Everything that decides how one model is counted, and what was counted for it before. */
export interface Profile {
  readonly model: string;
  readonly family: string;
  readonly texts: TextCounts;
  /** True when `texts` counts in the model's own encoding. */
  readonly isExact: boolean;
  readonly ratio: FamilyRatio;
  /** How tool definitions stand in the prompt. */
  readonly toolFormat: 'openai' | 'json';
  readonly overheads: MessageOverheads;
  readonly imageRule: ImageRule;
  /** Messages are immutable, so what was counted for one holds as long as it lives. */
  readonly messages: WeakMap<Message, MessageTokens>;
  readonly toolLists: WeakMap<readonly ToolDefinition[], ToolListing>;
}

const EXACT: FamilyRatio = { factor: 1, errorBand: 0 };
/** The encoding was guessed from the name; new releases have kept that of their line so far. */
const GUESSED: FamilyRatio = { factor: 1, errorBand: 0.15 };

function overheadsOf(family: string): MessageOverheads {
  if (family === 'gpt' || family === 'openai') return OPENAI;
  return family === 'claude' ? CLAUDE : OTHER;
}

/** The profile of a model. */
export function createProfile(
  model: string,
  found: ModelFamily | undefined,
  textsOf: (encoding: Encoding) => TextCounts,
): Profile {
  const family = found?.family ?? 'unknown';
  const encoding = found?.encoding;
  const lowerCase = model.toLowerCase();
  return {
    model,
    family,
    texts: textsOf(encoding ?? 'o200k_base'),
    isExact: encoding !== undefined && found?.isGuess !== true,
    ratio:
      encoding === undefined ? familyRatio(family, lowerCase) : found?.isGuess === true ? GUESSED : EXACT,
    toolFormat: encoding === undefined && family !== 'gpt' ? 'json' : 'openai',
    // A published encoding is OpenAI's, whatever the registry calls the family.
    overheads: encoding === undefined ? overheadsOf(family) : OPENAI,
    imageRule: imageRule(family, lowerCase),
    messages: new WeakMap(),
    toolLists: new WeakMap(),
  };
}
