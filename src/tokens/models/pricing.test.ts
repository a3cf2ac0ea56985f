import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cost, NO_USAGE, type Prices, type Usage } from '../../contract/index.ts';
import { createModelRegistry, packagedModels } from './index.ts';
import { priceUsage } from './pricing.ts';

const models = createModelRegistry();
const M = 1e6;

/** A usage in the words of the test: every part that is absent is 0. */
function used(parts: Partial<Usage>): Usage {
  return { ...NO_USAGE, ...parts };
}

function costOf(
  model: string,
  parts: Partial<Usage>,
  options?: { isBatch?: boolean; provider?: string },
): Cost {
  return models.price(model, used(parts), options);
}

interface Golden {
  readonly title: string;
  readonly model: string;
  readonly usage: Partial<Usage>;
  readonly isBatch?: boolean;
  readonly provider?: string;
  /** USD, as the published prices add up by hand. */
  readonly usd: number;
}

const GOLDEN: readonly Golden[] = [
  // OpenAI
  {
    title: 'gpt-4o, nothing cached',
    model: 'gpt-4o',
    usage: { inputTokens: 1000, outputTokens: 500 },
    usd: (1000 * 2.5) / M + (500 * 10) / M,
  },
  {
    title: 'gpt-4o, cached reads at half price and not again at full price',
    model: 'gpt-4o',
    usage: { inputTokens: 1000, cacheReadTokens: 400, outputTokens: 500 },
    usd: ((1000 - 400) * 2.5) / M + (400 * 1.25) / M + (500 * 10) / M,
  },
  {
    title: 'gpt-4o, everything cached',
    model: 'gpt-4o',
    usage: { inputTokens: 2048, cacheReadTokens: 2048, outputTokens: 1 },
    usd: (2048 * 1.25) / M + (1 * 10) / M,
  },
  {
    title: 'gpt-4o by a dated name at the same price',
    model: 'gpt-4o-2024-08-06',
    usage: { inputTokens: 1000, outputTokens: 500 },
    usd: (1000 * 2.5) / M + (500 * 10) / M,
  },
  {
    title: 'gpt-4o by the first snapshot, which costs more',
    model: 'gpt-4o-2024-05-13',
    usage: { inputTokens: 1000, outputTokens: 500 },
    usd: (1000 * 5) / M + (500 * 15) / M,
  },
  {
    title: 'gpt-4o in a batch',
    model: 'gpt-4o',
    usage: { inputTokens: 1000, outputTokens: 500 },
    isBatch: true,
    usd: (1000 * 1.25) / M + (500 * 5) / M,
  },
  {
    title: 'gpt-4o-mini, not at the price of gpt-4o',
    model: 'gpt-4o-mini',
    usage: { inputTokens: 1_000_000, outputTokens: 100_000 },
    usd: (1_000_000 * 0.15) / M + (100_000 * 0.6) / M,
  },
  {
    title: 'gpt-4.1-nano, cached reads at the precise 0.025',
    model: 'gpt-4.1-nano-2025-04-14',
    usage: { inputTokens: 10_000, cacheReadTokens: 8000, outputTokens: 100 },
    usd: (2000 * 0.1) / M + (8000 * 0.025) / M + (100 * 0.4) / M,
  },
  {
    title: 'o3, reasoning tokens inside the output, once',
    model: 'o3',
    usage: { inputTokens: 200, outputTokens: 3000, reasoningTokens: 2500 },
    usd: (200 * 2) / M + (3000 * 8) / M,
  },
  {
    title: 'o4-mini in a batch, with reasoning',
    model: 'o4-mini',
    usage: { inputTokens: 5000, outputTokens: 4000, reasoningTokens: 3900 },
    isBatch: true,
    usd: (5000 * 0.55) / M + (4000 * 2.2) / M,
  },
  {
    title: 'gpt-5, cached reads and reasoning',
    model: 'gpt-5-2025-08-07',
    usage: { inputTokens: 20_000, cacheReadTokens: 15_000, outputTokens: 1200, reasoningTokens: 800 },
    usd: (5000 * 1.25) / M + (15_000 * 0.125) / M + (1200 * 10) / M,
  },
  {
    title: 'gpt-5 in a batch, cached reads at the batch price',
    model: 'gpt-5',
    usage: { inputTokens: 20_000, cacheReadTokens: 15_000, outputTokens: 1200 },
    isBatch: true,
    usd: (5000 * 0.625) / M + (15_000 * 0.0625) / M + (1200 * 5) / M,
  },
  {
    title: 'gpt-5.4 at its limit of 272,000: the lower tier',
    model: 'gpt-5.4',
    usage: { inputTokens: 272_000, cacheReadTokens: 72_000, outputTokens: 1000 },
    usd: (200_000 * 2.5) / M + (72_000 * 0.25) / M + (1000 * 15) / M,
  },
  {
    title: 'gpt-5.4 one token past its limit: the higher tier for the whole request',
    model: 'gpt-5.4',
    usage: { inputTokens: 272_001, cacheReadTokens: 72_001, outputTokens: 1000 },
    usd: (200_000 * 5) / M + (72_001 * 0.5) / M + (1000 * 22.5) / M,
  },
  {
    title: 'gpt-5.6, which charges for writing the cache',
    model: 'gpt-5.6',
    usage: { inputTokens: 10_000, cacheWriteTokens: 6000, cacheReadTokens: 3000, outputTokens: 100 },
    usd: (1000 * 5) / M + (6000 * 6.25) / M + (3000 * 0.5) / M + (100 * 30) / M,
  },
  {
    title: 'text-embedding-3-small, which has no output',
    model: 'text-embedding-3-small',
    usage: { inputTokens: 8000 },
    usd: (8000 * 0.02) / M,
  },
  // Anthropic
  {
    title: 'claude-sonnet-4-6, a 5-minute write',
    model: 'claude-sonnet-4-6',
    usage: { inputTokens: 12_000, cacheWriteTokens: 10_000, outputTokens: 700 },
    usd: (2000 * 3) / M + (10_000 * 3.75) / M + (700 * 15) / M,
  },
  {
    title: 'claude-sonnet-4-6, a 1-hour write at its own price',
    model: 'claude-sonnet-4-6',
    usage: { inputTokens: 12_000, cacheWrite1hTokens: 10_000, outputTokens: 700 },
    usd: (2000 * 3) / M + (10_000 * 6) / M + (700 * 15) / M,
  },
  {
    title: 'claude-sonnet-4-6, read, both writes and the rest',
    model: 'claude-sonnet-4-6',
    usage: {
      inputTokens: 50_000,
      cacheReadTokens: 40_000,
      cacheWriteTokens: 3000,
      cacheWrite1hTokens: 2000,
      outputTokens: 900,
    },
    usd:
      ((50_000 - 40_000 - 3000 - 2000) * 3) / M +
      (40_000 * 0.3) / M +
      (3000 * 3.75) / M +
      (2000 * 6) / M +
      (900 * 15) / M,
  },
  {
    title: 'claude-opus-4-5 by its dated name',
    model: 'claude-opus-4-5-20251101',
    usage: { inputTokens: 4000, cacheReadTokens: 3500, outputTokens: 2000, reasoningTokens: 1500 },
    usd: (500 * 5) / M + (3500 * 0.5) / M + (2000 * 25) / M,
  },
  {
    title: 'claude-opus-4-6 past 200,000 tokens: it has one price',
    model: 'claude-opus-4-6',
    usage: { inputTokens: 500_000, outputTokens: 1000 },
    usd: (500_000 * 5) / M + (1000 * 25) / M,
  },
  {
    title: 'claude-sonnet-4-5 at 200,000: the lower tier, counted with cached tokens',
    model: 'claude-sonnet-4-5',
    usage: { inputTokens: 200_000, cacheReadTokens: 150_000, outputTokens: 1000 },
    usd: (50_000 * 3) / M + (150_000 * 0.3) / M + (1000 * 15) / M,
  },
  {
    title: 'claude-sonnet-4-5 past 200,000, mostly cached: the higher tier for all of it',
    model: 'claude-sonnet-4-5',
    usage: { inputTokens: 200_001, cacheReadTokens: 150_000, cacheWrite1hTokens: 50_000, outputTokens: 1000 },
    usd: (1 * 6) / M + (150_000 * 0.6) / M + (50_000 * 12) / M + (1000 * 22.5) / M,
  },
  {
    title: 'claude-haiku-4-5 in a batch, with a read and a 1-hour write at half price',
    model: 'claude-haiku-4-5',
    usage: { inputTokens: 10_000, cacheReadTokens: 4000, cacheWrite1hTokens: 5000, outputTokens: 300 },
    isBatch: true,
    usd: (1000 * 0.5) / M + (4000 * 0.05) / M + (5000 * 1) / M + (300 * 2.5) / M,
  },
  {
    title: 'claude-3-haiku, whose cache prices are published rounded',
    model: 'claude-3-haiku-20240307',
    usage: { inputTokens: 10_000, cacheReadTokens: 4000, cacheWriteTokens: 5000, outputTokens: 300 },
    usd: (1000 * 0.25) / M + (4000 * 0.03) / M + (5000 * 0.3) / M + (300 * 1.25) / M,
  },
  {
    title: 'claude-3-sonnet, whose write price one list has wrong',
    model: 'claude-3-sonnet-20240229',
    usage: { inputTokens: 1000, cacheWriteTokens: 1000, outputTokens: 10 },
    usd: (1000 * 3.75) / M + (10 * 15) / M,
  },
  {
    title: 'claude-opus-4 by an older spelling',
    model: 'claude-4-opus-20250514',
    usage: { inputTokens: 1000, outputTokens: 1000 },
    usd: (1000 * 15) / M + (1000 * 75) / M,
  },
  // Google
  {
    title: 'gemini-2.5-pro at 200,000: the lower tier',
    model: 'gemini-2.5-pro',
    usage: { inputTokens: 200_000, cacheReadTokens: 100_000, outputTokens: 500 },
    usd: (100_000 * 1.25) / M + (100_000 * 0.125) / M + (500 * 10) / M,
  },
  {
    title: 'gemini-2.5-pro past 200,000: the higher tier for input, reads and output',
    model: 'models/gemini-2.5-pro',
    usage: { inputTokens: 300_000, cacheReadTokens: 100_000, outputTokens: 500 },
    usd: (200_000 * 2.5) / M + (100_000 * 0.25) / M + (500 * 15) / M,
  },
  {
    title: 'gemini-2.5-pro past 200,000 in a batch: the batch price of that tier',
    model: 'gemini-2.5-pro',
    usage: { inputTokens: 300_000, outputTokens: 500 },
    isBatch: true,
    usd: (300_000 * 1.25) / M + (500 * 7.5) / M,
  },
  {
    title: 'gemini-3.1-pro-preview, whose read price one list has confused with storage',
    model: 'gemini-3.1-pro-preview',
    usage: { inputTokens: 10_000, cacheReadTokens: 9000, outputTokens: 100 },
    usd: (1000 * 2) / M + (9000 * 0.2) / M + (100 * 12) / M,
  },
  {
    title: 'gemini-2.5-flash with thinking inside the output',
    model: 'vertex_ai/gemini-2.5-flash',
    usage: { inputTokens: 1000, cacheReadTokens: 500, outputTokens: 800, reasoningTokens: 700 },
    usd: (500 * 0.3) / M + (500 * 0.03) / M + (800 * 2.5) / M,
  },
  // Others
  {
    title: 'deepseek-chat, reads at a fiftieth',
    model: 'deepseek-chat',
    usage: { inputTokens: 100_000, cacheReadTokens: 90_000, outputTokens: 2000 },
    usd: (10_000 * 0.14) / M + (90_000 * 0.0028) / M + (2000 * 0.28) / M,
  },
  {
    title: 'mistral-large-2411, which one list prices as its successor',
    model: 'mistral-large-2411',
    usage: { inputTokens: 1000, outputTokens: 1000 },
    usd: (1000 * 2) / M + (1000 * 6) / M,
  },
  {
    title: 'grok-4.3 past 200,000',
    model: 'grok-4.3',
    usage: { inputTokens: 250_000, cacheReadTokens: 50_000, outputTokens: 1000 },
    usd: (200_000 * 2.5) / M + (50_000 * 0.4) / M + (1000 * 5) / M,
  },
  {
    title: 'grok-4.20 by its short name, which one list has stale',
    model: 'grok-4.20-reasoning',
    usage: { inputTokens: 1000, outputTokens: 1000, reasoningTokens: 900 },
    usd: (1000 * 1.25) / M + (1000 * 2.5) / M,
  },
  {
    title: 'command-a',
    model: 'command-a-03-2025',
    usage: { inputTokens: 3000, outputTokens: 1000 },
    usd: (3000 * 2.5) / M + (1000 * 10) / M,
  },
  {
    title: 'qwen-plus without reasoning',
    model: 'qwen-plus',
    usage: { inputTokens: 3000, outputTokens: 1000 },
    usd: (3000 * 0.4) / M + (1000 * 1.2) / M,
  },
  {
    title: 'qwen-plus with reasoning: the whole answer at the price of thinking',
    model: 'dashscope/qwen-plus',
    usage: { inputTokens: 3000, outputTokens: 1000, reasoningTokens: 600 },
    usd: (3000 * 0.4) / M + (1000 * 4) / M,
  },
  {
    title: 'qwen3.7-plus past 256,000, with a write',
    model: 'qwen3.7-plus',
    usage: { inputTokens: 300_000, cacheWriteTokens: 100_000, cacheReadTokens: 100_000, outputTokens: 10 },
    usd: (100_000 * 2) / M + (100_000 * 2.5) / M + (100_000 * 0.2) / M + (10 * 6) / M,
  },
  {
    title: 'kimi-k2.5 at its maker, not at the hosts of the same name',
    model: 'kimi-k2.5',
    usage: { inputTokens: 1000, cacheReadTokens: 600, outputTokens: 100 },
    usd: (400 * 0.6) / M + (600 * 0.1) / M + (100 * 3) / M,
  },
  {
    title: 'Llama on Groq',
    model: 'groq/llama-3.3-70b-versatile',
    usage: { inputTokens: 1000, outputTokens: 1000 },
    usd: (1000 * 0.59) / M + (1000 * 0.79) / M,
  },
  {
    title: 'gpt-oss-120b on OpenRouter, whose name it is',
    model: 'openai/gpt-oss-120b',
    usage: { inputTokens: 100_000, outputTokens: 1000 },
    usd: (100_000 * 0.03) / M + (1000 * 0.17) / M,
  },
  {
    title: 'gpt-oss-120b under the same name at Groq',
    model: 'openai/gpt-oss-120b',
    provider: 'groq',
    usage: { inputTokens: 100_000, outputTokens: 1000 },
    usd: (100_000 * 0.15) / M + (1000 * 0.6) / M,
  },
  {
    title: 'Claude on Bedrock in America, by the name of an inference profile',
    model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    usage: { inputTokens: 1000, cacheWriteTokens: 500, outputTokens: 100 },
    usd: (500 * 3) / M + (500 * 3.75) / M + (100 * 15) / M,
  },
  {
    title: 'Claude on Bedrock in Europe, a tenth more',
    model: 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
    usage: { inputTokens: 1000, cacheWrite1hTokens: 500, outputTokens: 100 },
    usd: (500 * 3.3) / M + (500 * 6.6) / M + (100 * 16.5) / M,
  },
  {
    title: 'Claude 3.7 on Bedrock, whose cache columns one list has swapped',
    model: 'anthropic.claude-3-7-sonnet-20250219-v1:0',
    usage: { inputTokens: 1000, cacheReadTokens: 600, cacheWriteTokens: 300, outputTokens: 100 },
    usd: (100 * 3) / M + (600 * 0.3) / M + (300 * 3.75) / M + (100 * 15) / M,
  },
  {
    title: 'Claude on Vertex past 200,000, where a tier is left',
    model: 'claude-opus-4-6@20260205',
    usage: { inputTokens: 250_000, cacheReadTokens: 100_000, outputTokens: 1000 },
    usd: (150_000 * 10) / M + (100_000 * 1) / M + (1000 * 37.5) / M,
  },
  {
    title: 'a model declared free',
    model: 'openai/gpt-oss-20b:free',
    usage: { inputTokens: 100_000, cacheReadTokens: 50_000, outputTokens: 1000 },
    usd: 0,
  },
  {
    title: 'a request that used nothing, of a model whose price is unknown',
    model: 'glm-4.5-flash',
    usage: {},
    usd: 0,
  },
];

describe('prices of requests, added up by hand', () => {
  it('has at least 40 of them', () => {
    expect(GOLDEN.length).toBeGreaterThanOrEqual(40);
  });

  it.each(GOLDEN)('$title (INV-U1)', ({ model, usage, isBatch = false, provider, usd }) => {
    const cost = costOf(model, usage, { isBatch, ...(provider === undefined ? {} : { provider }) });
    expect(cost.reason).toBeUndefined();
    expect(cost.costUsd).toBeCloseTo(usd, 12);
  });
});

describe('costs that are not known', () => {
  const some = { inputTokens: 1000, outputTokens: 10 };
  it.each([
    ['a model of another name', 'my-own-model', some, false, 'unknown_model'],
    ['a known name with an unknown ending', 'gpt-4o-audio-foo', some, false, 'unknown_model'],
    ['the empty name', '', some, false, 'unknown_model'],
    ['a model that both lists price at 0', 'glm-4.5-flash', some, false, 'unknown_price'],
    ['a model whose price no list has', 'llama-3.3-70b-instruct', some, false, 'unknown_price'],
    ['a fine-tune, whose price is not its base', 'ft:gpt-4o:org::abc', some, false, 'unknown_price'],
    ['a region whose price no list has', 'jp.anthropic.claude-sonnet-5', some, false, 'unknown_price'],
    ['reads without a price for them', 'o3-pro', { ...some, cacheReadTokens: 1 }, false, 'unknown_price'],
    ['1-hour writes without a price', 'gpt-5.6', { ...some, cacheWrite1hTokens: 1 }, false, 'unknown_price'],
    ['a batch without a batch price', 'deepseek-chat', some, true, 'unknown_price'],
    [
      'cached reads in a batch without a price',
      'gpt-4o',
      { ...some, cacheReadTokens: 1 },
      true,
      'unknown_price',
    ],
    [
      'a tier that no list prices',
      'grok-4',
      { inputTokens: 128_001, outputTokens: 1 },
      false,
      'unknown_price',
    ],
    ['negative tokens', 'gpt-4o', { inputTokens: -1 }, false, 'invalid_usage'],
    ['no number of tokens', 'gpt-4o', { outputTokens: Number.NaN }, false, 'invalid_usage'],
  ] as const)('are null for %s (INV-U2)', (_, model, usage, isBatch, reason) => {
    expect(costOf(model, usage, { isBatch })).toEqual({ costUsd: null, reason });
  });

  it('are known right up to the tier that is not', () => {
    expect(costOf('grok-4', { inputTokens: 128_000, outputTokens: 1 }).costUsd).toBeCloseTo(
      (128_000 * 3) / M + 15 / M,
      12,
    );
  });
});

it('says of every price where it is from and when it was read (INV-U3)', () => {
  for (const info of packagedModels()) {
    expect(info.source).not.toBe('');
    expect(info.sourceDate).toMatch(/^20\d\d-\d\d-\d\d$/);
  }
});

it('believes cache parts that add up to more than the input', () => {
  const cost = costOf('claude-sonnet-4-6', { inputTokens: 10, cacheReadTokens: 1000, cacheWriteTokens: 100 });
  expect(cost.costUsd).toBeCloseTo((1000 * 0.3) / M + (100 * 3.75) / M, 12);
});

it('takes the highest tier passed, whatever their order', () => {
  const prices: Prices = {
    input: 1,
    tiers: [
      { aboveInputTokens: 200, input: 3 },
      { aboveInputTokens: 100, input: 2 },
    ],
  };
  const at = (inputTokens: number) => priceUsage(prices, used({ inputTokens }), false).costUsd;
  expect([at(100), at(101), at(200), at(201)]).toEqual([100 / M, 202 / M, 400 / M, 603 / M]);
});

describe('any usage', () => {
  const tokens = fc.integer({ min: 0, max: 400_000 });
  const price = fc.double({ min: 0.001, max: 100, noNaN: true });
  const set = fc.record({
    input: price,
    output: price,
    cacheRead: price,
    cacheWrite: price,
    cacheWrite1h: price,
  });
  /** Parts of the input that do not overlap. */
  const parts = fc.record({ plain: tokens, read: tokens, write: tokens, write1h: tokens, output: tokens });

  function usageOf(part: {
    plain: number;
    read: number;
    write: number;
    write1h: number;
    output: number;
  }): Usage {
    return used({
      inputTokens: part.plain + part.read + part.write + part.write1h,
      cacheReadTokens: part.read,
      cacheWriteTokens: part.write,
      cacheWrite1hTokens: part.write1h,
      outputTokens: part.output,
    });
  }

  it('costs the sum of its parts, each once (INV-U1)', () => {
    fc.assert(
      fc.property(set, parts, (prices, part) => {
        const whole = priceUsage(prices, usageOf(part), false).costUsd as number;
        const byHand =
          part.plain * prices.input +
          part.read * prices.cacheRead +
          part.write * prices.cacheWrite +
          part.write1h * prices.cacheWrite1h +
          part.output * prices.output;
        expect(whole * M).toBeCloseTo(byHand, 2);
      }),
    );
  });

  it('never costs less when any part grows, at one tier', () => {
    fc.assert(
      fc.property(
        set,
        parts,
        fc.constantFrom('plain', 'read', 'write', 'write1h', 'output'),
        tokens,
        (prices, part, grown, more) => {
          const before = priceUsage(prices, usageOf(part), false).costUsd as number;
          const after = priceUsage(prices, usageOf({ ...part, [grown]: part[grown] + more }), false)
            .costUsd as number;
          expect(after).toBeGreaterThanOrEqual(before * (1 - 1e-12));
        },
      ),
    );
  });

  it('never costs less when plain input grows, across the tiers of every packaged model', () => {
    const tiered = packagedModels().filter(({ prices }) => prices.tiers?.[0]?.input !== undefined);
    expect(tiered.length).toBeGreaterThan(10);
    fc.assert(
      fc.property(fc.constantFrom(...tiered), tokens, tokens, ({ prices }, input, more) => {
        const before = priceUsage(prices, used({ inputTokens: input }), false).costUsd as number;
        const after = priceUsage(prices, used({ inputTokens: input + more }), false).costUsd as number;
        expect(after).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  it('costs the same however much of its output was reasoning (INV-U1)', () => {
    fc.assert(
      fc.property(set, parts, fc.double({ min: 0, max: 1, noNaN: true }), (prices, part, share) => {
        const usage = usageOf(part);
        const reasoning = { ...usage, reasoningTokens: Math.floor(usage.outputTokens * share) };
        expect(priceUsage(prices, reasoning, false)).toEqual(priceUsage(prices, usage, false));
      }),
    );
  });

  it('has a cost exactly when every part that is there has a price (INV-U2)', () => {
    const some = fc.option(price, { nil: undefined });
    const partial = fc.record({
      input: some,
      output: some,
      cacheRead: some,
      cacheWrite: some,
      cacheWrite1h: some,
    });
    const few = fc.constantFrom(0, 1, 1000);
    const fewParts = fc.record({ plain: few, read: few, write: few, write1h: few, output: few });
    fc.assert(
      fc.property(partial, fewParts, (known, part) => {
        const prices = Object.fromEntries(
          Object.entries(known).filter(([, value]) => value !== undefined),
        ) as Prices;
        const needed = [
          [part.plain, known.input],
          [part.read, known.cacheRead],
          [part.write, known.cacheWrite],
          [part.write1h, known.cacheWrite1h],
          [part.output, known.output],
        ] as const;
        const isKnown = needed.every(([count, value]) => count === 0 || value !== undefined);
        expect(priceUsage(prices, usageOf(part), false).costUsd !== null).toBe(isKnown);
      }),
    );
  });
});
