import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { UpstreamCall, UpstreamSink } from '../contract/index.ts';
import { createUpstream, UpstreamError, type UpstreamOptions } from './index.ts';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Heard {
  status: number;
  headers: readonly string[];
  chunks: Buffer[];
  error: Error | undefined;
}

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server: Server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function call(
  options: Partial<UpstreamOptions> & { baseUrl: string },
  onCall?: (call: UpstreamCall, heard: Heard) => void,
): Promise<Heard> {
  const upstream = createUpstream({ name: 'test', retryDelayMs: 10, ...options });
  closers.push(() => upstream.close());
  const heard: Heard = { status: 0, headers: [], chunks: [], error: undefined };
  return new Promise((resolve) => {
    const sink: UpstreamSink = {
      onHead: (status, headers) => Object.assign(heard, { status, headers }),
      onData: (chunk) => {
        heard.chunks.push(Buffer.from(chunk));
        onCall?.(running, heard);
      },
      onEnd: () => resolve(heard),
      onError: (error) => resolve({ ...heard, error }),
    };
    const running = upstream.send(
      {
        method: 'POST',
        path: '/v1/chat/completions?x=1',
        headers: { 'x-a': ['1', '2'], authorization: 'Bearer k' },
        body: Buffer.from('{"é":1}'),
      },
      sink,
    );
  });
}

describe('upstream', () => {
  it('sends path, headers and bytes as they are and hands back status, headers and bytes as they came (INV-S3)', async () => {
    let seen: { url: string | undefined; raw: string[]; body: string } | undefined;
    const url = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen = { url: request.url, raw: request.rawHeaders, body: Buffer.concat(chunks).toString() };
        response.writeHead(429, [
          'Retry-After',
          '7',
          'X-Request-Id',
          'req_1',
          'Set-Cookie',
          'a=1',
          'Set-Cookie',
          'b=2',
        ]);
        response.end('slow down');
      });
    });
    const heard = await call({ baseUrl: `${url}/prefix/v1/` });
    expect(seen?.url).toBe('/prefix/v1/chat/completions?x=1');
    expect(seen?.body).toBe('{"é":1}');
    expect(seen?.raw.join('|')).toContain('x-a|1|x-a|2');
    expect(heard.status).toBe(429);
    expect(heard.headers.join('|')).toContain(
      'Retry-After|7|X-Request-Id|req_1|Set-Cookie|a=1|Set-Cookie|b=2',
    );
    expect(Buffer.concat(heard.chunks).toString()).toBe('slow down');
  });

  it('follows no redirect, since it could lead a key elsewhere (INV-E2)', async () => {
    let stolen = 0;
    const thief = await serve((_request, response) => {
      stolen++;
      response.end();
    });
    const url = await serve((_request, response) => response.writeHead(307, { location: thief }).end());
    const heard = await call({ baseUrl: url });
    expect(heard.error).toMatchObject({ code: 'upstream_redirect', status: 502 });
    expect(stolen).toBe(0);
  });

  it('says that nobody listens, after trying again', async () => {
    const url = await serve(() => {});
    await closers.pop()?.();
    const heard = await call({ baseUrl: url });
    expect(heard.error).toBeInstanceOf(UpstreamError);
    expect(heard.error).toMatchObject({ code: 'upstream_unreachable', status: 502 });
  });

  it('connects on a later attempt when the provider was only restarting', async () => {
    const url = await serve((_request, response) => response.end('up'));
    const { port } = new URL(url);
    await closers.pop()?.();
    const late = createServer((_request, response) => response.end('up'));
    setTimeout(() => late.listen(Number(port), '127.0.0.1'), 60);
    closers.push(() => new Promise((resolve) => late.close(resolve)));
    const heard = await call({ baseUrl: url, retryDelayMs: 50, connectRetries: 4 });
    expect(heard.error).toBeUndefined();
    expect(heard.status).toBe(200);
    late.closeAllConnections();
  });

  it('never repeats a request that the provider may have seen (INV-S3)', async () => {
    let requests = 0;
    const url = await serve((request) => {
      requests++;
      request.socket.destroy();
    });
    const heard = await call({ baseUrl: url, connectRetries: 3 });
    expect(heard.error).toMatchObject({ code: 'upstream_closed' });
    expect(requests).toBe(1);
  });

  it('reports an answer that broke off as broken, not as ended', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    });
    const heard = await call({ baseUrl: url });
    expect(heard.status).toBe(200);
    expect(heard.error).toMatchObject({ code: 'upstream_closed' });
  });

  it('gives up on a provider that does not begin to answer', async () => {
    const url = await serve(() => {});
    const heard = await call({ baseUrl: url, headTimeoutMs: 300 });
    expect(heard.error).toMatchObject({ code: 'upstream_timeout', status: 504 });
  });

  it('ends the provider call when the caller leaves (INV-S2)', async () => {
    const closed = Promise.withResolvers<void>();
    const url = await serve((_request, response) => {
      response.write('first');
      response.on('close', () => closed.resolve());
    });
    const upstream = createUpstream({ name: 'test', baseUrl: url });
    closers.push(() => upstream.close());
    const running: UpstreamCall = upstream.send(
      { method: 'GET', path: '/v1/x', headers: {}, body: null },
      { onHead: () => {}, onData: () => running.abort(), onEnd: () => {}, onError: () => {} },
    );
    await expect(closed.promise).resolves.toBeUndefined();
  });

  it('hands over the first byte at once and pauses the provider for a slow caller (INV-S1)', async () => {
    let written = 0;
    const url = await serve((_request, response) => {
      const block = Buffer.alloc(64 * 1024, 97);
      const pump = (): void => {
        while (written < 400) {
          written++;
          if (!response.write(block)) {
            response.once('drain', pump);
            return;
          }
        }
        response.end();
      };
      pump();
    });
    let pausedAt = 0;
    const heard = await call({ baseUrl: url }, (running, { chunks }) => {
      if (chunks.length !== 1) return;
      running.pause();
      setTimeout(() => {
        pausedAt = written;
        running.resume();
      }, 300);
    });
    expect(pausedAt).toBeLessThan(400);
    expect(Buffer.concat(heard.chunks).length).toBe(400 * 64 * 1024);
  });

  it.each(['ftp://x', 'not a url', 'http://user:pass@host', 'http://host?key=1'])(
    'refuses %s as an upstream',
    (baseUrl) => {
      expect(() => createUpstream({ name: 'test', baseUrl })).toThrowError(
        expect.objectContaining({ code: 'invalid_upstream_url' }),
      );
    },
  );
});
