import type { Basis, LedgerSums, ModelSums } from '../contract/index.ts';

/** The sums of one model over all providers, or of all models. */
export type Totals = Omit<ModelSums, 'model' | 'provider'>;

/** Adds sums up, field by field, nested ones too. */
function merge<T extends object>(one: T, other: T): T {
  return Object.fromEntries(
    Object.entries(one).map(([name, value]: [string, unknown]) => {
      const more: unknown = (other as Record<string, unknown>)[name];
      if (typeof value === 'number') return [name, value + (more as number)];
      return [name, merge(value as object, more as object)];
    }),
  ) as T;
}

function totalsOf(sums: ModelSums): Totals {
  const { model: _model, provider: _provider, ...totals } = sums;
  return totals;
}

/** The totals by model name, in order of requests; a model at several providers is one. */
export function totalsByModel(sums: LedgerSums): Map<string, Totals> {
  const models = new Map<string, Totals>();
  for (const model of sums.models) {
    const known = models.get(model.model);
    models.set(model.model, known === undefined ? totalsOf(model) : merge(known, totalsOf(model)));
  }
  return new Map(
    [...models].toSorted(([a, one], [b, other]) => other.requests - one.requests || compareNames(a, b)),
  );
}

/** The totals of all models. */
export function totalsOfAll(sums: LedgerSums): Totals {
  return sums.models.map(totalsOf).reduce((one, other) => merge(one, other), NOTHING);
}

/** Orders names the same on every machine. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** `part / whole`; 0 when there is no whole. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** A basis mix added up. */
export function addBases(mixes: readonly Readonly<Record<Basis, number>>[]): Record<Basis, number> {
  const sum = { reported: 0, exact: 0, calibrated: 0, estimated: 0 };
  for (const mix of mixes) for (const basis of BASES) sum[basis] += mix[basis];
  return sum;
}

const BASES: readonly Basis[] = ['reported', 'exact', 'calibrated', 'estimated'];

const NOTHING: Totals = {
  requests: 0,
  failures: 0,
  aborted: 0,
  hits: 0,
  semanticHits: 0,
  misses: 0,
  stale: 0,
  bypassed: 0,
  usage: {
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
    reasoningTokens: 0,
  },
  costUsd: 0,
  unknownCostRequests: 0,
  unknownCostTokens: 0,
  latencyMs: 0,
  answeredRequests: 0,
  answeredLatencyMs: 0,
  answeredOutputTokens: 0,
  answeredCostUsd: 0,
  answeredCostRequests: 0,
  firstTokenMs: 0,
  firstTokenRequests: 0,
  tokensByBasis: { reported: 0, exact: 0, calibrated: 0, estimated: 0 },
  tokensBefore: 0,
  tokensAfter: 0,
  overheadTokens: 0,
  netTokens: 0,
  netTokensSquared: 0,
  netCostUsd: 0,
  unknownNetCostRequests: 0,
  hitNetTokens: 0,
  hitNetCostUsd: 0,
  hitUnknownCostRequests: 0,
};

/** Below so many requests a share says little. */
export const ENOUGH_REQUESTS = 20;
