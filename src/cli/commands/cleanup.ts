import type { CommandContext, ExitCode } from '../command.ts';
import { formatMany } from '../figures.ts';
import { withCore } from '../open-core.ts';
import { toJson } from '../output.ts';
import { forgetOld, withEntries } from '../semantic-entries.ts';

const DEFAULT_HOURS = 24;
const HOUR_SECONDS = 3600;
const DAY_MS = 86_400_000;

/** `pare cleanup`: deletes expired and old answers, and usage records past their retention. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const hours = (context.options['maxAgeHours'] as number | undefined) ?? DEFAULT_HOURS;
  const { deleted, records, days } = await withCore(context, async (core) => {
    const days = core.config.ledger.retentionDays;
    return {
      days,
      deleted: await core.cache.clearOld({ maxAgeSeconds: hours * HOUR_SECONDS }),
      forgotten: await withEntries(context, core, (store) =>
        forgetOld(store, { now: core.now(), maxAgeHours: hours }),
      ),
      records: await core.ledger.deleteBefore(core.now() - days * DAY_MS),
    };
  });
  await context.io.out(
    context.globals.json === true
      ? toJson({ deleted, usage_records_deleted: records })
      : `${formatMany(deleted, 'answer')} deleted, expired or older than ${hours === 1 ? '1 hour' : `${hours} hours`}\n` +
          `${formatMany(records, 'usage record')} deleted, older than ${formatMany(days, 'day')}; their sums stay\n`,
  );
  return 0;
}
