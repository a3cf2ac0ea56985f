import { type LogReport, NO_USAGE, OWN_WORK, type UsageRecord } from '../../contract/index.ts';
import { openLedgerStore } from '../../optimizer/ledger-store.ts';
import { createIdSource } from '../../support/index.ts';
import { eventReporter } from '../event-reporter.ts';
import { readConfig } from '../read-config.ts';
import type { Condenser } from './condense-inputs.ts';

/** The tenant of what the library and the command line do. */
const TENANT = 'local';

/**
 * Writes what was condensed into the ledger, with `--track-usage`. It is measured as a stage in shadow is: nobody
 * knows whether the whole log would ever have been sent, so that nothing was saved (INV-U4).
 */
export async function trackUsage(condenser: Condenser, report: LogReport): Promise<void> {
  const { context } = condenser;
  if (context.options['trackUsage'] !== true) return;
  try {
    const { config } = await readConfig(context);
    const ledger = openLedgerStore(config, eventReporter(context));
    try {
      await ledger.append([toRecord(condenser, report, Date.now())]);
    } finally {
      await ledger.close();
    }
  } catch (error) {
    // The log was condensed all the same.
    const why = error instanceof Error ? error.message : String(error);
    context.io.warn(`pare: the usage could not be recorded: ${why} [usage_not_tracked]`);
  }
}

function toRecord(
  { counting }: Condenser,
  { input, output, durationMs }: LogReport,
  now: number,
): UsageRecord {
  return {
    id: createIdSource(() => now)(),
    time: now,
    tenant: TENANT,
    session: null,
    wire: null,
    provider: OWN_WORK,
    model: counting.model ?? counting.encoding,
    isStream: false,
    status: 200,
    errorCode: null,
    cacheOutcome: 'bypassed',
    usage: NO_USAGE,
    usageBasis: input.basis,
    costUsd: 0,
    netTokens: 0,
    netCostUsd: 0,
    latencyMs: durationMs,
    firstTokenMs: null,
    tags: { work: 'logs' },
    measurements: [
      {
        stage: 'tool-output',
        mode: 'shadow',
        tokensBefore: input.tokens,
        tokensAfter: output.tokens,
        overhead: 0,
        basis: input.basis,
        netCostUsd: null,
      },
    ],
  };
}
