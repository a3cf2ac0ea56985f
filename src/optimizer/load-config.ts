import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, type EventSink } from '../contract/index.ts';
import type { Config } from './config.ts';
import { deepFreeze } from './deep-freeze.ts';
import { DEFAULT_CONFIG } from './default-config.gen.ts';
import {
  defaultDataDir,
  ENVIRONMENT_KEYS,
  type Environment,
  readEnvironment,
  type Setting,
  unknownVariables,
} from './environment.ts';

const FILE_NAMES = ['pare.config.ts', 'pare.config.js', 'pare.config.mjs', 'pare.config.json'];

/** Where a configuration is read from. Later sources win: defaults, file, environment, flags. */
export interface LoadConfigOptions {
  readonly environment: Environment;
  /** Folder in which the search for a file begins, upwards. */
  readonly directory: string;
  /** A file to read instead of searching. */
  readonly file?: string;
  /** Whether to search for a file when none is named. @default true */
  readonly searches?: boolean;
  /** Values from the command line or a caller, by dotted path; `undefined` ones are left out. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** What the overrides are called in messages. @default 'flag' */
  readonly overridesOrigin?: string;
  /** Hears of environment variables that look like Pare's and set nothing. @default nobody */
  readonly onEvent?: EventSink | undefined;
}

/** A configuration and the origin of each value that is not a default. */
export interface LoadedConfig {
  readonly config: Config;
  readonly file: string | undefined;
  /** Dotted path to origin. */
  readonly origins: Readonly<Record<string, string>>;
}

/**
 * Reads and validates the configuration from all its sources.
 *
 * @throws ConfigError `invalid_config`, `unreadable_config`, `invalid_environment`
 */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  const file = options.file === undefined ? searchedFile(options) : resolve(options.directory, options.file);
  const settings: Setting[] = [
    { path: 'dataDir', value: defaultDataDir(options.environment), origin: 'default' },
  ];
  if (file !== undefined) settings.push(...flatten(await readConfigFile(file), `file ${file}`));
  settings.push(...readEnvironment(options.environment));
  for (const [path, value] of Object.entries(options.overrides ?? {})) {
    if (value !== undefined) settings.push({ path, value, origin: options.overridesOrigin ?? 'flag' });
  }
  const origins: Record<string, string> = {};
  const raw: Record<string, unknown> = {};
  for (const { path, value, origin } of settings) {
    setPath(raw, path.split('.'), value);
    origins[path] = origin;
  }
  await tellUnknownVariables(options, raw);
  return { config: plainConfig(raw) ?? (await validated(raw, origins)), file, origins };
}

/** Servers of the MCP proxy may read variables of any name. */
async function tellUnknownVariables(
  { environment, onEvent }: LoadConfigOptions,
  raw: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (onEvent === undefined) return;
  const servers = JSON.stringify(raw['mcpProxy'] ?? null);
  const unknown = unknownVariables(environment, (name) => servers.includes(name));
  if (unknown.length === 0) return;
  const { unknownVariablesEvent } = await import('./unknown-variables.ts');
  onEvent(unknownVariablesEvent(unknown, Object.keys(ENVIRONMENT_KEYS)));
}

/** The defaults, where nothing but the folder and the model is set: there is nothing to validate. */
function plainConfig({ dataDir, model, ...others }: Readonly<Record<string, unknown>>): Config | undefined {
  if (Object.keys(others).length > 0 || !isName(dataDir)) return undefined;
  if (model === undefined) return deepFreeze({ ...DEFAULT_CONFIG, dataDir });
  return isName(model) ? deepFreeze({ ...DEFAULT_CONFIG, dataDir, model }) : undefined;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

async function validated(raw: unknown, origins: Readonly<Record<string, string>>): Promise<Config> {
  // The schema takes a third of the memory and of the start of a small command; most set nothing.
  const { validateConfig } = await import('./validate-config.ts');
  return validateConfig(raw, origins);
}

function searchedFile({ searches = true, directory }: LoadConfigOptions): string | undefined {
  return searches ? findFile(directory) : undefined;
}

function findFile(start: string): string | undefined {
  for (let directory = resolve(start); ; directory = dirname(directory)) {
    const found = FILE_NAMES.map((name) => join(directory, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
    if (dirname(directory) === directory) return undefined;
  }
}

async function readConfigFile(file: string): Promise<Record<string, unknown>> {
  if (!existsSync(file))
    throw new ConfigError('unreadable_config', `There is no configuration file ${file}.`);
  let value: unknown;
  try {
    value = file.endsWith('.json')
      ? JSON.parse(readFileSync(file, 'utf8'))
      : ((await import(pathToFileURL(file).href)) as { default?: unknown }).default;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError('unreadable_config', `Could not read the configuration ${file}: ${why}`, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    // Editors find the schema by it; to Pare it says nothing.
    const { $schema: _schema, ...settings } = value as Record<string, unknown>;
    return settings;
  }
  throw new ConfigError(
    'unreadable_config',
    `The configuration ${file} must hold an object (a default export in .ts and .js).`,
  );
}

/** Values whose keys are a user's own names, which may hold dots. */
const WHOLE = new Set(['mcpProxy.servers']);

function flatten(value: Readonly<Record<string, unknown>>, origin: string, prefix = ''): Setting[] {
  return Object.entries(value).flatMap(([key, item]) =>
    // An empty object stays a value, so that an unknown key with nothing in it is still found.
    typeof item === 'object' &&
    item !== null &&
    !Array.isArray(item) &&
    Object.keys(item).length > 0 &&
    !WHOLE.has(prefix + key)
      ? flatten(item as Record<string, unknown>, origin, `${prefix}${key}.`)
      : [{ path: prefix + key, value: item, origin }],
  );
}

function setPath(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path as [string, ...string[]];
  // A configuration file is the operator's own, but a key such as __proto__ still must not reach the prototype.
  if (key === '__proto__') return;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const next = target[key];
  const child = typeof next === 'object' && next !== null ? (next as Record<string, unknown>) : {};
  target[key] = child;
  setPath(child, rest, value);
}
