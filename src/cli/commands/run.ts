import { randomUUID } from 'node:crypto';
import { throwIfAborted } from '../../support/index.ts';
import type { CommandContext } from '../command.ts';
import { renderFailure, unwritten } from '../failure.ts';
import type { Condenser } from '../logs/condense-inputs.ts';
import { forOneRun } from '../logs/error-memory.ts';
import { condenseEnded } from '../logs/exit-line.ts';
import { NOT_FOUND, type Obstacle, whyNotStartable } from '../logs/find-program.ts';
import type { LogInputFile } from '../logs/log-inputs.ts';
import { openCondenser } from '../logs/open-condenser.ts';
import { tryReferences } from '../logs/open-references.ts';
import { present } from '../logs/present.ts';
import { RawOutput, warnOfFault } from '../logs/raw-output.ts';
import { runProgram } from '../logs/run-program.ts';
import { plain } from '../text-table.ts';

const LINE_FEED = 10;
const MOST_NAME_CHARS = 60;

/** `pare run`: a command with its output condensed; the exit code is the command's. */
export async function run(context: CommandContext): Promise<number> {
  const { io, environment, directory } = context;
  const command = context.args[0] as readonly string[];
  const [name = ''] = command;
  // What is wrong with the flags shows before anything is run.
  const condenser = await openCondenser(context);
  const obstacle = whyNotStartable(name, { directory, searchPath: environment['PATH'] });
  if (obstacle !== undefined) return notStarted(context, name, obstacle);
  const references = await tryReferences(context);
  const raw = new RawOutput(context, references);
  const live = new LiveOutput();
  try {
    // Whoever interrupts before it begins does not want it to.
    throwIfAborted(context.signal);
    const ending = await runProgram({
      command,
      directory,
      environment,
      onOutput: async (chunk) => {
        if (context.globals.quiet !== true) live.write(chunk);
        await raw.write(chunk);
      },
    });
    if (ending.kind === 'not-started') return notStarted(context, name, { why: ending.why, code: NOT_FOUND });
    live.end();
    // A reader that has seen enough changes nothing about how the command ended.
    process.stdout.removeAllListeners('error').on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') io.warn(renderFailure(unwritten(error), false));
      process.exit(ending.code);
    });
    const memory = forOneRun(references?.memory, randomUUID());
    await condenseOutput(condenser, raw, { command, code: ending.code, memory });
    return ending.code;
  } finally {
    raw.close();
    await references?.close().catch((error: unknown) => io.warn(`pare: ${String(error)}`));
  }
}

/** A command that has ended. */
interface Ended extends Pick<LogInputFile, 'memory'> {
  readonly command: readonly string[];
  readonly code: number;
}

/** Prints the condensed output, or on any fault of ours the raw one (INV-L5). */
async function condenseOutput(
  condenser: Condenser,
  raw: RawOutput,
  { command, code, memory }: Ended,
): Promise<void> {
  const { context } = condenser;
  try {
    const kept = await raw.finish();
    if (kept === undefined) return;
    const input: LogInputFile = {
      ...kept,
      name: nameOf(command),
      shownPath: null,
      memory,
      close: () => raw.close(),
    };
    const report = await condenseEnded(condenser, input, code);
    await present(condenser, { report, name: input.name, logs: [{ input, report }] });
  } catch (error) {
    if (context.signal.aborted)
      return context.io.warn('pare: interrupted; the output is not shown [aborted]');
    warnOfFault(context, error);
    await raw.printRaw();
  }
}

/** The command in short: it stands in the result. */
function nameOf(command: readonly string[]): string {
  const name = plain(command.join(' '));
  return name.length <= MOST_NAME_CHARS ? name : `${name.slice(0, MOST_NAME_CHARS - 1)}…`;
}

/** Passes on to stderr what the command prints, while it runs. */
class LiveOutput {
  #last: number | undefined;

  constructor() {
    // Whoever stops looking on does not stop the command.
    process.stderr.on('error', () => {});
  }

  write(chunk: Uint8Array): void {
    process.stderr.write(chunk);
    this.#last = chunk.at(-1) ?? this.#last;
  }

  /** What comes next begins on a line of its own. */
  end(): void {
    if (this.#last !== undefined && this.#last !== LINE_FEED) process.stderr.write('\n');
  }
}

function notStarted({ io }: CommandContext, name: string, { why, code }: Obstacle): number {
  const kind = code === NOT_FOUND ? 'command_not_found' : 'command_not_executable';
  io.warn(`pare: ${plain(name)} could not be started: ${plain(why)}. [${kind}]`);
  return code;
}
