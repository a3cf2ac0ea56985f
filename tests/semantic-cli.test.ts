import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CliSandbox, createCliSandbox } from './support/cli.ts';
import { type Stack, startStack } from './support/gateway.ts';

vi.setConfig({ testTimeout: 60_000 });

let sandbox: CliSandbox;
let stack: Stack;
beforeAll(async () => {
  sandbox = createCliSandbox();
  stack = await startStack({
    dataDir: join(sandbox.cwd, 'data'),
    config: { 'stages.semantic-cache': 'on', 'semantic.exploreShare': 0, 'semantic.verifyShare': 0 },
  });
  const client = new OpenAI({ apiKey: 'key-a', baseURL: `${stack.url}/v1`, maxRetries: 0 });
  const ask = (content: string, tags: string, model = 'gpt-4o') =>
    client.chat.completions.create(
      { model, messages: [{ role: 'user', content }] },
      { headers: { 'x-pare-tags': tags } },
    );
  await ask('How do I turn on dark mode?', 'team=a');
  await ask('How do I cancel my subscription?', 'team=b');
  await ask('Where can I find my invoices?', 'team=b', 'gpt-4o-mini');
  await stack.core.semantic?.cache.flush();
  await stack.core.cache.flush();
});
afterAll(async () => {
  await stack.close();
  sandbox.remove();
});

const data = ['--data-dir', 'data'];

interface Explained {
  readonly decision: string;
  readonly reason: string;
  readonly candidates: readonly {
    text: string;
    similarity: number;
    gate: string | null;
    detail: string | null;
  }[];
}

describe('pare cache explain', () => {
  it('shows the nearest text, what stops it, and what the gate saw', async () => {
    const found = (await sandbox.json([
      'cache',
      'explain',
      'How do I turn off dark mode?',
      ...data,
    ])) as Explained;
    expect(found).toMatchObject({ decision: 'miss', reason: 'gate_antonym' });
    expect(found.candidates[0]).toMatchObject({ text: 'How do I turn on dark mode?', gate: 'antonym' });
    expect(found.candidates[0]?.similarity).toBeGreaterThan(0.8);
    expect(found.candidates[0]?.detail).toContain('off');
    const text = (await sandbox.run(['cache', 'explain', 'How do I turn off dark mode?', ...data])).stdout;
    expect(text).toContain('miss: gate_antonym');
  });

  it('says what would hit, and what is never looked up', async () => {
    const hit = (await sandbox.json([
      'cache',
      'explain',
      'how do I cancel my subscription',
      ...data,
    ])) as Explained;
    expect(hit).toMatchObject({ decision: 'hit', reason: 'semantic_hit' });
    const personal = await sandbox.json(['cache', 'explain', 'mail me at ann@example.com', ...data]);
    expect(personal).toMatchObject({ decision: 'miss', reason: 'personal', candidates: [] });
    const other = await sandbox.json(['cache', 'explain', 'x', '--tenant', 'nobody', ...data]);
    expect(other).toMatchObject({ decision: 'miss', reason: 'no_candidate' });
  });
});

describe('pare cache eval', () => {
  const rows = [
    { a: 'How do I reset my password?', b: 'How can I reset my password?', label: 1 },
    { a: 'How do I turn on the alarm?', b: 'How do I turn off the alarm?', label: 0 },
    { a: 'Fly from Paris to Rome', b: 'Fly from Rome to Paris', label: 0 },
    { a: 'Opening hours?', b: 'opening hours', label: 1 },
    { a: '', b: 'anything', label: 0 },
  ];

  it('judges labelled pairs, each alone', async () => {
    writeFileSync(join(sandbox.cwd, 'pairs.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const found = await sandbox.json(['cache', 'eval', 'pairs.jsonl', '--max-false-hit-rate', '0.05']);
    expect(found).toMatchObject({
      pairs: 5,
      served: 2,
      true_hits: 2,
      false_hits: 0,
      precision: 1,
      recall: 1,
      false_hit_rate: 0,
      by_reason: { certain: 1, confident: 1, text_empty: 1 },
    });
    expect((found as { rows: readonly object[] }).rows).toHaveLength(5);
    expect((found as { rows: readonly object[] }).rows[1]).toMatchObject({ ...rows[1], decision: 'miss' });
    const none = await sandbox.json(['cache', 'eval', 'pairs.jsonl', '--max-false-hit-rate', '0']);
    expect(none).toMatchObject({ served: 1, by_reason: { certain: 1 } });
    expect((await sandbox.run(['cache', 'eval', 'pairs.jsonl'])).stdout).toContain('5 pairs');
  });

  it.each([
    ['no JSON', 'nonsense', 'invalid_json'],
    ['another form', '{"a": "x", "b": "y"}', 'invalid_pair'],
    ['nothing', '\n', 'no_pairs'],
  ])('says where the file holds %s', async (_what, text, code) => {
    writeFileSync(join(sandbox.cwd, 'bad.jsonl'), text);
    const { code: exit, stderr } = await sandbox.run(['cache', 'eval', 'bad.jsonl']);
    expect(exit).toBe(2);
    expect(stderr).toContain(code);
  });

  it('knows no such embedder', async () => {
    const { code, stderr } = await sandbox.run(['cache', 'eval', 'pairs.jsonl', '--embedder', 'magic']);
    expect(code).toBe(2);
    expect(stderr).toContain('static, onnx:MODEL or the address of an API');
  });
});

describe('pare cache clear', () => {
  const clear = (...args: string[]) => sandbox.json(['cache', 'clear', ...args, ...data]);

  it('says what it would delete, and deletes by tag, model, text and time', async () => {
    expect(await clear('--tag', 'team=b', '--dry-run')).toMatchObject({
      deleted: 0,
      would_delete: 2,
      entries: 2,
    });
    expect(await clear('--model', 'gpt-4o-mini', '--dry-run')).toMatchObject({ would_delete: 1 });
    expect(await clear('--until', '2020-01-01', '--dry-run')).toMatchObject({ would_delete: 0 });
    expect(await clear('--text', 'DARK MODE')).toMatchObject({ deleted: 1, entries: 1 });
    expect(await clear('--since', '2020-01-01', '--tag', 'team=b', '--model', 'gpt-4o')).toMatchObject({
      deleted: 1,
    });
    expect(await clear('--all', '--dry-run')).toMatchObject({ would_delete: 1, entries: 1 });
    expect(await clear('--all')).toMatchObject({ deleted: 1 });
    const left = await sandbox.json(['cache', 'explain', 'Where can I find my invoices?', ...data]);
    expect(left).toMatchObject({ reason: 'no_candidate' });
  });

  it('wants to know what a dry run is for', async () => {
    const { code, stderr } = await sandbox.run(['cache', 'clear', '--dry-run', ...data]);
    expect(code).toBe(2);
    expect(stderr).toContain('nothing_chosen');
  });
});
