import type { TokenCount } from '../../contract/index.ts';
import { countBatch } from '../../tokens/index.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { type CountSource, openSources } from '../count-sources.ts';
import { type Counting, chooseCounting, describeCounting, type TextCounting } from '../counting.ts';
import { formatBytes } from '../figures.ts';
import { toJson } from '../output.ts';
import { createProgress } from '../progress.ts';
import { plain, renderTable } from '../text-table.ts';

/** The tokens of one file. */
interface FileCount extends TokenCount {
  readonly path: string;
  readonly bytes: number;
}

/** `pare count`: tokens of files, or of stdin without any. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { io } = context;
  const named = context.args[0] as readonly string[];
  const startedAt = performance.now();
  const sources = await openSources(context, named.length === 0 ? ['-'] : named);
  const counting = await chooseCounting(context);
  for (const { path, isBinary } of sources) {
    if (isBinary) io.warn(`pare: ${plain(path)} is not UTF-8 text; it is counted as it decodes`);
  }
  const counts = await countSources(context, sources, counting);
  const total = sumOf(counts);
  const bytes = counts.reduce((sum, count) => sum + count.bytes, 0);
  await io.out(
    context.globals.json === true
      ? toJson({
          encoding: counting.encoding,
          model: counting.model,
          basis: total.basis,
          total: total.tokens,
          files: counts.map((count) => ({ path: count.path, tokens: count.tokens, bytes: count.bytes })),
        })
      : renderText(counts, total.tokens, named.length > 0),
  );
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  io.note(`pare: ${describeCounting(counting, total)}; ${formatBytes(bytes)} in ${seconds} s`);
  return 0;
}

async function countSources(
  context: CommandContext,
  sources: readonly CountSource[],
  counting: Counting,
): Promise<readonly FileCount[]> {
  const workers = context.options['workers'] as number | undefined;
  const progress = await createProgress(context.io, 'count');
  try {
    const raw = await countBatch(
      sources.map(({ input }) => input),
      {
        encoding: counting.encoding,
        signal: context.signal,
        onProgress: (done, total) => progress.update(done, total),
        ...(workers === undefined ? {} : { workers }),
      },
    );
    const texts = counting.isExact ? undefined : await counting.open();
    return raw.map((result, i) => {
      if (result.status === 'failed') throw result.error;
      const source = sources[i] as CountSource;
      return { path: source.path, bytes: result.bytes, ...correct(result.tokens, source, texts) };
    });
  } finally {
    progress.stop();
  }
}

/** Applies the model's factor, which depends on the kind of text; that of a long file is its beginning's. */
function correct(raw: number, { sample, isWhole }: CountSource, texts: TextCounting | undefined): TokenCount {
  if (texts === undefined) return { tokens: raw, basis: 'exact', errorBand: 0 };
  const counted = texts.count(sample);
  if (isWhole) return counted;
  const factor = counted.tokens / Math.max(1, texts.countRaw(sample));
  return { ...counted, tokens: Math.round(raw * factor) };
}

/** The sum, with the weakest basis and the widest band of its parts. */
function sumOf(counts: readonly FileCount[]): TokenCount {
  const bases = new Set(counts.map(({ basis }) => basis));
  const weakest = (['estimated', 'calibrated'] as const).find((basis) => bases.has(basis));
  return {
    tokens: counts.reduce((sum, { tokens }) => sum + tokens, 0),
    basis: weakest ?? 'exact',
    errorBand: Math.max(0, ...counts.map(({ errorBand }) => errorBand)),
  };
}

function renderText(counts: readonly FileCount[], total: number, isNamed: boolean): string {
  if (!isNamed) return `${total}\n`;
  const rows = counts.map(({ path, tokens }) => [String(tokens), path]);
  if (rows.length > 1) rows.push([String(total), 'total']);
  return renderTable([{ name: '', align: 'right' }, { name: '' }], rows);
}
