import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createPare } from '../src/index.ts';
import { categoryExamples } from '../src/tools/index.ts';
import { type CliSandbox, createCliSandbox } from './support/cli.ts';

vi.setConfig({ testTimeout: 60_000 });

const TOOLS = [
  { type: 'function', function: { name: 'get_weather', description: 'Forecast of rain for a city' } },
  { name: 'send_email', description: 'Send a message to a recipient', input_schema: { type: 'object' } },
  { name: 'run_sql', description: 'Run a query on the database', inputSchema: { type: 'object' } },
];
let sandbox: CliSandbox;
beforeAll(() => {
  sandbox = createCliSandbox();
  writeFileSync(join(sandbox.cwd, 'tools.json'), JSON.stringify({ tools: TOOLS }));
  writeFileSync(join(sandbox.cwd, 'tools.jsonl'), TOOLS.map((tool) => JSON.stringify(tool)).join('\n'));
  writeFileSync(join(sandbox.cwd, 'q.jsonl'), '{"query":"will it rain"}\n{"query":"use run_sql"}\n');
});

describe('pare select-tools', () => {
  it('answers one request as JSON with fewer tokens', async () => {
    const args = ['select-tools', '--tools', 'tools.json', '--query', 'will it rain', '--max', '1', '--json'];
    const { code, stdout } = await sandbox.run(args);
    const report = JSON.parse(stdout) as { tools: object[]; tokens_before: number; tokens_after: number };
    expect(code).toBe(0);
    expect(report.tools).toEqual([
      expect.objectContaining({ name: 'get_weather', rank: 1, reason: 'ranked' }),
    ]);
    expect(report.tokens_after).toBeGreaterThan(0);
    expect(report.tokens_after).toBeLessThan(report.tokens_before);
  });

  it('answers a file of requests line by line, in order', async () => {
    const { stdout } = await sandbox.run([
      'select-tools',
      '--tools',
      'tools.jsonl',
      '--queries',
      'q.jsonl',
      '--max',
      '1',
    ]);
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { tools: { name: string }[] }).tools[0]?.name);
    expect(names).toEqual(['get_weather', 'run_sql']);
  });

  it.each([[['--tools', 'tools.json']], [['--tools', 'q.missing', '--query', 'x']]])(
    'exits 2 for %j',
    async (args) => {
      expect((await sandbox.run(['select-tools', ...args])).code).toBe(2);
    },
  );
});

it('pare.tools.select gives the chosen tools in the form and order of the caller', async () => {
  await using pare = await createPare({ dataDir: sandbox.cwd });
  const found = await pare.tools.select({
    tools: TOOLS,
    query: 'mail Ann that it will rain',
    max: 2,
    pinned: ['run_sql'],
  });
  expect(found.selected).toContain(TOOLS[2]);
  expect(found.selected).toHaveLength(2);
  expect(found.tokensAfter).toBeLessThan(found.tokensBefore);
});

it('pare.tools classifies requests by categories of the tools, and restores what it learned', async () => {
  await using pare = await createPare({ dataDir: sandbox.cwd });
  const categories = [
    { name: 'data', tools: ['run_sql'] },
    { name: 'world', tools: ['get_weather'] },
  ];
  const examples = categoryExamples(TOOLS, categories);
  const classifier = await pare.tools.trainClassifier({ examples, minConfidence: 0 });
  const [best] = await classifier.classify('run a query on the database');
  expect(best?.label).toBe('data');
  const restored = pare.tools.restoreClassifier(JSON.parse(JSON.stringify(classifier.snapshot())));
  expect(await restored.classify('will it rain')).toEqual(await classifier.classify('will it rain'));
  expect(await pare.tools.categories(TOOLS)).toBeInstanceOf(Array);
});
