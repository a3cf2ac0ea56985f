import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { StoreThread } from './store-thread.ts';

/** A worker that answers with what it was asked, dies of `die` and hangs on `hang`. */
const WORKER = `
  import { serveStore } from ${JSON.stringify(new URL('./store-serving.ts', import.meta.url).href)};
  serveStore((path, request) => {
    if (request === 'die') process.exit(3);
    if (request === 'throw') throw new Error('cannot');
    while (request === 'hang');
    return path + request;
  });`;

function start(stopMs?: number): StoreThread<string> {
  return new StoreThread({
    name: 'echo',
    module: new URL(`data:text/javascript,${encodeURIComponent(WORKER)}`),
    data: undefined,
    onEvent: () => {},
    ...(stopMs === undefined ? {} : { stopMs }),
  });
}

/** Of a thread of this process; its name, which may hold anything, stands in brackets before the numbers. */
function nicenessOf(id: number | string): number {
  const status = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
  return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[16]);
}

describe('StoreThread', () => {
  it('answers in the order of the calls, and fails those that throw', async () => {
    const thread = start();
    const answers = ['a', 'throw', 'b'].map(async (request) => thread.call('x', request));
    expect(await Promise.allSettled(answers)).toMatchObject([
      { value: 'xa' },
      { reason: { code: 'store_failed', message: 'cannot' } },
      { value: 'xb' },
    ]);
    await thread.stop();
  });

  it.runIf(process.platform === 'linux')('gives way to the thread that started it', async () => {
    const thread = start();
    await thread.call('x', 'a');
    const own = nicenessOf(process.pid);
    const all = readdirSync('/proc/self/task').map(nicenessOf);
    expect(all.filter((niceness) => niceness === own + 5)).toHaveLength(1);
    await thread.stop();
  });

  it('answers what was asked before it was stopped', async () => {
    const thread = start();
    const answers = Array.from({ length: 200 }, async (_, i) => thread.call('x', String(i)));
    await thread.stop();
    expect(thread.isRunning).toBe(false);
    expect(await Promise.all(answers)).toHaveLength(200);
  });

  it('fails the calls of a thread that died, and starts anew with the next one', async () => {
    const thread = start();
    const answers = ['a', 'die', 'b'].map(async (request) => thread.call('x', request));
    expect((await Promise.allSettled(answers)).slice(1)).toMatchObject([
      { reason: { code: 'store_failed' } },
      { reason: { code: 'store_failed' } },
    ]);
    expect(thread.isRunning).toBe(false);
    expect(await thread.call('x', 'c')).toBe('xc');
    await thread.stop();
  });

  it('ends a thread that hangs, and fails its calls', async () => {
    const thread = start(200);
    await thread.call('x', 'a');
    const answer = thread.call('x', 'hang');
    const settled = Promise.allSettled([answer]);
    await thread.stop();
    expect(await settled).toMatchObject([{ reason: { code: 'store_failed' } }]);
  });
});
