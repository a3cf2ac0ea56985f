import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AbortedError, InputError } from '../contract/index.ts';
import type { Io } from './io.ts';
import { writeResult } from './output.ts';

let folder: string;
let printed: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pare-output-'));
  printed = '';
});
afterEach(() => rmSync(folder, { recursive: true }));

function context(signal: AbortSignal = new AbortController().signal) {
  const io: Io = {
    out: async (text) => void (printed += text),
    note: () => {},
    warn: () => {},
    isTerminal: false,
    hasColor: false,
    stdin: new PassThrough() as unknown as NodeJS.ReadStream,
  };
  return { io, signal, directory: folder };
}

async function* failing(): AsyncGenerator<string> {
  yield 'half of the ';
  throw new Error('the disk is gone');
}

describe('writeResult', () => {
  it.each([undefined, '-'])('goes to stdout for the path %s', async (path) => {
    expect(await writeResult(context(), 'text', { path })).toBe(false);
    expect(printed).toBe('text');
  });

  it('writes a file relative to the working directory, with the permissions asked for', async () => {
    expect(await writeResult(context(), 'text', { path: 'out.txt', mode: 0o600 })).toBe(true);
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe('text');
    expect(statSync(join(folder, 'out.txt')).mode & 0o777).toBe(0o600);
    expect(printed).toBe('');
  });

  it('keeps the old file whole when writing fails, and leaves no other file', async () => {
    writeFileSync(join(folder, 'out.txt'), 'old');
    await expect(writeResult(context(), failing(), { path: 'out.txt' })).rejects.toThrow('the disk is gone');
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['out.txt']);
  });

  it('leaves nothing when it is interrupted', async () => {
    const abort = new AbortController();
    async function* endless(): AsyncGenerator<string> {
      for (let i = 0; ; i++) {
        if (i === 3) abort.abort();
        yield 'line\n';
      }
    }
    await expect(writeResult(context(abort.signal), endless(), { path: 'out.txt' })).rejects.toThrow(
      AbortedError,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('follows a link instead of replacing it', async () => {
    writeFileSync(join(folder, 'real.txt'), 'old');
    symlinkSync('real.txt', join(folder, 'link.txt'));
    await writeResult(context(), 'new', { path: 'link.txt' });
    expect(readlinkSync(join(folder, 'link.txt'))).toBe('real.txt');
    expect(readFileSync(join(folder, 'real.txt'), 'utf8')).toBe('new');
  });

  it('writes into a device or pipe instead of replacing it', async () => {
    const pipe = join(folder, 'pipe');
    // Whoever opens a pipe waits for the other side, so the reader is a process of its own.
    execFileSync('sh', ['-c', 'mkfifo pipe; cat pipe > read & :'], { cwd: folder, stdio: 'ignore' });
    await writeResult(context(), 'through', { path: 'pipe' });
    await expect.poll(() => readFileSync(join(folder, 'read'), 'utf8')).toBe('through');
    expect(statSync(pipe).isFIFO()).toBe(true);
  });

  it('names a folder that is missing, and a path that is a folder', async () => {
    mkdirSync(join(folder, 'dir'));
    await expect(writeResult(context(), 'x', { path: 'no/such' })).rejects.toThrow(
      /no\/such cannot be written/,
    );
    await expect(writeResult(context(), 'x', { path: 'dir' })).rejects.toThrow(InputError);
  });
});
