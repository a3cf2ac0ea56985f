import { InputError, type JsonObject } from '../../contract/index.ts';
import { createSchemaCompactor, createToolIndexer } from '../../optimizer/tool-search.ts';
import { Backend } from './backend.ts';
import { Catalog } from './catalog.ts';
import { serveHttp } from './http.ts';
import { serverPrefixes } from './names.ts';
import type { McpProxy, McpProxyOptions } from './options.ts';
import { loadSdk, type Sdk } from './sdk.ts';
import { Session } from './session.ts';
import { serveStdio } from './stdio.ts';
import { Tally } from './tally.ts';

/**
 * Starts several MCP servers and returns one in front of them, which shows a client `find_tools`, `describe_tool`,
 * `call_tool` and the few tools that it needs in place of all. A server that fails, hangs or ends leaves the others
 * at work: it is named in events and in what `find_tools` answers, and started again when it is needed.
 *
 * Needs the optional package `@modelcontextprotocol/sdk`.
 *
 * @throws PareError `mcp_peer_missing`; InputError `no_servers`, `invalid_max`
 * @example
 * const servers = parseMcpServers({ files: { command: 'npx', args: ['mcp-files', '.'] } }, { environment: {}, source: 'here' });
 * const proxy = await createMcpProxy({ servers });
 * const { closed } = await proxy.serveStdio();
 * await closed;
 * await proxy.close();
 */
export async function createMcpProxy(options: McpProxyOptions): Promise<McpProxy> {
  const { servers, maxTools = 10, pinned = [], version = '0', onEvent = () => {} } = options;
  if (servers.size === 0)
    throw new InputError('no_servers', 'There is no MCP server to start. Name at least one.');
  if (!Number.isInteger(maxTools) || maxTools < 1) {
    throw new InputError('invalid_max', `maxTools must be a whole number of at least 1, got ${maxTools}.`);
  }
  const sdk = await loadSdk();
  const tally = new Tally(options.countTokens);
  const prefixes = serverPrefixes([...servers.keys()]);
  const backends = [...servers].map(([name, server], i) => ({
    prefix: prefixes[i] as string,
    backend: new Backend({
      sdk,
      name,
      server,
      version,
      startTimeoutMs: options.startTimeoutMs ?? 20_000,
      callTimeoutMs: options.callTimeoutMs ?? 120_000,
      onEvent,
      onChange: () => catalog.refresh(),
    }),
  }));
  const catalog = new Catalog({
    backends,
    indexTools: createToolIndexer(),
    compactSchema: createSchemaCompactor(),
    isUsableSchema: schemaCheck(sdk),
  });
  const started = Promise.all(backends.map(({ backend }) => backend.start())).then(() => {});
  const openSession = (): Session => new Session({ sdk, catalog, tally, maxTools, pinned, version, onEvent });
  return {
    serveStdio: ({ input = process.stdin, output = process.stdout } = {}) =>
      serveStdio({ sdk, session: openSession(), input, output }),
    serveHttp: ({ port, allowedOrigins = [], allowedHosts = [] }) =>
      serveHttp({ sdk, port, allowedOrigins, allowedHosts, openSession }),
    started: () => started,
    stats: () => tally.read(catalog),
    close: async () => {
      await Promise.all(backends.map(({ backend }) => backend.close()));
    },
    kill: () => {
      for (const { backend } of backends) backend.kill();
    },
  };
}

/** The check by which clients built with the SDK refuse a whole list. */
function schemaCheck(sdk: Sdk): (schema: JsonObject) => boolean {
  return (schema) => {
    try {
      // One validator each: two schemas of one id are no fault of either.
      new sdk.AjvJsonSchemaValidator().getValidator(schema);
      return true;
    } catch {
      // That it cannot be compiled is what was asked.
      return false;
    }
  };
}
