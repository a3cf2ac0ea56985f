import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectProxy, fixture, type ProxyClient, until } from './support/mcp.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const OWN = ['find_tools', 'describe_tool', 'call_tool'];
const FILES = [
  'read_file',
  'write_file',
  'list_files',
  'picture',
  'refuse',
  'wait',
  'count_cancelled',
  'progress',
  'environment',
  'search',
];
const MAIL = ['send_mail', 'read_mail', 'archive_mail', 'search'];

describe('pare mcp-proxy over stdio', () => {
  let proxy: ProxyClient;
  let direct: Client;
  beforeAll(async () => {
    const files = fixture({ tools: FILES }, { FILES_KEY: '1' });
    proxy = await connectProxy({ files, mail: fixture({ tools: MAIL }) }, { args: ['--max', '6'] });
    direct = new Client({ name: 'test', version: '1' });
    await direct.connect(
      new StdioClientTransport(files as unknown as ConstructorParameters<typeof StdioClientTransport>[0]),
    );
  });
  afterAll(() => direct.close());

  it('lists its own tools and a few of each server, and adds what was found to the end (INV-P4)', async () => {
    const before = await proxy.names();
    expect(before.slice(0, 3)).toEqual(OWN);
    expect(before).toHaveLength(6);
    const found = await proxy.ask('find_tools', { query: 'archive the mail of Ann', max: 2 });
    expect(found['tools']).toContainEqual({
      name: 'mail__archive_mail',
      description: 'Tool to archive mail.',
      inputSchema: { type: 'object' },
    });
    await until(() => proxy.changes.length > 0);
    const after = await proxy.names();
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after).toContain('mail__archive_mail');
    for (const query of ['count what was cancelled', 'show progress', 'read the environment', 'write a file'])
      await proxy.ask('find_tools', { query });
    const full = await proxy.names();
    expect(full.slice(0, after.length)).toEqual(after);
    expect(full).toHaveLength(OWN.length + 6);
  });

  it.each(['picture', 'read_file'])('hands on the result of %s as the server gave it', async (tool) => {
    const params = { name: tool, arguments: { path: 'a', deep: [{ n: 1.5 }] } };
    const wanted = await direct.request({ method: 'tools/call', params }, ResultSchema);
    const listed = await proxy.client.request(
      { method: 'tools/call', params: { ...params, name: `files__${tool}` } },
      ResultSchema,
    );
    const called = await proxy.client.request(
      {
        method: 'tools/call',
        params: { name: 'call_tool', arguments: { name: `files__${tool}`, arguments: params.arguments } },
      },
      ResultSchema,
    );
    // The fixture tells the meta data it was sent, where each connection has a progress token of its own.
    const plain = (result: unknown): unknown =>
      JSON.parse(JSON.stringify(result).replaceAll(/\{\\"progressToken\\":\d+\}/g, 'null'));
    expect(plain(listed)).toEqual(plain(wanted));
    expect(plain(called)).toEqual(plain(wanted));
  });

  it('keeps tools of one name on two servers apart', async () => {
    expect(await proxy.ask('files__search')).toMatchObject({ tool: 'search' });
    expect(await proxy.ask('mail__search')).toMatchObject({ tool: 'search' });
    const { text } = await proxy.ask('call_tool', { name: 'search' });
    expect(text).toContain('Several servers have it: files__search, mail__search. [unknown_tool]');
  });

  it('describes a tool as its server does', async () => {
    const { tools } = await direct.listTools();
    const original = tools.find(({ name }) => name === 'list_files');
    expect(await proxy.ask('describe_tool', { name: 'list_files' })).toEqual({
      ...original,
      name: 'files__list_files',
    });
  });

  it('hands on an error of the protocol with its code and data', async () => {
    const failure = await proxy.client.callTool({ name: 'files__refuse' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: -32_050,
      message: 'MCP error -32050: not for you',
      data: { why: 'because' },
    });
  });

  it('cancels the call at the server when the client does', async () => {
    const before = Number(await proxy.ask('files__count_cancelled'));
    const abort = new AbortController();
    const call = proxy.client.callTool({ name: 'files__wait' }, undefined, { signal: abort.signal });
    setTimeout(() => abort.abort('enough'), 100);
    await expect(call).rejects.toThrow('enough');
    await until(async () => Number(await proxy.ask('files__count_cancelled')) === before + 1);
  });

  it('hands on progress under the token of the client', async () => {
    const heard: unknown[] = [];
    const onprogress = (progress: unknown): unknown => heard.push(progress);
    await proxy.client.callTool({ name: 'files__progress' }, undefined, { onprogress });
    expect(heard).toEqual([
      { progress: 1, total: 2, message: 'step 1' },
      { progress: 2, total: 2, message: 'step 2' },
    ]);
  });

  it('hands on progress that comes in one piece with the answer', async () => {
    const heard: unknown[] = [];
    const { client } = proxy;
    const transport = client.transport as NonNullable<typeof client.transport>;
    const { onmessage } = transport;
    // What reached the client, before its SDK makes anything of it.
    const hear: typeof onmessage = (message, extra) => {
      if ('method' in message && message.method === 'notifications/progress') heard.push(message.params);
      onmessage?.(message, extra);
    };
    Object.assign(transport, { onmessage: hear });
    const params = { name: 'files__progress', arguments: { waits: false }, _meta: { progressToken: 'mine' } };
    await client.request({ method: 'tools/call', params }, ResultSchema);
    await until(() => heard.length === 2);
    expect(heard).toEqual([
      { progressToken: 'mine', progress: 1, total: 2, message: 'step 1' },
      { progressToken: 'mine', progress: 2, total: 2, message: 'step 2' },
    ]);
    Object.assign(transport, { onmessage });
  });

  it('gives a server no variables but those that its entry names and what any program needs', async () => {
    const names = (await proxy.ask('files__environment')) as unknown as string[];
    expect(names).toContain('FILES_KEY');
    expect(names).not.toContain('PARE_TEST_SECRET');
    expect(names.filter((name) => !/^(FILES_KEY|HOME|LOGNAME|PATH|SHELL|TERM|USER)$/.test(name))).toEqual([]);
  });

  it.each([
    ['call_tool', { name: 'read_fiel' }, 'Did you mean "files__read_file"?', 'unknown_tool'],
    ['no_such', {}, 'There is no tool "no_such".', 'unknown_tool'],
    ['call_tool', {}, 'call_tool needs "name"', 'invalid_arguments'],
    ['call_tool', { name: 'files__read_file', arguments: [1] }, 'must be an object', 'invalid_arguments'],
    ['find_tools', { query: ' ' }, 'find_tools needs "query"', 'invalid_arguments'],
    ['find_tools', { query: 'x', max: 0 }, '"max" must be', 'invalid_arguments'],
    ['describe_tool', { name: 7 }, 'describe_tool needs "name"', 'invalid_arguments'],
  ])('answers %s %j with an error that the model can read', async (name, args, text, code) => {
    const result = await proxy.client.callTool({ name, arguments: args });
    expect(result.isError).toBe(true);
    expect((result.content as { text: string }[])[0]?.text).toContain(text);
    expect(result._meta).toEqual({ 'pare/code': code });
  });

  it('takes arguments that a model wrote as text', async () => {
    const answer = await proxy.ask('call_tool', { name: 'files__read_file', arguments: '{"path":"b"}' });
    expect(answer['arguments']).toEqual({ path: 'b' });
  });

  it('kept stdout to the protocol, and says at the end what it listed of all', async () => {
    await proxy.client.close();
    // The SDK's own words for progress that came in one piece with the answer.
    expect(proxy.strayLines.filter(({ message }) => !message.includes('unknown token'))).toEqual([]);
    await until(() => proxy.stderr().includes('listed'));
    expect(proxy.stderr()).toMatch(
      /listed [\d,]+ of [\d,]+ tokens of schemas \(.* kept; o200k_base, exact\)/,
    );
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // There is no such process.
    return false;
  }
}

describe('servers in trouble', () => {
  let proxy: ProxyClient | undefined;
  afterEach(async () => {
    await proxy?.client.close();
    proxy = undefined;
  });

  it('works with the others where one does not start and one hangs, and says so', async () => {
    proxy = await connectProxy(
      {
        good: fixture({ tools: ['read_file'] }),
        dead: fixture({ dies: true }),
        hung: fixture({ hangs: join(tmpdir(), `pare-hung-${process.pid}`) }),
        missing: { command: '/no/such/program' },
      },
      { config: { startTimeoutMs: 6000 } },
    );
    const started = Date.now();
    expect((await proxy.names()).slice(0, 3)).toEqual(OWN);
    expect(Date.now() - started).toBeLessThan(5500);
    // On a busy machine it may come after the first list.
    await until(async () => (await proxy?.names())?.join() === [...OWN, 'good__read_file'].join());
    await until(() => proxy?.stderr().includes('"hung"') ?? false);
    const { notes } = await proxy.ask('find_tools', { query: 'read a file' });
    expect(String(notes)).toContain('"dead" is not available');
    expect(String(notes)).toContain('"missing" is not available');
    expect(String(notes)).toMatch(/"hung" is (not available|still being started)/);
    expect(proxy.stderr()).toContain('its last words: fixture: no licence found [mcp_server_unavailable]');
    expect(await proxy.ask('good__read_file')).toMatchObject({ tool: 'read_file' });
  });

  it('repeats no key that it was given for a server, whatever the server says of it (INV-E3)', async () => {
    const complain = 'console.error(`no user of ${process.env.KEY} ${process.argv[1]}`); process.exit(1)';
    proxy = await connectProxy({
      chatty: {
        command: process.execPath,
        args: ['-e', complain, '--', '--token=t-987654321'],
        env: { KEY: 'k-123456789' },
      },
    });
    await until(() => proxy?.stderr().includes('[mcp_server_unavailable]') ?? false);
    expect(proxy.stderr()).toContain('no user of <KEY>');
    expect(proxy.stderr()).not.toMatch(/123456789|987654321/);
  });

  it.each([300, 3000])('leaves no process behind when its client goes after %i ms', async (milliseconds) => {
    const file = join(mkdtempSync(join(tmpdir(), 'pare-hung-')), 'pid');
    const { client } = await connectProxy(
      { hung: fixture({ hangs: file }) },
      { config: { startTimeoutMs: 1500 } },
    );
    await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await client.close();
    await until(() => !isRunning(Number(readFileSync(file, 'utf8'))));
    expect(isRunning(Number(readFileSync(file, 'utf8')))).toBe(false);
  });

  it('drops the tools of a server that ends, and starts it again with the next call', async () => {
    proxy = await connectProxy({
      frail: fixture({ tools: ['die', 'read_file'] }),
      firm: fixture({ tools: ['send_mail'] }),
    });
    const all = await proxy.names();
    expect(all).toContain('frail__read_file');
    const lost = await proxy.client.callTool({ name: 'frail__die' });
    expect(lost).toMatchObject({ isError: true, _meta: { 'pare/code': 'backend_lost' } });
    await until(() => proxy?.changes.at(-1)?.join() === [...OWN, 'firm__send_mail'].join());
    expect(await proxy.ask('firm__send_mail')).toMatchObject({ tool: 'send_mail' });
    expect(await proxy.ask('frail__read_file')).toMatchObject({ tool: 'read_file' });
    // Back in the places they had (INV-P4).
    await until(() => proxy?.changes.at(-1)?.join() === all.join());
  });

  it('does not start a server that fails again with each search', async () => {
    proxy = await connectProxy({ dead: fixture({ dies: true }), good: fixture({ tools: ['read_file'] }) });
    await until(() => proxy?.stderr().includes('"dead"') ?? false);
    for (let i = 0; i < 20; i += 1) await proxy.ask('find_tools', { query: 'read a file' });
    const starts = proxy.stderr().match(/"dead" could not be started/g) ?? [];
    expect(starts.length).toBeLessThan(6);
  });

  it('gives a call more time with each step of progress', async () => {
    proxy = await connectProxy(
      { slow: fixture({ tools: ['progress'] }) },
      { config: { callTimeoutMs: 1500 } },
    );
    const answer = await proxy.client.callTool({ name: 'slow__progress', arguments: { stepMs: 1000 } });
    expect(answer).toMatchObject({ content: [{ text: '"done"' }] });
  });

  it('cancels a call that is not answered in time, and says so', async () => {
    proxy = await connectProxy(
      { slow: fixture({ tools: ['wait', 'count_cancelled'] }) },
      { config: { callTimeoutMs: 400 } },
    );
    const late = await proxy.client.callTool({ name: 'slow__wait' });
    expect(late).toMatchObject({ isError: true, _meta: { 'pare/code': 'backend_timeout' } });
    await until(async () => Number(await proxy?.ask('slow__count_cancelled')) === 1);
  });

  it('hears of tools that a server adds, and finds them', async () => {
    proxy = await connectProxy(
      { young: fixture({ tools: ['grow', 'read_file'] }) },
      { args: ['--pin', 'grown'] },
    );
    expect(await proxy.names()).toEqual(OWN);
    await proxy.ask('young__grow');
    await until(() => proxy?.changes.at(-1)?.includes('young__grown') ?? false);
    const { tools } = await proxy.ask('find_tools', { query: 'what came later' });
    expect(tools).toContainEqual(expect.objectContaining({ name: 'young__grown' }));
  });

  it('takes 5,000 tools in pages, odd schemas and odd names, and every client can read the list', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => `make_thing_${i}`);
    const odd = [
      { name: 'no schema' },
      {
        name: 'bad/schema',
        inputSchema: 7,
        outputSchema: { type: 'object', properties: { a: { type: 'nonsense' } } },
      },
      {
        name: 'x'.repeat(200),
        description: 'Very long.',
        inputSchema: { type: 'object', $ref: '#/nowhere' },
      },
      { name: 'x'.repeat(201), description: 'Very long, too.', inputSchema: { type: 'array' } },
      { description: 'no name at all' },
    ];
    proxy = await connectProxy(
      { many: fixture({ tools: many, page: 700 }), 'odd one': fixture({ tools: odd }) },
      {
        args: [
          '--pin',
          'no schema',
          '--pin',
          'bad/schema',
          '--pin',
          'x'.repeat(200),
          '--pin',
          'x'.repeat(201),
        ],
      },
    );
    // The official client refuses a list that breaks the protocol, and compiles what results must look like.
    const names = await proxy.names();
    expect(names).toHaveLength(OWN.length + 4);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(await proxy.ask(names[5] as string)).toMatchObject({ tool: 'x'.repeat(200) });
    const { tools } = await proxy.ask('find_tools', { query: 'use make_thing_4711' });
    expect(tools).toContainEqual(expect.objectContaining({ name: 'many__make_thing_4711' }));
  });
});
