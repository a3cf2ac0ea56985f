import type { Exchange, Measurement, ModelRegistry, UsageRecord } from '../contract/index.ts';
import type { Bill } from './call-account.ts';
import type { ExchangeResult } from './exchange-result.ts';
import { measureOverhead, priceOfTokens, totalOf } from './measure.ts';
import type { PreparedRun } from './prepared.ts';
import { CLIENT_CLOSED, toRecord } from './record.ts';
import type { Recovered } from './recoverer.ts';

/** A first answer that was thrown away, with its bill. */
export interface FirstAnswer {
  readonly recovered: Recovered;
  readonly result: ExchangeResult;
  readonly bill: Bill;
  /** Tokens that the retry sends beyond the first request; `undefined` when either could not be counted. */
  readonly addedTokens: number | undefined;
}

/** What the stages of a request did, once one of them had its rewrite taken back. */
export function resultsOf(results: readonly string[], recovered: Recovered | undefined): readonly string[] {
  if (recovered === undefined) return results;
  const { by } = recovered;
  return results.map((result) => (result === `${by}=rewritten` ? `${by}=recovered` : result));
}

/** The same run as if the request of the retry had been prepared in the first place (INV-U4). */
export function asRetried(
  work: PreparedRun,
  first: FirstAnswer | undefined,
  registry: ModelRegistry,
): PreparedRun {
  if (first === undefined) return work;
  const { request, by } = first.recovered;
  const { prepared } = work;
  let added: number | undefined;
  const measurements = prepared.measurements.map((measured): Measurement => {
    const { stage, mode, tokensBefore, tokensAfter, overhead } = measured;
    if (mode !== 'on' || tokensBefore === 0) return measured;
    if (stage !== by) {
      // Later stages found what this one left.
      if (added === undefined) return measured;
      return { ...measured, tokensBefore: tokensBefore + added, tokensAfter: tokensAfter + added };
    }
    added = first.addedTokens ?? tokensBefore - tokensAfter;
    const spared = tokensBefore - tokensAfter - added;
    return {
      ...measured,
      tokensAfter: tokensAfter + added,
      netCostUsd: priceOfTokens(registry, request.model, spared - overhead),
    };
  });
  const results = resultsOf(prepared.results, first.recovered);
  return { ...work, prepared: { ...prepared, request, measurements, results } };
}

/** What stages learn of a first answer. */
export function toRecovered({ recovered, bill }: FirstAnswer): NonNullable<Exchange['recovered']> {
  const { by, reason } = recovered;
  const { used, costUsd } = bill;
  return { by, reason, first: { usage: used.usage, usageBasis: used.basis, costUsd } };
}

/**
 * The ledger's row of a first answer: an exchange of its own, whose whole bill is the overhead of the stage that
 * had it thrown away (INV-U4). One that was cut off counts as aborted, not as failed.
 */
export function recordOfFirst({ input }: PreparedRun, first: FirstAnswer): UsageRecord {
  const { recovered, result, bill } = first;
  const { used, costUsd } = bill;
  const record = toRecord(input, {
    status: result.wasAborted ? CLIENT_CLOSED : result.status,
    errorCode: result.wasAborted ? 'answer_discarded' : null,
    cacheOutcome: 'bypassed',
    cacheReason: undefined,
    semanticReason: undefined,
    used,
    costUsd,
    firstTokenAt: null,
    endedAt: recovered.at,
    hasLeft: false,
    measurements: [
      measureOverhead({
        stage: recovered.by,
        mode: 'on',
        tokens: totalOf(used.usage),
        basis: used.basis,
        costUsd,
      }),
    ],
  });
  return { ...record, id: `${record.id}-first` };
}
