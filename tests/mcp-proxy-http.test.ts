import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  connectClient,
  connectProxy,
  fixture,
  type ProxyClient,
  proxyCommand,
  startHttpFixture,
  until,
} from './support/mcp.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const OWN = ['find_tools', 'describe_tool', 'call_tool'];

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

describe('pare mcp-proxy --http', () => {
  let child: ChildProcess;
  let url = '';
  let stdout = '';
  beforeAll(async () => {
    const servers = {
      files: fixture({ tools: ['read_file', 'write_file', 'wait', 'count_cancelled', 'progress'] }),
      mail: fixture({ tools: ['send_mail', 'archive_mail'] }),
    };
    const { command, args, ...options } = proxyCommand(servers, {
      args: ['--http', '--port', '0', '--json'],
    });
    child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    await until(() => stdout.includes('\n'));
    url = (JSON.parse(stdout) as { url: string }).url;
  });
  afterAll(() => child.kill('SIGKILL'));

  /** Sends a body as a page or a program would. */
  function post(
    headers: Readonly<Record<string, string>>,
    { path = '/mcp', body = '{}' } = {},
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, url), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
      });
      sent.once('error', reject).once('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      sent.end(body);
    });
  }

  const open = (): ReturnType<typeof connectClient> =>
    connectClient(new StreamableHTTPClientTransport(new URL(url)));

  it('gives each client a list of its own', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    const before = await one.names();
    await two.names();
    await one.ask('find_tools', { query: 'archive a mail', max: 1 });
    await until(() => one.changes.length > 0);
    expect(await one.names()).toEqual([...before, 'mail__archive_mail']);
    expect(await two.names()).toEqual(before);
    expect(two.changes).toEqual([]);
    await Promise.all([one.client.close(), two.client.close()]);
  });

  it('hands on calls, progress and cancellation', async () => {
    const { client, ask } = await open();
    expect(await ask('files__read_file', { path: 'a' })).toMatchObject({ arguments: { path: 'a' } });
    const heard: unknown[] = [];
    await client.callTool({ name: 'files__progress' }, undefined, { onprogress: (step) => heard.push(step) });
    expect(heard).toHaveLength(2);
    const abort = new AbortController();
    const call = client.callTool({ name: 'files__wait' }, undefined, { signal: abort.signal });
    setTimeout(() => abort.abort('enough'), 100);
    await expect(call).rejects.toThrow('enough');
    await until(async () => Number(await ask('files__count_cancelled')) === 1);
    await client.close();
  });

  it('refuses pages of other origins and foreign hosts (INV-E1)', async () => {
    expect(await post({ origin: 'https://evil.example' })).toMatchObject({
      status: 403,
      text: expect.stringContaining('[forbidden_origin]') as string,
    });
    expect(await post({ host: 'evil.example' })).toMatchObject({
      status: 403,
      text: expect.stringContaining('[forbidden_host]') as string,
    });
    expect(new URL(url).hostname).toBe('127.0.0.1');
  });

  it.each([
    ['another path', {}, { path: '/other' }, 404],
    ['a session that there is not', { 'mcp-session-id': 'none' }, {}, 404],
    ['no beginning', {}, { body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' }, 400],
    ['no JSON', {}, { body: '{' }, 400],
  ])('refuses %s', async (_, headers, options, status) => {
    expect((await post(headers, options)).status).toBe(status);
  });

  it('ends a session when its client asks, and knows it no more', async () => {
    const transport = new StreamableHTTPClientTransport(new URL(url));
    const { names } = await connectClient(transport);
    await names();
    const id = transport.sessionId as string;
    await transport.terminateSession();
    expect((await post({ 'mcp-session-id': id })).status).toBe(404);
  });

  it('ends its servers and exits 0 when it is told to stop, with a client connected', async () => {
    const { client, names } = await open();
    await names();
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    await client.close();
  });
});

describe('a server on HTTP behind the proxy', () => {
  let proxy: ProxyClient;
  let server: Awaited<ReturnType<typeof startHttpFixture>>;
  beforeAll(async () => {
    server = await startHttpFixture({ tools: ['read_file', 'progress'] });
    const url = `http://127.0.0.1:${server.port}/mcp`;
    proxy = await connectProxy({
      web: { type: 'http', url, headers: { 'x-api-key': 'secret' } },
      locked: { url, headers: { 'x-api-key': 'wrong' } },
    });
  });
  afterAll(async () => {
    await proxy.client.close();
    server.child.kill();
  });

  it('is called with the headers of its entry, and one that refuses is named without them (INV-E3)', async () => {
    expect(await proxy.names()).toEqual([...OWN, 'web__read_file', 'web__progress']);
    expect(await proxy.ask('web__read_file', { path: 'a' })).toMatchObject({ arguments: { path: 'a' } });
    const { notes } = await proxy.ask('find_tools', { query: 'read' });
    expect(String(notes)).toContain('"locked" is not available');
    expect(proxy.stderr()).toContain('[mcp_server_unavailable]');
    expect(proxy.stderr()).not.toMatch(/wrong|secret/);
  });

  it('is not followed to another origin with the headers of its entry (INV-E2)', async () => {
    const heard: unknown[] = [];
    const other = createServer((asked, response) => {
      heard.push(asked.headers);
      response.writeHead(500).end();
    });
    const mover = createServer((_, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${portOf(other)}/mcp` }).end();
    });
    for (const server of [other, mover]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    const url = `http://127.0.0.1:${portOf(mover)}/mcp`;
    const moved = await connectProxy({ moved: { url, headers: { 'x-api-key': 'secret' } } });
    await until(() => moved.stderr().includes('[mcp_server_unavailable]'));
    expect(heard).toEqual([]);
    await moved.client.close();
    for (const server of [other, mover]) server.close();
  });

  it('that repeats its key in a refusal is named without it (INV-E3)', async () => {
    const echo = createServer(({ headers, url }, response) => {
      response.writeHead(403).end(`no access with ${headers.authorization} at ${url}`);
    });
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const url = `http://127.0.0.1:${portOf(echo)}/mcp?api_key=q-24681012`;
    const refused = await connectProxy({ echo: { url, headers: { authorization: 'Bearer b-13579111' } } });
    await until(() => refused.stderr().includes('[mcp_server_unavailable]'));
    expect(refused.stderr()).toContain('no access with');
    expect(refused.stderr()).not.toMatch(/24681012|13579111/);
    await refused.client.close();
    echo.close();
  });

  it('is called again with a new session after it was started anew', async () => {
    server.child.kill('SIGKILL');
    await once(server.child, 'close');
    const { port } = server;
    // Nobody calls it: the stream for its notifications breaks.
    await until(() => proxy.stderr().includes('[mcp_server_lost]'));
    const lost = await proxy.client.callTool({ name: 'web__read_file' });
    expect(lost).toMatchObject({ isError: true, _meta: { 'pare/code': 'backend_unavailable' } });
    server = await startHttpFixture({ tools: ['read_file', 'progress'] }, port);
    await until(async () => (await proxy.ask('web__read_file'))['tool'] === 'read_file');
  });
});
