import type { z } from 'zod';
import { ConfigError } from '../contract/index.ts';
import { nearest } from '../support/index.ts';
import { type Config, type ConfigInput, configSchema } from './config.ts';
import { deepFreeze } from './deep-freeze.ts';

/** Validates a configuration object. @throws ConfigError `invalid_config` naming each fault */
export function parseConfig(input: ConfigInput & { readonly dataDir: string }): Config {
  return validateConfig(input, {});
}

/**
 * The configuration that these values and the defaults make.
 *
 * @param origins dotted path to where a value came from, for the message
 * @throws ConfigError `invalid_config` naming each fault
 */
export function validateConfig(raw: unknown, origins: Readonly<Record<string, string>>): Config {
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
