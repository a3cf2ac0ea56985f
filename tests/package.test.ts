import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MEGABYTE = 1_000_000;

let folder = '';
let tarball = '';
let app = '';

/** Runs npm with an empty home, so that nothing of this machine's settings but the registry matters. */
function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args, '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd,
    encoding: 'utf8',
  });
}

function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, args, {
    cwd: app,
    encoding: 'utf8',
    env: { ...process.env, HOME: folder, ...env },
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pare-package-'));
  app = join(folder, 'app');
  mkdirSync(app);
  npm(['pack', '--pack-destination', folder], ROOT);
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'missing');
  writeFileSync(join(app, 'package.json'), '{"name":"app","private":true,"type":"module"}');
  npm(['install', tarball, '--omit=dev', '--prefer-offline'], app);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed package', () => {
  it('is small and holds no sources, tests or machine paths', () => {
    expect(statSync(tarball).size).toBeLessThan(5 * MEGABYTE);
    const names = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n');
    expect(names).toContain('package/LICENSE');
    expect(names).toContain('package/README.md');
    expect(names).toContain('package/models/static-table.bin');
    expect(
      names.filter((name) => name.includes('.test.') || /^package\/(src|tests|bench)\//.test(name)),
    ).toEqual([]);
  });

  it('installs without any native build or install script', () => {
    const files = readdirSync(join(app, 'node_modules'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('binding.gyp'))).toEqual([]);
    const manifests = files.filter((name) =>
      /^((@[^/]+\/)?[^/]+\/)(node_modules\/(@[^/]+\/)?[^/]+\/)*package\.json$/.test(name),
    );
    expect(manifests.length).toBeGreaterThan(5);
    for (const name of manifests) {
      const { scripts = {} } = JSON.parse(readFileSync(join(app, 'node_modules', name), 'utf8')) as {
        scripts?: object;
      };
      expect([name, Object.keys(scripts).filter((script) => /^(pre|post)?install$/.test(script))]).toEqual([
        name,
        [],
      ]);
    }
  });

  it('runs its command line', () => {
    const bin = join(app, 'node_modules', '.bin', 'pare');
    expect(run([bin, '--version']).stdout.trim()).toBe('0.1.0');
    const help = run([bin, '--help']);
    expect(help.status).toBe(0);
    expect(help.stdout).toContain('serve');
    writeFileSync(join(app, 'text.txt'), 'Hello, world!');
    const counted = run([bin, 'count', 'text.txt', '--json', '--quiet']);
    expect(counted.stderr).toBe('');
    expect(JSON.parse(counted.stdout)).toMatchObject({ total: 4, basis: 'exact', encoding: 'o200k_base' });
  });

  it.each([
    'pare',
    'pare/tokens',
    'pare/cache',
    'pare/embeddings',
    'pare/ledger',
    'pare/logs',
    'pare/tools',
    'pare/gateway',
    'pare/mcp',
    'pare/testing',
    'pare/contract',
  ])('imports %s', (name) => {
    const imported = run([
      '-e',
      `import(${JSON.stringify(name)}).then((m) => console.log(Object.keys(m).length))`,
    ]);
    expect(imported.stderr).toBe('');
    expect(Number(imported.stdout)).toBeGreaterThan(0);
  });

  it('answers a chat from its own files', () => {
    writeFileSync(
      join(app, 'chat.mjs'),
      `import { createPare } from 'pare';
       let calls = 0;
       const upstream = async () => ({ id: 'c' + ++calls, object: 'chat.completion', created: 1, model: 'gpt-4o',
         choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
         usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } });
       const pare = await createPare({ dataDir: ${JSON.stringify(join(folder, 'data'))}, upstream });
       const ask = () => pare.chat({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] });
       const first = await ask();
       const second = await ask();
       console.log(JSON.stringify([calls, first.outcome, second.outcome, second.response.choices[0].message.content]));
       await pare.close();`,
    );
    const result = run(['chat.mjs']);
    expect(result.stderr).toBe('');
    expect(JSON.parse(result.stdout)).toEqual([1, 'miss', 'hit', 'Hello.']);
  });

  it('says what to install where an optional package is missing', () => {
    writeFileSync(join(app, 'mcp.json'), '{"mcpServers":{"a":{"command":"node"}}}');
    const bin = join(app, 'node_modules', '.bin', 'pare');
    const result = run([bin, 'mcp-proxy', '--servers', 'mcp.json']);
    expect(result.status).toBe(3);
    expect(result.stderr).toContain('npm install @modelcontextprotocol/sdk@1 [mcp_peer_missing]');
  });

  it('embeds with the table it ships', () => {
    const result = run([
      '-e',
      "import('pare/embeddings').then((m) => console.log(m.createStaticEmbedder().embedNow('hello').length))",
    ]);
    expect(result.stderr).toBe('');
    expect(Number(result.stdout)).toBeGreaterThan(0);
  });

  it('type-checks for users with strict settings', () => {
    writeFileSync(
      join(app, 'use.ts'),
      `import { createPare, countTokens, defineConfig, isPareError } from 'pare';
       import type { UsageRecord } from 'pare/contract';
       import {
         type CondenseStream, compilePattern, condenseLog, condenseStream, createLogCondenser, type LogCondenser,
         type LogInput, type LogReport, type Priority, type PriorityPattern, type ProfileName,
       } from 'pare/logs';
       export default defineConfig({ preset: 'safe', cache: { ttlSeconds: 60 } });
       export async function use(record: UsageRecord): Promise<number> {
         await using pare = await createPare({ preset: 'balanced' });
         const { outcome } = await pare.chat({ model: 'gpt-4o', messages: [] }, { cache: true });
         const { tokens } = await countTokens('x', { model: 'gpt-4o' });
         const report: LogReport = await pare.logs.condense({ path: 'a.log' }, { model: 'gpt-4o', onNote: console.warn });
         return isPareError(outcome) ? report.gaps.length : tokens + record.latencyMs;
       }
       export async function condense(input: LogInput, profile: ProfileName, signal: AbortSignal): Promise<Priority[]> {
         const patterns: PriorityPattern[] = [{ priority: 'high', pattern: compilePattern('order 4711') }];
         const options = { count: (text: string) => text.length, patterns, profile, signal, chunkBytes: 65_536 };
         const one: LogCondenser = createLogCondenser();
         const stream: CondenseStream = condenseStream(options);
         process.stdin.pipe(stream).pipe(process.stdout);
         const { priorities, errors: [first] } = await one(input, { ...options, limits: { byPriority: { low: 0.1 } } });
         console.log(first?.ref.length, (await condenseLog(input, options)).text, (await stream.report).keptRatio);
         return Object.keys(priorities) as Priority[];
       }`,
    );
    const tsc = spawnSync(
      process.execPath,
      [
        join(ROOT, 'node_modules/typescript-native/bin/tsc'),
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--target',
        'es2022',
        '--lib',
        'es2022,dom,esnext.disposable',
        '--skipLibCheck',
        'false',
        '--types',
        'node',
        '--typeRoots',
        join(ROOT, 'node_modules/@types'),
        'use.ts',
      ],
      { cwd: app, encoding: 'utf8' },
    );
    expect(tsc.stdout).toBe('');
  });

  it('is well formed by publint', () => {
    const result = spawnSync(
      process.execPath,
      [join(ROOT, 'node_modules/publint/src/cli.js'), tarball, '--strict'],
      { cwd: ROOT, encoding: 'utf8' },
    );
    expect(result.stdout + result.stderr).toContain('All good');
  });
});
