// Decisions about the two price lists that no general rule can make, each with its reason. A reason is
// printed in docs/prices.md. Names are regular expressions over the provider's own model names.
import type { ModelInfo } from '../../src/contract/index.ts';
import type { PriceField } from '../../src/tokens/models/price-rules.ts';

/** One value set by hand; `null` says unknown. */
export interface Correction {
  readonly providers: readonly string[];
  readonly name: RegExp;
  readonly values: { readonly [K in PriceField]?: number | null };
  readonly reason: string;
}

export const CORRECTIONS: readonly Correction[] = [
  {
    providers: ['openai', 'azure'],
    name: /^gpt-5-pro/,
    values: { cacheRead: null },
    reason: 'Portkey repeats the price of gpt-5-nano; OpenAI lists no cached input for pro models',
  },
  {
    providers: ['openai', 'azure'],
    name: /^gpt-5\.5-pro/,
    values: { cacheRead: null, batchCacheRead: null },
    reason:
      'only Portkey has it; models.dev and both OpenRouter rows agree that pro models have no cached input',
  },
  {
    providers: ['openai', 'azure'],
    name: /^o1-mini(-2024-09-12)?$/,
    values: { input: 1.1, output: 4.4, cacheRead: 0.55 },
    reason: 'o1-mini has one snapshot, whose price was cut; the other rows are older',
  },
  {
    providers: ['mistral'],
    name: /^mistral-large-2407$/,
    values: { input: 2, output: 6 },
    reason: 'Portkey repeats the price of mistral-large-2512; OpenRouter passes on 2 and 6 in both lists',
  },
  {
    providers: ['bedrock'],
    name: /^amazon\.nova-lite-v1:0$/,
    values: { cacheRead: 0.015, cacheWrite: null, cacheWrite1h: null },
    reason:
      'AWS publishes a discount of 75% on reads; Portkey has 50% and a write price that AWS does not charge',
  },
  {
    providers: ['bedrock'],
    name: /^amazon\.nova-micro-v1:0$/,
    values: { cacheRead: 0.00875, cacheWrite: null, cacheWrite1h: null },
    reason:
      'AWS publishes a discount of 75% on reads; Portkey has 50% and a write price that AWS does not charge',
  },
  {
    providers: ['bedrock'],
    name: /^amazon\.nova-pro-v1:0$/,
    values: { cacheRead: 0.2, cacheWrite: null, cacheWrite1h: null },
    reason:
      'AWS publishes a discount of 75% on reads; Portkey has 50% and a write price that AWS does not charge',
  },
  {
    providers: ['vertex'],
    name: /^gemini-2\.5-flash$/,
    values: { cacheRead: 0.03 },
    reason: "Google publishes one price for both its endpoints; Vertex's row is older",
  },
];

/** Prices beyond a length that exist but that neither list states: unknown there, never the shorter price. */
export const UNKNOWN_TIERS: readonly {
  readonly provider: string;
  readonly name: RegExp;
  readonly aboveInputTokens: number;
}[] = [
  { provider: 'openai', name: /^gpt-5\.6/, aboveInputTokens: 272_000 },
  { provider: 'xai', name: /^grok-4(-0709|-latest|-fast.*|-1-fast.*)?$/, aboveInputTokens: 128_000 },
  { provider: 'xai', name: /^grok-(4\.[56]|build-latest)/, aboveInputTokens: 200_000 },
  {
    provider: 'alibaba',
    name: /^(qwen3-max|qwen3-coder-plus|qwen3-coder-flash|qwen3-vl-plus)/,
    aboveInputTokens: 32_000,
  },
  {
    provider: 'alibaba',
    name: /^(qwen-plus(-latest|-20.*)?$|qwen-flash(-20.*)?$|qwen3\.5-plus)/,
    aboveInputTokens: 256_000,
  },
];

/** Long-context prices that Anthropic publishes and only the lists' OpenRouter rows carry. */
export const PASSED_ON_TIERS: readonly {
  readonly provider: string;
  readonly name: RegExp;
  readonly openrouter: string;
}[] = [
  {
    provider: 'anthropic',
    name: /^claude-(sonnet-4-0|sonnet-4-20250514|4-sonnet-20250514)$/,
    openrouter: 'anthropic/claude-sonnet-4',
  },
  {
    provider: 'anthropic',
    name: /^claude-sonnet-4-5(-20250929)?$/,
    openrouter: 'anthropic/claude-sonnet-4.5',
  },
];

/** Limits that models.dev leaves out of its snapshot. */
export const LIMITS: readonly {
  readonly provider: string;
  readonly name: RegExp;
  readonly contextWindow: number;
  readonly maxOutputTokens: number;
}[] = [
  { provider: 'openai', name: /^gpt-5(-2025-08-07)?$/, contextWindow: 400_000, maxOutputTokens: 128_000 },
  {
    provider: 'google',
    name: /^gemini-2\.5-(pro|flash)$/,
    contextWindow: 1_048_576,
    maxOutputTokens: 65_536,
  },
];

/** Rows that name no model of the provider, or one that is gone and contradicted by what is left. */
export const DROPPED: readonly {
  readonly provider: string;
  readonly name: RegExp;
  readonly list?: string;
}[] = [
  // Portkey repeats the base price for the European endpoints.
  { provider: 'bedrock', name: /^eu\.anthropic\./, list: 'Portkey' },
  {
    provider: 'openai',
    name: /^(gpt-4o-latest|gpt-3\.5-0301|codex-auto-review|ada-v2|text-embedding-ada-002-v2|sora.*)$/,
  },
  { provider: 'mistral', name: /^(mistral-small|.*-cli-.*)$/ },
  { provider: 'xai', name: /(beta|-exp|experimental|-gv2|build-latest)/ },
  {
    provider: 'xai',
    name: /^grok-4\.20($|-(reasoning|non-reasoning|multi-agent($|-latest)|0309$|0309-reasoning-latest))/,
  },
  {
    provider: 'google',
    name: /(-exp-|deep-research|robotics|computer-use|gemini-pro-vision|gemini-3-pro-preview-02-05)/,
  },
  {
    provider: 'azure',
    name: /^(ada|davinci|tts.*|text-.*-00[1-4]|model-router|o4-mini-deep-research-2025-06-26)$/,
  },
  // Regional endpoints cost 10% more by the published rule. Both lists repeat the base price for Japan and
  // Australia, or have a third one: their price is left unknown.
  { provider: 'bedrock', name: /^(jp|au|apac)\.anthropic\./ },
  // Portkey repeats Anthropic's own names under Bedrock; Bedrock's names hold the maker.
  { provider: 'bedrock', name: /^[^.]*$/ },
  {
    provider: 'bedrock',
    name: /^(anthropic\.claude-(v|instant)|ai21\.j2|amazon\.titan-text|meta\.llama2|cohere\.command-(text|light))/,
  },
  // A fee per request comes on top of the tokens.
  { provider: 'openrouter', name: /^(openrouter\/|perplexity\/)/ },
  { provider: 'anthropic', name: /^claude-2/ },
  { provider: 'vertex', name: /-latest$/ },
  { provider: 'perplexity', name: /./ },
];

/** Models that no list prices under their own name, for their tokenizer and limits. */
export const UNPRICED: readonly Pick<ModelInfo, 'id' | 'contextWindow' | 'maxOutputTokens'>[] = [
  { id: 'gpt-oss-120b', contextWindow: 131_072, maxOutputTokens: 131_072 },
  { id: 'gpt-oss-20b', contextWindow: 131_072, maxOutputTokens: 131_072 },
  { id: 'text-davinci-003', contextWindow: 4097, maxOutputTokens: 4097 },
  { id: 'text-davinci-002', contextWindow: 4097, maxOutputTokens: 4097 },
  { id: 'code-davinci-002', contextWindow: 8001, maxOutputTokens: 8001 },
];

/** Names that the provider documents for a model and that no pattern gives. */
export const KNOWN_ALIASES: readonly {
  readonly provider: string;
  readonly id: string;
  readonly aliases: readonly string[];
}[] = [
  {
    provider: 'anthropic',
    id: 'claude-opus-4-0',
    aliases: ['claude-opus-4', 'claude-opus-4-20250514', 'claude-4-opus-20250514'],
  },
  {
    provider: 'anthropic',
    id: 'claude-sonnet-4-0',
    aliases: ['claude-sonnet-4', 'claude-sonnet-4-20250514', 'claude-4-sonnet-20250514'],
  },
  { provider: 'openai', id: 'gpt-3.5-turbo', aliases: ['gpt-3.5-turbo-0125'] },
  { provider: 'openai', id: 'gpt-4', aliases: ['gpt-4-0613'] },
  { provider: 'openai', id: 'gpt-5.6-sol', aliases: ['gpt-5.6', 'gpt-5.6-2026-07-09'] },
  { provider: 'xai', id: 'grok-4', aliases: ['grok-4-0709', 'grok-4-latest'] },
  {
    provider: 'xai',
    id: 'grok-4.20-0309-reasoning',
    aliases: [
      'grok-4.20',
      'grok-4.20-0309',
      'grok-4.20-reasoning',
      'grok-4.20-reasoning-latest',
      'x-ai/grok-4.20',
    ],
  },
  {
    provider: 'xai',
    id: 'grok-4.20-0309-non-reasoning',
    aliases: ['grok-4.20-non-reasoning', 'grok-4.20-non-reasoning-latest'],
  },
  {
    provider: 'xai',
    id: 'grok-4.20-multi-agent-0309',
    aliases: ['grok-4.20-multi-agent', 'grok-4.20-multi-agent-latest', 'x-ai/grok-4.20-multi-agent'],
  },
];
