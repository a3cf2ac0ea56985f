import { InputError, type JsonObject, type JsonValue } from '../../contract/index.ts';
import { compilePattern, type PriorityPattern } from '../../logs/index.ts';

import { openStateStore } from '../../optimizer/state-store.ts';
import { nearest } from '../../support/index.ts';
import type { CommandContext } from '../command.ts';
import { eventReporter } from '../event-reporter.ts';
import { readJsonObject } from '../input.ts';
import { readConfig } from '../read-config.ts';
import {
  DEFAULT_BUDGET,
  type LogSettings,
  mergeSettings,
  type PatternText,
  PRESETS,
  PRIORITIES,
  type PresetName,
} from './settings.ts';
import { readComponentBudgets, settingsFromJson, settingsToJson } from './settings-json.ts';

const COLLECTION = 'log-settings';
const NAME = /^[\w.-]{1,64}$/;

/** Settings of one run, ready to be used. */
export interface ResolvedSettings {
  readonly settings: LogSettings;
  readonly patterns: readonly PriorityPattern[];
  /** Name of the caller's own profile. */
  readonly profileName?: string;
}

/** The flags of these settings that were given, under their names on the command line. */
const FLAGS = [
  'tokenBudget',
  'tokenBuffer',
  'reserve',
  'targetTokens',
  'minCompression',
  'profile',
  'priorityFilter',
] as const satisfies readonly (keyof LogSettings)[];

/**
 * What decides how logs are condensed: the preset, saved settings, the caller's own profile, and flags, where
 * the later ones win. Saves them when that is asked for.
 *
 * @throws InputError for settings that make no sense
 */
export async function resolveSettings(context: CommandContext): Promise<ResolvedSettings> {
  const { options } = context;
  const preset = options['preset'] as PresetName | undefined;
  const custom = await readProfile(context, options['customProfile'] as string | undefined);
  const settings = mergeSettings([
    preset === undefined ? {} : PRESETS[preset],
    await load(context, options['loadConfig'] as string | undefined),
    custom.settings,
    fromFlags(context),
  ]);
  checkBudget(settings);
  const patterns = (settings.patterns ?? []).map(({ priority, pattern }) => ({
    priority,
    pattern: compilePattern(pattern),
  }));
  await save(context, options['saveConfig'] as string | undefined, settings);
  return { settings, patterns, ...(custom.name === undefined ? {} : { profileName: custom.name }) };
}

function checkBudget({ tokenBudget = DEFAULT_BUDGET, tokenBuffer = 0 }: LogSettings): void {
  if (tokenBuffer < tokenBudget) return;
  throw new InputError(
    'invalid_option',
    `--token-buffer (${tokenBuffer}) must be less than --token-budget (${tokenBudget}): nothing would be left.`,
  );
}

function fromFlags({ options }: CommandContext): LogSettings {
  const given: Record<string, unknown> = {};
  for (const key of FLAGS) if (options[key] !== undefined) given[key] = options[key];
  const budgets = options['componentBudgets'] as string | undefined;
  if (budgets !== undefined) {
    given['componentBudgets'] = readComponentBudgets(parseFlag(budgets), '--component-budgets');
  }
  const patterns = (options['addPriorityPattern'] as readonly string[] | undefined)?.map(toPattern);
  if (patterns !== undefined) given['patterns'] = patterns;
  return given;
}

function parseFlag(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new InputError(
      'invalid_settings',
      `--component-budgets takes JSON like '{"low": 500, "verbose": 0.05}': ${(cause as Error).message}.`,
      { cause },
    );
  }
}

function toPattern(text: string): PatternText {
  const cut = text.indexOf('=');
  const name = text.slice(0, Math.max(0, cut)).trim();
  const priority = PRIORITIES.find((known) => known === name);
  if (priority !== undefined && cut + 1 < text.length) return { priority, pattern: text.slice(cut + 1) };
  throw new InputError(
    'invalid_option',
    `--add-priority-pattern takes 'PRIORITY=REGEX', as in 'high=timeout after \\d+', got "${text}". ` +
      `Priorities: ${PRIORITIES.join(', ')}.`,
  );
}

async function readProfile(
  context: CommandContext,
  path: string | undefined,
): Promise<{ readonly name?: string; readonly settings: LogSettings }> {
  if (path === undefined) return { settings: {} };
  const { name, ...rest } = await readJsonObject(context, path);
  if (typeof name === 'string' && name !== '') return { name, settings: settingsFromJson(rest, path) };
  throw new InputError('invalid_settings', `${path} needs a "name", a text.`);
}

async function load(context: CommandContext, name: string | undefined): Promise<LogSettings> {
  if (name === undefined) return {};
  checkName('--load-config', name);
  const { config } = await readConfig(context);
  const state = openStateStore(config, eventReporter(context));
  try {
    const saved = await state.get(COLLECTION, name);
    if (saved !== undefined) return settingsFromJson(saved as JsonObject, `settings "${name}"`);
    const known = (await state.list(COLLECTION)).map(({ id }) => id);
    const meant = nearest(name, known);
    const hint =
      meant !== undefined
        ? `Did you mean "${meant}"?`
        : known.length === 0
          ? 'None were saved yet: see --save-config.'
          : `There are: ${known.join(', ')}.`;
    throw new InputError('unknown_settings', `There are no settings "${name}". ${hint}`);
  } finally {
    await state.close();
  }
}

async function save(context: CommandContext, name: string | undefined, settings: LogSettings): Promise<void> {
  if (name === undefined) return;
  checkName('--save-config', name);
  const { config } = await readConfig(context);
  const state = openStateStore(config, eventReporter(context));
  try {
    await state.put(COLLECTION, name, settingsToJson(settings));
  } finally {
    await state.close();
  }
  context.io.note(`pare: settings saved; use them with --load-config ${name}`);
}

function checkName(flag: string, name: string): void {
  if (NAME.test(name)) return;
  throw new InputError(
    'invalid_option',
    `${flag} takes a name of letters, digits, "_", "." and "-", got "${name}".`,
  );
}
