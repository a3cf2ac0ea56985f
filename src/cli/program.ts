import { Argument, Command, Option } from 'commander';
import type { ArgumentSpec, CommandSpec, OptionSpec } from './command.ts';
import { COMMANDS } from './command-table.ts';
import { GLOBAL_OPTIONS } from './global-options.ts';

/** Runs a command that was parsed: its options and those of its parents, and its arguments in order. */
export type Dispatch = (
  spec: CommandSpec,
  parsed: {
    readonly options: Readonly<Record<string, unknown>>;
    readonly globals: Readonly<Record<string, unknown>>;
    readonly args: readonly (string | readonly string[] | undefined)[];
  },
) => Promise<void>;

/** The parser of the whole command line. It throws instead of leaving the process. */
export function createProgram(version: string, dispatch: Dispatch): Command {
  const program = new Command('pare')
    .description('Cuts the tokens sent to language models, and proves the saving.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpCommand(
      new Command('help').argument('[command]').description('print help for a command').helpGroup('Setup:'),
    )
    .configureOutput({ outputError: (text, write) => write(withCode(text)) })
    .showHelpAfterError('(see pare --help)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  for (const option of GLOBAL_OPTIONS) program.addOption(toOption(option));
  for (const spec of COMMANDS) addCommand(program, spec, dispatch);
  return program;
}

/** What commander says of wrong usage, and the code that stands behind it. */
const USAGE_CODES: readonly (readonly [RegExp, string])[] = [
  [/^unknown option/, 'unknown_option'],
  [/^unknown command/, 'unknown_command'],
  [/^missing required argument|^required option|argument missing$/, 'missing_argument'],
  [/^too many arguments/, 'too_many_arguments'],
  [/ is invalid\b/, 'invalid_option'],
];

/** The message for wrong usage with our name before it and its code behind its first line. */
function withCode(text: string): string {
  return text.replace(/^error: (.*)/, (_, message: string) => {
    const code = USAGE_CODES.find(([form]) => form.test(message))?.[1] ?? 'invalid_usage';
    return `pare: ${message} [${code}]`;
  });
}

function addCommand(parent: Command, spec: CommandSpec, dispatch: Dispatch): void {
  const command = parent.command(spec.name).description(spec.description);
  command.copyInheritedSettings(parent).showHelpAfterError(`(see pare ${pathOf(command)} --help)`);
  if (spec.group !== undefined) command.helpGroup(spec.group);
  for (const argument of spec.arguments ?? []) command.addArgument(toArgument(argument));
  for (const option of spec.options ?? []) command.addOption(toOption(option));
  for (const inner of spec.commands ?? []) addCommand(command, inner, dispatch);
  if (spec.load === undefined) return;
  command.action((...received: unknown[]) => {
    const self = received.at(-1) as Command;
    return dispatch(spec, {
      options: self.opts(),
      globals: self.optsWithGlobals(),
      args: received.slice(0, -2) as (string | string[] | undefined)[],
    });
  });
}

function toArgument(spec: string | ArgumentSpec): Argument {
  if (typeof spec === 'string') return new Argument(spec);
  const argument = new Argument(spec.text);
  return spec.choices === undefined ? argument : argument.choices(spec.choices);
}

function toOption({ flags, description, parse, choices, defaultValue, isRequired }: OptionSpec): Option {
  // Only told: the value comes from the configuration or the command, which must know what was not given.
  const told = defaultValue === undefined ? description : `${description} (default: ${String(defaultValue)})`;
  const option = new Option(flags, told);
  if (parse !== undefined) option.argParser(parse);
  if (choices !== undefined) option.choices(choices);
  if (isRequired === true) option.makeOptionMandatory();
  return option;
}

function pathOf(command: Command): string {
  const names: string[] = [];
  for (let at: Command | null = command; at?.parent; at = at.parent) names.unshift(at.name());
  return names.join(' ');
}
