import type { CommandSpec, OptionSpec } from './command.ts';

/**
 * Puts `--` before the command line that a command such as `run` takes, so that its options stay its own:
 * `pare run --quiet npm test --silent`.
 *
 * @param args without the names of program and script
 */
export function separateCommand(
  args: readonly string[],
  commands: readonly CommandSpec[],
  globals: readonly OptionSpec[],
): readonly string[] {
  let options = globals;
  let spec: CommandSpec | undefined;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '--') return args;
    if (arg.startsWith('-') && arg !== '-') {
      if (takesNext(arg, options)) at++;
    } else if (spec === undefined) {
      spec = commands.find(({ name }) => name === arg);
      if (spec?.runsCommand !== true) return args;
      options = [...globals, ...(spec.options ?? [])];
    } else {
      return [...args.slice(0, at), '--', ...args.slice(at)];
    }
  }
  return args;
}

/** True when the argument after this option is its value. */
function takesNext(arg: string, options: readonly OptionSpec[]): boolean {
  const option = options.find(({ flags }) => flags.split(/[ ,]+/).includes(arg));
  return option?.flags.includes('<') === true;
}
