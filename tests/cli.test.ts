import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSimulatedProvider, type SimulatedProvider } from '../src/testing/index.ts';
import { type CliSandbox, createCliSandbox, waitForOutput } from './support/cli.ts';

// Some tests start twenty processes, one after the other.
vi.setConfig({ testTimeout: 120_000 });

/** One sandbox for all that leaves no traces another test could trip over. */
let shared: CliSandbox;
beforeAll(() => {
  shared = createCliSandbox();
  writeFileSync(join(shared.cwd, 'hello.txt'), 'hello world\n');
  mkdirSync(join(shared.cwd, 'folder'));
});
afterAll(() => shared.remove());

async function withSandbox(use: (sandbox: CliSandbox) => Promise<void>): Promise<void> {
  const sandbox = createCliSandbox();
  try {
    await use(sandbox);
  } finally {
    sandbox.remove();
  }
}

/** What a command leaves that failed as it should: nothing on stdout, and a message without a stack. */
function failure(code: number, message: RegExp): unknown {
  const stderr: unknown = expect.stringMatching(
    new RegExp(String.raw`^(?![\s\S]*\n {4}at )[\s\S]*(?:${message.source})`),
  );
  return { code, stdout: '', stderr };
}

describe.concurrent('usage', () => {
  it('prints help and version on stdout and exits 0', async () => {
    const [help, inner, named, version] = await Promise.all([
      shared.run(['--help']),
      shared.run(['cache', 'set', '-h']),
      shared.run(['help', 'fit']),
      shared.run(['--version']),
    ]);
    expect([help.code, inner.code, named.code, version.code]).toEqual([0, 0, 0, 0]);
    for (const word of ['serve', 'count', 'report', 'cache', 'doctor', 'Tokens and prices:', '--data-dir']) {
      expect(help.stdout).toContain(word);
    }
    expect(inner.stdout).toContain('--ttl-seconds');
    expect(named.stdout).toContain('--max-tokens');
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(help.stderr + inner.stderr + version.stderr).toBe('');
  });

  it('without a command prints the help on stderr and exits 2', async () => {
    const [bare, group] = await Promise.all([shared.run([]), shared.run(['cache'])]);
    expect(bare).toEqual(failure(2, /Usage: pare/));
    expect(group).toEqual(failure(2, /Usage: pare cache/));
  });

  it('exits 2 and suggests the nearest command and flag, inside of groups too', async () => {
    const results = await Promise.all([
      shared.run(['cuont']),
      shared.run(['cache', 'gett']),
      shared.run(['models', 'list', '--fitler', 'x']),
      shared.run(['count', '--jsno']),
    ]);
    expect(results[0]).toEqual(failure(2, /unknown command 'cuont'[\s\S]*Did you mean count\?/));
    expect(results[1]).toEqual(failure(2, /unknown command 'gett'[\s\S]*Did you mean get\?/));
    expect(results[2]).toEqual(failure(2, /unknown option '--fitler'[\s\S]*--filter/));
    expect(results[3]).toEqual(failure(2, /unknown option '--jsno'[\s\S]*--json/));
  });

  it('exits 2 with a message of its own for values that make no sense', async () => {
    const results = await Promise.all([
      shared.run(['count', '--workers', 'many', 'hello.txt']),
      shared.run(['fit', 'hello.txt', '--max-tokens', '-1']),
      shared.run(['fit', 'hello.txt']),
      shared.run(['stats', '--hours', '0']),
      shared.run(['report', '--format', 'pdf']),
      shared.run(['report', '--json', '--format', 'csv']),
      shared.run(['serve', '--port', '70000']),
      shared.run(['config', 'show', '--config', 'no.json']),
    ]);
    const messages = [
      /--workers takes a whole number.*"many"/,
      /--max-tokens takes a whole number.*"-1"/,
      /--max-tokens.*not specified/,
      /--hours takes a number above 0.*"0"/,
      /--format.*pdf.*html/,
      /--json and --format csv/,
      /--port.*70000/,
      /no\.json/,
    ];
    for (const [at, result] of results.entries()) expect(result).toEqual(failure(2, messages[at] as RegExp));
  });
});

describe.concurrent('count', () => {
  it('counts files with flags before and after the command alike', async () => {
    const wanted = {
      encoding: 'o200k_base',
      model: 'gpt-4o',
      basis: 'exact',
      total: 3,
      files: [{ path: 'hello.txt', tokens: 3, bytes: 12 }],
    };
    const before = await shared.run(['--json', '--quiet', 'count', 'hello.txt']);
    const after = await shared.run(['count', 'hello.txt', '--json', '--quiet']);
    expect(JSON.parse(before.stdout)).toEqual(wanted);
    expect(after).toEqual({ code: 0, stdout: before.stdout, stderr: '' });
  });

  it('prints one line a file and a total; the summary goes to stderr', async () => {
    const { code, stdout, stderr } = await shared.run(['count', 'hello.txt', '-'], { input: 'hello' });
    expect([code, stdout]).toEqual([0, '3  hello.txt\n1  -\n4  total\n']);
    expect(stderr).toMatch(/^pare: o200k_base, exact; 17 B in/);
    expect((await shared.run(['count', '--quiet'], { input: 'hello world' })).stdout).toBe('2\n');
    expect((await shared.run(['count', '--quiet'], { input: '' })).stdout).toBe('0\n');
  });

  it('counts models without a published encoding by their factor and says so (INV-U3)', async () => {
    writeFileSync(join(shared.cwd, 'words.txt'), 'plain words that go on and on. '.repeat(20_000));
    const args = ['count', 'words.txt', '--workers', '2'];
    const exact = (await shared.json(args)) as { total: number };
    const claude = (await shared.json([...args, '--model', 'claude-sonnet-4-5'])) as { total: number };
    expect(claude).toMatchObject({ encoding: 'o200k_base', model: 'claude-sonnet-4-5', basis: 'estimated' });
    expect(claude.total / exact.total).toBeCloseTo(1.18, 3);
    // Counting is no reason to make a database.
    expect(existsSync(join(shared.home, '.pare'))).toBe(false);
  });

  it('lets --encoding win over the model, and knows no others', async () => {
    const args = ['count', 'hello.txt', '--model', 'claude-sonnet-4-5', '--encoding'];
    expect(await shared.json([...args, 'cl100k_base'])).toMatchObject({
      encoding: 'cl100k_base',
      model: null,
      basis: 'exact',
      total: 3,
    });
    expect(await shared.run([...args, 'cl100k_bsae'])).toEqual(failure(2, /Did you mean "cl100k_base"/));
  });

  it('counts nothing when anything cannot be counted, and names each', async () => {
    const result = await shared.run(['count', 'hello.txt', 'folder', 'missing.txt']);
    expect(result).toEqual(failure(2, /folder is a directory[\s\S]*no file missing\.txt/));
  });

  it('counts a binary file as it decodes, and says so', async () => {
    writeFileSync(join(shared.cwd, 'binary.dat'), Buffer.from([0, 255, 254, 97, 98]));
    const { code, stdout, stderr } = await shared.run(['count', 'binary.dat']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+ {2}binary\.dat\n$/)]);
    expect(stderr).toContain('binary.dat is not UTF-8 text');
  });

  it('exits 130 when it is interrupted', async () => {
    writeFileSync(join(shared.cwd, 'long.txt'), 'Some words, and a number: 12345. '.repeat(1_000_000));
    const result = await shared.run(['count', 'long.txt', 'long.txt', '--workers', '1'], {
      during: async (child, output) => {
        await waitForOutput(output, /count: .* of/);
        child.kill('SIGINT');
      },
    });
    expect(result).toEqual(failure(130, /aborted/));
  });

  it('exits 130 when it is interrupted while it waits for stdin', async () => {
    const result = await shared.run(['count', '-'], {
      during: async (child) => {
        // More than a pipe holds: it is all gone only once the command reads.
        await new Promise((resolve) => child.stdin?.write('x'.repeat(1_000_000), resolve));
        child.kill('SIGTERM');
      },
    });
    expect(result).toEqual(failure(130, /aborted/));
  });
});

describe.concurrent('fit', () => {
  it('cuts to at most the tokens asked for, adding nothing to it', async () => {
    const text = Array.from({ length: 200 }, (_, i) => `Line ${i} says something of its own.`).join('\n');
    const fitted = await shared.run(['fit', '-', '--max-tokens', '100'], { input: text });
    expect(fitted.code).toBe(0);
    expect(fitted.stdout).toMatch(/^Line 0 says/);
    expect(fitted.stdout).toMatch(/Line 199 says something of its own\.$/);
    expect(fitted.stderr).toMatch(/ -> \d+ tokens/);
    const counted = await shared.run(['count', '--quiet'], { input: fitted.stdout });
    expect(Number(counted.stdout)).toBeLessThanOrEqual(100);
    expect(Number(counted.stdout)).toBeGreaterThan(60);
  });

  it('leaves a text that fits as it is', async () => {
    expect(await shared.json(['fit', 'hello.txt', '--max-tokens', '3'])).toEqual({
      text: 'hello world\n',
      tokens: 3,
      tokens_before: 3,
      kept_ratio: 1,
      basis: 'exact',
    });
  });
});

describe.concurrent('models', () => {
  it('lists and shows models by any name', async () => {
    const list = (await shared.json(['models', 'list', '--provider', 'openai', '--filter', 'GPT-4O'])) as {
      models: { id: string }[];
    };
    expect(list.models.map(({ id }) => id)).toContain('gpt-4o');
    expect(await shared.json(['models', 'show', 'gpt-4o-2024-08-06'])).toMatchObject({
      id: 'gpt-4o',
      encoding: 'o200k_base',
      prices: { input: 2.5, output: 10, cache_read: 1.25 },
    });
    expect(await shared.run(['models', 'show', 'gpt4o'])).toEqual(failure(2, /Did you mean "gpt-4o"/));
    const text = await shared.run(['models', 'list', '--filter', 'claude-sonnet']);
    expect(text.stdout).toMatch(/claude-sonnet-4-5 +anthropic/);
    expect(text.stderr).toContain('USD per million tokens');
  });

  it('takes a price list, shows what changed and what it did not believe, and keeps it', () =>
    withSandbox(async (sandbox) => {
      const row = (id: string, input: number, output: number) => ({ [id]: { id, cost: { input, output } } });
      const models = {
        ...row('gpt-4o', 2, 8),
        ...row('gpt-brand-new', 1, 4),
        ...row('gpt-4o-mini', 150, 0.6),
      };
      const list = JSON.stringify({ openai: { id: 'openai', models } });
      const dry = await sandbox.json(['models', 'update', '-', '--dry-run'], { input: list });
      expect(dry).toMatchObject({ format: 'models.dev', written_to: null });
      expect(readdirSync(sandbox.home)).toEqual([]);
      const done = await sandbox.json(['models', 'update', '-'], { input: list });
      expect(done).toMatchObject({
        written_to: join(sandbox.home, '.pare', 'models.json'),
        added: [{ id: 'gpt-brand-new', provider: 'openai' }],
        conflicts: [{ id: 'gpt-4o-mini', field: 'input', kept: 0.15, offered: 150 }],
      });
      expect((done as { changed: object[] }).changed).toContainEqual({
        id: 'gpt-4o',
        field: 'input',
        before: 2.5,
        after: 2,
      });
      expect(await sandbox.json(['models', 'show', 'gpt-4o'])).toMatchObject({
        prices: { input: 2, output: 8 },
      });
      expect(await sandbox.run(['models', 'update', '-'], { input: 'no list' })).toEqual(
        failure(2, /not JSON/),
      );
      expect(await sandbox.run(['models', 'update', 'http://example.com/'])).toEqual(
        failure(2, /must begin with https/),
      );
    }));
});

describe.concurrent('config', () => {
  it('shows each value with its origin, flags over environment over file, and no secret (INV-E3)', () =>
    withSandbox(async (sandbox) => {
      writeFileSync(
        join(sandbox.cwd, 'pare.config.json'),
        JSON.stringify({ server: { port: 1000 }, cache: { ttlSeconds: 60 }, model: 'gpt-4.1' }),
      );
      const env = { PARE_PORT: '2000', PARE_OPENAI_API_KEY: 'sk-do-not-show' };
      const args = ['config', 'show', '--model', 'gpt-5'];
      const shown = (await sandbox.json(args, { env })) as { settings: { path: string }[] };
      const at = (path: string) => shown.settings.find((setting) => setting.path === path);
      expect(at('server.port')).toMatchObject({ value: 2000, origin: 'environment PARE_PORT' });
      expect(at('cache.ttlSeconds')).toMatchObject({
        value: 60,
        origin: `file ${join(sandbox.cwd, 'pare.config.json')}`,
      });
      expect(at('model')).toMatchObject({ value: 'gpt-5', origin: 'flag' });
      expect(at('upstreams.openai.apiKey')).toMatchObject({ value: '********' });
      const text = await sandbox.run(args, { env });
      expect(text.stdout + text.stderr + JSON.stringify(shown)).not.toContain('do-not-show');
      expect(text.stdout).toMatch(/server\.port +2000 +environment PARE_PORT/);
      const odd = await sandbox.run(['config', 'show'], { env: { PARE_PROT: '2000' } });
      expect(odd.code).toBe(0);
      expect(odd.stderr).toMatch(/PARE_PROT \(did you mean PARE_PORT\?\).*\[unknown_environment\]/);
    }));

  it('validates with every fault named, and publishes its schema', async () => {
    writeFileSync(join(shared.cwd, 'bad.json'), '{"server":{"prot":1},"cache":{"ttlSeconds":-1}}');
    writeFileSync(join(shared.cwd, 'stage.json'), '{"stages":{"memory-recall":"on"}}');
    expect(await shared.json(['config', 'validate'])).toEqual({ valid: true, file: null, error: null });
    const bad = await shared.json(['config', 'validate', '--config', 'bad.json'], { code: 2 });
    expect(bad).toMatchObject({ valid: false, error: { code: 'invalid_config' } });
    expect(await shared.run(['config', 'validate', '--config', 'bad.json'])).toEqual(
      failure(2, /server\.prot"; did you mean "port"[\s\S]*cache\.ttlSeconds/),
    );
    expect(await shared.run(['config', 'validate', '--config', 'stage.json'])).toEqual(
      failure(2, /memory-recall/),
    );
    const schema = JSON.parse((await shared.run(['config', 'schema'])).stdout) as { properties: object };
    expect(Object.keys(schema.properties)).toContain('upstreams');
  });
});

describe.concurrent('keys', () => {
  it('issues, lists and revokes; the key is printed once and kept only as a digest (INV-E3)', () =>
    withSandbox(async (sandbox) => {
      const made = await sandbox.run(['keys', 'create', 'ci', '--admin', '--tenant', 'team']);
      expect(made.stdout).toMatch(/^pare_[\w-]{32}\n$/);
      const key = made.stdout.trim();
      expect(made.stderr).not.toContain(key);
      expect(await sandbox.run(['keys', 'create', 'ci'])).toEqual(failure(2, /already/));
      const { keys } = (await sandbox.json(['keys', 'list'])) as {
        keys: { id: string; created_at: string }[];
      };
      expect(keys).toMatchObject([
        { name: 'ci', tenant: 'team', role: 'admin', id: createHash('sha256').update(key).digest('hex') },
      ]);
      expect(readFileSync(join(sandbox.home, '.pare', 'state.db')).includes(key)).toBe(false);
      expect(statSync(join(sandbox.home, '.pare', 'state.db')).mode & 0o077).toBe(0);
      // An empty or short id must not match by accident.
      expect(await sandbox.run(['keys', 'revoke', ''])).toEqual(failure(2, /no key/));
      expect(await sandbox.run(['keys', 'revoke', (keys[0]?.id ?? '').slice(0, 3)])).toEqual(
        failure(2, /no key/),
      );
      expect((await sandbox.run(['keys', 'revoke', (keys[0]?.id ?? '').slice(0, 12)])).stdout).toBe(
        'revoked ci\n',
      );
      expect(await sandbox.json(['keys', 'list'])).toEqual({ keys: [] });
    }));
});

describe.concurrent('cache and figures', () => {
  it('sets, gets, counts, exports, clears and imports answers by hand', () =>
    withSandbox(async (sandbox) => {
      const question = ['--prompt', 'What is  2+2?'];
      const set = await sandbox.run(['cache', 'set', ...question, '--answer', 'four']);
      expect(set.stdout).toMatch(/^[0-9a-f]{64}\n$/);
      // The same request as a body; blanks are folded as at the gateway.
      const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'What is 2+2?' }] });
      const got = await sandbox.json(['cache', 'get', '-'], { input: body });
      expect(got).toMatchObject({ hit: true, tenant: 'local', model: 'gpt-4o', text: 'four' });
      expect((await sandbox.run(['cache', 'get', ...question])).stdout).toBe('four\n');
      // Another model, tenant or header is another request (INV-C1).
      for (const other of [
        ['--model', 'gpt-4.1'],
        ['--tenant', 'x'],
        ['--header', 'openai-beta: y'],
      ]) {
        expect((await sandbox.run(['cache', 'get', ...question, ...other])).code).toBe(1);
      }
      await sandbox.run(['cache', 'set', '-', '--answer', 'body'], {
        input: '{"model":"gpt-4.1","input":"hi"}',
      });
      expect(await sandbox.json(['cache', 'stats'])).toMatchObject({ total_entries: 2, total_hits: 2 });
      const exported = await sandbox.run(['cache', 'export', 'all.jsonl']);
      expect([exported.code, exported.stdout]).toEqual([0, '']);
      expect(statSync(join(sandbox.cwd, 'all.jsonl')).mode & 0o077).toBe(0);
      const lines = readFileSync(join(sandbox.cwd, 'all.jsonl'), 'utf8');
      expect((await sandbox.run(['cache', 'export'])).stdout.split('\n').slice(1)).toEqual(
        lines.split('\n').slice(1),
      );
      expect(await sandbox.json(['cache', 'clear'])).toEqual({ deleted: 0 });
      expect(await sandbox.json(['cache', 'clear', '--tenant', 'nobody'])).toEqual({ deleted: 0 });
      expect(await sandbox.json(['cache', 'clear', '--all'])).toEqual({ deleted: 2 });
      expect(await sandbox.json(['cache', 'import', 'all.jsonl'])).toMatchObject({
        imported: 2,
        rejected: 0,
      });
      const partly = await sandbox.run(['cache', 'import', '-'], { input: `${lines}garbage\n` });
      expect([partly.code, partly.stdout]).toEqual([2, '0 imported, 2 skipped, 1 rejected\n']);
      expect(partly.stderr).toContain('line 4');
      expect(await sandbox.json(['cleanup'])).toEqual({ deleted: 0, usage_records_deleted: 0 });
    }));

  it('refuses requests and answers that make no sense', async () => {
    const results = await Promise.all([
      shared.run(['cache', 'set', '--prompt', 'x']),
      shared.run(['cache', 'set', '--prompt', 'x', '--answer', 'y', '--body', 'z']),
      shared.run(['cache', 'get', 'hello.txt']),
      shared.run(['cache', 'get', 'hello.txt', '--prompt', 'x']),
      shared.run(['cache', 'clear', '--all', '--max-age-hours', '1']),
      shared.run(['cache', 'import', 'hello.txt', '--data-dir', join(shared.tmp, 'd')]),
    ]);
    const messages = [
      /--answer TEXT/,
      /one of them/,
      /hello\.txt is not JSON/,
      /not both/,
      /Give one/,
      /header/,
    ];
    for (const [at, result] of results.entries()) expect(result).toEqual(failure(2, messages[at] as RegExp));
  });

  it('renders figures in every format, to stdout or whole to a file', () =>
    withSandbox(async (sandbox) => {
      const formats = ['text', 'json', 'markdown', 'csv', 'html'];
      const results = await Promise.all(
        formats.map((format) => sandbox.run(['report', '--hours', '1.5', '--format', format])),
      );
      expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
      expect(results.map(({ stdout }) => stdout.slice(0, 11))).toEqual([
        'Optimizatio',
        '{\n  "period',
        '# Optimizat',
        'section,nam',
        expect.stringMatching(/^<!doctype/i),
      ]);
      expect(await sandbox.json(['stats'])).toMatchObject({ period_hours: 24, cache: { total_entries: 0 } });
      expect(await sandbox.json(['rankings'])).toEqual({ period_hours: 24, efficiency_rankings: [] });
      const written = await sandbox.run(['stats', '--format', 'csv', '--output', 'stats.csv']);
      expect([written.code, written.stdout]).toEqual([0, '']);
      expect(readFileSync(join(sandbox.cwd, 'stats.csv'), 'utf8')).toMatch(/^section,name,metric,value\r\n/);
      expect(await sandbox.run(['stats', '--output', 'no/such/file'])).toEqual(failure(2, /no\/such\/file/));
      expect(readdirSync(sandbox.cwd)).toEqual(['stats.csv']);
    }));

  it('exits 3 rather than show figures of a store that it cannot use', () =>
    withSandbox(async (sandbox) => {
      await sandbox.run(['stats']);
      const holder = new DatabaseSync(join(sandbox.home, '.pare', 'cache.db'));
      holder.exec('BEGIN EXCLUSIVE');
      try {
        const [read, write] = await Promise.all([
          sandbox.run(['stats']),
          sandbox.run(['cache', 'set', '--prompt', 'a', '--answer', 'b']),
        ]);
        expect(read).toEqual(failure(3, /locked/));
        expect(write).toEqual(failure(3, /locked/));
      } finally {
        holder.close();
      }
      writeFileSync(join(sandbox.cwd, 'file'), '');
      expect(await sandbox.run(['stats', '--data-dir', 'file/x'])).toEqual(failure(3, /data folder/));
    }));
});

describe.concurrent('calibrate and doctor', () => {
  it('shows what was learned and forgets it', () =>
    withSandbox(async (sandbox) => {
      expect(await sandbox.json(['calibrate'])).toEqual({ models: [] });
      await sandbox.run(['keys', 'list']);
      const db = new DatabaseSync(join(sandbox.home, '.pare', 'state.db'));
      const learned = {
        'claude-sonnet-4-5': {
          prose: { count: 20, mean: Math.log(1.1), variance: 0.0001 },
          code: { count: 2, mean: 0, variance: 0.02 },
        },
      };
      db.prepare('INSERT INTO documents VALUES (?, ?, ?)').run(
        'calibration',
        'tokens',
        JSON.stringify(learned),
      );
      db.close();
      const shown = (await sandbox.json(['calibrate'])) as { models: { ratio: number | null }[] };
      expect(shown.models).toMatchObject([
        { model: 'claude-sonnet-4-5', content_class: 'prose', observations: 20 },
        { content_class: 'code', observations: 2, ratio: null, error_band: null },
      ]);
      expect(shown.models[0]?.ratio).toBeCloseTo(1.1, 6);
      const args = ['count', '--model', 'claude-sonnet-4-5'];
      const text = { input: 'plain words that go on and on. '.repeat(500) };
      const calibrated = (await sandbox.json(args, text)) as { total: number; basis: string };
      expect(await sandbox.json(['calibrate', '--reset'])).toEqual({ reset: true });
      const estimated = (await sandbox.json(args, text)) as { total: number; basis: string };
      expect([calibrated.basis, estimated.basis]).toEqual(['calibrated', 'estimated']);
      expect(calibrated.total / estimated.total).toBeCloseTo(1.1, 2);
    }));

  it('diagnoses: 0 when all is well, 1 with a fix when not', () =>
    withSandbox(async (sandbox) => {
      const env = { PARE_PORT: '0' };
      const well = (await sandbox.json(['doctor'], { env })) as { ok: boolean; checks: { name: string }[] };
      expect(well.ok).toBe(true);
      expect(well.checks.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          'node',
          'config',
          'encoding',
          'prices',
          'data_dir',
          'store_cache',
          'disk',
          'port',
        ]),
      );
      expect(readdirSync(sandbox.home)).toEqual([]);
      mkdirSync(join(sandbox.home, '.pare'), { mode: 0o700 });
      writeFileSync(
        join(sandbox.home, '.pare', 'ledger.db'),
        'no database at all, and long enough. '.repeat(99),
      );
      const ill = await sandbox.run(['doctor'], { env });
      expect(ill.code).toBe(1);
      expect(ill.stdout).toMatch(/^fail {2}store_ledger: .*damaged.*\n {6}\S/m);
      const unset = await sandbox.run(['doctor'], { env: { PARE_PORT: 'x' } });
      expect([unset.code, unset.stdout]).toEqual([1, expect.stringMatching(/^fail {2}config: .*PARE_PORT/m)]);
    }));

  it('prints a completion script for each shell', async () => {
    const scripts = await Promise.all(
      ['bash', 'zsh', 'fish'].map((shell) => shared.run(['completion', shell])),
    );
    expect(scripts.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(
      scripts.map(({ stdout }) => /complete -o bashdefault|#compdef pare|complete -c pare/.test(stdout)),
    ).toEqual([true, true, true]);
    expect(await shared.run(['completion', 'tcsh'])).toEqual(failure(2, /bash, zsh, fish/));
  });
});

/** How long what a gateway writes may take to be seen by another process. */
const WITHIN = { timeout: 10_000, interval: 100 };

describe('a running gateway', () => {
  let provider: SimulatedProvider;
  beforeAll(async () => {
    provider = await createSimulatedProvider();
  });
  afterAll(() => provider.close());

  it('sees at once what is set and cleared by hand, and its figures are seen', () =>
    withSandbox(async (sandbox) => {
      const upstream = ['--port', '0', '--upstream-openai', provider.url];
      const env = { PARE_UPSTREAM_OPENAI: provider.url };
      const served = await sandbox.run(['serve', '--json', ...upstream], {
        during: async (child, output) => {
          const url = (await waitForOutput(output, /"url":"(http:[^"]+)"/))[1] as string;
          const ask = async (content: string) => {
            const response = await fetch(`${url}/v1/chat/completions`, {
              method: 'POST',
              body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] }),
              headers: { authorization: 'Bearer sk-test' },
            });
            const body = (await response.json()) as { choices: { message: { content: string } }[] };
            return [response.headers.get('x-pare-cache'), body.choices[0]?.message.content];
          };
          const tenant = `key-${createHash('sha256').update('sk-test').digest('hex').slice(0, 16)}`;
          expect((await ask('Who?'))[0]).toBe('miss');
          expect((await ask('Who?'))[0]).toBe('hit');
          const get = ['cache', 'get', '--prompt', 'Who?', '--tenant', tenant];
          // The gateway writes what it keeps a little later.
          await vi.waitFor(
            async () => expect(await sandbox.json(get, { env })).toMatchObject({ hit: true, tenant }),
            WITHIN,
          );
          await sandbox.run(
            ['cache', 'set', '--prompt', 'Why?', '--answer', 'Because.', '--tenant', tenant],
            { env },
          );
          expect(await ask('Why?')).toEqual(['hit', 'Because.']);
          expect(await sandbox.json(['cache', 'clear', '--all'])).toEqual({ deleted: 2 });
          expect((await ask('Who?'))[0]).toBe('miss');
          await vi.waitFor(
            async () =>
              expect(await sandbox.json(['stats'])).toMatchObject({
                metrics: { total_requests: 4 },
                cache: { total_hits: 2, misses: 2 },
              }),
            WITHIN,
          );
          child.kill('SIGTERM');
        },
      });
      expect(served.code).toBe(0);
    }));
});

describe.concurrent('demo', () => {
  it('plays the samples against the simulated provider and prints what was saved', () =>
    withSandbox(async (sandbox) => {
      const text = await sandbox.run(['demo']);
      expect(text.code).toBe(0);
      expect(text.stdout).toContain('SIMULATED');
      expect(text.stdout).toMatch(/exact-cache +on +\d+ +[\d,]+ +0/);
      expect(text.stdout).toMatch(/Bypassed the cache: \d+ of \d+ requests/);
      const table = (await sandbox.json(['demo'])) as {
        simulated: boolean;
        sessions: { requests: number; hits: number; misses: number; bypassed: number }[];
        stages: { stage: string; net_tokens: number }[];
        total: { requests: number; tokens_before: number; tokens_after: number; net_tokens: number };
      };
      expect(table.simulated).toBe(true);
      for (const row of table.sessions) expect(row.hits + row.misses + row.bypassed).toBe(row.requests);
      expect(table.total.tokens_before - table.total.tokens_after).toBe(table.total.net_tokens);
      expect(table.stages.reduce((sum, row) => sum + row.net_tokens, 0)).toBe(table.total.net_tokens);
      expect(table.total.net_tokens).toBeGreaterThan(0);
      // Nothing is left behind: no data of the user is touched, no temporary folder stays.
      expect([readdirSync(sandbox.home), readdirSync(sandbox.tmp)]).toEqual([[], []]);
    }));

  it('keeps the gateway with --keep until it is interrupted, and cleans up then', () =>
    withSandbox(async (sandbox) => {
      const result = await sandbox.run(['demo', '--keep'], {
        during: async (child, output) => {
          const url = (await waitForOutput(output, /goes on at (\S+)/))[1] as string;
          expect((await fetch(`${url}/healthz`)).status).toBe(200);
          child.kill('SIGINT');
        },
      });
      expect([result.code, readdirSync(sandbox.tmp)]).toEqual([0, []]);
    }));

  it('exits 130 when it is interrupted while it plays, and leaves nothing behind', () =>
    withSandbox(async (sandbox) => {
      const result = await sandbox.run(['demo'], {
        during: async (child, output) => {
          await waitForOutput(output, /playing/);
          child.kill('SIGINT');
        },
      });
      expect([result.code, result.stdout, readdirSync(sandbox.tmp)]).toEqual([130, '', []]);
    }));
});

it('takes a reader that has seen enough for no error', async () => {
  const result = await shared.run(['models', 'list', '--quiet'], {
    during: (child) => void child.stdout?.once('data', () => child.stdout?.destroy()),
    input: '',
  });
  expect(result).toMatchObject({ code: 0, stderr: '' });
});
