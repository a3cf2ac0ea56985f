import type { ModelInfo, ModelRegistry } from '../../contract/index.ts';
import { BoundedMap } from '../../support/index.ts';
import { encodingFromName, familyFromName, type ModelFamily } from './families.ts';
import { type NameCandidate, nameCandidates } from './names.ts';
import { priceUsage } from './pricing.ts';
import { REGISTRY_JSON } from './registry.gen.ts';

/** Names remembered with their answer; names come from callers, so there may be any number of them. */
const MAX_REMEMBERED_NAMES = 4096;
/** Longer names are never known; they are not worth remembering. */
const MAX_NAME_LENGTH = 256;

/** Options of the model registry. */
export interface ModelRegistryOptions {
  /**
   * Rows that replace the packaged row of the same `id`, or add one. Their ids and aliases come before
   * the packaged ones. @default none
   */
  readonly overrides?: readonly ModelInfo[];
}

/**
 * Returns the packaged models and prices, with the overrides on top. The packaged rows are parsed on
 * the first use; a name that was looked up before is answered from a bounded memory.
 *
 * @example
 * const models = createModelRegistry();
 * models.find('gpt-4o-2024-08-06')?.contextWindow; // 128000
 */
export function createModelRegistry(options: ModelRegistryOptions = {}): ModelRegistry {
  const remembered = new BoundedMap<string, { readonly info: ModelInfo | undefined }>(MAX_REMEMBERED_NAMES);
  let catalog: Catalog | undefined;
  const open = (): Catalog => (catalog ??= openCatalog(packagedModels(), options.overrides ?? []));
  const find = (model: string, provider?: string): ModelInfo | undefined => {
    if (model.length > MAX_NAME_LENGTH || (provider?.length ?? 0) > MAX_NAME_LENGTH) return undefined;
    const key = provider === undefined ? model : `${provider}\n${model}`;
    const known = remembered.get(key);
    if (known !== undefined) return known.info;
    const info = resolve(open(), model, provider);
    remembered.set(key, { info });
    return info;
  };
  return {
    find,
    list: () => open().models,
    price: (model, usage, { isBatch = false, provider } = {}) => {
      const info = find(model, provider);
      if (info === undefined) return { costUsd: null, reason: 'unknown_model' };
      return priceUsage(info.prices, usage, isBatch);
    },
  };
}

/** The rows that come with the package, in the order of the generated file. */
export function packagedModels(): readonly ModelInfo[] {
  return JSON.parse(REGISTRY_JSON) as readonly ModelInfo[];
}

/**
 * How a model's tokens are counted: from the registry when one is given and knows the model, else
 * guessed from the name alone and marked so.
 */
export function familyOf(model: string, registry?: Pick<ModelRegistry, 'find'>): ModelFamily {
  const info = registry?.find(model);
  const encoding = info === undefined ? encodingFromName(model) : info.encoding;
  return {
    family: info?.family ?? familyFromName(model),
    ...(encoding === undefined ? {} : { encoding }),
    isGuess: info === undefined,
  };
}

interface Catalog {
  readonly models: readonly ModelInfo[];
  readonly byName: ReadonlyMap<string, ModelInfo>;
}

function openCatalog(packaged: readonly ModelInfo[], overrides: readonly ModelInfo[]): Catalog {
  const replaced = new Set(overrides.map((info) => info.id));
  const models = [...packaged.filter((info) => !replaced.has(info.id)), ...overrides];
  const byName = new Map<string, ModelInfo>();
  const add = (name: string, info: ModelInfo): void => {
    const key = name.toLowerCase();
    if (!byName.has(key)) byName.set(key, info);
  };
  for (const group of [overrides, models]) {
    for (const info of group) add(info.id, info);
    for (const info of group) for (const alias of info.aliases) add(alias, info);
    for (const info of group) {
      const prefix = `${info.provider}/`;
      for (const name of [info.id, ...info.aliases]) if (!name.startsWith(prefix)) add(prefix + name, info);
    }
  }
  return { models, byName };
}

function resolve(catalog: Catalog, model: string, provider: string | undefined): ModelInfo | undefined {
  const fineTuned = /^(?:openai\/)?ft:([^:]+)(?::|$)/i.exec(model.trim());
  const name = fineTuned?.[1] ?? model;
  for (const candidate of nameCandidates(name, provider)) {
    const info = catalog.byName.get(candidate.key);
    if (info !== undefined)
      return fineTuned === null ? asFound(info, candidate) : unpriced(info, `ft:${name}`);
  }
  return undefined;
}

function asFound(info: ModelInfo, candidate: NameCandidate): ModelInfo {
  return candidate.isPriceUnsure ? unpriced(info, info.id) : info;
}

/** The same tokenizer and limits at a price that no list states: a fine-tune, another region. */
function unpriced(info: ModelInfo, id: string): ModelInfo {
  return { ...info, id, prices: {}, aliases: [] };
}
