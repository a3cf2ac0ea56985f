import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import { ConfigError } from '../contract/index.ts';
import { nearest } from '../support/index.ts';
import { type Config, type ConfigInput, configSchema } from './config.ts';
import { defaultDataDir, type Environment, readEnvironment, type Setting } from './environment.ts';

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
  return { config: validate(raw, origins), file, origins };
}

/** Validates a configuration object. @throws ConfigError `invalid_config` naming each fault */
export function parseConfig(input: ConfigInput & { readonly dataDir: string }): Config {
  return validate(input, {});
}

function validate(raw: unknown, origins: Readonly<Record<string, string>>): Config {
  const parsed = configSchema.safeParse(raw);
  if (parsed.success) return deepFreeze(parsed.data);
  const faults = parsed.error.issues.map((issue) => describe(issue, origins));
  throw new ConfigError('invalid_config', `The configuration is not valid:\n  ${faults.join('\n  ')}`);
}

function describe(issue: z.core.$ZodIssue, origins: Readonly<Record<string, string>>): string {
  const path = issue.path.map(String).join('.');
  const origin = origins[path] === undefined ? '' : ` (from ${origins[path]})`;
  if (issue.code !== 'unrecognized_keys') return `${path || 'the file'}: ${issue.message}${origin}`;
  const known = keysAt(issue.path.map(String));
  return issue.keys
    .map((key) => {
      const meant = nearest(key, known);
      const full = path === '' ? key : `${path}.${key}`;
      return `unknown key "${full}"${meant === undefined ? `; known: ${known.join(', ')}` : `; did you mean "${meant}"?`}`;
    })
    .join('\n  ');
}

function keysAt(path: readonly string[]): string[] {
  let schema: unknown = configSchema;
  for (const step of path) schema = shapeOf(schema)?.[step];
  return Object.keys(shapeOf(schema) ?? {});
}

/** The fields of an object schema, through its defaults; undefined for the schema of a plain value. */
export function shapeOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  let inner = schema as { shape?: Record<string, unknown>; def?: { innerType?: unknown } } | undefined;
  while (inner?.shape === undefined && inner?.def?.innerType !== undefined)
    inner = inner.def.innerType as typeof inner;
  return inner?.shape;
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

function flatten(value: Readonly<Record<string, unknown>>, origin: string, prefix = ''): Setting[] {
  return Object.entries(value).flatMap(([key, item]) =>
    // An empty object stays a value, so that an unknown key with nothing in it is still found.
    typeof item === 'object' && item !== null && !Array.isArray(item) && Object.keys(item).length > 0
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

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) deepFreeze(item);
    Object.freeze(value);
  }
  return value;
}
