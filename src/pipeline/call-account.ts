import {
  type Exchange,
  isPareError,
  type Measurement,
  type RequestTokens,
  type WireCodec,
} from '../contract/index.ts';
import type { ExchangeResult } from './exchange-result.ts';
import { measureOverhead, measureShared, spendingIn, totalOf } from './measure.ts';
import type { PreparedRun } from './prepared.ts';
import type { KnownUsage } from './usage-of-answer.ts';

/** How a caller stands to the bill of a call. */
export type Role = 'billed' | 'spared' | 'failed';

/** What the provider took for a call. */
export interface Bill {
  readonly used: KnownUsage;
  /** USD; null when unknown. */
  readonly costUsd: number | null;
}

/** What a call spared one caller, and what it cost beyond the bill (INV-U4). */
export function measurementsOf(
  { prepared: { measurements }, verifies }: PreparedRun,
  { role, used, costUsd }: Bill & { readonly role: Role },
): readonly Measurement[] {
  if (role === 'spared') return [...measurements, measureShared(used, costUsd)];
  const tokens = totalOf(used.usage);
  // A request that the provider did not process spared nothing.
  if (role === 'failed' || tokens === 0) return spendingIn(measurements);
  if (verifies === undefined) return measurements;
  // Nobody asked for this call but the stage itself.
  const { stage } = verifies;
  return [measureOverhead({ stage, mode: 'on', tokens, basis: used.basis, costUsd })];
}

/** The exchange as stages settle it. */
export function toExchange(
  { input, prepared, verifies }: PreparedRun,
  result: ExchangeResult,
  bill: Bill & { readonly codec: WireCodec; readonly tokens: RequestTokens | undefined },
): Exchange {
  const isWhole = result.error === undefined && !result.wasAborted;
  // A stored answer is replayed to callers who want usage, too, so it gets what we counted (INV-C5).
  const response =
    isWhole && result.response !== undefined && bill.used.isKnown
      ? bill.codec.withUsage(result.response, bill.used.usage)
      : undefined;
  const exchange: Exchange = {
    request: input.request,
    sent: prepared.request,
    response,
    status: result.status,
    wasAborted: result.wasAborted,
    usage: bill.used.usage,
    usageBasis: bill.used.basis,
    ...(bill.tokens === undefined ? {} : { sentTokens: bill.tokens.tokens }),
    costUsd: bill.costUsd,
  };
  return verifies === undefined ? exchange : { ...exchange, verifies: verifies.stage };
}

/** The code of what went wrong with a call, for the ledger; null when nothing did. */
export function errorCodeOf(result: ExchangeResult, used: KnownUsage): string | null {
  if (isPareError(result.error)) return result.error.code;
  if (result.error !== undefined) return 'upstream_closed';
  if (result.wasAborted) return 'client_closed';
  if (result.status >= 400) return 'upstream_status';
  if (result.response?.finish === 'failed') return 'answer_failed';
  return used.isKnown ? null : 'usage_unknown';
}
