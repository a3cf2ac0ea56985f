import type { ChatRequest } from './chat.ts';
import type { Basis, Usage } from './usage.ts';

/** The encodings that are counted exactly. */
export type Encoding = 'o200k_base' | 'cl100k_base' | 'o200k_harmony' | 'p50k_base';

/** A number of tokens and where it comes from. */
export interface TokenCount {
  readonly tokens: number;
  readonly basis: Exclude<Basis, 'reported'>;
  /**
   * Half-width of the 95% band around `tokens`, as a share of it (0.1 is plus or minus 10%).
   * 0 when exact.
   */
  readonly errorBand: number;
}

/** Tokens of a request by region, overheads of the format included. */
export interface RequestTokens extends TokenCount {
  readonly system: number;
  readonly tools: number;
  readonly messages: number;
  /** Tokens before any learned correction: what `observe` compares with the provider's word. */
  readonly rawTokens: number;
  /** What most of the request's text is. */
  readonly contentClass: ContentClass;
}

/** Counts tokens as one model sees them. A failed count is an error, never 0. */
export interface TokenCounter {
  /** Tokens of plain text for `model`. */
  countText(text: string, model: string): TokenCount;
  /**
   * Input tokens of a whole request, with the overheads that the provider documents for messages,
   * tools and images. Long requests are counted in a worker, so that no event loop waits.
   */
  countRequest(request: ChatRequest, signal?: AbortSignal): RequestTokens | Promise<RequestTokens>;
  /** Learns from what a provider reported: our raw count of the same content, and its usage. */
  observe(observation: CalibrationObservation): void;
}

/** One lesson for calibration: what we counted for a request and what the provider billed. */
export interface CalibrationObservation {
  readonly model: string;
  readonly contentClass: ContentClass;
  /** Tokens counted before any correction. */
  readonly rawTokens: number;
  /** Input tokens that the provider reported. */
  readonly reportedTokens: number;
}

/** Kinds of text whose token ratios differ between tokenizers. */
export type ContentClass = 'prose' | 'code' | 'json' | 'cjk' | 'mixed';

/** One set of prices in USD per million tokens. An absent price is unknown, never 0. */
export interface PriceSet {
  readonly input?: number;
  readonly output?: number;
  /** Output price of an answer with reasoning tokens, for the whole answer; absent where it is `output`. */
  readonly outputWithReasoning?: number;
  readonly cacheRead?: number;
  /** Prompt-cache write with a 5-minute life. */
  readonly cacheWrite?: number;
  /** Prompt-cache write with a 1-hour life. */
  readonly cacheWrite1h?: number;
  readonly batchInput?: number;
  readonly batchOutput?: number;
  readonly batchCacheRead?: number;
  readonly batchCacheWrite?: number;
  readonly batchCacheWrite1h?: number;
}

/** The prices of a model. */
export interface Prices extends PriceSet {
  /** Prices of requests whose input passes a length; the highest tier passed counts for the whole request. */
  readonly tiers?: readonly PriceTier[];
}

/** Prices of long requests. A price absent here is unknown for them; the shorter tier's never stands in. */
export interface PriceTier extends PriceSet {
  /** The tier applies when `inputTokens` is greater than this. */
  readonly aboveInputTokens: number;
}

/** One model of the registry. */
export interface ModelInfo {
  /** The name that requests use: `gpt-4o`, `anthropic/claude-opus-4.6`. */
  readonly id: string;
  readonly provider: string;
  /** `gpt`, `claude`, `gemini`, `llama`, ...: decides how tokens are counted. */
  readonly family: string;
  /** The exact encoding, for models whose encoding is published. */
  readonly encoding?: Encoding;
  /** Tokens of input and output together; absent when unknown. */
  readonly contextWindow?: number;
  readonly maxOutputTokens?: number;
  readonly prices: Prices;
  /** Where the prices come from, and the day they were read (YYYY-MM-DD). */
  readonly source: string;
  readonly sourceDate: string;
  readonly aliases: readonly string[];
}

/** What a usage costs; `costUsd` is null when a price that it needs is unknown (INV-U2). */
export interface Cost {
  readonly costUsd: number | null;
  /** Why it is unknown: `unknown_model`, `unknown_price`, `invalid_usage`. */
  readonly reason?: string;
}

/** Known models and their prices. */
export interface ModelRegistry {
  /**
   * The model behind a name or an alias; dated and provider-prefixed names resolve to their base.
   * `provider` settles names that several hosts use at different prices.
   */
  find(model: string, provider?: string): ModelInfo | undefined;
  list(): readonly ModelInfo[];
  /** Prices a usage; cached tokens once, the right tier for the whole request (INV-U1). */
  price(
    model: string,
    usage: Usage,
    options?: { readonly isBatch?: boolean; readonly provider?: string },
  ): Cost;
}
