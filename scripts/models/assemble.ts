// Puts the decided rows of all providers into one namespace: equal rows become aliases, names that two
// providers use at different prices get the provider in front.
import type { ModelInfo, PriceSet, PriceTier } from '../../src/contract/index.ts';
import { isRounding, PRICE_FIELDS, samePrice } from '../../src/tokens/models/price-rules.ts';
import { KNOWN_ALIASES } from './corrections.data.ts';
import type { Decision } from './decide.ts';

/** Providers in the order in which they claim a name. */
export const PROVIDERS = [
  'openai',
  'anthropic',
  'google',
  'mistral',
  'deepseek',
  'xai',
  'cohere',
  'moonshotai',
  'zai',
  'alibaba',
  'meta',
  'openrouter',
  'bedrock',
  'groq',
  'cerebras',
  'together',
  'fireworks',
  'vertex',
  'azure',
] as const;

/** Hosts that serve others' models under the makers' names: a bare name is never theirs. */
const PREFIXED: ReadonlySet<string> = new Set(['cerebras', 'together', 'azure']);

/** Makers: the providers whose price for a model is the model's own. */
export const MAKERS: ReadonlySet<string> = new Set(PROVIDERS.slice(0, PROVIDERS.indexOf('openrouter')));

/** Makers by their name in front of OpenRouter's models. */
export const OPENROUTER_MAKERS: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  mistralai: 'mistral',
  deepseek: 'deepseek',
  'x-ai': 'xai',
  cohere: 'cohere',
  qwen: 'alibaba',
  moonshotai: 'moonshotai',
  'z-ai': 'zai',
};

const DATE_SUFFIX = /[-@](20\d\d-\d\d-\d\d|20\d{6})$/;

interface Row {
  decision: Decision;
  readonly aliases: Set<string>;
  id: string;
}

export function assemble(decisions: readonly Decision[]): readonly ModelInfo[] {
  const rows = new Map<string, Map<string, Row>>();
  for (const provider of PROVIDERS) {
    const own = decisions
      .filter(({ info }) => info.provider === provider)
      .toSorted((a, b) => (a.info.id < b.info.id ? -1 : 1))
      .map((decision): Row => ({ decision, aliases: new Set(), id: decision.info.id }));
    rows.set(provider, collapse(new Map(own.map((row) => [row.id, row]))));
  }
  const taken = new Map<string, Row>();
  const result: Row[] = [];
  for (const provider of PROVIDERS) {
    for (const row of rows.get(provider)?.values() ?? []) {
      const target = makerOf(row, rows);
      if (target !== undefined && saysNothingNew(row.decision, target.decision)) {
        for (const name of [row.id, ...row.aliases]) addForeignAlias(target, provider, name, taken);
        continue;
      }
      result.push(claim(row, provider, taken));
    }
  }
  return result.map(({ decision, id, aliases }) => ({
    ...decision.info,
    id,
    aliases: [...aliases].filter((alias) => alias !== id).toSorted(),
  }));
}

/** Gives a row its names: the provider goes in front of those that others have, or that others may use. */
function claim(row: Row, provider: string, taken: Map<string, Row>): Row {
  const named = (name: string): string => {
    const isOwn = isOwnName(provider, name);
    return isOwn && !taken.has(name.toLowerCase()) ? name : `${provider}/${name}`;
  };
  const aliases = [...row.aliases].map(named);
  row.id = named(row.id);
  row.aliases.clear();
  for (const alias of aliases) row.aliases.add(alias);
  for (const name of [row.id, ...aliases])
    if (!taken.has(name.toLowerCase())) taken.set(name.toLowerCase(), row);
  return row;
}

function isOwnName(provider: string, name: string): boolean {
  if (provider === 'alibaba') return name.startsWith('qw') || name.startsWith('qv');
  // Only Azure writes 3.5 as 35.
  return !PREFIXED.has(provider) || name.startsWith('gpt-35-');
}

function addForeignAlias(target: Row, provider: string, name: string, taken: Map<string, Row>): void {
  const scoped = `${provider}/${name}`;
  if (!PREFIXED.has(provider) && !taken.has(name.toLowerCase())) {
    target.aliases.add(name);
    taken.set(name.toLowerCase(), target);
  }
  // OpenRouter's names hold a `/` and need no host in front.
  if (provider !== 'openrouter' && !taken.has(scoped.toLowerCase())) {
    target.aliases.add(scoped);
    taken.set(scoped.toLowerCase(), target);
  }
}

/** Within one provider: dated, versioned and `-latest` names at the same price become aliases. */
function collapse(rows: Map<string, Row>): Map<string, Row> {
  for (const { provider, id, aliases } of KNOWN_ALIASES) {
    const target = rows.get(id);
    if (target === undefined || target.decision.info.provider !== provider) continue;
    for (const alias of aliases) absorb(rows, alias, target);
  }
  for (const row of rows.values()) {
    const base = baseNames(row.id)
      .map((name) => rows.get(name))
      .find(
        (candidate) =>
          candidate !== undefined && candidate !== row && saysNothingNew(row.decision, candidate.decision),
      );
    if (base === undefined || !rows.has(row.id)) continue;
    absorb(rows, row.id, base);
  }
  for (const name of rows.keys()) nameUndated(rows, name);
  return rows;
}

/** Makes one name another name of the target; limits that only it has go along. */
function absorb(rows: Map<string, Row>, alias: string, target: Row): void {
  const row = rows.get(alias);
  rows.delete(alias);
  target.aliases.add(alias);
  if (row === undefined) return;
  for (const other of row.aliases) target.aliases.add(other);
  const { contextWindow, maxOutputTokens } = row.decision.info;
  const limits = {
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
  target.decision = { ...target.decision, info: { ...target.decision.info, ...limits, ...own(target) } };
}

function own({ decision }: Row): Partial<ModelInfo> {
  const { contextWindow, maxOutputTokens } = decision.info;
  return {
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
}

/** Names that `name` may be another name of. */
function baseNames(name: string): readonly string[] {
  const names = [name.replace(DATE_SUFFIX, ''), name.replace(/-latest$/, ''), name.replace(/-00\d$/, '')];
  names.push(...bedrockBases(name));
  return [...new Set(names)].filter((base) => base !== name);
}

/** The shorter versions of a Bedrock name in its region, then in none for regions at the base price. */
function bedrockBases(name: string): readonly string[] {
  const region = /^[a-z-]+\.(?=[a-z]+\.)/.exec(name)?.[0] ?? '';
  const rest = name.slice(region.length);
  if (!/^[a-z0-9]+\./.test(rest)) return [];
  const versionless = rest.replace(/:0$/, '').replace(/-v1$/, '');
  const versions = [versionless, `${versionless}-v1`, `${versionless}-v1:0`];
  const own = versions.filter((version) => version.length < rest.length).map((version) => region + version);
  return region === 'us.' || region === 'global.' ? [...own, ...versions] : own;
}

/** The newest snapshot answers to the name without date, and to `-latest`, when no row of that name is left. */
function nameUndated(rows: Map<string, Row>, name: string): void {
  const row = rows.get(name);
  const undated = name.replace(DATE_SUFFIX, '');
  if (row === undefined || undated === name || rows.has(undated) || name.includes('@')) return;
  if ([...rows.values()].some((other) => other.aliases.has(undated))) return;
  const snapshots = [...rows.keys()]
    .filter((other) => other.replace(DATE_SUFFIX, '') === undated && other !== undated)
    .toSorted();
  if (snapshots.at(-1) !== name) return;
  row.aliases.add(undated);
  const latest = rows.get(`${undated}-latest`);
  if (latest !== undefined && saysNothingNew(latest.decision, row.decision)) absorb(rows, latest.id, row);
}

/** The maker's row of the same model, by the names that hosts give it. */
function makerOf(row: Row, rows: Map<string, Map<string, Row>>): Row | undefined {
  const { provider } = row.decision.info;
  if (MAKERS.has(provider)) return undefined;
  if (provider === 'openrouter') {
    const slash = row.id.indexOf('/');
    const maker = OPENROUTER_MAKERS[row.id.slice(0, slash)];
    const name = row.id.slice(slash + 1);
    return maker === undefined ? undefined : named(rows, [maker], [name, name.replaceAll('.', '-')]);
  }
  if (provider === 'azure') return named(rows, ['openai', 'anthropic', 'xai'], [row.id]);
  if (provider === 'vertex') {
    const name = row.id.replace(/@default$/, '');
    return named(rows, ['google', 'anthropic'], [name, name.replace('@', '-')]);
  }
  return undefined;
}

function named(
  rows: Map<string, Map<string, Row>>,
  providers: readonly string[],
  names: readonly string[],
): Row | undefined {
  for (const provider of providers) {
    for (const name of names) {
      for (const row of rows.get(provider)?.values() ?? []) {
        if (row.id === name || row.aliases.has(name)) return row;
      }
    }
  }
  return undefined;
}

/** True when every price that the one states is the other's, and both have input and output. */
function saysNothingNew(one: Decision, other: Decision): boolean {
  const isBothPriced = one.stated.input !== undefined && samePrice(one.stated.input, other.info.prices.input);
  if (!isBothPriced || !samePrice(one.stated.output, other.info.prices.output)) return false;
  if (!isSubset(one.stated, other.info.prices)) return false;
  const tiers = one.info.prices.tiers?.filter((tier) => tier.input !== undefined) ?? [];
  return tiers.every((tier) => isTierOf(tier, other.info.prices.tiers ?? []));
}

function isTierOf(tier: PriceTier, tiers: readonly PriceTier[]): boolean {
  return tiers.some(
    (other) =>
      other.aboveInputTokens === tier.aboveInputTokens &&
      samePrice(other.input, tier.input) &&
      samePrice(other.output, tier.output) &&
      samePrice(other.cacheRead, tier.cacheRead),
  );
}

function isSubset(one: PriceSet, other: PriceSet): boolean {
  return PRICE_FIELDS.every((field) => isSaidBy(one[field], other[field]));
}

function isSaidBy(one: number | undefined, other: number | undefined): boolean {
  if (one === undefined || samePrice(one, other)) return true;
  return other !== undefined && isRounding(other, one);
}
