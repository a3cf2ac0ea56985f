// Turns what two lists say about one model into one row, and notes every disagreement and its rule.
import type { ModelInfo, PriceSet, PriceTier } from '../../src/contract/index.ts';
import {
  completeByRatio,
  implausible,
  impossible,
  isRounding,
  orderedPrices,
  PRICE_FIELDS,
  type PriceDraft,
  type PriceField,
  samePrice,
} from '../../src/tokens/models/price-rules.ts';
import { CORRECTIONS, LIMITS, PASSED_ON_TIERS, UNKNOWN_TIERS } from './corrections.data.ts';

/** What the lists say about one name of one provider. */
export interface Statements {
  readonly provider: string;
  readonly name: string;
  readonly modelsDev?: ModelInfo;
  readonly portkey?: ModelInfo;
  /** What OpenRouter charges for the same model in the newer list, when it passes prices on. */
  readonly passedOn?: PriceSet;
}

/** One value that the lists disagree on, or that was refused. */
export interface Disagreement {
  readonly provider: string;
  readonly model: string;
  readonly field: PriceField;
  readonly modelsDev: number | undefined;
  readonly portkey: number | undefined;
  readonly taken: number | undefined;
  readonly reason: string;
}

export interface Decision {
  readonly info: ModelInfo;
  /** The prices that a list states, before anything was derived. */
  readonly stated: PriceSet;
  readonly disagreements: readonly Disagreement[];
}

/** Finds what OpenRouter says about a model, for the tiers that only it carries. */
export type OpenRouterRow = (name: string) => ModelInfo | undefined;

export function decide(statements: Statements, openRouterRow: OpenRouterRow): Decision {
  const { provider, name, modelsDev, portkey } = statements;
  const seed = modelsDev ?? portkey;
  if (seed === undefined) throw new Error(`no list says anything about ${provider}/${name}`);
  const disagreements: Disagreement[] = [];
  const stated = decidePrices(statements, seed, disagreements);
  const { prices, derived } = completeByRatio(seed, stated);
  const tiers = decideTiers(statements, seed, openRouterRow);
  const limits = LIMITS.find((limit) => limit.provider === provider && limit.name.test(name));
  const contextWindow = limits?.contextWindow ?? modelsDev?.contextWindow;
  const maxOutputTokens = limits?.maxOutputTokens ?? modelsDev?.maxOutputTokens;
  const info: ModelInfo = {
    id: name,
    provider,
    family: seed.family,
    ...(seed.encoding === undefined ? {} : { encoding: seed.encoding }),
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    prices: orderedPrices({ ...prices, ...(tiers === undefined ? {} : { tiers }) }),
    source: sourceOf(statements, { stated, derived }),
    sourceDate: portkey?.sourceDate ?? seed.sourceDate,
    aliases: [],
  };
  return { info, stated, disagreements };
}

/** Names the lists, and every price that is in neither: set by hand, passed on by OpenRouter, derived. */
function sourceOf(
  statements: Statements,
  { stated, derived }: { readonly stated: PriceSet; readonly derived: readonly PriceField[] },
): string {
  const { provider, name, modelsDev, portkey } = statements;
  const lists = [modelsDev?.source, portkey?.source].filter((source) => source !== undefined).join(' + ');
  const byHand = PRICE_FIELDS.filter((field) => typeof correctionFor(statements, field)?.value === 'number');
  const isListed = (field: PriceField): boolean =>
    (modelsDev?.prices[field] ?? portkey?.prices[field]) !== undefined;
  const passedOn: string[] = PRICE_FIELDS.filter(
    (field) => stated[field] !== undefined && !isListed(field) && !byHand.includes(field),
  );
  const hasTiers = PASSED_ON_TIERS.some((entry) => entry.provider === provider && entry.name.test(name));
  if (hasTiers) passedOn.push('tiers');
  const notes = [
    ['set by hand', byHand],
    ['OpenRouter', passedOn],
    ['derived', derived],
  ] as const;
  return [
    lists,
    ...notes
      .filter(([, fields]) => fields.length > 0)
      .map(([label, fields]) => `${label}: ${fields.join(' ')}`),
  ].join('; ');
}

function decidePrices(statements: Statements, seed: ModelInfo, disagreements: Disagreement[]): PriceSet {
  const draft: PriceDraft = {};
  let older: PriceSet = statements.modelsDev?.prices ?? {};
  let newer: PriceSet = statements.portkey?.prices ?? {};
  // `input` and `output` come first: the others are checked against them.
  for (const field of PRICE_FIELDS) {
    if (field === 'outputWithReasoning') {
      older = ofSamePrice(older, draft.input);
      newer = ofSamePrice(newer, draft.input);
    }
    const { taken, reason } = decideField(statements, { seed, field, decided: draft, older, newer });
    if (taken !== undefined) draft[field] = taken;
    if (reason === undefined) continue;
    const { provider, name } = statements;
    const [modelsDev, portkey] = [older[field], newer[field]];
    disagreements.push({ provider, model: name, field, modelsDev, portkey, taken, reason });
  }
  return draft;
}

/** A list that was not followed on the input price is not followed on what hangs on it. */
function ofSamePrice(prices: PriceSet, input: number | undefined): PriceSet {
  const isFollowed = prices.input === undefined || input === undefined || samePrice(prices.input, input);
  return isFollowed ? prices : {};
}

interface FieldQuestion {
  readonly seed: ModelInfo;
  readonly field: PriceField;
  readonly decided: PriceSet;
  readonly older: PriceSet;
  readonly newer: PriceSet;
}

interface FieldAnswer {
  readonly taken: number | undefined;
  /** Absent when nobody disagreed. */
  readonly reason?: string;
}

function decideField(statements: Statements, question: FieldQuestion): FieldAnswer {
  const { seed, field, decided, older, newer } = question;
  const corrected = correctionFor(statements, field);
  const values = [older[field], newer[field]].filter((value) => value !== undefined);
  if (corrected !== undefined) {
    const taken = corrected.value ?? undefined;
    const isNews = values.some((value) => !samePrice(value, taken));
    return isNews ? { taken, reason: corrected.reason } : { taken };
  }
  if (field === 'cacheWrite' && isGoogle(seed)) return { taken: undefined };
  if (values.length === 2 && samePrice(values[0], values[1])) {
    const problem = impossible({ ...decided, [field]: values[0] }, field);
    return problem === undefined ? { taken: values[0] } : { taken: undefined, reason: problem };
  }
  const possible = values.filter(
    (value) => implausible(seed, { ...decided, [field]: value }, field) === undefined,
  );
  if (possible.length === 0) {
    if (values.length > 0) return ratioAnswer(seed, question, values);
    return { taken: passedOnFill(statements, question) };
  }
  if (possible.length < values.length) {
    const refused = values.find((value) => !possible.includes(value));
    const problem = implausible(seed, { ...decided, [field]: refused }, field);
    return { taken: possible[0], reason: problem ?? 'implausible' };
  }
  if (possible.length === 1) return { taken: possible[0] };
  return choose(statements, field, possible as [number, number]);
}

function ratioAnswer(
  seed: ModelInfo,
  { field, decided }: FieldQuestion,
  values: readonly number[],
): FieldAnswer {
  const problem = implausible(seed, { ...decided, [field]: values[0] }, field) ?? 'implausible';
  const filled = completeByRatio(seed, decided, true).prices[field];
  return { taken: filled, reason: problem };
}

/** Two plausible values: the more precise, the one that OpenRouter passes on, or the newer. */
function choose(statements: Statements, field: PriceField, [older, newer]: [number, number]): FieldAnswer {
  if (isRounding(older, newer)) return { taken: older, reason: 'the other is this one, rounded' };
  if (isRounding(newer, older)) return { taken: newer, reason: 'the other is this one, rounded' };
  const passedOn = statements.passedOn?.[field];
  if (samePrice(passedOn, older)) {
    return {
      taken: older,
      reason: "OpenRouter passes this price on in the newer list; Portkey's own row is stale",
    };
  }
  return {
    taken: newer,
    reason: samePrice(passedOn, newer) ? 'newer list, and OpenRouter passes it on' : 'newer list',
  };
}

/** A price that no direct row has but that OpenRouter passes on at the same input and output price. */
function passedOnFill(
  { passedOn, provider }: Statements,
  { field, decided }: FieldQuestion,
): number | undefined {
  if (passedOn === undefined || field !== 'cacheRead' || provider === 'google') return undefined;
  // `output` is decided before `cacheRead`, so both are known here.
  if (!samePrice(passedOn.input, decided.input) || !samePrice(passedOn.output, decided.output))
    return undefined;
  return passedOn.cacheRead;
}

/** Google bills the storage of a cache by the hour; the lists put fractions of that, or the input price, here. */
function isGoogle(seed: ModelInfo): boolean {
  return seed.family === 'gemini' && seed.prices.input !== 0;
}

function correctionFor(
  { provider, name }: Statements,
  field: PriceField,
): { readonly value: number | null; readonly reason: string } | undefined {
  for (const correction of CORRECTIONS) {
    const value = correction.values[field];
    if (value === undefined || !correction.providers.includes(provider) || !correction.name.test(name))
      continue;
    return { value, reason: correction.reason };
  }
  return undefined;
}

function decideTiers(
  statements: Statements,
  seed: ModelInfo,
  openRouterRow: OpenRouterRow,
): readonly PriceTier[] | undefined {
  const { provider, name, modelsDev, portkey } = statements;
  const matches = (entry: { readonly provider: string; readonly name: RegExp }): boolean =>
    entry.provider === provider && entry.name.test(name);
  const passedOn = PASSED_ON_TIERS.find(matches);
  const listed =
    passedOn === undefined
      ? mergeTiers(modelsDev?.prices.tiers, portkey?.prices.tiers)
      : openRouterRow(passedOn.openrouter)?.prices.tiers;
  if (listed !== undefined) return listed.map((tier) => completeTier(seed, tier));
  const unknown = UNKNOWN_TIERS.find(matches);
  return unknown === undefined ? undefined : [{ aboveInputTokens: unknown.aboveInputTokens }];
}

/** The older list states tiers in full; the newer adds its batch prices where the limit is the same. */
function mergeTiers(
  older: readonly PriceTier[] | undefined,
  newer: readonly PriceTier[] | undefined,
): readonly PriceTier[] | undefined {
  if (older === undefined || newer === undefined) return older ?? newer;
  return older.map((tier) => {
    const same = newer.find((other) => other.aboveInputTokens === tier.aboveInputTokens);
    return { ...same, ...tier };
  });
}

function completeTier(seed: ModelInfo, tier: PriceTier): PriceTier {
  const { aboveInputTokens, ...listed } = tier;
  const draft: PriceDraft = {};
  for (const field of PRICE_FIELDS) {
    const value = listed[field];
    if (value === undefined || (field === 'cacheWrite' && isGoogle(seed))) continue;
    if (implausible(seed, listed, field) === undefined) draft[field] = value;
  }
  return { aboveInputTokens, ...completeByRatio(seed, draft).prices };
}
