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

describe('compaction', () => {
  const parameters = {
    type: 'object',
    title: 'get_weatherArguments',
    properties: {
      city: {
        anyOf: [{ type: 'string' }, { type: 'null' }],
        title: 'City',
        description: 'The name of the city for which the forecast is made. Must be below 80 characters.',
      },
    },
  };
  const tool = {
    type: 'function',
    function: { name: 'get_weather', description: 'Forecast of rain', parameters },
  };
  const compacted = {
    type: 'object',
    properties: {
      city: {
        type: ['string', 'null'],
        description: 'Name of city for which forecast is made. Must be below 80 characters.',
      },
    },
  };

  it('select-tools --compact gives the smaller tools and counts them', async () => {
    writeFileSync(join(sandbox.cwd, 'long.json'), JSON.stringify([tool, ...TOOLS.slice(1)]));
    const args = ['select-tools', '--tools', 'long.json', '--query', 'will it rain', '--max', '1', '--json'];
    const [plain, small] = (await Promise.all([
      sandbox.json(args),
      sandbox.json([...args, '--compact']),
    ])) as {
      tokens_before: number;
      tokens_after: number;
      compacted?: object[];
    }[];
    expect(small?.tokens_before).toBe(plain?.tokens_before);
    expect(small?.tokens_after).toBeLessThan(plain?.tokens_after ?? 0);
    expect(plain).not.toHaveProperty('compacted');
    expect(small?.compacted).toEqual([{ ...tool, function: { ...tool.function, parameters: compacted } }]);
  });

  it('pare.tools.compact gives the same, and the original by its name', async () => {
    await using pare = await createPare({ dataDir: sandbox.cwd });
    const { tools, tokensBefore, tokensAfter, describe: tell } = pare.tools.compact({ tools: [tool] });
    expect(tools).toEqual([{ ...tool, function: { ...tool.function, parameters: compacted } }]);
    expect(tokensBefore - tokensAfter).toBeGreaterThan(10);
    expect(tell('get_weather')).toBe(tool);
    expect(() => pare.tools.compact({ tools: [tool], level: 'lazy', maxDocTokens: 1 })).toThrow(
      /maxDocTokens/,
    );
  });
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
