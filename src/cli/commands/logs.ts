import { createHash, randomUUID } from 'node:crypto';
import type { CommandContext, ExitCode } from '../command.ts';
import { formatMany } from '../figures.ts';
import { type Condenser, condenseOne } from '../logs/condense-inputs.ts';
import { forOneRun } from '../logs/error-memory.ts';
import { checkFollowable, follow } from '../logs/follow.ts';
import { checkPaths, distinct, type LogInputFile, openInput } from '../logs/log-inputs.ts';
import { openCondenser } from '../logs/open-condenser.ts';
import { type OpenReferences, tryReferences } from '../logs/open-references.ts';
import { present } from '../logs/present.ts';
import { condenseShared } from '../logs/share-budget.ts';

/** `pare logs`: logs condensed to a number of tokens. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const paths = checkPaths(context, context.args[0] as readonly string[]);
  const followed = context.options['follow'] === true ? checkFollowable(paths) : undefined;
  const condenser = await openCondenser(context);
  const references = await tryReferences(context);
  try {
    if (followed !== undefined) return await followFile(condenser, followed, references);
    await condenseFiles(condenser, paths, references);
    return 0;
  } finally {
    await references?.close();
  }
}

async function condenseFiles(
  condenser: Condenser,
  paths: readonly string[],
  references: OpenReferences | undefined,
): Promise<void> {
  const inputs: LogInputFile[] = [];
  try {
    for (const path of distinct(condenser.context, paths))
      inputs.push(await openInput(condenser.context, path, { references }));
    const [first] = inputs;
    if (first !== undefined && inputs.length === 1) {
      const report = await condenseOne(condenser, first);
      await present(condenser, { report, name: first.name, logs: [{ input: first, report }] });
      return;
    }
    const { whole, parts } = await condenseShared(condenser, inputs.map(inOneRun(inputs)));
    await present(condenser, { report: whole, name: formatMany(inputs.length, 'log'), logs: parts });
  } finally {
    for (const input of inputs) input.close();
  }
}

/** Logs that are given together are of one run: what two of them have in common was not there before. */
function inOneRun(inputs: readonly LogInputFile[]): (input: LogInputFile) => LogInputFile {
  const run = createHash('sha256')
    .update(JSON.stringify(inputs.map(({ reference, path }) => reference ?? path).toSorted()))
    .digest('base64url');
  return (input) => ({ ...input, memory: forOneRun(input.memory, run) });
}

async function followFile(
  condenser: Condenser,
  path: string,
  references: OpenReferences | undefined,
): Promise<never> {
  const { context } = condenser;
  let reference: string | undefined;
  const memory = forOneRun(references?.memory, randomUUID());
  return follow(
    { path },
    {
      signal: context.signal,
      onGone: () => context.io.note(`pare: ${path} is gone; waiting for it to come back`),
      condense: async () => {
        const opened = await openInput(context, path, { references, previous: reference });
        const input = { ...opened, memory };
        reference = input.reference;
        const report = await condenseOne(condenser, input);
        await present(condenser, { report, name: input.name, logs: [{ input, report }] }, { isLine: true });
      },
    },
  );
}
