import { isUtf8 } from 'node:buffer';
import { accessSync, closeSync, constants, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../contract/index.ts';
import type { BatchInput } from '../tokens/index.ts';
import type { CommandContext } from './command.ts';
import { readStdin, unreadable } from './input.ts';

const SAMPLE_BYTES = 65_536;
/** A character that the end of the sample cuts in two is no sign of a binary file. */
const MAX_CHARACTER_BYTES = 4;

/** One thing to count. */
export interface CountSource {
  /** As the caller named it; `-` for stdin. */
  readonly path: string;
  readonly input: BatchInput;
  readonly bytes: number;
  /** The beginning of the text, or all of it. */
  readonly sample: string;
  /** True when `sample` is all. */
  readonly isWhole: boolean;
  /** True for what is no UTF-8 text: it is counted as it decodes. */
  readonly isBinary: boolean;
}

/**
 * Looks at everything that is to be counted before anything is, so that a wrong name costs no time.
 *
 * @throws InputError that names every file which cannot be counted
 */
export async function openSources(
  context: CommandContext,
  paths: readonly string[],
): Promise<readonly CountSource[]> {
  const sources: CountSource[] = [];
  const problems: string[] = [];
  let stdin: Buffer | undefined;
  for (const path of paths) {
    if (path === '-') {
      stdin ??= await readStdin(context);
      sources.push(fromBytes(path, stdin));
      continue;
    }
    try {
      sources.push(openFile(path, resolve(context.directory, path)));
    } catch (error) {
      problems.push(unreadable(path, error).message);
    }
  }
  if (problems.length === 0) return sources;
  const list = problems.length === 1 ? problems[0] : `\n  ${problems.join('\n  ')}`;
  throw new InputError('cannot_count', `Nothing was counted:${problems.length === 1 ? ' ' : ''}${list}`);
}

function openFile(path: string, full: string): CountSource {
  const found = statSync(full);
  if (found.isDirectory()) {
    throw new InputError('not_a_file', `${path} is a directory. Name the files in it, as in ${path}/*.`);
  }
  // What a shell's <(...) gives has no size and can be read only once.
  if (found.isFIFO()) return fromBytes(path, readFileSync(full));
  if (!found.isFile()) throw new InputError('not_a_file', `${path} is not a file.`);
  accessSync(full, constants.R_OK);
  const head = readHead(full);
  return {
    path,
    input: { path: full },
    bytes: found.size,
    sample: head.toString('utf8'),
    isWhole: found.size <= head.length,
    isBinary: isBinary(head),
  };
}

function fromBytes(path: string, bytes: Buffer): CountSource {
  const text = bytes.toString('utf8');
  return {
    path,
    input: { text },
    bytes: bytes.length,
    sample: text.slice(0, SAMPLE_BYTES),
    isWhole: text.length <= SAMPLE_BYTES,
    isBinary: isBinary(bytes.subarray(0, SAMPLE_BYTES)),
  };
}

function readHead(full: string): Buffer {
  const file = openSync(full, 'r');
  try {
    const head = Buffer.allocUnsafe(SAMPLE_BYTES);
    return head.subarray(0, readSync(file, head, 0, SAMPLE_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

function isBinary(head: Buffer): boolean {
  if (head.includes(0)) return true;
  for (let cut = 0; cut < MAX_CHARACTER_BYTES; cut++) {
    if (isUtf8(head.subarray(0, head.length - cut))) return false;
    if (head.length < SAMPLE_BYTES) return true;
  }
  return true;
}
