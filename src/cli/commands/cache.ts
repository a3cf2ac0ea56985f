import type { CommandContext, ExitCode } from '../command.ts';
import { formatBytes, formatCount, formatUsd } from '../figures.ts';
import { withCore } from '../open-core.ts';
import { toJson } from '../output.ts';
import { renderTable } from '../text-table.ts';

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
