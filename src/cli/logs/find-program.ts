import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** Says why a program cannot be started; `undefined` when it can, or when only the system can tell. */
export function whyNotStartable(
  program: string,
  { directory, searchPath }: { readonly directory: string; readonly searchPath: string | undefined },
): string | undefined {
  // Windows has its own rules for endings and folders.
  if (process.platform === 'win32') return undefined;
  if (program.includes('/')) return whyNot(resolve(directory, program), program);
  if (program === '') return 'its name is empty';
  const whys = (searchPath ?? '/usr/local/bin:/usr/bin:/bin')
    .split(delimiter)
    .map((folder) => whyNot(join(resolve(directory, folder), program), program));
  if (whys.includes(undefined)) return undefined;
  return whys.find((why) => why?.startsWith('you may not')) ?? `there is no program ${program} in PATH`;
}

function whyNot(file: string, name: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return `there is no file ${name}`;
  if (!found.isFile()) return `${name} is no file`;
  try {
    accessSync(file, constants.X_OK);
    return undefined;
  } catch {
    return `you may not execute ${file}`;
  }
}
