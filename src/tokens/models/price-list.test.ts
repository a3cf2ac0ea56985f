import { describe, expect, it } from 'vitest';
import { InputError, type ModelInfo } from '../../contract/index.ts';
import { createModelRegistry, mergePriceList, packagedModels, parsePriceList } from './index.ts';

const DATE = { date: '2026-10-01' };

function modelOf(
  list: unknown,
  id: string,
  options: { date: string; provider?: string } = DATE,
): ModelInfo | undefined {
  return parsePriceList(list, options).models.find((model) => model.id === id);
}

const MODELS_DEV = {
  acme: {
    id: 'acme',
    models: {
      'acme-large': {
        cost: {
          input: 2,
          output: 8,
          reasoning: 9,
          cache_read: 0.2,
          cache_write: 2.5,
          context_over_200k: { input: 4, output: 12, cache_read: 0.4 },
        },
        limit: { context: 400_000, output: 32_000 },
        modalities: { input: ['text'], output: ['text'] },
      },
      'acme-zero': { cost: { input: 0, output: 0, cache_read: 0 } },
      'acme-paint': { cost: { input: 1, output: 2 }, modalities: { output: ['image'] } },
      'acme-tts': { cost: { input: 1, output: 2 } },
    },
  },
};

const LITELLM = {
  sample_spec: { litellm_provider: 'one of many', mode: 'one of many', max_tokens: 'text' },
  'gpt-4o': {
    litellm_provider: 'openai',
    mode: 'chat',
    max_input_tokens: 128_000,
    max_output_tokens: 16_384,
    input_cost_per_token: 0.0000025,
    output_cost_per_token: 0.00001,
    cache_read_input_token_cost: 0.00000125,
    input_cost_per_token_batches: 0.00000125,
    output_cost_per_token_batches: 0.000005,
  },
  'gemini/gemini-2.5-pro': {
    litellm_provider: 'gemini',
    mode: 'chat',
    input_cost_per_token: 0.00000125,
    output_cost_per_token: 0.00001,
    input_cost_per_token_above_200k_tokens: 0.0000025,
    output_cost_per_token_above_200k_tokens: 0.000015,
  },
  'claude-haiku-4-5': {
    litellm_provider: 'anthropic',
    mode: 'chat',
    input_cost_per_token: 0.000001,
    output_cost_per_token: 0.000005,
    cache_creation_input_token_cost: 0.00000125,
    cache_creation_input_token_cost_above_1hr: 0.000002,
  },
  'dall-e-3': { litellm_provider: 'openai', mode: 'image_generation', input_cost_per_pixel: 1 },
};

const PORTKEY = {
  default: { pricing_config: { pay_as_you_go: { request_token: { price: 0 } }, currency: 'USD' } },
  'acme-large': {
    pricing_config: {
      pay_as_you_go: {
        request_token: { price: 0.0002 },
        response_token: { price: 0.0008 },
        cache_read_input_token: { price: 0.00002 },
        cache_write_input_token: { price: 0 },
        additional_units: { cache_write_1h: { price: 0.0004 }, web_search: { price: 1 } },
      },
      batch_config: { request_token: { price: 0.0001 }, response_token: { price: 0.0004 } },
    },
  },
  'acme-long-lte-128k': {
    pricing_config: {
      pay_as_you_go: { request_token: { price: 0.0001 }, response_token: { price: 0.0002 } },
    },
  },
  'acme-long-gt-128k': {
    pricing_config: {
      pay_as_you_go: { request_token: { price: 0.0002 }, response_token: { price: 0.0004 } },
    },
  },
};

describe('models.dev', () => {
  it('is told by its content and read in USD per million', () => {
    const list = parsePriceList(JSON.stringify(MODELS_DEV), DATE);
    expect(list.format).toBe('models.dev');
    expect(list.models.map(({ id }) => id)).toEqual(['acme-large', 'acme-zero']);
    expect(list.models[0]).toMatchObject({
      provider: 'acme',
      contextWindow: 400_000,
      maxOutputTokens: 32_000,
      prices: {
        input: 2,
        output: 8,
        outputWithReasoning: 9,
        cacheRead: 0.2,
        cacheWrite: 2.5,
        tiers: [{ aboveInputTokens: 200_000, input: 4, output: 12, cacheRead: 0.4 }],
      },
      sourceDate: '2026-10-01',
    });
  });

  it('takes a price of 0 as unknown (INV-U2)', () => {
    expect(modelOf(MODELS_DEV, 'acme-zero')?.prices).toEqual({});
  });
});

describe('Portkey', () => {
  it('is read from cents per token; a file of one provider needs its name', () => {
    const options = { ...DATE, provider: 'acme' };
    expect(modelOf(PORTKEY, 'acme-large', options)?.prices).toEqual({
      input: 2,
      output: 8,
      cacheRead: 0.2,
      cacheWrite1h: 4,
      batchInput: 1,
      batchOutput: 4,
    });
    expect(() => parsePriceList(PORTKEY, DATE)).toThrow(
      expect.objectContaining({ code: 'invalid_price_list' }),
    );
  });

  it('joins the rows for short and long requests of one model', () => {
    const { models } = parsePriceList({ providers: { google: PORTKEY }, date: '2026-08-21' }, DATE);
    const long = models.find(({ id }) => id === 'acme-long');
    expect(long?.prices).toEqual({
      input: 1,
      output: 2,
      tiers: [{ aboveInputTokens: 200_000, input: 2, output: 4 }],
    });
    expect(long?.sourceDate).toBe('2026-08-21');
  });
});

describe('LiteLLM', () => {
  it('is read from USD per token, without its prefixes', () => {
    expect(parsePriceList(LITELLM, DATE).models.map(({ provider, id }) => `${provider} ${id}`)).toEqual([
      'openai gpt-4o',
      'google gemini-2.5-pro',
      'anthropic claude-haiku-4-5',
    ]);
    expect(modelOf(LITELLM, 'gpt-4o')).toMatchObject({
      contextWindow: 128_000,
      encoding: 'o200k_base',
      prices: { input: 2.5, output: 10, cacheRead: 1.25, batchInput: 1.25, batchOutput: 5 },
    });
    expect(modelOf(LITELLM, 'gemini-2.5-pro')?.prices.tiers).toEqual([
      { aboveInputTokens: 200_000, input: 2.5, output: 15 },
    ]);
    expect(modelOf(LITELLM, 'claude-haiku-4-5')?.prices).toMatchObject({ cacheWrite: 1.25, cacheWrite1h: 2 });
  });
});

describe('anything else', () => {
  it.each([
    ['text that is not JSON', 'hello', 'invalid_price_list'],
    ['an empty object', {}, 'unknown_price_list'],
    ['an array', [1, 2], 'unknown_price_list'],
    ['null', null, 'unknown_price_list'],
    ['a number', 3, 'unknown_price_list'],
    ['another JSON file', { name: 'pare', dependencies: { hono: '4' } }, 'unknown_price_list'],
    [
      'only impossible numbers',
      { a: { litellm_provider: 'x', input_cost_per_token: -1 } },
      'invalid_price_list',
    ],
    ['a list without models', { providers: { acme: {} } }, 'unknown_price_list'],
  ])('refuses %s', (_, list, code) => {
    expect(() => parsePriceList(list, DATE)).toThrow(InputError);
    expect(() => parsePriceList(list, DATE)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a date that is none', () => {
    expect(() => parsePriceList(LITELLM, { date: 'yesterday' })).toThrow(
      expect.objectContaining({ code: 'invalid_price_list' }),
    );
  });

  it.each([-1, Number.POSITIVE_INFINITY, 1, '0.1', {}])(
    'leaves out a model with the price %s and names it',
    (price) => {
      const list = parsePriceList(
        { ...LITELLM, bad: { litellm_provider: 'openai', input_cost_per_token: price } },
        DATE,
      );
      expect(list.models.some(({ id }) => id === 'bad')).toBe(false);
      expect(list.rejected.map(({ model }) => model)).toEqual(['openai/bad']);
    },
  );

  it('declares free only what its name says is free', () => {
    const free = {
      litellm_provider: 'openrouter',
      mode: 'chat',
      input_cost_per_token: 0,
      output_cost_per_token: 0,
    };
    const list = { 'openrouter/acme/one:free': free, 'openrouter/acme/two': free, ...LITELLM };
    expect(modelOf(list, 'acme/one:free')?.prices).toMatchObject({ input: 0, output: 0, cacheRead: 0 });
    expect(modelOf(list, 'acme/two')?.prices).toEqual({});
  });
});

describe('mergePriceList', () => {
  const base = { source: 'LiteLLM', sourceDate: '2026-10-01', aliases: [] } as const;
  const update = (provider: string, id: string, prices: ModelInfo['prices'], family = 'gpt'): ModelInfo => ({
    ...base,
    id,
    provider,
    family,
    prices,
  });
  const rows = packagedModels();

  it('changes nothing for prices that are known', () => {
    const merged = mergePriceList(rows, [update('openai', 'gpt-4o', { input: 2.5, output: 10 })]);
    expect(merged).toEqual({ rows: [], added: [], changed: [], conflicts: [] });
  });

  it('takes nothing about a known model from a list that is not newer than its row', () => {
    const old = { ...update('openai', 'gpt-4o', { input: 5, output: 15 }), sourceDate: '2024-06-01' };
    expect(mergePriceList(rows, [old]).rows).toEqual([]);
  });

  it('changes a price, and what hung on the old one is derived or unknown', () => {
    const merged = mergePriceList(rows, [update('openai', 'gpt-4o', { input: 2, output: 8 })]);
    expect(merged.rows).toHaveLength(1);
    expect(merged.rows[0]).toMatchObject({
      id: 'gpt-4o',
      prices: { input: 2, output: 8, batchInput: 1, batchOutput: 4 },
    });
    expect(merged.rows[0]?.prices.cacheRead).toBeUndefined();
    expect(merged.changed).toContainEqual({ id: 'gpt-4o', field: 'input', before: 2.5, after: 2 });
    expect(merged.changed).toContainEqual({
      id: 'gpt-4o',
      field: 'cacheRead',
      before: 1.25,
      after: undefined,
    });
    const registry = createModelRegistry({ overrides: merged.rows });
    expect(registry.find('gpt-4o-2024-08-06')?.prices.input).toBe(2);
  });

  it("derives Anthropic's cache prices when its input price moves", () => {
    const merged = mergePriceList(rows, [
      update('anthropic', 'claude-opus-4-8', { input: 4, output: 20 }, 'claude'),
    ]);
    expect(merged.rows[0]?.prices).toMatchObject({
      cacheRead: 0.4,
      cacheWrite: 5,
      cacheWrite1h: 8,
      batchInput: 2,
    });
  });

  it('forgets what a tier costs when the price moves and the list is silent on it', () => {
    const merged = mergePriceList(rows, [update('openai', 'gpt-5.4', { input: 2, output: 12 })]);
    expect(merged.rows[0]?.prices.tiers).toEqual([{ aboveInputTokens: 272_000 }]);
  });

  it("leaves the maker's price alone when a host of the same name charges another", () => {
    const merged = mergePriceList(rows, [update('azure', 'gpt-4o', { input: 3, output: 12 })]);
    const registry = createModelRegistry({ overrides: merged.rows });
    expect(registry.find('gpt-4o')?.prices.input).toBe(2.5);
    expect(registry.find('azure/gpt-4o')?.prices.input).toBe(3);
    expect(registry.find('gpt-4o', 'azure')?.prices.input).toBe(3);
  });

  it('takes a tier without the prices in it that cannot be right', () => {
    const tiers = [{ aboveInputTokens: 200_000, input: 4, output: 18, cacheRead: 4.5, cacheWrite: 0.4 }];
    const prices = { input: 2, output: 12, tiers };
    const merged = mergePriceList(rows, [update('google', 'gemini-3.1-pro-preview', prices, 'gemini')]);
    expect(merged.changed).toEqual([]);
  });

  it('takes a rounded price as the one it knows', () => {
    const merged = mergePriceList(rows, [
      update('openai', 'gpt-4.1-nano', { input: 0.1, output: 0.4, cacheRead: 0.03 }),
    ]);
    expect(merged.rows).toEqual([]);
  });

  it('adds a model that is new, under its host when the name is taken', () => {
    const merged = mergePriceList(rows, [
      update('openai', 'gpt-9', { input: 1, output: 2 }),
      update('groq', 'gpt-4o', { input: 1, output: 2 }),
      update('openai', 'gpt-10', {}),
    ]);
    expect(merged.added.map(({ id }) => id)).toEqual(['gpt-9', 'groq/gpt-4o']);
    expect(createModelRegistry({ overrides: merged.rows }).find('gpt-4o')?.prices.input).toBe(2.5);
  });

  it('makes a model of an alias that now costs something else', () => {
    const merged = mergePriceList(rows, [update('openai', 'gpt-4o-2024-11-20', { input: 3, output: 10 })]);
    const registry = createModelRegistry({ overrides: merged.rows });
    expect(registry.find('gpt-4o-2024-11-20')?.prices.input).toBe(3);
    expect(registry.find('gpt-4o')?.prices.input).toBe(2.5);
  });

  it.each([
    [
      'a read dearer than fresh input',
      'anthropic',
      'claude-opus-4-8',
      { input: 5, output: 25, cacheRead: 6.25 },
      'cacheRead',
    ],
    [
      'a write that breaks the ratio',
      'anthropic',
      'claude-opus-4-8',
      { input: 5, output: 25, cacheWrite: 20 },
      'cacheWrite',
    ],
    ['a price in another unit', 'openai', 'gpt-4o', { input: 250, output: 10 }, 'input'],
  ] as const)('does not take %s, and says so', (_, provider, id, prices, field) => {
    const merged = mergePriceList(rows, [
      update(provider, id, prices, provider === 'anthropic' ? 'claude' : 'gpt'),
    ]);
    expect(merged.rows).toEqual([]);
    expect(merged.conflicts).toHaveLength(1);
    expect(merged.conflicts[0]).toMatchObject({ id, field });
  });

  it('keeps earlier overrides that the list does not replace', () => {
    const earlier = [
      update('openai', 'gpt-9', { input: 1, output: 2 }),
      update('openai', 'gpt-4o', { input: 2, output: 8 }),
    ];
    const inUse = createModelRegistry({ overrides: earlier }).list();
    const newer = { ...update('openai', 'gpt-4o', { input: 3, output: 8 }), sourceDate: '2026-10-02' };
    const merged = mergePriceList(inUse, [newer], earlier);
    expect(merged.rows.map(({ id, prices }) => `${id} ${prices.input}`)).toEqual(['gpt-9 1', 'gpt-4o 3']);
  });

  it('gives rows that survive being stored as JSON', () => {
    const { rows: stored } = mergePriceList(rows, parsePriceList(MODELS_DEV, DATE).models);
    expect(JSON.parse(JSON.stringify(stored))).toEqual(stored);
    expect(createModelRegistry({ overrides: stored }).find('acme-large')?.prices.input).toBe(2);
  });

  it('says of a second update with the same list that nothing is new', () => {
    const updates = parsePriceList(LITELLM, DATE).models;
    const first = mergePriceList(rows, [...updates, ...parsePriceList(MODELS_DEV, DATE).models]);
    const second = mergePriceList(createModelRegistry({ overrides: first.rows }).list(), [
      ...updates,
      ...parsePriceList(MODELS_DEV, DATE).models,
    ]);
    expect(second.rows).toEqual([]);
  });
});
