import type { ExactCache } from '../../cache/index.ts';
import { InputError } from '../../contract/index.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { formatBytes, formatCount, formatMany, formatUsd } from '../figures.ts';
import { withCore } from '../open-core.ts';
import { toJson } from '../output.ts';
import { renderTable } from '../text-table.ts';

const HOUR_SECONDS = 3600;

/** `pare cache stats`: what the cache holds and what it spared since it was made. */
export async function stats(context: CommandContext): Promise<ExitCode> {
  const found = await withCore(context, (core) => core.cache.stats());
  const models = Object.entries(found.byModel);
  if (context.globals.json === true) {
    await context.io.out(
      toJson({
        total_entries: found.totalEntries,
        total_hits: found.totalHits,
        total_bytes: found.totalBytes,
        tokens_saved: found.tokensSaved,
        estimated_cost_saved: found.costSavedUsd,
        by_model: Object.fromEntries(
          models.map(([model, sums]) => [
            model,
            {
              entries: sums.entries,
              hits: sums.hits,
              tokens_saved: sums.tokensSaved,
              estimated_cost_saved: sums.costSavedUsd,
            },
          ]),
        ),
      }),
    );
    return 0;
  }
  const right = 'right' as const;
  await context.io.out(
    renderTable(
      [
        { name: 'model' },
        { name: 'entries', align: right },
        { name: 'hits', align: right },
        { name: 'tokens saved', align: right },
        { name: 'cost saved', align: right },
      ],
      [
        ...models.map(([model, sums]) => [
          model,
          formatCount(sums.entries),
          formatCount(sums.hits),
          formatCount(sums.tokensSaved),
          formatUsd(sums.costSavedUsd),
        ]),
        [
          'total',
          formatCount(found.totalEntries),
          formatCount(found.totalHits),
          formatCount(found.tokensSaved),
          formatUsd(found.costSavedUsd),
        ],
      ],
    ),
  );
  context.io.note(
    `pare: ${formatBytes(found.totalBytes)} of answers; hits of unknown price spared no known cost`,
  );
  return 0;
}

/** `pare cache clear`: deletes answers; without a choice only expired ones. */
export async function clear(context: CommandContext): Promise<ExitCode> {
  const { options, io } = context;
  const wish = {
    isAll: options['all'] === true,
    tenant: options['tenant'] as string | undefined,
    hours: options['maxAgeHours'] as number | undefined,
  };
  const chosen = [wish.isAll, wish.tenant !== undefined, wish.hours !== undefined].filter(Boolean).length;
  if (chosen > 1) {
    throw new InputError(
      'conflicting_options',
      '--all, --tenant and --max-age-hours choose different answers. Give one of them.',
    );
  }
  const deleted = await withCore(context, ({ cache }) => clearAs(cache, wish));
  await io.out(
    context.globals.json === true ? toJson({ deleted }) : `${formatMany(deleted, 'answer')} deleted\n`,
  );
  if (chosen === 0) io.note('pare: only expired answers; --all deletes every one');
  return 0;
}

function clearAs(
  cache: ExactCache,
  wish: {
    readonly isAll: boolean;
    readonly tenant: string | undefined;
    readonly hours: number | undefined;
  },
): Promise<number> {
  if (wish.isAll) return cache.clear();
  if (wish.tenant !== undefined) return cache.clear(wish.tenant);
  return cache.clearOld(wish.hours === undefined ? {} : { maxAgeSeconds: wish.hours * HOUR_SECONDS });
}
