import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createSqliteLedgerStore } from './sqlite-ledger-store.ts';

const ALWAYS = { from: 0, to: Number.MAX_SAFE_INTEGER };
/** The promise: what was appended this long before the kill is there. */
const PROMISED_MS = 100;

/** Appends about 2,000 records a second and prints each id with its time, after it was appended. */
const CHILD = `
  import { writeSync } from 'node:fs';
  const { createLedger } = await import(url('ledger/index.ts'));
  const { createLedgerWriter } = await import(url('stores/index.ts'));
  const { usageRecord } = await import(url('testing/fixtures/usage-record.ts'));
  function url(path) { return new URL(path, process.argv[1]).href; }
  const store = createLedgerWriter({ path: process.argv[2], onEvent: () => {} });
  await store.ready();
  const ledger = createLedger({ store, onEvent: (event) => writeSync(2, event.message + '\\n') });
  let next = 0;
  setInterval(() => {
    let lines = '';
    for (let i = 0; i < 10; i++) {
      const id = 'r' + next++;
      ledger.append(usageRecord(id));
      lines += id + ' ' + (performance.timeOrigin + performance.now()) + '\\n';
    }
    writeSync(1, lines);
  }, 5);
`;

it.each([1, 2, 3])(
  'kill -9 loses no record older than 100 ms, and leaves a sound file (INV-S5), run %i',
  async (run) => {
    const folder = mkdtempSync(join(tmpdir(), 'pare-kill-'));
    try {
      const path = join(folder, 'ledger.db');
      const source = fileURLToPath(new URL('../../', import.meta.url));
      const child = spawn(
        process.execPath,
        ['--input-type=module', '--eval', CHILD, new URL('../../', import.meta.url).href, path],
        { cwd: source, stdio: ['ignore', 'pipe', 'inherit'] },
      );
      let output = '';
      const appended = () => output.split('\n').filter((line) => line.includes(' '));
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      // Another moment within the cycle of batches each time.
      while (appended().length < 500 + run * 37) await new Promise((resolve) => setTimeout(resolve, 3));
      const killedAt = performance.timeOrigin + performance.now();
      child.kill('SIGKILL');
      await once(child, 'close');

      const store = createSqliteLedgerStore({ path, onEvent: (event) => expect(event).toBeUndefined() });
      const kept = new Set(store.records({ ...ALWAYS, limit: 1_000_000 }).map((record) => record.id));
      const sums = store.sums(ALWAYS);
      store.close();
      const promised = appended()
        .map((line) => line.split(' '))
        .filter(([, time]) => Number(time) < killedAt - PROMISED_MS)
        .map(([id = '']) => id);
      expect(promised.length).toBeGreaterThan(100);
      expect(promised.filter((id) => !kept.has(id))).toEqual([]);
      expect(sums.models[0]?.requests).toBe(kept.size);
      // In order: what is kept is a beginning of what was appended.
      expect([...kept].every((id) => Number(id.slice(1)) < kept.size)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
