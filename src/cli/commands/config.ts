import { ConfigError } from '../../contract/index.ts';
import { type ConfigSetting, configJsonSchema, describeConfig } from '../../optimizer/config-view.ts';
import { checkStages } from '../../optimizer/stages.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { toJson } from '../output.ts';
import { readConfig } from '../read-config.ts';
import { renderTable } from '../text-table.ts';

/** `pare config show`: every value and where it came from, secrets masked. */
export async function show(context: CommandContext): Promise<ExitCode> {
  const { io, globals } = context;
  const loaded = await readConfig(context);
  const settings = describeConfig(loaded);
  await io.out(
    globals.json === true
      ? toJson({ file: loaded.file ?? null, settings })
      : renderTable(
          [
            { name: 'setting' },
            { name: 'value' },
            { name: 'from' },
            ...(globals.verbose === true ? [{ name: 'environment variable' }] : []),
          ],
          settings.map((setting) => [
            setting.path,
            showValue(setting),
            setting.origin,
            ...(globals.verbose === true ? [setting.environment ?? ''] : []),
          ]),
        ),
  );
  io.note(loaded.file === undefined ? 'pare: there is no configuration file' : `pare: file ${loaded.file}`);
  return 0;
}

/** `pare config validate`: exit 2 and every fault when the configuration is not valid. */
export async function validate(context: CommandContext): Promise<ExitCode> {
  const { io, globals } = context;
  try {
    const { config, file } = await readConfig(context);
    checkStages(config);
    await io.out(
      globals.json === true
        ? toJson({ valid: true, file: file ?? null, error: null })
        : `valid${file === undefined ? ' (no file, only defaults, environment and flags)' : `: ${file}`}\n`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (globals.json === true) {
      const { code, message } = error;
      await io.out(toJson({ valid: false, file: null, error: { code, message } }));
    }
    throw error;
  }
}

/** `pare config schema`: the JSON Schema of a configuration file. */
export async function schema(context: CommandContext): Promise<ExitCode> {
  await context.io.out(toJson(configJsonSchema()));
  return 0;
}

function showValue({ path, value }: ConfigSetting): string {
  if (value === null) return path.startsWith('stages.') ? '(preset)' : '(not set)';
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
