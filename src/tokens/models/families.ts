import type { Encoding } from '../../contract/index.ts';

/** What a model's name says about how its tokens are counted. */
export interface ModelFamily {
  /** `gpt`, `claude`, `gemini`, `llama`, ...; `unknown` when the name says nothing. */
  readonly family: string;
  /** The exact encoding, where OpenAI published it (or, in a guess, the one its line uses). */
  readonly encoding?: Encoding;
  /** True when the registry does not know the model and only its name was read. */
  readonly isGuess: boolean;
}

/**
 * Families by the first pattern that fits. Open weights come before the maker, since a distilled or
 * tuned model keeps the tokenizer of the model it was made from.
 */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/gpt-oss/, 'gpt'],
  [/llama|lumimaid|euryale|hermes-[34]/, 'llama'],
  [/qwen|qwq|qvq|tongyi/, 'qwen'],
  [/mistral|mixtral|codestral|devstral|magistral|ministral|pixtral|voxtral/, 'mistral'],
  [/claude/, 'claude'],
  [/gemini/, 'gemini'],
  [/gemma/, 'gemma'],
  [/deepseek/, 'deepseek'],
  [/grok/, 'grok'],
  [/command|c4ai|north-mini/, 'command'],
  [/(^|[/.])nova-/, 'nova'],
  [/glm/, 'glm'],
  [/kimi/, 'kimi'],
  [/minimax/, 'minimax'],
  [/(^|\/)phi-/, 'phi'],
  [/nemotron/, 'nemotron'],
  [
    /(^|[/.:])(chatgpt-|gpt-|o[134]($|-)|codex-|computer-use|davinci-|babbage-|text-(embedding|davinci)|chat-latest)/,
    'gpt',
  ],
];

/**
 * Encodings that OpenAI published in tiktoken's model table; GPT-5.x is read with GPT-5's, since every
 * later release named `gpt-5...` kept it.
 */
const ENCODINGS: readonly (readonly [RegExp, Encoding])[] = [
  [/^gpt-oss-/, 'o200k_harmony'],
  [/^(gpt-4o|chatgpt-4o|gpt-4\.1|gpt-4\.5|gpt-5|o[134]($|-))/, 'o200k_base'],
  [/^(gpt-4($|-)|gpt-3\.5|gpt-35-|text-embedding-|davinci-002$|babbage-002$)/, 'cl100k_base'],
  [/^(text-davinci-00[23]|code-davinci-00[12]|code-cushman-00[12])$/, 'p50k_base'],
];

/** What stands before OpenAI's own name: makers and hosts, a fine-tune's mark, a region. */
const LEADERS = /^(?:.*\/)?(?:ft:)?(?:(?:us|eu|global|in)\.)?(?:openai\.)?/;

/** The family that a name alone suggests. */
export function familyFromName(model: string): string {
  const name = model.toLowerCase();
  return FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown';
}

/** The encoding that OpenAI published for a name, hosts' prefixes aside; `undefined` for others. */
export function encodingFromName(model: string): Encoding | undefined {
  const name = model.toLowerCase().replace(LEADERS, '').replace(/:.*$/, '');
  return ENCODINGS.find(([pattern]) => pattern.test(name))?.[1];
}
