#!/usr/bin/env node
import { CommanderError } from 'commander';
import { isPareError } from '../contract/index.ts';
import type { CommandContext, ExitCode, GlobalOptions } from './command.ts';
import { COMMANDS } from './command-table.ts';
import { exitCodeOf, renderFailure, unwritten } from './failure.ts';
import { GLOBAL_OPTIONS } from './global-options.ts';
import { createIo } from './io.ts';
import { createProgram, type Dispatch } from './program.ts';
import { separateCommand } from './separate-command.ts';
import { keepHeapSmall } from './small-heap.ts';
import { readPackage } from './version.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const INTERRUPTED: ExitCode = 130;
const FAILED: ExitCode = 3;

async function main(): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      // A second signal means now.
      if (interrupt.signal.aborted) process.exit(INTERRUPTED);
      interrupt.abort(signal);
    });
  }
  hideExperiments();
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) is no error.
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`${renderFailure(unwritten(error), false)}\n`);
    process.exit(FAILED);
  });
  // Node's own answer is 1, which here means that a check said no.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${renderFailure(error, true)}\n`);
    process.exit(FAILED);
  });
  let code = 0;
  const dispatch: Dispatch = async (spec, { options, globals, args }) => {
    if (spec.hasSmallHeap === true) keepHeapSmall();
    const { run } = await (spec.load as NonNullable<typeof spec.load>)();
    code = await run(createContext({ options, globals, args }, interrupt.signal));
  };
  try {
    const args = separateCommand(process.argv.slice(2), COMMANDS, GLOBAL_OPTIONS);
    await createProgram(readPackage().version, dispatch).parseAsync(args, { from: 'user' });
  } catch (error) {
    code = report(error);
  }
  process.exitCode = code;
}

/** Node 22 warns of its own SQLite, which nobody who runs this can do anything about. */
function hideExperiments(): void {
  const emit = process.emitWarning.bind(process) as (...args: readonly unknown[]) => void;
  process.emitWarning = (...args: readonly unknown[]): void => {
    if (args[1] !== 'ExperimentalWarning') emit(...args);
  };
}

/** Says on stderr what went wrong and returns the exit code for it. */
function report(error: unknown): ExitCode {
  // Commander has written its message already; help and version are thrown, too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const withStack = process.argv.includes('--verbose') || !isPareError(error);
  process.stderr.write(`${renderFailure(error, withStack)}\n`);
  return exitCodeOf(error);
}

function createContext(
  parsed: Pick<CommandContext, 'options' | 'args'> & { readonly globals: GlobalOptions },
  signal: AbortSignal,
): CommandContext {
  const { globals } = parsed;
  return {
    ...parsed,
    io: createIo({
      quiet: globals.quiet === true,
      color: globals.color !== false,
      noColorVariable: (process.env['NO_COLOR'] ?? '') !== '',
    }),
    signal,
    commands: COMMANDS,
    environment: process.env,
    directory: process.cwd(),
  };
}

await main();
