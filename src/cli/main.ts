#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { isPareError } from '../contract/index.ts';
import type { CommandContext, CommandSpec, ExitCode, GlobalOptions } from './command.ts';
import { COMMANDS } from './command-table.ts';
import { exitCodeOf, renderFailure } from './failure.ts';
import { createIo } from './io.ts';

const interrupt = new AbortController();

function createProgram(finish: (code: ExitCode) => void): Command {
  const program = new Command('pare')
    .description('Cuts the tokens sent to language models, and proves the saving.')
    .version(readVersion(), '--version', 'print the version')
    .option('--config <file>', 'configuration file (default: pare.config.* found upwards)')
    .option('--data-dir <dir>', 'folder of the databases (PARE_DATA_DIR, default ~/.pare)')
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress and no summaries')
    .option('--verbose', 'say more on stderr')
    .option('--no-color', 'no colors (also NO_COLOR)')
    .option('--model <model>', 'model whose tokens are counted (default: gpt-4o)')
    .option('--encoding <encoding>', 'encoding to count with, instead of a model')
    .helpOption('--help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showHelpAfterError('(see pare --help)')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) });
  for (const spec of COMMANDS) addCommand(program, spec, finish);
  program.action(() => {
    program.outputHelp({ error: true });
    finish(2);
  });
  return program;
}

function addCommand(parent: Command, spec: CommandSpec, finish: (code: ExitCode) => void): void {
  const command = parent
    .command(spec.name)
    .description(spec.description)
    .helpOption('--help', 'print help')
    .exitOverride();
  command.copyInheritedSettings(parent);
  for (const argument of spec.arguments ?? []) command.argument(argument);
  for (const { flags, description, parse, choices, defaultValue, isRequired } of spec.options ?? []) {
    const option = new Option(flags, description);
    if (parse !== undefined) option.argParser(parse);
    if (choices !== undefined) option.choices(choices);
    if (defaultValue !== undefined) option.default(undefined, String(defaultValue));
    if (isRequired === true) option.makeOptionMandatory();
    command.addOption(option);
  }
  for (const inner of spec.commands ?? []) addCommand(command, inner, finish);
  const { load } = spec;
  if (load === undefined) return;
  command.action(async (...received: unknown[]) => {
    const self = received.at(-1) as Command;
    const context = createContext(self, received.slice(0, -2) as CommandContext['args']);
    const { run } = await load();
    finish(await run(context));
  });
}

function createContext(command: Command, args: CommandContext['args']): CommandContext {
  const globals = command.optsWithGlobals<GlobalOptions>();
  return {
    args,
    options: command.opts(),
    globals,
    io: createIo({
      quiet: globals.quiet === true,
      color: globals.color !== false,
      noColorVariable: (process.env['NO_COLOR'] ?? '') !== '',
    }),
    signal: interrupt.signal,
    environment: process.env,
    directory: process.cwd(),
  };
}

function readVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

async function main(): Promise<void> {
  let code: ExitCode = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second signal means now.
      if (interrupt.signal.aborted) process.exit(130);
      interrupt.abort(signal);
    });
  }
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));
  try {
    await createProgram((result) => {
      code = result;
    }).parseAsync();
  } catch (error) {
    code = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : exitCodeOf(error);
    const isVerbose = process.argv.includes('--verbose');
    if (!(error instanceof CommanderError))
      process.stderr.write(`${renderFailure(error, isVerbose || !isPareError(error))}\n`);
  }
  process.exitCode = code;
}

await main();
