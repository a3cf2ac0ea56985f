import { InputError } from '../../contract/index.ts';
import { type RenderFormat, renderRankings, renderReport, renderStats } from '../../ledger/index.ts';
import type { Core } from '../../optimizer/index.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { withCore } from '../open-core.ts';
import { writeResult } from '../output.ts';

const DEFAULT_HOURS = 24;

/** `pare stats`: cache and usage sums. */
export function stats(context: CommandContext): Promise<ExitCode> {
  return show(context, async (core, { hours, format }) =>
    renderStats(
      await core.ledger.stats({
        hours,
        cacheStats: await core.cache.stats(),
        semanticLive: await core.semanticLive(),
        toolRecall: await core.toolRecall(),
      }),
      format,
    ),
  );
}

/** `pare report`: the optimization report. */
export function report(context: CommandContext): Promise<ExitCode> {
  return show(context, async (core, { hours, format }) =>
    renderReport(
      await core.ledger.report({
        hours,
        cacheStats: await core.cache.stats(),
        semanticLive: await core.semanticLive(),
        toolRecall: await core.toolRecall(),
      }),
      format,
    ),
  );
}

/** `pare rankings`: models by efficiency. */
export function rankings(context: CommandContext): Promise<ExitCode> {
  return show(context, async (core, { hours, format }) =>
    renderRankings(await core.ledger.rankings({ hours }), format),
  );
}

type Render = (
  core: Core,
  wish: { readonly hours: number; readonly format: RenderFormat },
) => Promise<string>;

async function show(context: CommandContext, render: Render): Promise<ExitCode> {
  const { options, io } = context;
  const format = formatOf(context);
  const hours = (options['hours'] as number | undefined) ?? DEFAULT_HOURS;
  const path = options['output'] as string | undefined;
  const text = await withCore(context, (core) => render(core, { hours, format }));
  if (await writeResult(context, text, { path })) io.note(`pare: written to ${path}`);
  return 0;
}

function formatOf({ options, globals }: CommandContext): RenderFormat {
  const format = options['format'] as RenderFormat | undefined;
  if (globals.json !== true) return format ?? 'text';
  if (format === undefined || format === 'json') return 'json';
  throw new InputError(
    'conflicting_options',
    `--json and --format ${format} contradict each other. Give one.`,
  );
}
