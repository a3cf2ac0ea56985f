import { describe, expect, it } from 'vitest';
import { parseMcpServers } from './mcp-servers.ts';

const read = (value: unknown, environment: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(parseMcpServers(value, { environment, source: 'a file' }));

describe('the servers of an MCP client', () => {
  it('are read in both forms, with settings of other programs left alone', () => {
    expect(
      read({
        files: { command: 'npx', args: ['-y', 'files', 3], env: { LEVEL: 2 }, autoApprove: ['x'] },
        web: { type: 'http', url: 'https://example.com/mcp', headers: { authorization: 'Bearer x' } },
        off: { disabled: true },
      }),
    ).toEqual({
      files: { kind: 'stdio', command: 'npx', args: ['-y', 'files', '3'], env: { LEVEL: '2' } },
      web: { kind: 'http', url: 'https://example.com/mcp', headers: { authorization: 'Bearer x' } },
    });
  });

  it('get variables of the environment where they name them, and nowhere else', () => {
    const entry = {
      command: '${BIN:-node}',
      args: ['${env:HOST}', '$HOST', '${input:key}'],
      env: { KEY: 'k-${HOST}' },
    };
    expect(read({ a: entry }, { HOST: 'here' })['a']).toMatchObject({
      command: 'node',
      args: ['here', '$HOST', '${input:key}'],
      env: { KEY: 'k-here' },
    });
    expect(() => read({ a: entry })).toThrow(
      'a file: a names the environment variable HOST, which is not set',
    );
  });

  it.each([
    [null, 'the servers must be an object'],
    [[], 'the servers must be an object'],
    [{ a: 1 }, 'a must be an object'],
    [{ a: {} }, 'a needs either a command or a url'],
    [{ a: { command: '' } }, 'a.command'],
    [{ a: { command: 'x', env: { K: [] } } }, 'a.env.K'],
    [{ a: { type: 'http', command: 'x' } }, 'a.type: a server with a command has the type stdio'],
    [{ a: { url: 'file:///etc' } }, 'a.url: must be an http or https URL'],
    [{ a: { type: 'sse', url: 'http://x' } }, 'a.type: only Streamable HTTP'],
  ])('are refused as %j with what is wrong', (value, message) => {
    expect(() => read(value)).toThrow(message);
  });
});
