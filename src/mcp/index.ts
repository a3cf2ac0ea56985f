export {
  type HttpMcpServer,
  type McpServer,
  parseMcpServers,
  type StdioMcpServer,
} from '../optimizer/mcp-servers.ts';
export type {
  HttpFace,
  McpProxy,
  McpProxyOptions,
  McpProxyStats,
  ServerStats,
  StdioFace,
} from './proxy/options.ts';
export { createMcpProxy } from './proxy/proxy.ts';
