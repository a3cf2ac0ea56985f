import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CliSandbox, createCliSandbox } from './support/cli.ts';

vi.setConfig({ testTimeout: 120_000 });

const MAIN = join(import.meta.dirname, '../src/cli/main.ts');
const LINES = Array.from({ length: 4000 }, (_, i) => `INFO order ${i + 1000} took ${(i * 37) % 100} ms\n`);
LINES[2000] = 'ERROR ConnectionError: connect ECONNREFUSED 10.0.0.7:5432\n';
const LOG = LINES.join('');

let sandbox: CliSandbox;
beforeAll(() => {
  sandbox = createCliSandbox();
  writeFileSync(join(sandbox.cwd, 'app.log'), LOG);
  mkdirSync(join(sandbox.cwd, 'folder'));
});
afterAll(() => sandbox.remove());

/** The real command line with stdin or stdout somewhere else than in a pipe. */
function runWith(
  args: readonly string[],
  stdio: { stdin?: number; stdout?: number },
): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, [MAIN, ...args], {
    cwd: sandbox.cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: sandbox.home, TMPDIR: sandbox.tmp },
    stdio: [stdio.stdin ?? 'ignore', stdio.stdout ?? 'pipe', 'pipe'],
    encoding: 'utf8',
  });
}

interface Report {
  readonly input: { lines: number; path: string | null };
  readonly output: { tokens: number; lines: number };
  readonly priorities: Record<string, { lines: number }>;
  readonly files?: readonly Report[];
  readonly text: string;
}

const report = (args: readonly string[]): Promise<Report> =>
  sandbox.json(['logs', ...args]) as Promise<Report>;

describe.concurrent('pare logs, from the outside', () => {
  it('keeps the very line that a pattern names, though only its number sets it apart', async () => {
    const args = ['app.log', '--token-budget', '300'];
    expect((await report(args)).text).not.toContain('order 4711');
    const { text, priorities } = await report([...args, '--add-priority-pattern', 'high=order 4711 ']);
    expect(text).toContain('order 4711 took');
    const without = await report(args);
    expect(priorities['high']?.lines).toBe((without.priorities['high']?.lines ?? 0) + 1);
  });

  it('reads in chunks of any size, with the same result', async () => {
    const args = ['app.log', '--token-budget', '300'];
    const { text } = await report(args);
    for (const size of ['64KB', '1MB', 'auto'])
      expect((await report([...args, '--chunk-size', size])).text).toBe(text);
    for (const size of ['1KB', '1GB', 'some']) {
      const { code, stderr } = await sandbox.run(['logs', 'app.log', '--chunk-size', size]);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/--chunk-size takes/)]);
    }
  });

  it('takes a file once, by whatever name', async () => {
    const { files, input } = await report(['app.log', './app.log', join(sandbox.cwd, 'app.log')]);
    expect([files, input.path]).toEqual([undefined, 'app.log']);
  });

  it('shows what there is of cut and damaged packed logs, and says so', async () => {
    const packed = gzipSync(LOG);
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, packed.length - 200, packed.length - 100);
    writeFileSync(join(sandbox.cwd, 'cut.gz'), packed.subarray(0, packed.length - 100));
    writeFileSync(join(sandbox.cwd, 'damaged.gz'), damaged);
    writeFileSync(join(sandbox.cwd, 'more.gz'), Buffer.concat([packed, Buffer.from('more')]));
    for (const [name, note] of [
      ['cut.gz', /cut\.gz ends in the middle of its packed data/],
      ['damaged.gz', /packed data of damaged\.gz is damaged/],
      ['more.gz', /packed data of more\.gz is damaged/],
    ] as const) {
      const { code, stdout, stderr } = await sandbox.run(['logs', name, '--quiet', '--token-budget', '300']);
      expect([name, code, stdout.includes('INFO order')]).toEqual([name, 0, true]);
      expect(stderr).toMatch(note);
      expect(stderr).not.toContain(sandbox.cwd);
    }
  });

  it('reads UTF-16 without a mark', async () => {
    writeFileSync(join(sandbox.cwd, 'wide.log'), Buffer.from(LOG, 'utf16le'));
    writeFileSync(join(sandbox.cwd, 'wide-be.log'), Buffer.from(LOG, 'utf16le').swap16());
    for (const name of ['wide.log', 'wide-be.log'])
      expect((await report([name, '--token-budget', '300'])).text).toContain('ECONNREFUSED');
  });

  it('spends a small budget on lines, and says when it is too small for any', async () => {
    const small = await sandbox.run(['logs', 'app.log', '--token-budget', '60']);
    expect(small.stdout).toContain('ECONNREFUSED');
    const tiny = await sandbox.run(['logs', 'app.log', '--token-budget', '3']);
    expect([tiny.code, tiny.stdout]).toEqual([0, '…']);
    expect(tiny.stderr).toContain('3 tokens are too few for any of its lines');
  });

  it('says that a folder is no stdin', () => {
    const stdin = openSync(join(sandbox.cwd, 'folder'), 'r');
    expect(runWith(['logs', '-'], { stdin })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('stdin is a directory'),
    });
  });

  it('exits 2 for folders of results that cannot be, at once', async () => {
    // Where Node's own way to make folders never ends.
    const folders = existsSync('/proc/self') ? ['', '/proc/nothing/here'] : [''];
    for (const folder of folders) {
      for (const flag of ['--output-dir', ...(folder === '' ? [] : ['--data-dir'])]) {
        const { code, stderr } = await sandbox.run(['logs', 'app.log', '--token-budget', '60', flag, folder]);
        expect([flag, code]).toEqual([flag, flag === '--data-dir' ? 0 : 2]);
        expect(stderr).toMatch(/could be written|takes a folder|reference_not_kept/);
      }
    }
  });

  it.skipIf(!existsSync('/dev/full'))('says why stdout cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    const logs = runWith(['logs', 'app.log', '--quiet'], { stdout: full });
    expect(logs).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/^pare: stdout could not be written: ENOSPC.*\n$/),
    });
    const run = runWith(['run', '--quiet', 'sh', '-c', 'echo out; exit 7'], { stdout: full });
    expect(run).toMatchObject({ status: 7, stderr: expect.stringContaining('stdout could not be written') });
  });

  it.skipIf(!existsSync('/dev/full'))(
    'exits 3 and leaves nothing behind when the disk of a packed log is full',
    async () => {
      // A folder that nothing can be written to stands for a full disk.
      const folder = mkdtempSync(join(tmpdir(), 'pare-full-'));
      try {
        writeFileSync(join(sandbox.cwd, 'large.gz'), gzipSync(LOG.repeat(80)));
        const { code, stdout, stderr } = await sandbox.run(['logs', 'large.gz'], {
          env: { TMPDIR: join(folder, 'missing') },
        });
        expect([code, stdout]).toEqual([3, '']);
        expect(stderr).toMatch(/^pare: A temporary file in .*\[log_spool_failed\]\n$/);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

describe.concurrent('pare run, from the outside', () => {
  it('leaves the options of the command to the command, with and without --', async () => {
    const node = process.execPath;
    const plain = await sandbox.run(['run', '--quiet', '--token-budget', '100', node, '--version']);
    expect([plain.code, plain.stdout]).toEqual([0, process.version]);
    const json = await sandbox.json(['run', '--quiet', 'sh', '-c', 'echo --json; exit 0']);
    expect(json).toMatchObject({ text: '--json' });
    expect((await sandbox.run(['--quiet', 'run', 'sh', '-c', 'exit 9'])).code).toBe(9);
    expect((await sandbox.run(['run', '--help'])).stdout).toContain('Usage: pare run');
    expect((await sandbox.run(['run', '--tokn-budget', '5', 'true'])).code).toBe(2);
  });

  it('exits 126 for what is there and cannot be executed', async () => {
    writeFileSync(join(sandbox.cwd, 'script.sh'), '#!/bin/sh\n');
    chmodSync(join(sandbox.cwd, 'script.sh'), 0o644);
    for (const name of ['./folder', './script.sh']) {
      const { code, stdout, stderr } = await sandbox.run(['run', '--', name]);
      expect([name, code, stdout]).toEqual([name, 126, '']);
      expect(stderr).toContain('[command_not_executable]');
    }
  });

  it.each([1, 2, 3, 130, 255])('keeps exit code %i', async (code) => {
    expect((await sandbox.run(['run', '--quiet', '--', 'sh', '-c', `exit ${code}`])).code).toBe(code);
  });

  it('writes the result beside stdout, too', async () => {
    const args = ['run', '--quiet', '--output-dir', 'kept', '--', 'sh', '-c', 'echo fine'];
    const { output } = (await sandbox.json(args)) as { output: { path: string } };
    expect(readFileSync(join(sandbox.cwd, output.path), 'utf8')).toBe('fine');
  });
});
