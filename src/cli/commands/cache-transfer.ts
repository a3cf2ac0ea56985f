import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { AbortedError, InputError } from '../../contract/index.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { formatCount, formatMany } from '../figures.ts';
import { unreadable } from '../input.ts';
import { withCore } from '../open-core.ts';
import { toJson, writeResult } from '../output.ts';

/** Answers may be private: only the owner reads the file. */
const OWNER_ONLY = 0o600;

/** `pare cache export`: all answers as JSON lines, to a file or stdout. */
export async function exportEntries(context: CommandContext): Promise<ExitCode> {
  const path = context.args[0] as string | undefined;
  let entries = 0;
  const isFile = await withCore(context, (core) => {
    async function* lines(): AsyncGenerator<string> {
      for await (const line of core.cache.export()) {
        entries++;
        yield `${line}\n`;
      }
    }
    return writeResult(context, lines(), { path, mode: OWNER_ONLY });
  });
  // The first line is a header.
  const exported = Math.max(0, entries - 1);
  if (isFile && context.globals.json === true) await context.io.out(toJson({ exported, path }));
  context.io.note(`pare: ${formatMany(exported, 'answer')} exported`);
  return 0;
}

/** `pare cache import`: reads what `export` wrote; bad lines are named and exit 2, the others are kept. */
export async function importEntries(context: CommandContext): Promise<ExitCode> {
  const path = context.args[0] as string;
  const input = openInput(context, path);
  const stop = (): void => void input.destroy(new AbortedError());
  context.signal.addEventListener('abort', stop, { once: true });
  try {
    const report = await withCore(context, (core) => core.cache.import(linesOf(input, path)));
    const { imported, skipped, rejected, problems } = report;
    await context.io.out(
      context.globals.json === true
        ? toJson({ imported, skipped, rejected, problems })
        : `${formatCount(imported)} imported, ${formatCount(skipped)} skipped, ${formatCount(rejected)} rejected\n`,
    );
    for (const { line, reason } of problems) context.io.warn(`pare: ${path}, line ${line}: ${reason}`);
    return rejected > 0 ? 2 : 0;
  } finally {
    context.signal.removeEventListener('abort', stop);
    input.destroy();
  }
}

function openInput(context: CommandContext, path: string): Readable {
  if (path === '-') return context.io.stdin;
  const full = resolve(context.directory, path);
  try {
    if (statSync(full).isDirectory()) {
      throw new InputError('not_a_file', `${path} is a directory. Name a file.`);
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  return createReadStream(full);
}

async function* linesOf(input: Readable, path: string): AsyncGenerator<string> {
  // An interface does not pass on the errors of its input, so they are kept and thrown at the end.
  let failure: Error | undefined;
  const reader = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  input.once('error', (error) => {
    failure = error;
    reader.close();
  });
  yield* reader;
  if (failure instanceof AbortedError) throw failure;
  if (failure !== undefined) throw unreadable(path, failure);
}
