/** How the tokens of a family relate to those of o200k_base. */
export interface FamilyRatio {
  /** Tokens of the family per token of o200k_base, for text as it comes. */
  readonly factor: number;
  /** Half-width of the 95% band of one request, as a share of the estimate. */
  readonly errorBand: number;
}

const CLAUDE: FamilyRatio = { factor: 1.18, errorBand: 0.2 };
const CLAUDE_FROM_OPUS_4_7: FamilyRatio = { factor: 1.53, errorBand: 0.2 };

/**
 * Where estimates start before a provider has reported anything.
 *
 * Claude: ratios published for both of its tokenizers, measured over mixed prompts. The others
 * publish a vocabulary but no ratio; their factors follow from its size (the smaller, the more tokens)
 * and their bands are wide on purpose: 100k to 260k entries made for many languages come out near
 * o200k_base on English and code, and apart on digits and on CJK.
 */
const RATIOS: Readonly<Record<string, FamilyRatio>> = {
  gpt: { factor: 1, errorBand: 0.15 },
  gemini: { factor: 1.08, errorBand: 0.3 },
  gemma: { factor: 1.08, errorBand: 0.3 },
  llama: { factor: 1.05, errorBand: 0.25 },
  mistral: { factor: 1.15, errorBand: 0.35 },
  qwen: { factor: 1.08, errorBand: 0.3 },
  deepseek: { factor: 1.08, errorBand: 0.3 },
  grok: { factor: 1.08, errorBand: 0.3 },
  command: { factor: 1.08, errorBand: 0.3 },
  nova: { factor: 1.08, errorBand: 0.35 },
  glm: { factor: 1.08, errorBand: 0.3 },
  kimi: { factor: 1.08, errorBand: 0.3 },
  minimax: { factor: 1.05, errorBand: 0.3 },
  phi: { factor: 1.05, errorBand: 0.3 },
  nemotron: { factor: 1.08, errorBand: 0.3 },
};

/** Nothing is known: anything from half to one and a half times the estimate would be no surprise. */
const UNKNOWN: FamilyRatio = { factor: 1.15, errorBand: 0.5 };

/** True for the Claude models that came with Opus 4.7 or after it: new tokenizer, larger images. */
export function isRecentClaude(model: string): boolean {
  if (!model.includes('claude')) return false;
  // A date (eight digits) is no minor version.
  const version = /claude-(?:[a-z]+-)?(\d{1,2})(?:[.-](\d{1,2}))?(?!\d)/.exec(model);
  if (version === null) return /claude-(?:fable|mythos)/.test(model);
  const major = Number(version[1]);
  const minor = Number(version[2] ?? 0);
  return major > 4 || (major === 4 && minor >= 7);
}

/** The starting ratio of a model whose encoding is not published. */
export function familyRatio(family: string, model: string): FamilyRatio {
  if (family === 'claude') return isRecentClaude(model) ? CLAUDE_FROM_OPUS_4_7 : CLAUDE;
  return Object.hasOwn(RATIOS, family) ? (RATIOS[family] as FamilyRatio) : UNKNOWN;
}
