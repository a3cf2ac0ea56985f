import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EventSink, type ModelInfo, type ModelRegistry, StoreError } from '../contract/index.ts';
import { type CalibratedTokenCounter, createTokenCounter } from '../tokens/index.ts';
import { createModelRegistry, familyOf } from '../tokens/models/index.ts';
import type { Config } from './config.ts';
import { prepareDataDir } from './data-dir.ts';

const FILE = 'models.json';
const VERSION = 1;

/** The registry, with the operator's own price updates over the packaged rows, and the counter. */
export async function openModels(options: {
  readonly config: Pick<Config, 'dataDir'>;
  readonly onEvent: EventSink;
}): Promise<{ readonly registry: ModelRegistry; readonly counter: CalibratedTokenCounter }> {
  const registry = createModelRegistry({ overrides: readModelUpdates(options.config, options.onEvent) });
  const counter = await createTokenCounter({
    families: (model) => registry.find(model) ?? familyOf(model),
    onEvent: options.onEvent,
  });
  return { registry, counter };
}

/** The rows that `pare models update` stored; none, with a warning, when the file cannot be read. */
export function readModelUpdates(config: Pick<Config, 'dataDir'>, onEvent: EventSink): readonly ModelInfo[] {
  const path = join(config.dataDir, FILE);
  if (!existsSync(path)) return [];
  try {
    const { version, models } = JSON.parse(readFileSync(path, 'utf8')) as {
      version?: unknown;
      models?: unknown;
    };
    if (version === VERSION && Array.isArray(models)) return models as ModelInfo[];
    throw new Error(`version ${String(version)} is not known`);
  } catch (error) {
    onEvent({
      level: 'warn',
      code: 'model_updates_unreadable',
      message: `${path} was not read, so packaged prices apply: ${error instanceof Error ? error.message : String(error)}. Run: pare models update FILE|URL`,
    });
    return [];
  }
}

/** Stores updated rows for the next start; the file is replaced as a whole or not at all. @throws StoreError */
export function writeModelUpdates(config: Pick<Config, 'dataDir'>, models: readonly ModelInfo[]): string {
  prepareDataDir(config);
  const path = join(config.dataDir, FILE);
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, `${JSON.stringify({ version: VERSION, models }, undefined, 1)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError('model_updates_not_written', `The prices could not be kept in ${path}: ${why}.`, {
      cause,
    });
  }
  return path;
}
