// Runs commands of the command line in this process: hundreds of them, without starting Node for each.
import type { CommandContext } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/command-table.ts';
import { exitCodeOf } from '../../src/cli/failure.ts';
import { createProgram } from '../../src/cli/program.ts';

/** What a command left. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: Buffer;
}

/** Runs `pare` with these arguments. */
export type CommandRunner = (args: readonly string[]) => Promise<CommandResult>;

/** Returns a runner whose commands have this folder as home. */
export function createCommandRunner(home: string): CommandRunner {
  return async (args) => {
    const chunks: Buffer[] = [];
    let code = 0;
    const program = createProgram('0.0.0', async (spec, parsed) => {
      const context: CommandContext = {
        ...parsed,
        io: {
          out: async (text) => void chunks.push(Buffer.from(text)),
          note: () => {},
          warn: (text) => console.error(text),
          isTerminal: false,
          hasColor: false,
          stdin: process.stdin,
        },
        signal: new AbortController().signal,
        commands: COMMANDS,
        environment: { HOME: home, PATH: process.env['PATH'] },
        directory: process.cwd(),
      };
      const module = await spec.load?.();
      code = (await module?.run(context)) ?? 0;
    });
    try {
      await program.parseAsync(args, { from: 'user' });
    } catch (error) {
      code = exitCodeOf(error);
      console.error(`pare ${args.join(' ')}: ${String(error)}`);
    }
    return { code, stdout: Buffer.concat(chunks) };
  };
}
