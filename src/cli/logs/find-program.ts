import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** What a shell returns for a command that there is not, and for one that cannot be executed. */
export const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

/** Why a program cannot be started, and the exit code that a shell has for it. */
export interface Obstacle {
  readonly why: string;
  readonly code: number;
}

/** Says why a program cannot be started; `undefined` when it can, or when only the system can tell. */
export function whyNotStartable(
  program: string,
  { directory, searchPath }: { readonly directory: string; readonly searchPath: string | undefined },
): Obstacle | undefined {
  // Windows has its own rules for endings and folders.
  if (process.platform === 'win32') return undefined;
  if (program.includes('/')) return whyNot(resolve(directory, program), program);
  if (program === '') return { why: 'its name is empty', code: NOT_FOUND };
  const obstacles = (searchPath ?? '/usr/local/bin:/usr/bin:/bin')
    .split(delimiter)
    .map((folder) => whyNot(join(resolve(directory, folder), program), program));
  if (obstacles.includes(undefined)) return undefined;
  const found = obstacles.find((obstacle) => obstacle?.code === NOT_EXECUTABLE);
  return found ?? { why: `there is no program ${program} in PATH`, code: NOT_FOUND };
}

function whyNot(file: string, name: string): Obstacle | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return { why: `there is no file ${name}`, code: NOT_FOUND };
  if (!found.isFile()) return { why: `${name} is no file`, code: NOT_EXECUTABLE };
  try {
    accessSync(file, constants.X_OK);
    return undefined;
  } catch {
    return { why: `you may not execute ${file}`, code: NOT_EXECUTABLE };
  }
}
