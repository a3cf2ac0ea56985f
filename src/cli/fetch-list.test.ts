import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AbortedError, InputError } from '../contract/index.ts';
import { fetchList, isAddress } from './fetch-list.ts';

const servers: Server[] = [];
const signal = new AbortController().signal;

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('fetchList', () => {
  it('reads a list, over redirects of the same server too', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/list') response.end('{"a":1}');
      else response.writeHead(302, { location: '/list' }).end();
    });
    expect(await fetchList(`${url}/list`, signal)).toBe('{"a":1}');
    expect(await fetchList(`${url}/moved`, signal)).toBe('{"a":1}');
  });

  it('follows no redirect to another host (INV-E2)', async () => {
    let asked = 0;
    const other = await serve((_request, response) => {
      asked++;
      response.end('{}');
    });
    const url = await serve((_request, response) => response.writeHead(302, { location: other }).end());
    await expect(fetchList(url, signal)).rejects.toThrow(/leads to another host/);
    expect(asked).toBe(0);
  });

  it('ends a circle of redirects', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: '/again' }).end());
    await expect(fetchList(url, signal)).rejects.toThrow(/redirects more than 5 times/);
  });

  it('says which status another answer than 200 has', async () => {
    const url = await serve((_request, response) => response.writeHead(404).end('no'));
    await expect(fetchList(url, signal)).rejects.toThrow(/status 404/);
  });

  it('stops reading at 64 MiB', async () => {
    let sent = 0;
    const url = await serve((_request, response) => {
      const chunk = Buffer.alloc(1024 * 1024);
      const push = (): void => {
        while (!response.destroyed && sent < 500 * chunk.length) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', push);
            return;
          }
        }
      };
      push();
    });
    await expect(fetchList(url, signal)).rejects.toThrow(/longer than 64 MiB/);
    expect(sent).toBeLessThan(200 * 1024 * 1024);
  });

  it('ends when it is interrupted', async () => {
    const abort = new AbortController();
    const url = await serve(() => abort.abort());
    await expect(fetchList(url, abort.signal)).rejects.toThrow(AbortedError);
  });

  it.each([
    'http://example.com/list',
    'ftp://127.0.0.1/x',
    'https://user:secret@example.com/x',
    'http://127.0.0.1.evil.example/',
  ])('refuses %s without asking anybody, and repeats no password', async (address) => {
    const failure = await fetchList(address, signal).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as Error).message).not.toContain('secret');
  });
});

it('tells addresses from files', () => {
  expect(['https://a/b', 'HTTP://a', 'a/b.json', 'C:/x', './https:'].map(isAddress)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
