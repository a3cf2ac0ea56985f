import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CliSandbox, createCliSandbox, waitForOutput } from './support/cli.ts';

vi.setConfig({ testTimeout: 120_000 });

/** What the tests look at in a report. */
interface Report {
  readonly input: { path: string | null; bytes: number; lines: number; tokens: number; basis: string };
  readonly output: { tokens: number; lines: number; path: string | null };
  readonly budget: number;
  readonly kept_ratio: number;
  readonly profile: string;
  readonly priorities: Record<string, { lines: number; kept: number; tokens: number }>;
  readonly errors: readonly { type: string; message: string; ref: string }[];
  readonly gaps: readonly { path?: string; first_line: number; last_line: number; lines: number }[];
  readonly text: string;
  readonly files?: readonly Report[];
  readonly token_distribution?: Record<string, { tokens: number; share: number }>;
  readonly comparison?: readonly { name: string; tokens: number; errors_held: number }[];
}

/** A log of so many lines with one failure in the middle. */
function logOf(lines: number, failure = 'ConnectionError: connect ECONNREFUSED 10.0.0.7:5432'): string {
  const text = Array.from(
    { length: lines },
    (_, i) =>
      `2026-01-01T00:${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}Z INFO worker ${i % 7} processed item ${i} in ${(i * 37) % 100} ms`,
  );
  text.splice(Math.floor(lines / 2), 0, `2026-01-01T00:30:00Z ERROR ${failure}`);
  return `${text.join('\n')}\n`;
}

let shared: CliSandbox;
beforeAll(() => {
  shared = createCliSandbox();
  writeFileSync(join(shared.cwd, 'app.log'), logOf(5000).replace(/\n/, '\ncache warmed up\n'));
  writeFileSync(join(shared.cwd, 'worker.log'), logOf(3000, 'TimeoutError: no answer after 30 s'));
  writeFileSync(join(shared.cwd, 'small.log'), 'starting\nready\n');
  writeFileSync(join(shared.cwd, 'empty.log'), '');
  writeFileSync(join(shared.cwd, 'image.log'), Buffer.from([0x89, 0x50, 0, 0, 0, 1, 2, 3]));
  mkdirSync(join(shared.cwd, 'folder'));
});
afterAll(() => shared.remove());

async function tokensOf(text: string, args: readonly string[] = []): Promise<number> {
  const { stdout } = await shared.run(['count', '--quiet', ...args], { input: text });
  return Number(stdout);
}

function report(args: readonly string[], input?: string): Promise<Report> {
  return shared.json(['logs', ...args], input === undefined ? {} : { input }) as Promise<Report>;
}

function refIn(text: string): string {
  return /pare:[a-z2-9]{10}/.exec(text)?.[0] ?? 'none';
}

function failure(code: number, message: RegExp): unknown {
  const stderr: unknown = expect.stringMatching(
    new RegExp(String.raw`^(?![\s\S]*\n {4}at )[\s\S]*(?:${message.source})`),
  );
  return { code, stdout: '', stderr };
}

describe.concurrent('pare logs', () => {
  it('keeps the budget to the token, in text and JSON, and shows the failure (INV-L1, INV-L2)', async () => {
    for (const budget of [1, 10, 300, 2000]) {
      const text = await shared.run(['logs', 'app.log', '--token-budget', String(budget)]);
      expect(text.code).toBe(0);
      const tokens = await tokensOf(text.stdout);
      expect(tokens).toBeLessThanOrEqual(budget);
      const json = await report(['app.log', '--token-budget', String(budget)]);
      expect([json.budget, json.output.tokens, json.text]).toEqual([budget, tokens, text.stdout]);
      expect(text.stdout.includes('ECONNREFUSED 10.0.0.7:5432')).toBe(budget >= 300);
    }
  });

  it('leaves room for what is put around the result', async () => {
    const { budget, output } = await report(['app.log', '--token-budget', '500', '--token-buffer', '100']);
    expect(budget).toBe(400);
    expect(output.tokens).toBeLessThanOrEqual(400);
    expect(await shared.run(['logs', 'app.log', '--token-budget', '500', '--token-buffer', '500'])).toEqual(
      failure(2, /--token-buffer \(500\) must be less than --token-budget \(500\)/),
    );
  });

  it('names every field of the report', async () => {
    const found = await report(['app.log', '--token-budget', '400', '--strict-estimation']);
    expect(Object.keys(found)).toEqual([
      'input',
      'output',
      'budget',
      'kept_ratio',
      'profile',
      'priorities',
      'errors',
      'templates',
      'gaps',
      'duration_ms',
      'text',
    ]);
    expect(found.input).toEqual({
      path: 'app.log',
      bytes: statSync(join(shared.cwd, 'app.log')).size,
      lines: 5002,
      tokens: await tokensOf(readFileSync(join(shared.cwd, 'app.log'), 'utf8')),
      basis: 'exact',
    });
    expect(found.errors[0]?.message).toContain('ECONNREFUSED');
    expect(found.gaps.length).toBeGreaterThan(0);
  });

  it('writes the result alone to stdout, and what it did to stderr', async () => {
    const { stdout, stderr } = await shared.run(['logs', 'app.log', '--token-budget', '200']);
    expect(stdout).not.toMatch(/^pare: /m);
    expect(stderr).toMatch(/^pare: app\.log: 5,002 lines.* tokens of 200 \(.*o200k_base, exact\)/);
    expect((await shared.run(['logs', 'app.log', '--quiet'])).stderr).toBe('');
  });

  it('says when the tokens of a model are only estimated, and keeps to its count (INV-U3)', async () => {
    const args = ['app.log', '--token-budget', '300', '--model', 'claude-sonnet-4-5'];
    const { stderr, stdout } = await shared.run(['logs', ...args]);
    expect(stderr).toMatch(/claude-sonnet-4-5, estimated, within/);
    expect(await tokensOf(stdout, ['--model', 'claude-sonnet-4-5'])).toBeLessThanOrEqual(300);
    expect((await report(args)).input.basis).toBe('estimated');
  });

  it('shares one budget: small logs take what they need, the rest is for the others (INV-L1)', async () => {
    const files = ['app.log', 'small.log', 'worker.log'];
    for (const budget of ['60', '500']) {
      const json = await report([...files, '--token-budget', budget]);
      expect(json.output.tokens).toBeLessThanOrEqual(Number(budget));
      expect(await tokensOf(json.text)).toBe(json.output.tokens);
    }
    const { text, files: parts, output, gaps } = await report([...files, '--token-budget', '500']);
    expect(text.match(/^==> .* <==$/gm)).toEqual(files.map((name) => `==> ${name} <==`));
    for (const word of ['ECONNREFUSED', 'TimeoutError', 'starting\nready']) expect(text).toContain(word);
    expect(parts?.map(({ input }) => input.path)).toEqual(files);
    expect(new Set(gaps.map(({ path }) => path))).toEqual(new Set(['app.log', 'worker.log']));
    expect(output.tokens).toBeGreaterThan(380);
  });

  it('reads stdin with - and without a name, and packed logs', async () => {
    const text = logOf(2000);
    writeFileSync(join(shared.cwd, 'packed.log.gz'), gzipSync(text));
    const [piped, dash, packed] = await Promise.all([
      report(['--token-budget', '300'], text),
      report(['-', '--token-budget', '300'], text),
      report(['packed.log.gz', '--token-budget', '300']),
    ]);
    expect(piped.input).toMatchObject({ path: null, lines: 2001, bytes: Buffer.byteLength(text) });
    expect(dash.text).toBe(piped.text);
    expect(packed.input.lines).toBe(2001);
    for (const { text: kept } of [piped, packed]) expect(kept).toContain('ECONNREFUSED');
  });

  it('leaves no temporary file behind, also when it is interrupted while it waits for stdin', async () => {
    await withSandbox(async (sandbox) => {
      const text = logOf(2000);
      await sandbox.run(['logs', '--token-budget', '200'], { input: text });
      const result = await sandbox.run(['logs', '-'], {
        during: async (child) => {
          // More than a pipe holds: it is all gone only once the command reads.
          await new Promise((resolve) => child.stdin?.write(text.repeat(5), resolve));
          child.kill('SIGTERM');
        },
      });
      expect(result).toEqual(failure(130, /aborted/));
      expect(readdirSync(sandbox.tmp)).toEqual([]);
      const copies = readdirSync(join(sandbox.home, '.pare', 'originals'));
      expect(copies.filter((name) => name.startsWith('.'))).toEqual([]);
    });
  });

  it('takes nothing for an empty log', async () => {
    expect(await report(['empty.log'])).toMatchObject({ output: { tokens: 0 }, text: '' });
    expect(await report([], '')).toMatchObject({ output: { tokens: 0 }, text: '' });
  });

  it('exits 2 for what is no log, naming each', async () => {
    expect(await shared.run(['logs', 'missing.log'])).toEqual(
      failure(2, /no file missing\.log.*file_not_found/),
    );
    expect(await shared.run(['logs', 'folder'])).toEqual(failure(2, /folder is a directory.*not_a_file/));
    expect(await shared.run(['logs', 'image.log'])).toEqual(
      failure(2, /image\.log is no text.*log_is_binary/),
    );
    expect(await shared.run(['logs', '-'], { input: 'a\0b' })).toEqual(failure(2, /pare: stdin is no text/));
    expect(await shared.run(['logs', 'app.log', 'nothing.log', 'folder'])).toEqual(
      failure(2, /Nothing was condensed:[\s\S]*nothing\.log[\s\S]*folder is a directory/),
    );
  });

  it('exits 2 for flags that make no sense', async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['--token-budget', '0'], /--token-budget takes a whole number of at least 1, got "0"/],
      [['--reserve', '1.1'], /--reserve takes a number from 0 to 1, got "1\.1"/],
      [['--min-compression', '-0.1'], /--min-compression takes a number from 0 to 1/],
      [['--memory-limit', 'lots'], /--memory-limit takes a size like 5MB/],
      [['--profile', 'other'], /--profile.*test_logs/],
      [['--preset', 'other'], /--preset.*max-compression/],
      [['--component-budgets', '{"lwo": 5}'], /there is no "lwo"\. Did you mean "low"\?/],
      [['--component-budgets', '{'], /--component-budgets takes JSON/],
      [['--load-config', 'none'], /no settings "none"/],
      [['--follow', 'small.log'], /--follow takes one file/],
    ];
    const results = await Promise.all(cases.map(([args]) => shared.run(['logs', 'app.log', ...args])));
    for (const [at, result] of results.entries())
      expect(result).toEqual(failure(2, cases[at]?.[1] as RegExp));
  });

  it('refuses patterns that could stall, and others cannot (INV-E4)', async () => {
    const refused = ['high=(a+)+$', String.raw`high=(a)\1`, 'high=(?=a)b', 'high=(a|a)*$', 'high=a{99999}'];
    for (const pattern of refused) {
      expect(await shared.run(['logs', 'app.log', '--add-priority-pattern', pattern])).toEqual(
        failure(2, /\[unsafe_pattern\]/),
      );
    }
    expect(await shared.run(['logs', 'app.log', '--add-priority-pattern', 'high=['])).toEqual(
      failure(2, /"\[" is no regular expression.*invalid_pattern/),
    );
    expect(await shared.run(['logs', 'app.log', '--add-priority-pattern', 'urgent=x'])).toEqual(
      failure(2, /takes 'PRIORITY=REGEX'.*"urgent=x"/),
    );
  });

  it('gives lines that match a pattern their priority', async () => {
    const pattern = ['--add-priority-pattern', 'critical=cache (warm|cold)ed up'];
    const { text, priorities } = await report(['app.log', '--token-budget', '300', ...pattern]);
    expect(text).toContain('cache warmed up');
    expect(priorities['critical']?.lines).toBeGreaterThan(0);
  });

  it('shows only lines that are as urgent as asked for', async () => {
    const { priorities } = await report(['app.log', '--priority-filter', 'high', '--token-budget', '500']);
    expect(priorities['low']?.kept).toBe(0);
  });

  it('takes settings of a preset, a profile of the caller and saved ones; flags win', async () => {
    await withSandbox(async (sandbox) => {
      writeFileSync(join(sandbox.cwd, 'app.log'), `${logOf(3000)}worker started\n${logOf(100)}`);
      const json = (args: readonly string[]): Promise<Report> =>
        sandbox.json(['logs', 'app.log', ...args]) as Promise<Report>;
      expect((await json(['--preset', 'max-compression'])).budget).toBeLessThanOrEqual(4000);
      expect((await json(['--preset', 'monitoring', '--token-budget', '321'])).budget).toBe(321);
      const profile = {
        name: 'mine',
        token_budget: 234,
        patterns: [{ priority: 'critical', pattern: 'worker started' }],
      };
      writeFileSync(join(sandbox.cwd, 'mine.json'), JSON.stringify(profile));
      const mine = await json(['--custom-profile', 'mine.json', '--save-config', 'mine']);
      expect(mine).toMatchObject({ budget: 234, profile: 'mine' });
      expect(mine.text).toContain('worker started');
      const loaded = await json(['--load-config', 'mine']);
      expect([loaded.budget, loaded.text]).toEqual([234, mine.text]);
      expect((await json(['--load-config', 'mine', '--token-budget', '345'])).budget).toBe(345);
      expect(await sandbox.run(['logs', 'app.log', '--load-config', 'mien'])).toEqual(
        failure(2, /Did you mean "mine"/),
      );
      writeFileSync(join(sandbox.cwd, 'bad.json'), JSON.stringify({ ...profile, tokn_budget: 1 }));
      expect(await sandbox.run(['logs', 'app.log', '--custom-profile', 'bad.json'])).toEqual(
        failure(2, /bad\.json: there is no "tokn_budget"\. Did you mean "token_budget"/),
      );
    });
  });

  it('compares with tail and grep, and shows the tokens of each priority', async () => {
    const args = ['app.log', '--token-budget', '300', '--compare-original', '--token-distribution'];
    const { comparison, token_distribution: shares } = await report(args);
    expect(comparison?.map(({ name, errors_held: held }) => [name, held])).toEqual([
      ['raw', 1],
      ['tail', 0],
      ['grep', 1],
      ['pare', 1],
    ]);
    for (const { tokens } of comparison?.slice(1) ?? []) expect(tokens).toBeLessThanOrEqual(300);
    expect(Object.values(shares ?? {}).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    const { stderr } = await shared.run(['logs', ...args]);
    expect(stderr).toMatch(/tail +[\d,]+ +0 of 1/);
    expect(stderr).toMatch(/critical +\d/);
  });

  it('keeps the last results in a folder, whole, and other files alone', async () => {
    await withSandbox(async (sandbox) => {
      writeFileSync(join(sandbox.cwd, 'app.log'), logOf(2000));
      mkdirSync(join(sandbox.cwd, 'out'));
      writeFileSync(join(sandbox.cwd, 'out', 'notes.log'), 'mine');
      const args = ['logs', 'app.log', '--token-budget', '300', '--output-dir', 'out', '--max-logs', '2'];
      const paths: string[] = [];
      for (let i = 0; i < 4; i++) {
        const { output, text } = (await sandbox.json(args)) as Report;
        expect(readFileSync(join(sandbox.cwd, output.path ?? ''), 'utf8')).toBe(text);
        paths.push((output.path ?? '').replace('out/', ''));
      }
      expect(readdirSync(join(sandbox.cwd, 'out')).sort()).toEqual([...paths.slice(-2), 'notes.log'].sort());
      expect(paths[0]).toMatch(/^app\.log-\d{8}T\d{9}Z\.condensed\.log$/);
      const parts = (await sandbox.json([...args, '--max-log-size', '500'])) as Report;
      const names = readdirSync(join(sandbox.cwd, 'out')).filter((name) =>
        /\.\d+\.condensed\.log$/.test(name),
      );
      expect(names.length).toBeGreaterThan(1);
      const texts = names.sort().map((name) => readFileSync(join(sandbox.cwd, 'out', name), 'utf8'));
      expect(texts.join('')).toBe(parts.text);
      for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(500);
      expect(await sandbox.run([...args.slice(0, 4), '--output-dir', 'app.log'])).toEqual(
        failure(2, /Nothing could be written to app\.log: it is no folder/),
      );
    });
  });

  it('follows a file as it grows, until it is interrupted', async () => {
    await withSandbox(async (sandbox) => {
      const path = join(sandbox.cwd, 'live.log');
      writeFileSync(path, logOf(500));
      const result = await sandbox.run(['logs', 'live.log', '--follow', '--token-budget', '200', '--json'], {
        during: async (child, output) => {
          await waitForOutput(output, /501 lines/);
          appendFileSync(path, 'FATAL: out of memory\n');
          await waitForOutput(output, /502 lines/);
          child.kill('SIGINT');
        },
      });
      expect(result.code).toBe(130);
      const reports = result.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Report);
      expect(reports).toHaveLength(2);
      expect(reports[1]?.text).toContain('FATAL: out of memory');
      // One reference for all of it.
      expect(refIn(reports[1]?.text ?? '')).toBe(refIn(reports[0]?.text ?? ''));
    });
  });

  it('condenses where nothing can be remembered, and says that nothing leads back', async () => {
    writeFileSync(join(shared.cwd, 'not-a-folder'), '');
    const args = ['app.log', '--token-budget', '300', '--data-dir', 'not-a-folder'];
    const { code, stdout, stderr } = await shared.run(['logs', ...args]);
    expect(code).toBe(0);
    expect(stdout).toContain('ECONNREFUSED');
    expect(stdout).not.toContain('pare:');
    expect(stderr).toContain('[reference_not_kept]');
  });
});

async function withSandbox(use: (sandbox: CliSandbox) => Promise<void>): Promise<void> {
  const sandbox = createCliSandbox();
  try {
    await use(sandbox);
  } finally {
    sandbox.remove();
  }
}

describe.concurrent('pare show', () => {
  it('prints the original and lines of it, from another process (INV-X2)', async () => {
    const original = readFileSync(join(shared.cwd, 'worker.log'), 'utf8');
    const ref = refIn((await report(['worker.log', '--token-budget', '200'])).text);
    const lines = original.split('\n');
    expect((await shared.run(['show', ref])).stdout).toBe(original);
    expect((await shared.run(['show', `${ref}#L1`])).stdout).toBe(`${lines[0]}\n`);
    expect((await shared.run(['show', `${ref}#L120-180`])).stdout).toBe(
      `${lines.slice(119, 180).join('\n')}\n`,
    );
    expect((await shared.run(['show', `${ref}#L3001-9999`])).stdout).toBe(`${lines[3000]}\n`);
    expect(await shared.run(['show', `${ref}#L3002`])).toEqual(failure(2, /no line 3002.*3001 lines/));
  });

  it('leads from an error to its lines', async () => {
    const { errors } = await report(['app.log', '--token-budget', '300']);
    const { stdout } = await shared.run(['show', errors[0]?.ref ?? '']);
    expect(stdout).toContain('ECONNREFUSED 10.0.0.7:5432');
  });

  it('keeps a copy of what came in by a pipe, as it came', async () => {
    const text = `${logOf(2000)}ünïcode \u001B[31mred\u001B[0m and no line end`;
    const ref = refIn((await report(['--token-budget', '200'], text)).text);
    expect((await shared.run(['show', ref])).stdout).toBe(text);
    expect(refIn((await report(['--token-budget', '200'], text)).text)).toBe(ref);
  });

  it('tells that a file was changed or is gone, and never reads another (INV-X2)', async () => {
    await withSandbox(async (sandbox) => {
      const path = join(sandbox.cwd, 'app.log');
      const text = logOf(6000);
      writeFileSync(path, text);
      const { stdout } = await sandbox.run(['logs', 'app.log', '--token-budget', '200']);
      const ref = refIn(stdout);
      const { mtime } = statSync(path);
      appendFileSync(path, 'one more line\n');
      const grown = await sandbox.run(['show', ref]);
      expect(grown).toMatchObject({ code: 0, stdout: text });
      expect(grown.stderr).toContain('has grown');
      writeFileSync(path, text.replaceAll('worker 3', 'worker 9'));
      expect(await sandbox.run(['show', ref])).toEqual(failure(3, /app\.log was changed.*reference_changed/));
      // Only a line in the middle differs, and the time does.
      writeFileSync(path, text.replace('item 3100 ', 'item 9999 '));
      utimesSync(path, mtime, new Date(mtime.getTime() + 1000));
      expect(await sandbox.run(['show', `${ref}#L5`])).toEqual(failure(3, /reference_changed/));
      rmSync(path);
      expect(await sandbox.run(['show', ref])).toEqual(
        failure(3, /is not there any more.*reference_changed/),
      );
    });
  });

  it('exits 3 when a copy is gone, 2 for what it does not know', async () => {
    await withSandbox(async (sandbox) => {
      const { stdout } = await sandbox.run(['logs', '--token-budget', '200'], { input: logOf(1000) });
      rmSync(join(sandbox.home, '.pare', 'originals'), { recursive: true });
      expect(await sandbox.run(['show', refIn(stdout)])).toEqual(failure(3, /copy.*reference_changed/));
      expect(await sandbox.run(['show', 'pare:aaaaaaaaaa'])).toEqual(failure(2, /unknown_reference/));
      for (const text of ['elsewhere', 'pare:short', `${refIn(stdout)}#L0`, `${refIn(stdout)}#L9-3`]) {
        expect(await sandbox.run(['show', text])).toEqual(failure(2, /invalid_reference/));
      }
    });
  });
});

describe.concurrent('pare run', () => {
  const node = process.execPath;

  it('keeps the exit code, shows the output live on stderr and condenses it (INV-L5)', async () => {
    const script = 'for i in $(seq 3000); do echo "line number $i"; done; echo "Error: boom" >&2; exit 7';
    const result = await shared.run(['run', '--token-budget', '200', '--', 'sh', '-c', script]);
    expect(result.code).toBe(7);
    expect(result.stdout).toContain('Error: boom');
    expect(result.stdout).toMatch(/\[exit code 7\]$/);
    expect(await tokensOf(result.stdout)).toBeLessThanOrEqual(200);
    expect(result.stderr).toContain('line number 1234\n');
    const { stdout: raw } = await shared.run(['show', refIn(result.stdout)]);
    expect(raw.split('\n')).toHaveLength(3002);
    expect(raw).toMatch(/line number 3000\nError: boom\n$/);
  });

  it('keeps the order of stdout and stderr', async () => {
    const { stdout } = await shared.run([
      'run',
      '--quiet',
      '--',
      'sh',
      '-c',
      'for i in 1 2 3; do echo o$i; echo e$i >&2; done',
    ]);
    expect(stdout.match(/[oe]\d/g)).toEqual(['o1', 'e1', 'o2', 'e2', 'o3', 'e3']);
  });

  it('prints the report as JSON, and nothing of the command with --quiet', async () => {
    const result = await shared.run(['run', '--json', '--quiet', '--', 'sh', '-c', 'echo fine']);
    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(JSON.parse(result.stdout)).toMatchObject({ input: { path: null, lines: 1 }, text: 'fine' });
  });

  it('exits 127 for what cannot be started, and 2 before it starts anything with wrong flags', async () => {
    const marker = join(shared.cwd, 'marker');
    expect(await shared.run(['run', '--', 'no-such-program'])).toEqual(
      failure(127, /no-such-program could not be started: there is no program.*command_not_found/),
    );
    expect(await shared.run(['run', '--', './folder'])).toEqual(failure(126, /could not be started/));
    const wrong = ['--add-priority-pattern', 'high=('];
    expect(await shared.run(['run', ...wrong, '--', 'touch', marker])).toEqual(failure(2, /invalid_pattern/));
    expect(readdirSync(shared.cwd)).not.toContain('marker');
  });

  it('passes signals on, and returns 128 and the number of the one that ended the command', async () => {
    const killed = await shared.run(['run', '--', 'sh', '-c', 'kill -TERM $$']);
    expect(killed.code).toBe(143);
    const script =
      'process.on("SIGINT", () => { console.log("tidied up"); process.exit(5); }); setInterval(() => {}, 1000); console.log("ready");';
    const trapped = await shared.run(['run', '--', node, '-e', script], {
      during: async (child, output) => {
        await waitForOutput(output, /ready/);
        child.kill('SIGINT');
      },
    });
    expect(trapped.code).toBe(5);
    expect(trapped.stdout).toContain('tidied up');
    const ended = await shared.run(
      ['run', '--', node, '-e', 'setInterval(() => {}, 1000); console.log("ready")'],
      {
        during: async (child, output) => {
          await waitForOutput(output, /ready/);
          child.kill('SIGTERM');
        },
      },
    );
    expect(ended.code).toBe(143);
    expect(ended.stdout).toContain('ready');
  });

  it('prints the raw output when it cannot condense it, with the exit code (INV-L5)', async () => {
    const binary = await shared.run(['run', '--quiet', '--', 'sh', '-c', String.raw`printf 'a\0b'; exit 4`]);
    expect([binary.code, binary.stdout]).toEqual([4, 'a\0b']);
    expect(binary.stderr).toContain('printed as it is');
    const env = { TMPDIR: join(shared.cwd, 'missing') };
    const noSpool = await shared.run(['run', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3'], { env });
    expect([noSpool.code, noSpool.stdout]).toEqual([3, 'out\nerr\n']);
    const noFolder = await shared.run([
      'run',
      '--output-dir',
      'app.log',
      '--',
      'sh',
      '-c',
      'echo out; exit 6',
    ]);
    expect([noFolder.code, noFolder.stdout]).toEqual([6, 'out\n']);
  });

  it('does not wait for what the command left running in the background', async () => {
    const started = performance.now();
    const { code } = await shared.run(['run', '--', 'sh', '-c', 'sleep 60 & echo started']);
    expect(code).toBe(0);
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it('gives the command our stdin', async () => {
    const { stdout } = await shared.run(['run', '--quiet', '--', 'cat'], { input: 'from stdin\n' });
    expect(stdout).toContain('from stdin');
  });

  it('keeps the exit code when the reader of the result has gone', async () => {
    const script = `${node} ${join(import.meta.dirname, '../src/cli/main.ts')} run --quiet -- sh -c 'seq 100000; exit 7'; echo "code $?" >&2`;
    const child = spawn('sh', ['-c', `{ ${script}; } | true`], {
      env: { PATH: process.env['PATH'] ?? '', HOME: shared.home, TMPDIR: shared.tmp },
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await new Promise((resolve) => child.once('close', resolve));
    expect(stderr).toContain('code 7');
  });
});

describe('pare simulate', () => {
  it('finds the smallest budget that keeps the errors, and says why', async () => {
    const args = ['simulate', 'app.log', 'worker.log', '--token-budget', '1600'];
    const { stdout, code } = await shared.run(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /Best: --token-budget 200 --profile \w+ --reserve [\d.]+\nIt keeps 2 of 2 distinct errors/,
    );
    expect(await shared.json(args)).toMatchObject({
      best: { token_budget: 200, errors_held: 2, held_ratio: 1 },
    });
  });
});
