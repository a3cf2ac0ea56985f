import type { StateStore } from '../../contract/index.ts';
import { createErrorMemory, type ErrorMemory } from '../../logs/index.ts';
import type { CommandContext } from '../command.ts';

/** The errors of earlier logs; trouble with them is told once, and costs only what is said of them. */
export function openErrorMemory({ io }: Pick<CommandContext, 'io'>, state: StateStore): ErrorMemory {
  const memory = createErrorMemory({ state });
  let isBroken = false;
  return {
    seen: async (errors, log) => {
      if (isBroken) return [];
      try {
        return await memory.seen(errors, log);
      } catch (error) {
        isBroken = true;
        const why = error instanceof Error ? error.message : String(error);
        io.warn(`pare: which errors were there before is not known: ${why} [errors_not_remembered]`);
        return [];
      }
    },
  };
}

/** The memory for what is one run whatever it holds: output of a command, a file that grows, several logs at once. */
export function forOneRun(memory: ErrorMemory | undefined, run: string): ErrorMemory | undefined {
  return memory === undefined ? undefined : { seen: (errors) => memory.seen(errors, run) };
}
