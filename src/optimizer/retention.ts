import type { Clock, EventSink } from '../contract/index.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Config } from './config.ts';

const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Deletes records past their retention each hour; sums stay. Returns what stops it. */
export function keepRetention(
  ledger: Pick<Ledger, 'deleteBefore'>,
  config: Pick<Config, 'ledger'>,
  { onEvent, now }: { readonly onEvent: EventSink; readonly now: Clock },
): () => void {
  const sweep = (): void => {
    ledger.deleteBefore(now() - config.ledger.retentionDays * DAY_MS).catch((error: unknown) => {
      onEvent({
        level: 'warn',
        code: 'retention_failed',
        message: `Old usage records could not be deleted: ${error instanceof Error ? error.message : String(error)}`,
      });
    });
  };
  const timer = setInterval(sweep, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
