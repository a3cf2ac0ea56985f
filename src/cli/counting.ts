import { existsSync } from 'node:fs';
import { type Encoding, InputError, type TokenCount } from '../contract/index.ts';
import { restoreCalibration } from '../optimizer/calibration-keeper.ts';
import { readModelUpdates } from '../optimizer/models.ts';
import { openStateStore } from '../optimizer/state-store.ts';
import { storePath } from '../optimizer/store-path.ts';
import { nearest } from '../support/index.ts';
import { createTokenCounter, ENCODINGS, loadEncoding } from '../tokens/index.ts';
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
  /** Loads the encoding, which takes a while: a batch that is counted in threads needs it only for a factor. */
  open(): Promise<TextCounting>;
}

/** Counts texts at once. */
export interface TextCounting {
  count(text: string): TokenCount;
  /** Tokens in the encoding, without any factor. */
  countRaw(text: string): number;
}

/** Decides how to count, from `--encoding`, else `--model` and the configuration. @throws InputError */
export async function chooseCounting(context: CommandContext): Promise<Counting> {
  const { encoding } = context.globals;
  return encoding === undefined ? modelCounting(context) : encodingCounting(encoding);
}

/** `o200k_base, exact` or `claude-opus-4.8, estimated, within 20%`, for a summary. */
export function describeCounting(counting: Counting, count: Pick<TokenCount, 'basis' | 'errorBand'>): string {
  if (count.basis === 'exact') return `${counting.encoding}, exact`;
  const band = `within ${Math.ceil(count.errorBand * 100)}%`;
  return `${counting.model ?? counting.encoding}, ${count.basis}, ${band}`;
}

function encodingCounting(name: string): Counting {
  const encoding = ENCODINGS.find((known) => known === name);
  if (encoding === undefined) {
    const meant = nearest(name, ENCODINGS);
    const hint = meant === undefined ? `Known: ${ENCODINGS.join(', ')}.` : `Did you mean "${meant}"?`;
    throw new InputError('unknown_encoding', `There is no encoding "${name}". ${hint}`);
  }
  const open = async (): Promise<TextCounting> => {
    const counter = await loadEncoding(encoding);
    return {
      count: (text) => ({ tokens: counter.count(text), basis: 'exact', errorBand: 0 }),
      countRaw: (text) => counter.count(text),
    };
  };
  return { encoding, model: null, isExact: true, open };
}

async function modelCounting(context: CommandContext): Promise<Counting> {
  const onEvent = eventReporter(context);
  const { config } = await readConfig(context);
  const { model } = config;
  const registry = createModelRegistry({ overrides: readModelUpdates(config, onEvent) });
  const found = registry.find(model) ?? familyOf(model);
  const isExact = found.encoding !== undefined && !('isGuess' in found && found.isGuess);
  const encoding = found.encoding ?? 'o200k_base';
  const open = async (): Promise<TextCounting> => {
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
      count: (text) => counter.countText(text, model),
      countRaw: (text) => counter.encoding(encoding).count(text),
    };
  };
  return { encoding, model, isExact, open };
}
