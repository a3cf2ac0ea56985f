import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelInfo } from '../../contract/index.ts';
import { createModelRegistry, familyOf, packagedModels } from './index.ts';
import { PRICE_FIELDS } from './price-rules.ts';

const models = createModelRegistry();

describe('the packaged registry', () => {
  it('holds the makers and hosts that users have, at least 150 models', () => {
    expect(models.list().length).toBeGreaterThanOrEqual(150);
    const providers = new Set(models.list().map(({ provider }) => provider));
    for (const name of [
      'openai',
      'anthropic',
      'google',
      'mistral',
      'meta',
      'deepseek',
      'alibaba',
      'xai',
      'cohere',
    ]) {
      expect(providers).toContain(name);
    }
    for (const name of ['groq', 'openrouter', 'bedrock', 'azure', 'vertex'])
      expect(providers).toContain(name);
  });

  it('names every model once, in any letter case', () => {
    const names = packagedModels().flatMap(({ id, aliases }) =>
      [id, ...aliases].map((name) => name.toLowerCase()),
    );
    expect(names.length).toBe(new Set(names).size);
  });

  it('finds every model by its id and every alias as the same model', () => {
    for (const info of models.list()) {
      for (const name of [info.id, ...info.aliases]) expect(models.find(name)).toBe(info);
    }
  });

  it('has no price of 0 but for models declared free (INV-U2)', () => {
    const valuesOf = ({ prices }: ModelInfo) =>
      [prices, ...(prices.tiers ?? [])]
        .flatMap((set) => PRICE_FIELDS.map((field) => set[field]))
        .filter((value) => value !== undefined);
    const [free, priced] = [
      packagedModels().filter(({ id }) => id.endsWith(':free')),
      packagedModels().filter(({ id }) => !id.endsWith(':free')),
    ];
    expect(free.length).toBeGreaterThan(10);
    expect(new Set(free.flatMap(valuesOf))).toEqual(new Set([0]));
    expect(priced.filter((info) => valuesOf(info).some((value) => !(value > 0)))).toEqual([]);
  });

  it('has no read dearer than fresh input and no write cheaper', () => {
    const sets = packagedModels().flatMap(({ id, prices }) =>
      [prices, ...(prices.tiers ?? [])].map((set) => ({ id, ...set })),
    );
    const odd = sets.filter(
      ({ input = 0, cacheRead = 0, cacheWrite = input, cacheWrite1h = input }) =>
        cacheRead > input || cacheWrite < input || cacheWrite1h < input,
    );
    expect(odd).toEqual([]);
  });

  it("keeps Anthropic's published ratios on its own current models", () => {
    const current = packagedModels().filter(
      ({ id, provider }) => provider === 'anthropic' && !id.startsWith('claude-3-'),
    );
    expect(current.length).toBeGreaterThan(8);
    for (const { prices } of current) {
      const input = prices.input as number;
      expect(prices.cacheRead).toBeCloseTo(0.1 * input, 9);
      expect(prices.cacheWrite).toBeCloseTo(1.25 * input, 9);
      expect(prices.cacheWrite1h).toBeCloseTo(2 * input, 9);
      expect(prices.batchInput).toBeCloseTo(0.5 * input, 9);
    }
  });
});

describe('names', () => {
  it.each([
    ['GPT-4o', 'gpt-4o'],
    [' gpt-4o ', 'gpt-4o'],
    ['gpt-4o-2024-08-06', 'gpt-4o'],
    ['gpt-4o-2027-01-31', 'gpt-4o'],
    ['gpt-4o-mini-2024-07-18', 'gpt-4o-mini'],
    ['openai/gpt-4o', 'gpt-4o'],
    ['azure/gpt-4o', 'gpt-4o'],
    ['openrouter/openai/gpt-4o', 'gpt-4o'],
    ['chatgpt-4o-latest', 'chatgpt-4o-latest'],
    ['claude-3-5-sonnet-latest', 'claude-3-5-sonnet-20241022'],
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['anthropic/claude-sonnet-4.5', 'claude-sonnet-4-5'],
    ['anthropic/claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['claude-sonnet-4-5@20250929', 'claude-sonnet-4-5'],
    ['vertex_ai/claude-sonnet-4-5@20250929', 'claude-sonnet-4-5'],
    ['claude-sonnet-4-6@default', 'claude-sonnet-4-6@default'],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['bedrock/us.anthropic.claude-sonnet-4-6-v1:0', 'anthropic.claude-sonnet-4-6'],
    ['anthropic.claude-sonnet-4-5-20250929-v1:0:200k', 'anthropic.claude-sonnet-4-5-20250929-v1:0'],
    [
      'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-7',
      'anthropic.claude-opus-4-7',
    ],
    ['eu.anthropic.claude-opus-4-7-v1', 'eu.anthropic.claude-opus-4-7'],
    ['models/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['publishers/google/models/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['gemini/gemini-2.5-flash', 'gemini-2.5-flash'],
    ['google/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['groq/openai/gpt-oss-120b', 'groq/openai/gpt-oss-120b'],
    [
      'together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo',
      'together/meta-llama/Llama-3.3-70B-Instruct-Turbo',
    ],
    ['mistral-large-latest', 'mistral-large-latest'],
    ['x-ai/grok-4.3', 'grok-4.3'],
    ['xai/grok-4', 'grok-4'],
    ['gpt-35-turbo', 'gpt-35-turbo'],
    ['anthropic/claude-opus-4.6', 'anthropic/claude-opus-4.6'],
  ])('%s is %s', (name, id) => {
    expect(models.find(name)?.id).toBe(id);
  });

  it.each([
    '',
    '/',
    'gpt',
    'gpt-',
    'gpt-4o-',
    'gpt-4o-mini-foo',
    'gpt-4o-audio-foo',
    'gpt-4o-2024-13-45',
    'gpt-4o-latest',
    'gpt-4o:nitro',
    'gpt-5-mini-high',
    'claude',
    'claude-sonnet',
    'claude-sonnet-4-5-20250929-thinking',
    'ft:',
    'ft:nothing',
    'openai/',
    'foo/gpt-4o',
    '__proto__',
    'constructor',
    'toString',
    `gpt-4o${'x'.repeat(1000)}`,
  ])('%s is no model', (name) => {
    expect(models.find(name)).toBeUndefined();
  });

  it('never finds another model behind a longer or shorter name', () => {
    const ids = models.list().map(({ id }) => id);
    const endings = ['-audio', '-foo', '-mini', '-pro', 'x', '-v9', ':thinking2', '-turbo2'];
    fc.assert(
      fc.property(fc.constantFrom(...ids), fc.constantFrom(...endings), (id, ending) => {
        const found = models.find(id + ending);
        if (found === undefined) return;
        // Only a row of that very name may answer.
        const names = [found.id, ...found.aliases].map((name) => name.toLowerCase());
        expect(names).toContain((id + ending).toLowerCase());
      }),
      { numRuns: 2000 },
    );
  });

  it('takes any text, and answers the same twice', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (name) => {
        expect(models.find(name)).toBe(models.find(name));
      }),
    );
  });

  it('lets the provider settle a name that hosts share', () => {
    expect(models.find('openai/gpt-oss-120b')?.provider).toBe('openrouter');
    expect(models.find('openai/gpt-oss-120b', 'groq')?.provider).toBe('groq');
    expect(models.find('gpt-oss-120b', 'cerebras')?.provider).toBe('cerebras');
    expect(models.find('gpt-4o', 'an-upstream-of-mine')?.id).toBe('gpt-4o');
  });

  it('gives a fine-tune the tokenizer and limits of its base, and no price (INV-U2)', () => {
    const tuned = models.find('ft:gpt-4o-mini-2024-07-18:acme::AbC');
    expect(tuned).toMatchObject({
      id: 'ft:gpt-4o-mini-2024-07-18',
      encoding: 'o200k_base',
      contextWindow: 128_000,
      prices: {},
    });
  });
});

describe('encodings as OpenAI published them', () => {
  it.each([
    ['gpt-4o', 'o200k_base'],
    ['gpt-4.1-mini', 'o200k_base'],
    ['gpt-5', 'o200k_base'],
    ['o3', 'o200k_base'],
    ['o4-mini', 'o200k_base'],
    ['gpt-4', 'cl100k_base'],
    ['gpt-4-turbo', 'cl100k_base'],
    ['gpt-3.5-turbo', 'cl100k_base'],
    ['gpt-35-turbo', 'cl100k_base'],
    ['text-embedding-3-large', 'cl100k_base'],
    ['gpt-oss-120b', 'o200k_harmony'],
    ['groq/openai/gpt-oss-20b', 'o200k_harmony'],
    ['openai.gpt-oss-120b-1:0', 'o200k_harmony'],
    ['text-davinci-003', 'p50k_base'],
  ])('%s uses %s', (model, encoding) => {
    expect(familyOf(model, models)).toEqual({ family: 'gpt', encoding, isGuess: false });
  });

  it.each([
    ['claude-opus-4-8', 'claude'],
    ['gemini-2.5-pro', 'gemini'],
    ['deepseek-chat', 'deepseek'],
    ['deepseek/deepseek-r1-distill-llama-70b', 'llama'],
    ['mistral-large-latest', 'mistral'],
    ['qwen3-max', 'qwen'],
    ['grok-4', 'grok'],
    ['command-a-03-2025', 'command'],
  ])('%s has none and is of the family %s', (model, family) => {
    expect(familyOf(model, models)).toEqual({ family, isGuess: false });
  });

  it.each([
    ['gpt-4o-audio-foo', 'gpt', 'o200k_base'],
    ['ft:gpt-4-unheard-of:acme::x', 'gpt', 'cl100k_base'],
    ['my-claude-proxy', 'claude', undefined],
    ['acme-42', 'unknown', undefined],
  ])('guesses %s from its name and says so', (model, family, encoding) => {
    const expected = encoding === undefined ? { family, isGuess: true } : { family, encoding, isGuess: true };
    expect(familyOf(model, models)).toEqual(expected);
  });
});

describe('overrides', () => {
  const mine: ModelInfo = {
    id: 'gpt-4o',
    provider: 'openai',
    family: 'gpt',
    encoding: 'o200k_base',
    prices: { input: 1, output: 2 },
    source: 'contract',
    sourceDate: '2026-11-01',
    aliases: ['house-model'],
  };
  const registry = createModelRegistry({
    overrides: [mine, { ...mine, id: 'acme-1', aliases: ['claude-opus-4-8'] }],
  });

  it('replace the packaged row of the same id, and add others', () => {
    expect(registry.find('gpt-4o')).toBe(mine);
    expect(registry.find('house-model')).toBe(mine);
    expect(registry.find('acme-1')?.prices.input).toBe(1);
    expect(registry.list().filter(({ id }) => id === 'gpt-4o')).toEqual([mine]);
    expect(registry.list().length).toBe(models.list().length + 1);
  });

  it('come before packaged names, and leave other models alone', () => {
    expect(registry.find('claude-opus-4-8')?.id).toBe('acme-1');
    expect(registry.find('gpt-4o-mini')).toEqual(models.find('gpt-4o-mini'));
  });
});

it('remembers names in bounded space, and still knows them after many others (INV-S4)', () => {
  const registry = createModelRegistry();
  for (let i = 0; i < 20_000; i++) registry.find(`no-such-model-${i}`);
  expect(registry.find('gpt-4o')?.id).toBe('gpt-4o');
});
