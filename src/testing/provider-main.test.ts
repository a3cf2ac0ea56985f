import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('runs the provider in a process of its own and ends with its parent', async () => {
  const main = fileURLToPath(new URL('./provider-main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--fast', '--exit-with-stdin'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const ready = JSON.parse(line.toString()) as { event: string; url: string; pid: number };
  expect(ready).toMatchObject({ event: 'ready', pid: child.pid });
  const answer = await fetch(`${ready.url}/v1/chat/completions`, { method: 'POST', body: '{}' });
  expect(await answer.json()).toMatchObject({ object: 'chat.completion' });
  child.stdin.end();
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
});
