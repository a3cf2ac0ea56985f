import type { CommandContext, ExitCode } from '../command.ts';
import { formatCount, formatMany } from '../figures.ts';
import { checkPaths, distinct, type LogInputFile, openInput } from '../logs/log-inputs.ts';
import { openCondenser } from '../logs/open-condenser.ts';
import { type Trial, tryAll } from '../logs/trials.ts';
import { toJson } from '../output.ts';
import { renderTable } from '../text-table.ts';

const DEFAULT_BUDGET = 8000;
const SHOWN = 5;

/** `pare simulate`: the settings of `pare logs` that keep most errors of sample logs. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { io, options, globals } = context;
  const paths = checkPaths(context, context.args[0] as readonly string[]);
  const budget = (options['tokenBudget'] as number | undefined) ?? DEFAULT_BUDGET;
  const condenser = await openCondenser(context);
  const inputs: LogInputFile[] = [];
  try {
    for (const path of distinct(context, paths))
      inputs.push(await openInput(context, path, { references: undefined }));
    const trials = await tryAll(condenser, inputs, budget);
    const [best] = trials;
    if (best === undefined) return 0;
    const shown = globals.verbose === true ? trials : trials.slice(0, SHOWN);
    await io.out(
      globals.json === true
        ? toJson({ best: toDocument(best), trials: trials.map(toDocument) })
        : `${renderTrials(shown)}\n${explain(best, trials, inputs.length)}\n`,
    );
    return 0;
  } finally {
    for (const input of inputs) input.close();
  }
}

function toDocument(trial: Trial): Record<string, unknown> {
  const { profile, reserve, tokenBudget, tokens, errors, errorsHeld } = trial;
  return {
    profile,
    reserve,
    token_budget: tokenBudget,
    tokens,
    errors_held: errorsHeld,
    errors,
    held_ratio: errors === 0 ? 1 : errorsHeld / errors,
  };
}

function renderTrials(trials: readonly Trial[]): string {
  const right = 'right' as const;
  return renderTable(
    [
      { name: 'budget', align: right },
      { name: 'profile' },
      { name: 'reserve', align: right },
      { name: 'tokens', align: right },
      { name: 'distinct errors', align: right },
    ],
    trials.map(({ tokenBudget, profile, reserve, tokens, errorsHeld, errors }) => [
      formatCount(tokenBudget),
      profile,
      String(reserve),
      formatCount(tokens),
      `${formatCount(errorsHeld)} of ${formatCount(errors)}`,
    ]),
  );
}

function explain(best: Trial, trials: readonly Trial[], logs: number): string {
  const flags = `--token-budget ${best.tokenBudget} --profile ${best.profile} --reserve ${best.reserve}`;
  const smaller = trials.filter(({ tokenBudget }) => tokenBudget < best.tokenBudget);
  const next = smaller.reduce((most, { errorsHeld }) => Math.max(most, errorsHeld), 0);
  const alike = trials.filter(
    ({ tokenBudget, errorsHeld }) => tokenBudget === best.tokenBudget && errorsHeld === best.errorsHeld,
  ).length;
  const why =
    best.errors === 0
      ? 'No errors were found in these logs, so that the smallest budget does.'
      : `It keeps ${best.errorsHeld} of ${formatMany(best.errors, 'distinct error')} of ${formatMany(logs, 'log')}` +
        (smaller.length === 0
          ? ', and no larger budget is needed.'
          : `; smaller budgets keep ${next} at most.`);
  const others = alike > 1 ? ` ${formatMany(alike - 1, 'other setting')} with this budget keep as many.` : '';
  return `Best: ${flags}\n${why}${others}`;
}
