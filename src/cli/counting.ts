import { existsSync } from 'node:fs';
import { type Encoding, InputError, type TokenCount } from '../contract/index.ts';
import { restoreCalibration } from '../optimizer/calibration-keeper.ts';
import { readModelUpdates } from '../optimizer/models.ts';
import { openStateStore, storePath } from '../optimizer/stores.ts';
import { nearest } from '../support/index.ts';
import { createTokenCounter, ENCODINGS } from '../tokens/index.ts';
import { createModelRegistry, familyOf } from '../tokens/models/index.ts';
import type { CommandContext } from './command.ts';
import { eventReporter } from './event-reporter.ts';
import { readConfig } from './read-config.ts';

/** How the tokens of one run are counted. */
export interface Counting {
  /** The encoding that texts are split in; a model without a published one has a factor on top. */
  readonly encoding: Encoding;
  /** Null when an encoding was asked for. */
  readonly model: string | null;
  /** True when the encoding alone decides. */
  readonly isExact: boolean;
  count(text: string): TokenCount;
  /** Tokens in `encoding`, without any factor. */
  countRaw(text: string): number;
}

/** Decides how to count, from `--encoding`, else `--model` and the configuration. @throws InputError */
export async function openCounting(context: CommandContext): Promise<Counting> {
  const { encoding } = context.globals;
  return encoding === undefined ? openModelCounting(context) : openEncodingCounting(encoding);
}

/** `o200k_base, exact` or `claude-opus-4.8, estimated, within 20%`, for a summary. */
export function describeCounting(counting: Counting, count: Pick<TokenCount, 'basis' | 'errorBand'>): string {
  if (count.basis === 'exact') return `${counting.encoding}, exact`;
  const band = `within ${Math.ceil(count.errorBand * 100)}%`;
  return `${counting.model ?? counting.encoding}, ${count.basis}, ${band}`;
}

async function openEncodingCounting(name: string): Promise<Counting> {
  const encoding = ENCODINGS.find((known) => known === name);
  if (encoding === undefined) {
    const meant = nearest(name, ENCODINGS);
    const hint = meant === undefined ? `Known: ${ENCODINGS.join(', ')}.` : `Did you mean "${meant}"?`;
    throw new InputError('unknown_encoding', `There is no encoding "${name}". ${hint}`);
  }
  const counter = (await createTokenCounter({ preload: [encoding] })).encoding(encoding);
  const count = (text: string): TokenCount => ({ tokens: counter.count(text), basis: 'exact', errorBand: 0 });
  return { encoding, model: null, isExact: true, count, countRaw: (text) => counter.count(text) };
}

async function openModelCounting(context: CommandContext): Promise<Counting> {
  const onEvent = eventReporter(context);
  const { config } = await readConfig(context);
  const { model } = config;
  const registry = createModelRegistry({ overrides: readModelUpdates(config, onEvent) });
  const found = registry.find(model) ?? familyOf(model);
  const isExact = found.encoding !== undefined && !('isGuess' in found && found.isGuess);
  const encoding = found.encoding ?? 'o200k_base';
  const counter = await createTokenCounter({ families: () => found, preload: [encoding] });
  // Without a state file nothing was learned, and counting is no reason to make one.
  if (!isExact && existsSync(storePath(config, 'state'))) {
    const state = openStateStore(config, onEvent);
    try {
      await restoreCalibration(counter, state);
    } finally {
      await state.close();
    }
  }
  return {
    encoding,
    model,
    isExact,
    count: (text) => counter.countText(text, model),
    countRaw: (text) => counter.encoding(encoding).count(text),
  };
}
