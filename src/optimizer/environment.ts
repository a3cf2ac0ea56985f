import { homedir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../contract/index.ts';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

type Kind = 'text' | 'integer' | 'number' | 'boolean' | 'list';

/** Each variable and the configuration key it sets. */
export const ENVIRONMENT_KEYS: Readonly<Record<string, { readonly path: string; readonly kind: Kind }>> = {
  PARE_DATA_DIR: { path: 'dataDir', kind: 'text' },
  PARE_PRESET: { path: 'preset', kind: 'text' },
  PARE_MODEL: { path: 'model', kind: 'text' },
  PARE_HOST: { path: 'server.host', kind: 'text' },
  PARE_PORT: { path: 'server.port', kind: 'integer' },
  PARE_MAX_BODY_BYTES: { path: 'server.maxBodyBytes', kind: 'integer' },
  PARE_ALLOWED_HOSTS: { path: 'server.allowedHosts', kind: 'list' },
  PARE_ALLOWED_ORIGINS: { path: 'server.allowedOrigins', kind: 'list' },
  PARE_UPSTREAM_OPENAI: { path: 'upstreams.openai.url', kind: 'text' },
  PARE_UPSTREAM_ANTHROPIC: { path: 'upstreams.anthropic.url', kind: 'text' },
  PARE_OPENAI_API_KEY: { path: 'upstreams.openai.apiKey', kind: 'text' },
  PARE_ANTHROPIC_API_KEY: { path: 'upstreams.anthropic.apiKey', kind: 'text' },
  PARE_CACHE_TTL_SECONDS: { path: 'cache.ttlSeconds', kind: 'integer' },
  PARE_CACHE_MAX_ENTRIES: { path: 'cache.maxEntries', kind: 'integer' },
  PARE_CACHE_MAX_BYTES: { path: 'cache.maxBytes', kind: 'integer' },
  PARE_CACHE_NORMALIZE: { path: 'cache.normalize', kind: 'text' },
  PARE_CACHE_REPLAY_AGENT_TURNS: { path: 'cache.replayAgentTurns', kind: 'boolean' },
  PARE_SEMANTIC: { path: 'stages.semantic-cache', kind: 'text' },
  PARE_MAX_FALSE_HIT_RATE: { path: 'semantic.maxFalseHitRate', kind: 'number' },
  PARE_EMBEDDER_API_KEY: { path: 'semantic.embedder.apiKey', kind: 'text' },
  PARE_LOGS_STORE_MEMORY: { path: 'logs.storeMemory', kind: 'boolean' },
};

/** One configured value and where it came from. */
export interface Setting {
  /** Dotted: `server.port`. */
  readonly path: string;
  readonly value: unknown;
  /** `default`, `environment PARE_PORT`, `file /path`, `flag`. */
  readonly origin: string;
}

/** The settings that the environment holds. @throws ConfigError `invalid_environment` */
export function readEnvironment(environment: Environment): Setting[] {
  const settings: Setting[] = [];
  for (const [name, { path, kind }] of Object.entries(ENVIRONMENT_KEYS)) {
    const text = environment[name];
    if (text === undefined || text === '') continue;
    settings.push({ path, value: parseValue(name, text, kind), origin: `environment ${name}` });
  }
  return settings;
}

/** Kept for the project's own benches and tests; no configuration. */
const FOREIGN = /^PARE_(?:BENCH|TEST)_/;

/**
 * Variables that look like Pare's and set nothing.
 *
 * @param mentions whether the configuration names a variable itself, as the settings of MCP servers may
 */
export function unknownVariables(environment: Environment, mentions: (name: string) => boolean): string[] {
  return Object.keys(environment).filter(
    (name) =>
      name.startsWith('PARE_') &&
      !FOREIGN.test(name) &&
      !Object.hasOwn(ENVIRONMENT_KEYS, name) &&
      !mentions(name),
  );
}

/** The folder of the databases when nothing else is configured. */
export function defaultDataDir(environment: Environment): string {
  return join(environment['HOME'] || homedir(), '.pare');
}

function parseValue(name: string, text: string, kind: Kind): unknown {
  if (kind === 'text') return text;
  if (kind === 'list') return text.split(',').map((item) => item.trim());
  if (kind === 'integer' && /^\d+$/.test(text)) return Number(text);
  if (kind === 'number' && /^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (kind === 'boolean' && /^(true|1|false|0)$/.test(text)) return text === 'true' || text === '1';
  const wanted = { integer: 'a whole number', number: 'a number', boolean: 'true or false' }[kind];
  throw new ConfigError(
    'invalid_environment',
    `The environment variable ${name} must be ${wanted}, got "${text}".`,
  );
}
