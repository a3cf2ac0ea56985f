import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CliSandbox, createCliSandbox } from './support/cli.ts';

vi.setConfig({ testTimeout: 120_000 });

let sandbox: CliSandbox;
beforeAll(() => {
  sandbox = createCliSandbox();
  for (const run of [1, 2, 3]) writeFileSync(join(sandbox.cwd, `ci-${run}.log`), logOf(run));
});
afterAll(() => sandbox.remove());

/** The same failure in other times, numbers and folders. */
function logOf(run: number): string {
  const lines = Array.from({ length: 2000 }, (_, i) => `order ${run * 10_000 + i} took ${(i * run) % 97} ms`);
  lines.push(
    ` FAIL  src/cart.test.ts (${run}.4 s)`,
    `    TypeError: cannot read /tmp/job-${run}e5/${run}.json`,
    `      at add (/tmp/job-${run}e5/cart.js:${run}:9)`,
    'Tests: 1 failed, 600 passed, 601 total',
  );
  return `${lines.join('\n')}\n`;
}

interface Report {
  readonly errors: readonly { message: string; seen_runs?: number; first_seen?: string }[];
  readonly text: string;
}

const DAY = new Date().toISOString().slice(0, 8);

describe('pare logs and errors of earlier runs', () => {
  it('tells which were there before, and counts each log once', async () => {
    const data = ['--data-dir', 'memory', '--token-budget', '1000'];
    const first = await sandbox.run(['logs', 'ci-1.log', ...data]);
    expect(first.stdout + first.stderr).not.toContain('seen');
    expect((await sandbox.run(['logs', 'ci-1.log', ...data])).stdout).toBe(first.stdout);
    const second = await sandbox.run(['logs', 'ci-2.log', ...data]);
    expect(second.stdout).toContain(`TypeError: cannot read /tmp/job-2e5/2.json`);
    expect(second.stdout).toMatch(/\[seen in 1 run since \d{4}-\d\d-\d\d\]/);
    expect(second.stderr).toMatch(/distinct errors?, \d seen before/);
    const third = (await sandbox.json(['logs', 'ci-3.log', ...data])) as Report;
    const error = third.errors.find(({ message }) => message.includes('TypeError'));
    expect(error).toMatchObject({ seen_runs: 2, first_seen: expect.stringMatching(`^${DAY}.*Z$`) });
    const piped = (await sandbox.json(['logs', ...data], { input: logOf(3) })) as Report;
    expect(piped.errors.find(({ message }) => message.includes('TypeError'))?.seen_runs).toBe(2);
  });

  it('holds logs that are given together for one run', async () => {
    const both = ['logs', 'ci-1.log', 'ci-2.log', '--token-budget', '1000', '--data-dir', 'together'];
    expect((await sandbox.run(both)).stdout).not.toContain('seen in');
    expect((await sandbox.run(both)).stdout).not.toContain('seen in');
    const third = await sandbox.run(['logs', 'ci-3.log', '--token-budget', '1000', '--data-dir', 'together']);
    expect(third.stdout).toContain('[seen in 1 run since');
  });

  it('counts every run of a command, also one that prints the same again', async () => {
    const run = async (): Promise<Report> =>
      (await sandbox.json(['run', '--quiet', '--data-dir', 'commands', '--', 'cat', 'ci-1.log'])) as Report;
    const seen = [];
    for (let i = 0; i < 3; i++) seen.push((await run()).errors[0]?.seen_runs);
    expect(seen).toEqual([undefined, 1, 2]);
  });

  it('remembers nothing when told so, by flag or configuration', async () => {
    const seen = async (args: readonly string[], env = {}): Promise<number | undefined> => {
      const report = await sandbox.json(['logs', ...args, '--data-dir', 'off'], { env });
      return (report as Report).errors[0]?.seen_runs;
    };
    const off = { PARE_LOGS_STORE_MEMORY: 'false' };
    await seen(['ci-1.log', '--no-store-memory']);
    await seen(['ci-2.log'], off);
    expect(await seen(['ci-3.log', '--store-memory'], off)).toBeUndefined();
    expect(await seen(['ci-1.log', '--no-store-memory'])).toBeUndefined();
    expect(await seen(['ci-1.log'])).toBe(1);
  });
});

describe('pare logs --track-usage', () => {
  interface Sums {
    readonly metrics: { readonly total_requests: number };
    readonly savings: {
      readonly net_tokens: number;
      readonly shadow: Record<string, Record<string, number>>;
    };
    readonly efficiency_rankings: readonly unknown[];
  }

  it('INV-U4 records what was condensed as measured and not saved, and as no request', async () => {
    const data = ['--data-dir', 'tracked'];
    const small = ['logs', 'ci-1.log', '--token-budget', '500', ...data];
    const { input, output } = (await sandbox.json([...small, '--track-usage'])) as Record<
      'input' | 'output',
      { readonly tokens: number }
    >;
    await sandbox.run(small);
    const report = (await sandbox.json(['report', ...data])) as Sums;
    expect(report.metrics.total_requests).toBe(0);
    expect(report.efficiency_rankings).toEqual([]);
    expect(report.savings.net_tokens).toBe(0);
    expect(report.savings.shadow['tool-output']).toMatchObject({
      requests: 1,
      tokens_before: input.tokens,
      tokens_after: output.tokens,
    });
  });

  it('says when there is no ledger to write to, and condenses all the same', async () => {
    writeFileSync(join(sandbox.cwd, 'no-folder'), '');
    const args = ['logs', 'ci-1.log', '--token-budget', '500', '--track-usage', '--data-dir', 'no-folder'];
    const { code, stdout, stderr } = await sandbox.run(args);
    expect([code, stdout.includes('TypeError')]).toEqual([0, true]);
    expect(stderr).toContain('[usage_not_tracked]');
  });
});
