import { isPareError } from '../../contract/index.ts';
import { type LoadedConfig } from '../../optimizer/load-config.ts';
import { readModelUpdates } from '../../optimizer/models.ts';
import { checkStages } from '../../optimizer/stages.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { type CheckResult, fail, ok, reasonOf, warn } from '../doctor/check.ts';
import { checkDataDir, checkDisk, checkLeftovers, checkStores } from '../doctor/data-checks.ts';
import { checkPort, checkUpstreams } from '../doctor/network-checks.ts';
import { checkEncoding, checkNode, checkPrices } from '../doctor/program-checks.ts';
import { toJson } from '../output.ts';
import { readConfig } from '../read-config.ts';

/** `pare doctor`: checks the installation; exit 1 when something does not work. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const checks = await runChecks(context);
  const isWell = checks.every(({ status }) => status !== 'fail');
  await context.io.out(
    context.globals.json === true ? toJson({ ok: isWell, checks }) : checks.map(renderCheck).join(''),
  );
  const count = (wanted: CheckResult['status']): number =>
    checks.filter(({ status }) => status === wanted).length;
  context.io.note(`pare: ${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed`);
  return isWell ? 0 : 1;
}

async function runChecks(context: CommandContext): Promise<CheckResult[]> {
  const { result, loaded } = await checkConfig(context);
  const checks = [checkNode(), result, await checkEncoding()];
  // Without a configuration there is no knowing which folder and which port are meant.
  if (loaded === undefined) return checks;
  const { config } = loaded;
  const notes: string[] = [];
  const updates = readModelUpdates(config, (event) => void notes.push(event.message));
  checks.push(
    notes[0] === undefined
      ? checkPrices(updates, Date.now())
      : warn('prices', notes[0], 'Run: pare models update https://models.dev/api.json'),
    checkDataDir(config),
    ...(await checkStores(config)),
    checkLeftovers(config),
    checkDisk(config),
    await checkPort(config),
  );
  if (context.options['network'] === true) checks.push(...(await checkUpstreams(config)));
  return checks;
}

async function checkConfig(
  context: CommandContext,
): Promise<{ readonly result: CheckResult; readonly loaded?: LoadedConfig }> {
  try {
    const loaded = await readConfig(context);
    checkStages(loaded.config);
    const from = loaded.file ?? 'no file; defaults, environment and flags';
    return { result: ok('config', `valid (${from})`), loaded };
  } catch (error) {
    if (!isPareError(error)) throw error;
    return { result: fail('config', reasonOf(error), 'Correct it; pare config schema describes every key.') };
  }
}

function renderCheck({ name, status, message, fix }: CheckResult): string {
  const advice = fix === null ? '' : `      ${fix}\n`;
  return `${status.padEnd(4)}  ${name}: ${message}\n${advice}`;
}
