import type { ExactCache } from '../../cache/exact.ts';
import { type Invalidation, invalidate } from '../../cache/semantic/index.ts';
import { InputError, type SemanticFilter, type SemanticStore } from '../../contract/index.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { formatMany } from '../figures.ts';
import { withCore } from '../open-core.ts';
import { toJson } from '../output.ts';
import { forget, forgetOld, withEntries } from '../semantic-entries.ts';

const HOUR_SECONDS = 3600;

/** `pare cache clear`: deletes answers; without a choice only expired ones. */
export async function clear(context: CommandContext): Promise<ExitCode> {
  const { options, io, globals } = context;
  const filter = filterOf(context);
  const isFiltered = Object.keys(filter).some((name) => name !== 'tenant') || options['dryRun'] === true;
  if (isFiltered) return clearFiltered(context, filter);
  const wish = {
    isAll: options['all'] === true,
    tenant: options['tenant'] as string | undefined,
    hours: options['maxAgeHours'] as number | undefined,
  };
  const chosen = [wish.isAll, wish.tenant !== undefined, wish.hours !== undefined].filter(Boolean).length;
  if (chosen > 1) {
    throw new InputError(
      'conflicting_options',
      '--all, --tenant and --max-age-hours choose different answers. Give one of them.',
    );
  }
  const deleted = await withCore(context, async (core) => {
    const deleted = await clearAs(core.cache, wish);
    await withEntries(context, core, (store) => forgetAs(store, core.now(), wish));
    return deleted;
  });
  await io.out(globals.json === true ? toJson({ deleted }) : `${formatMany(deleted, 'answer')} deleted\n`);
  if (chosen === 0) io.note('pare: only expired answers; --all deletes every one');
  return 0;
}

interface Wish {
  readonly isAll: boolean;
  readonly tenant: string | undefined;
  readonly hours: number | undefined;
}

function clearAs(cache: ExactCache, wish: Wish): Promise<number> {
  if (wish.isAll) return cache.clear();
  if (wish.tenant !== undefined) return cache.clear(wish.tenant);
  return cache.clearOld(wish.hours === undefined ? {} : { maxAgeSeconds: wish.hours * HOUR_SECONDS });
}

/** Texts go with their answers. */
function forgetAs(store: SemanticStore, now: number, wish: Wish): Promise<void> {
  if (wish.isAll) return forget(store, {});
  if (wish.tenant !== undefined) return forget(store, { tenant: wish.tenant });
  return forgetOld(store, { now, maxAgeHours: wish.hours });
}

async function clearFiltered(context: CommandContext, filter: SemanticFilter): Promise<ExitCode> {
  const { options, globals, io } = context;
  const isDryRun = options['dryRun'] === true;
  if (options['maxAgeHours'] !== undefined) {
    throw new InputError(
      'conflicting_options',
      '--max-age-hours stands alone; beside other choices give a time: --until.',
    );
  }
  if (options['all'] !== true && Object.keys(filter).length === 0) {
    throw new InputError(
      'nothing_chosen',
      'Say what --dry-run is for: --all, --tenant, --tag, --text, --since, --until or --model.',
    );
  }
  const found = await withCore(context, (core) =>
    withEntries(context, core, (store) => invalidate({ store, answers: core.cache }, filter, { isDryRun })),
  );
  await io.out(globals.json === true ? toJson(toReport(found, isDryRun)) : render(found, isDryRun));
  return 0;
}

function filterOf({ options, globals }: CommandContext): SemanticFilter {
  const named = {
    tenant: options['tenant'],
    model: globals.model,
    tags: options['tag'],
    text: options['text'],
    createdFrom: options['since'],
    createdBefore: options['until'],
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

function toReport({ answers, entries, texts }: Invalidation, isDryRun: boolean): object {
  return isDryRun
    ? { deleted: 0, would_delete: answers, entries, texts }
    : { deleted: answers, entries, texts };
}

function render({ answers, texts }: Invalidation, isDryRun: boolean): string {
  if (!isDryRun) return `${formatMany(answers, 'answer')} deleted\n`;
  const shown = texts.map((text) => `  ${text.replaceAll(/\s+/g, ' ')}\n`).join('');
  return `${formatMany(answers, 'answer')} would be deleted\n${shown}`;
}
