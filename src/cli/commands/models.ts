import { InputError, type ModelInfo, type ModelRegistry, type PriceSet } from '../../contract/index.ts';
import { readModelUpdates } from '../../optimizer/models.ts';
import { nearest } from '../../support/index.ts';
import { createModelRegistry } from '../../tokens/models/index.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { eventReporter } from '../event-reporter.ts';
import { formatCount } from '../figures.ts';
import { toJson } from '../output.ts';
import { readConfig } from '../read-config.ts';
import { renderTable } from '../text-table.ts';

const PRICE_NAMES: readonly (readonly [keyof PriceSet, string])[] = [
  ['input', 'input'],
  ['output', 'output'],
  ['outputWithReasoning', 'output_with_reasoning'],
  ['cacheRead', 'cache_read'],
  ['cacheWrite', 'cache_write'],
  ['cacheWrite1h', 'cache_write_1h'],
  ['batchInput', 'batch_input'],
  ['batchOutput', 'batch_output'],
  ['batchCacheRead', 'batch_cache_read'],
  ['batchCacheWrite', 'batch_cache_write'],
  ['batchCacheWrite1h', 'batch_cache_write_1h'],
];

/** `pare models list`: models and their main prices. */
export async function list(context: CommandContext): Promise<ExitCode> {
  const { options, globals, io } = context;
  const { provider, filter } = options as { readonly provider?: string; readonly filter?: string };
  const all = (await openRegistry(context)).list();
  const wanted = filter?.toLowerCase() ?? '';
  const found = all
    .filter((model) => provider === undefined || model.provider === provider.toLowerCase())
    .filter((model) => [model.id, ...model.aliases].some((name) => name.toLowerCase().includes(wanted)))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (provider !== undefined && !all.some((model) => model.provider === provider.toLowerCase())) {
    throw unknown('provider', provider, [...new Set(all.map((model) => model.provider))]);
  }
  const right = 'right' as const;
  await io.out(
    globals.json === true
      ? toJson({ models: found.map(describeModel) })
      : renderTable(
          [
            { name: 'model' },
            { name: 'provider' },
            { name: 'context', align: right },
            { name: 'input', align: right },
            { name: 'output', align: right },
            { name: 'cache read', align: right },
          ],
          found.map((model) => [
            model.id,
            model.provider,
            model.contextWindow === undefined ? '' : formatCount(model.contextWindow),
            price(model.prices.input),
            price(model.prices.output),
            price(model.prices.cacheRead),
          ]),
        ),
  );
  io.note(`pare: ${formatCount(found.length)} of ${formatCount(all.length)} models; USD per million tokens`);
  return 0;
}

/** `pare models show`: one model, by any of its names. */
export async function show(context: CommandContext): Promise<ExitCode> {
  const { options, globals, io } = context;
  const name = context.args[0] as string;
  const registry = await openRegistry(context);
  const model = registry.find(name, options['provider'] as string | undefined);
  if (model === undefined) {
    throw unknown(
      'model',
      name,
      registry.list().flatMap((row) => [row.id, ...row.aliases]),
    );
  }
  await io.out(
    globals.json === true
      ? toJson(describeModel(model))
      : renderTable([{ name: '' }, { name: '' }], modelRows(model)),
  );
  io.note('pare: prices in USD per million tokens');
  return 0;
}

/** A model as JSON: names like the wires', what is not known left out. */
export function describeModel(model: ModelInfo): object {
  const { tiers, ...prices } = model.prices;
  return {
    id: model.id,
    provider: model.provider,
    family: model.family,
    encoding: model.encoding ?? null,
    context_window: model.contextWindow ?? null,
    max_output_tokens: model.maxOutputTokens ?? null,
    prices: {
      ...describePrices(prices),
      ...(tiers === undefined
        ? {}
        : {
            tiers: tiers.map((tier) => ({
              above_input_tokens: tier.aboveInputTokens,
              ...describePrices(tier),
            })),
          }),
    },
    source: model.source,
    source_date: model.sourceDate,
    aliases: model.aliases,
  };
}

function describePrices(prices: PriceSet): Record<string, number> {
  return Object.fromEntries(
    PRICE_NAMES.flatMap(([field, name]) => (prices[field] === undefined ? [] : [[name, prices[field]]])),
  );
}

function modelRows(model: ModelInfo): string[][] {
  const { tiers = [], ...prices } = model.prices;
  return [
    ['model', model.id],
    ['provider', model.provider],
    ['family', model.family],
    ['encoding', model.encoding ?? 'not published; counts are estimated, then calibrated'],
    ['context window', model.contextWindow === undefined ? 'unknown' : formatCount(model.contextWindow)],
    ['most output', model.maxOutputTokens === undefined ? 'unknown' : formatCount(model.maxOutputTokens)],
    ...priceRows('', prices),
    ...tiers.flatMap((tier) => priceRows(`above ${formatCount(tier.aboveInputTokens)}: `, tier)),
    ['prices from', `${model.source}, ${model.sourceDate}`],
    ['also named', model.aliases.join(', ')],
  ].filter(([, value]) => value !== '');
}

function priceRows(prefix: string, prices: PriceSet): string[][] {
  const rows = Object.entries(describePrices(prices)).map(([name, value]) => [
    prefix + name.replaceAll('_', ' '),
    price(value),
  ]);
  return rows.length === 0 ? [[`${prefix}prices`, 'unknown']] : rows;
}

async function openRegistry(context: CommandContext): Promise<ModelRegistry> {
  const { config } = await readConfig(context);
  return createModelRegistry({ overrides: readModelUpdates(config, eventReporter(context)) });
}

function unknown(what: string, name: string, known: readonly string[]): InputError {
  const meant = nearest(name, known);
  const hint = meant === undefined ? 'See: pare models list' : `Did you mean "${meant}"?`;
  return new InputError(`unknown_${what}`, `There is no ${what} "${name}". ${hint}`);
}

function price(usd: number | undefined): string {
  return usd === undefined ? 'unknown' : `$${usd}`;
}
