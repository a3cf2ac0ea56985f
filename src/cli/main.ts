#!/usr/bin/env node
import { CommanderError } from 'commander';
import { isPareError } from '../contract/index.ts';
import type { CommandContext, ExitCode, GlobalOptions } from './command.ts';
import { COMMANDS } from './command-table.ts';
import { exitCodeOf, renderFailure } from './failure.ts';
import { createIo } from './io.ts';
import { createProgram, type Dispatch } from './program.ts';
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
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : FAILED),
  );
  // Node's own answer is 1, which here means that a check said no.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${renderFailure(error, true)}\n`);
    process.exit(FAILED);
  });
  let code = 0;
  const dispatch: Dispatch = async (spec, { options, globals, args }) => {
    const { run } = await (spec.load as NonNullable<typeof spec.load>)();
    code = await run(createContext({ options, globals, args }, interrupt.signal));
  };
  try {
    await createProgram(readPackage().version, dispatch).parseAsync();
  } catch (error) {
    code = report(error);
  }
  process.exitCode = code;
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
