import { parseReference, readText } from '../../logs/references/index.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { openReferences } from '../logs/open-references.ts';

/** `pare show`: the original behind a reference, or some lines of it. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { io, signal } = context;
  const reference = context.args[0] as string;
  const { lines } = parseReference(reference);
  const references = await openReferences(context);
  try {
    const log = await references.open(reference, signal);
    if (log.note !== undefined) io.warn(`pare: ${log.note}`);
    for await (const block of readText(log, lines === undefined ? { signal } : { lines, signal })) {
      await io.out(block);
    }
    return 0;
  } finally {
    await references.close();
  }
}
