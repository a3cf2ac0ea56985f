import type { CommandSpec } from '../command.ts';
import { repeated, wholeNumber } from '../parse-values.ts';

/** Tool selection. */
export const TOOL_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'select-tools',
    description: 'rank tool schemas by what a request needs',
    group: 'Tools:',
    options: [
      {
        flags: '--tools <file>',
        description: 'the tools as JSON or JSON lines: OpenAI, Anthropic or MCP form; - is stdin',
        isRequired: true,
      },
      { flags: '--query <text>', description: 'the request' },
      {
        flags: '--queries <file>',
        description: 'requests as JSON lines, {"query": "..."} each; one JSON line answers each',
      },
      {
        flags: '--max <n>',
        description: 'most tools; what must stay may be more',
        parse: wholeNumber('--max', 1),
        defaultValue: 10,
      },
      {
        flags: '--max-tokens <n>',
        description: 'most tokens of the tools together',
        parse: wholeNumber('--max-tokens', 1),
      },
      {
        flags: '--compact',
        description: 'with smaller schemas that accept the same, and shorter descriptions',
      },
    ],
    load: () => import('../commands/select-tools.ts'),
  },
  {
    name: 'mcp-proxy',
    description: 'one MCP server in front of several, which shows only the tools that are needed',
    group: 'Tools:',
    options: [
      {
        flags: '--servers <file>',
        description: 'the servers, {"mcpServers": {...}} as MCP clients have it (default: mcpProxy.servers)',
      },
      {
        flags: '--max <n>',
        description: 'most tools listed besides pinned ones',
        parse: wholeNumber('--max', 1),
        defaultValue: 10,
      },
      {
        flags: '--pin <name>',
        description: 'a tool that is always listed; repeatable',
        parse: repeated(),
      },
      { flags: '--http', description: 'Streamable HTTP on 127.0.0.1 in place of stdin and stdout' },
      {
        flags: '--port <port>',
        description: 'port of --http; 0 takes a free one',
        parse: wholeNumber('--port', 0, 65_535),
        defaultValue: 7274,
      },
      { flags: '--stats', description: 'start the servers, print their tools and tokens, and end' },
    ],
    load: () => import('../commands/mcp-proxy.ts'),
  },
];
