import type { CommandContext, ExitCode } from '../command.ts';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { completionTree } from '../completion/tree.ts';
import { zshScript } from '../completion/zsh.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** `pare completion`: a script for a shell, made from the table of commands. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const shell = context.args[0] as keyof typeof SCRIPTS;
  await context.io.out(SCRIPTS[shell](completionTree(context.commands)));
  return 0;
}
