/**
 * Measures the MCP proxy end to end: the official client, the proxy and one server for each of the data's over
 * HTTP. What a session of an agent costs in schemas that searches once for each step of its task, and whether the
 * tools that the task needs are among those it was told.
 *
 *   PARE_BENCH_DATA=/path/to/data node bench/mcp-proxy.ts
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { ListToolsRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { createMcpProxy, type McpServer } from '../src/mcp/index.ts';
import { loadEncoding } from '../src/tokens/index.ts';
import { percentile, publish } from './harness.ts';
import { interval, mean } from './tools/interval.ts';

const data = process.env['PARE_BENCH_DATA'];
if (data === undefined || !existsSync(data)) {
  console.error('Set PARE_BENCH_DATA to a folder with livemcp (docs/benches.md).');
  process.exit(2);
}

interface Task {
  readonly question: string;
  readonly steps: string;
  readonly tools: readonly string[];
}

function read<T>(file: string): T[] {
  return readFileSync(join(data as string, 'livemcp', file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

const groups = [
  ...Map.groupBy(read<Tool & { server: string }>('tools.jsonl'), ({ server }) => server),
] as const;

/** Every server of the data at a path of its own, without sessions. */
const http = createServer((request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(405).end();
    return;
  }
  const [, tools] = groups[Number(request.url?.slice(1))] ?? ['', []];
  const server = new Server({ name: 'bench', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
  }));
  const transport = new StreamableHTTPServerTransport({});
  void server.connect(transport).then(() => transport.handleRequest(request, response));
});
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
const { port } = http.address() as AddressInfo;
const servers = new Map(
  groups.map(([name], i): [string, McpServer] => [
    name,
    { kind: 'http', url: `http://127.0.0.1:${port}/${i}`, headers: {} },
  ]),
);
const encoding = await loadEncoding('o200k_base');
const count = (value: unknown): number =>
  encoding.count(typeof value === 'string' ? value : JSON.stringify(value));

const begun = performance.now();
const proxy = await createMcpProxy({ servers, countTokens: count });
await proxy.started();
const startMs = performance.now() - begun;
const face = await proxy.serveHttp({ port: 0 });
const { tokensAll, tools: toolsAll } = proxy.stats();

const known = new Set(groups.flatMap(([, tools]) => tools.map(({ name }) => name)));
const searches: number[] = [];
const recallOnce: number[] = [];
const recallSteps: number[] = [];
const whole: number[] = [];
const net: number[] = [];
for (const { question, steps, tools } of read<Task>('tasks.jsonl')) {
  const wanted = [...new Set(tools)].filter((name) => known.has(name));
  if (wanted.length === 0) continue;
  const client = new Client({ name: 'bench', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(face.url)));
  await client.listTools();
  let answered = 0;
  const search = async (query: string, max: number): Promise<string[]> => {
    const started = performance.now();
    const { content } = await client.callTool({ name: 'find_tools', arguments: { query, max } });
    searches.push(performance.now() - started);
    const [{ text }] = content as [{ text: string }];
    answered += count(text);
    return (JSON.parse(text) as { tools: Tool[] }).tools.map(({ name }) => name);
  };
  const isAmong = (names: readonly string[], tool: string): boolean =>
    names.some((name) => name.endsWith(`__${tool}`));
  const share = (names: readonly string[]): number =>
    wanted.filter((tool) => isAmong(names, tool)).length / wanted.length;
  recallOnce.push(share(await search(question, 10)));
  answered = 0;
  const told: string[] = [];
  for (const step of steps.split('\n').filter((line) => line.trim() !== ''))
    told.push(...(await search(step, 5)));
  recallSteps.push(share(told));
  whole.push(share(told) === 1 ? 1 : 0);
  net.push(answered + count((await client.listTools()).tools));
  await client.close();
}
await face.close();
await proxy.close();
http.close();

const share = (name: string, values: readonly number[]) => ({
  name,
  reached: mean(values),
  unit: '',
  note: `95% interval ${interval(values)
    .map((end) => end.toFixed(2))
    .join(' to ')}, ${values.length} tasks`,
});
const isGood = publish('mcp-proxy', [
  { name: `${servers.size} servers started`, reached: startMs, unit: 'ms' },
  { name: `schemas of all ${toolsAll} tools`, reached: tokensAll, unit: 'tokens' },
  { name: 'list at the end and all answers of find_tools', reached: mean(net), unit: 'tokens', note: 'mean' },
  {
    name: 'saved, once for a session',
    reached: 1 - mean(net) / tokensAll,
    unit: '',
    note: 'of all schemas, where each list and answer is sent once',
  },
  share('right tools among 10 for the question', recallOnce),
  share('right tools among 5 for each step', recallSteps),
  share('tasks with every tool among them', whole),
  { name: 'find_tools, p50', reached: percentile(searches, 0.5), unit: 'ms', note: 'the first one indexes' },
  { name: 'find_tools, p99', reached: percentile(searches, 0.99), unit: 'ms' },
]);
process.exitCode = isGood ? 0 : 1;
