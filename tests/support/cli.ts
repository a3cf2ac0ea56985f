import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
/** Node keeps there what it made of the sources, which halves the time of a run. */
const COMPILE_CACHE = join(tmpdir(), 'pare-cli-test-compile-cache');

/** What a run of the command line left. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the command line is run. */
export interface CliOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Looks at the running process: to interrupt it, or to use it. */
  readonly during?: (child: ChildProcess, output: () => CliResult) => Promise<void> | void;
}

/** A folder to work in and an empty home, and the real command line run in them. */
export interface CliSandbox {
  readonly home: string;
  readonly cwd: string;
  readonly tmp: string;
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  /** Runs with `--json` and parses the result. @throws Error when the exit code is another than `code` */
  json(args: readonly string[], options?: CliOptions & { readonly code?: number }): Promise<unknown>;
  remove(): void;
}

/** Makes the sandbox. */
export function createCliSandbox(): CliSandbox {
  const root = mkdtempSync(join(tmpdir(), 'pare-cli-'));
  const [home, cwd, tmp] = ['home', 'work', 'tmp'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [home, cwd, tmp]) mkdirSync(folder);
  const run: CliSandbox['run'] = async (args, options = {}) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      // Nothing of the machine's own settings reaches the process.
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        TMPDIR: tmp,
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        ...options.env,
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    // A command that fails early does not read what it was given.
    child.stdin.on('error', () => {});
    if (options.during === undefined || options.input !== undefined) child.stdin.end(options.input ?? '');
    const code = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    await options.during?.(child, () => ({ code: child.exitCode, stdout, stderr }));
    return { code: await code, stdout, stderr };
  };
  return {
    home,
    cwd,
    tmp,
    run,
    json: async (args, { code = 0, ...options } = {}) => {
      const result = await run(['--json', ...args], options);
      if (result.code !== code)
        throw new Error(`pare ${args.join(' ')}: exit ${result.code}\n${result.stderr}`);
      return JSON.parse(result.stdout) as unknown;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Waits until a process has printed something that fits. @throws Error after 20 seconds */
export async function waitForOutput(output: () => CliResult, pattern: RegExp): Promise<RegExpExecArray> {
  const end = Date.now() + 20_000;
  for (;;) {
    const { stdout, stderr, code } = output();
    const found = pattern.exec(stdout + stderr);
    if (found !== null) return found;
    if (code !== null || Date.now() > end)
      throw new Error(`${String(pattern)} did not come:\n${stdout}${stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
