import { existsSync } from 'node:fs';
import type { ContentClass, StateStore } from '../../contract/index.ts';
import { resetCalibration, restoreCalibration } from '../../optimizer/calibration-keeper.ts';
import { openStateStore } from '../../optimizer/state-store.ts';
import { storePath } from '../../optimizer/store-path.ts';
import { Calibration } from '../../tokens/calibration.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { eventReporter } from '../event-reporter.ts';
import { formatPercent } from '../figures.ts';
import { toJson } from '../output.ts';
import { readConfig } from '../read-config.ts';
import { renderTable } from '../text-table.ts';

/** What was learned for one model and kind of text. */
interface Learned {
  readonly model: string;
  readonly content_class: string;
  readonly observations: number;
  /** Tokens that the provider reported for each one that we counted; null while too few were seen. */
  readonly ratio: number | null;
  /** Half-width of the 95% band of the next request, as a share; null likewise. */
  readonly error_band: number | null;
}

/** `pare calibrate`: shows, or forgets, what was learned from recorded usage. */
export async function run(context: CommandContext): Promise<ExitCode> {
  return context.options['reset'] === true ? reset(context) : show(context);
}

async function reset(context: CommandContext): Promise<ExitCode> {
  const wasReset = (await withState(context, resetCalibration)) ?? false;
  await context.io.out(
    context.globals.json === true
      ? toJson({ reset: wasReset })
      : wasReset
        ? 'calibration forgotten\n'
        : 'nothing was learned yet\n',
  );
  context.io.note('pare: a running gateway goes on with what it has learned until it is started again');
  return 0;
}

async function show(context: CommandContext): Promise<ExitCode> {
  const { io, globals } = context;
  const all = (await withState(context, readLearned)) ?? [];
  const learned = globals.model === undefined ? all : all.filter(({ model }) => model === globals.model);
  if (globals.json === true) {
    await io.out(toJson({ models: learned }));
    return 0;
  }
  if (learned.length === 0) {
    await io.out('nothing was learned yet\n');
    io.note('pare: counts are calibrated as providers report usage through the gateway or the library');
    return 0;
  }
  const right = 'right' as const;
  await io.out(
    renderTable(
      [
        { name: 'model' },
        { name: 'text' },
        { name: 'observations', align: right },
        { name: 'ratio', align: right },
        { name: 'band', align: right },
      ],
      learned.map((row) => [
        row.model,
        row.content_class,
        String(row.observations),
        row.ratio === null ? 'too few' : row.ratio.toFixed(3),
        row.error_band === null ? '' : `±${formatPercent(row.error_band)}`,
      ]),
    ),
  );
  io.note(
    'pare: ratio = tokens reported by the provider / tokens counted; exact encodings are not corrected',
  );
  return 0;
}

async function readLearned(state: StateStore): Promise<readonly Learned[]> {
  const calibration = new Calibration();
  await restoreCalibration(calibration, state);
  return Object.entries(calibration.state())
    .flatMap(([model, classes]) =>
      Object.entries(classes).map(([name, estimate]): Learned => {
        const ratio = calibration.ratio(model, name as ContentClass);
        return {
          model,
          content_class: name,
          observations: estimate.count,
          ratio: ratio?.ratio ?? null,
          error_band: ratio?.errorBand ?? null,
        };
      }),
    )
    .toSorted((a, b) => (a.model === b.model ? b.observations - a.observations : a.model < b.model ? -1 : 1));
}

/** Nothing was learned where there is no file, and looking is no reason to make one. */
async function withState<T>(
  context: CommandContext,
  use: (state: StateStore) => Promise<T>,
): Promise<T | undefined> {
  const { config } = await readConfig(context);
  if (!existsSync(storePath(config, 'state'))) return undefined;
  const state = openStateStore(config, eventReporter(context));
  try {
    return await use(state);
  } finally {
    await state.close();
  }
}
