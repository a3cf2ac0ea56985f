import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimulatedProvider, type SimulatedProvider } from '../src/testing/index.ts';
import { chatBody, postChat, sleep, startStack, temporaryDir } from './support/gateway.ts';

const WORKER = fileURLToPath(new URL('support/worker-stack.ts', import.meta.url));
/** What the ledger promises: a record waits at most this long. */
const PROMISE_MS = 100;
const LOOPS = 8;

let provider: SimulatedProvider;
let dataDir: string;

beforeEach(async () => {
  provider = await createSimulatedProvider();
  dataDir = temporaryDir();
});
afterEach(async () => {
  await provider.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function startWorker(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [WORKER, dataDir, provider.url], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  child.stderr?.resume();
  return { child, url: (JSON.parse(line) as { url: string }).url };
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Asks without pause until told to stop; notes when each answer was complete. */
async function load(url: string, isOver: () => boolean): Promise<Map<string, number>> {
  const ended = new Map<string, number>();
  const loop = async (worker: number): Promise<void> => {
    for (let i = 0; !isOver(); i++) {
      const isStream = i % 3 === 0;
      // The kill ends some requests in the middle: those were never answered.
      await postChat(url, chatBody(`question ${worker} ${i % 40}`, { stream: isStream }))
        .then(async (response) => {
          await response.text();
          ended.set(response.headers.get('x-pare-request-id') ?? '', Date.now());
        })
        .catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: LOOPS }, (_, worker) => loop(worker)));
  return ended;
}

describe('kill -9 under load', () => {
  it('loses no record of an answer that ended 100 ms before, and the stores open again (INV-S5)', async () => {
    const kept = new Map<string, number>();
    for (let round = 0; round < 2; round++) {
      const { child, url } = await startWorker();
      let isOver = false;
      const loading = load(url, () => isOver);
      await sleep(1_200);
      const killedAt = Date.now();
      await kill(child);
      isOver = true;
      for (const [id, at] of await loading) if (at < killedAt - PROMISE_MS) kept.set(id, at);
    }
    expect(kept.size).toBeGreaterThan(50);

    await using stack = await startStack({ dataDir });
    expect(stack.events.filter((event) => event.level !== 'info')).toEqual([]);
    const now = Date.now();
    const recorded = new Set<string>();
    let after: { id: string; time: number } | undefined;
    for (;;) {
      const page = await stack.core.ledger.records({
        from: now - 3_600_000,
        to: now + 60_000,
        limit: 500,
        ...(after === undefined ? {} : { after }),
      });
      for (const record of page) recorded.add(record.id);
      after = page.at(-1);
      if (after === undefined) break;
    }
    expect([...kept.keys()].filter((id) => !recorded.has(id))).toEqual([]);
    const { metrics } = await stack.core.ledger.report({ hours: 1 });
    expect(metrics.total_requests).toBe(recorded.size);
    expect((await stack.core.cache.stats()).totalEntries).toBeGreaterThan(0);
    expect(readdirSync(dataDir).filter((name) => /corrupt|fallback/.test(name))).toEqual([]);
  });

  it('leaves answers in the cache that are served after the restart', async () => {
    const { child, url } = await startWorker();
    const first = await postChat(url, chatBody('Remember me')).then((response) => response.text());
    // An answer waits up to half a second to be written with others; one that is lost only costs a miss.
    await sleep(1000);
    await kill(child);
    const next = await startWorker();
    const again = await postChat(next.url, chatBody('Remember me'));
    expect(again.headers.get('x-pare-cache')).toBe('hit');
    expect(await again.text()).toBe(first);
    await kill(next.child);
  });
});
