import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type CliSandbox, createCliSandbox, waitForOutput } from './support/cli.ts';
import { fixture } from './support/mcp.ts';

vi.setConfig({ testTimeout: 60_000 });

let sandbox: CliSandbox;
beforeAll(() => {
  sandbox = createCliSandbox();
  const files = {
    '{': 'broken.json',
    '[]': 'list.json',
    '{"a": 1}': 'other.json',
    '{"mcpServers": {}}': 'none.json',
  };
  for (const [text, name] of Object.entries(files)) writeFileSync(join(sandbox.cwd, name), text);
  const write = (name: string, servers: object): void =>
    writeFileSync(join(sandbox.cwd, name), JSON.stringify({ mcpServers: servers }));
  write('faults.json', {
    a: {},
    b: { command: 'x', url: 'http://x' },
    c: { url: 'ftp://x' },
    d: { command: 'x', args: 'y' },
  });
  write('variable.json', { a: { command: 'x', env: { KEY: '${NOT_SET}' } } });
  write('sse.json', { a: { type: 'sse', url: 'http://127.0.0.1/sse' } });
  write('good.json', { good: fixture({ tools: ['read_file', 'write_file'] }), off: { disabled: true } });
  write('dead.json', { dead: fixture({ dies: true }) });
});

describe('pare mcp-proxy on the command line', () => {
  it.each([
    [[], 'no_servers', 'Give --servers FILE'],
    [['--servers', 'missing.json'], 'file_not_found', 'There is no file missing.json'],
    [['--servers', 'broken.json'], 'invalid_json', 'broken.json is not JSON'],
    [['--servers', 'list.json'], 'invalid_json', 'must hold a JSON object'],
    [['--servers', 'other.json'], 'invalid_servers', 'other.json has no "mcpServers"'],
    [['--servers', 'none.json'], 'no_servers', 'names no MCP server'],
    [['--servers', 'variable.json'], 'missing_variable', 'NOT_SET, which is not set'],
    [['--servers', 'sse.json'], 'invalid_servers', 'only Streamable HTTP'],
    [['--servers', '-'], 'usage', 'give --servers a file'],
    [['--servers', 'good.json', '--max', '0'], 'invalid_option', '--max takes a whole number'],
  ])('exits 2 for %j with %s', async (args, code, text) => {
    const result = await sandbox.run(['mcp-proxy', ...args]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(text);
    expect(result.stderr).toContain(`[${code}]`);
  });

  it('names every fault of a servers file at once', async () => {
    const { stderr } = await sandbox.run(['mcp-proxy', '--servers', 'faults.json']);
    expect(stderr).toContain('a needs either a command or a url, and has neither');
    expect(stderr).toContain('b needs either a command or a url, and has both');
    expect(stderr).toContain('c.url: must be an http or https URL');
    expect(stderr).toContain('d.args: ');
  });

  it('answers what came before the end of its input, and nothing else is on stdout', async () => {
    const messages = [
      {
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
      },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/list' },
      { id: 3, method: 'tools/call', params: { name: 'good__read_file', arguments: { path: 'a' } } },
      { id: 4, method: 'resources/list' },
    ];
    const input = messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('');
    const { code, stdout, stderr } = await sandbox.run(['mcp-proxy', '--servers', 'good.json'], { input });
    expect(code).toBe(0);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { jsonrpc: string; id?: number });
    expect(answers.every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true);
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    expect(byId.get(2)).toMatchObject({ result: { tools: expect.any(Array) as unknown } });
    expect(byId.get(3)).toMatchObject({ result: { content: [{ type: 'text' }] } });
    expect(byId.get(4)).toMatchObject({ error: { code: -32_601 } });
    expect(stderr).toContain('1 calls, ');
  });

  it('exits 0 when it is told to stop, though its client holds on', async () => {
    const { code, stdout } = await sandbox.run(['mcp-proxy', '--servers', 'good.json'], {
      during: async (child, output) => {
        child.stdin?.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
        await waitForOutput(output, /"id":1/);
        child.kill('SIGTERM');
      },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  });

  it('reads its servers from the configuration, names with dots included, and config show masks them', async () => {
    writeFileSync(
      join(sandbox.cwd, 'own.json'),
      JSON.stringify({
        mcpProxy: { servers: { 'my.files': fixture({ tools: ['read_file'] }, { 'A.KEY': 'sk-1' }) } },
      }),
    );
    const report = await sandbox.json(['mcp-proxy', '--stats', '--config', 'own.json']);
    expect(report).toMatchObject({ tools: 1, servers: [{ name: 'my.files', state: 'ready', tools: 1 }] });
    const shown = await sandbox.run(['config', 'show', '--config', 'own.json']);
    expect(shown.stdout).toContain('my.files');
    expect(shown.stdout).not.toContain('sk-1');
  });

  it('prints what the servers would cost with --stats', async () => {
    const report = (await sandbox.json(['mcp-proxy', '--servers', 'good.json', '--stats'])) as {
      tokens: number;
    };
    expect(report).toMatchObject({ encoding: 'o200k_base', basis: 'exact', tools: 2 });
    expect(report.tokens).toBeGreaterThan(20);
    const table = await sandbox.run(['mcp-proxy', '--servers', 'good.json', '--stats']);
    expect(table.stdout).toMatch(/good\s+ready\s+2/);
    expect((await sandbox.run(['mcp-proxy', '--servers', 'dead.json', '--stats'])).code).toBe(3);
  });
});
