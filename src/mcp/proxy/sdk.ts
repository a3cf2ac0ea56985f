import { PareError } from '../../contract/index.ts';

const PACKAGE = '@modelcontextprotocol/sdk';

/** The parts of the MCP SDK that are used, loaded when they are wanted. */
export type Sdk = Awaited<ReturnType<typeof load>>;

/** Loads the optional package. @throws PareError `mcp_peer_missing` saying what to install */
export async function loadSdk(): Promise<Sdk> {
  try {
    return await load();
  } catch (cause) {
    const { code, message } = cause as { code?: unknown; message?: unknown };
    if (code !== 'ERR_MODULE_NOT_FOUND' || !String(message).includes(PACKAGE)) throw cause;
    throw new PareError(
      'mcp_peer_missing',
      `MCP needs the package ${PACKAGE}, which is not installed with Pare because of its size (11 MB). Install it beside Pare: npm install ${PACKAGE}@1`,
      { cause },
    );
  }
}

async function load() {
  const [server, client, stdioServer, stdioClient, httpServer, httpClient, types, ajv] = await Promise.all([
    import('@modelcontextprotocol/sdk/server/index.js'),
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('@modelcontextprotocol/sdk/server/stdio.js'),
    import('@modelcontextprotocol/sdk/client/stdio.js'),
    import('@modelcontextprotocol/sdk/server/streamableHttp.js'),
    import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
    import('@modelcontextprotocol/sdk/types.js'),
    import('@modelcontextprotocol/sdk/validation/ajv-provider.js'),
  ]);
  return {
    // The high-level server checks and rewrites results; a proxy must hand them on as they are.
    Server: server.Server,
    Client: client.Client,
    StdioServerTransport: stdioServer.StdioServerTransport,
    StdioClientTransport: stdioClient.StdioClientTransport,
    StreamableHTTPServerTransport: httpServer.StreamableHTTPServerTransport,
    StreamableHTTPClientTransport: httpClient.StreamableHTTPClientTransport,
    ResultSchema: types.ResultSchema,
    ProgressNotificationSchema: types.ProgressNotificationSchema,
    ToolListChangedNotificationSchema: types.ToolListChangedNotificationSchema,
    AjvJsonSchemaValidator: ajv.AjvJsonSchemaValidator,
  };
}
