import { z } from 'zod';
import { configSchema } from './config.ts';
import { ENVIRONMENT_KEYS } from './environment.ts';
import type { LoadedConfig } from './load-config.ts';
import { shapeOf } from './validate-config.ts';

/** One value of the configuration, for people to read. */
export interface ConfigSetting {
  /** Dotted: `server.port`. */
  readonly path: string;
  /** Secrets are masked; `null` when nothing is set. */
  readonly value: unknown;
  /** `default`, `environment PARE_PORT`, `file /path` or `flag`. */
  readonly origin: string;
  /** The environment variable that sets it, when there is one. */
  readonly environment: string | null;
}

const MASK = '********';

/** Every value of a configuration with its origin, in the order of the schema; no secret is in it (INV-E3). */
export function describeConfig({
  config,
  origins,
}: Pick<LoadedConfig, 'config' | 'origins'>): ConfigSetting[] {
  const variables = new Map(Object.entries(ENVIRONMENT_KEYS).map(([name, { path }]) => [path, name]));
  return leaves(configSchema, config, '').map(({ path, value }) => ({
    path,
    value: mask(path, value),
    origin: origins[path] ?? 'default',
    environment: variables.get(path) ?? null,
  }));
}

/** The JSON Schema (2020-12) of a configuration file, as users write it. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' }) as {
    required?: readonly string[];
    properties?: Readonly<Record<string, unknown>>;
  };
  // The data folder has a default that only the environment knows, so a file need not name it.
  const { required: _required, properties, ...rest } = schema;
  const pointer = { type: 'string', description: 'Where editors find this schema.' };
  return { ...rest, title: 'Pare configuration', properties: { $schema: pointer, ...properties } };
}

interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

/** Follows the schema rather than the value, so that what is not set is shown as such. */
function leaves(schema: unknown, value: unknown, prefix: string): Leaf[] {
  const shape = shapeOf(schema);
  if (shape === undefined) return [{ path: prefix, value: value ?? null }];
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(shape).flatMap(([key, inner]) =>
    leaves(inner, fields[key], prefix === '' ? key : `${prefix}.${key}`),
  );
}

function mask(path: string, value: unknown): unknown {
  if (value === null) return null;
  if (/key$|secret|token$|password/i.test(path)) return MASK;
  // Commands, variables and headers of servers hold keys in any place.
  if (path === 'mcpProxy.servers') {
    return Object.fromEntries(Object.keys(value as object).map((name) => [name, MASK]));
  }
  return typeof value === 'string' ? value.replace(/^(\w+:\/\/)[^/@]+@/, `$1${MASK}@`) : value;
}
