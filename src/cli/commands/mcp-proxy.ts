import { ConfigError } from '../../contract/index.ts';
import { createMcpProxy, type McpProxy, type McpProxyStats, parseMcpServers } from '../../mcp/index.ts';
import type { Config } from '../../optimizer/config.ts';
import { atExit } from '../at-exit.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { chooseCounting, describeCounting } from '../counting.ts';
import { eventReporter } from '../event-reporter.ts';
import { formatCount, formatPercent } from '../figures.ts';
import { readJsonObject } from '../input.ts';
import { toJson } from '../output.ts';
import { readConfig } from '../read-config.ts';
import { renderTable } from '../text-table.ts';
import { readPackage } from '../version.ts';

const DEFAULT_PORT = 7274;
const GRACE_MS = 1_000;

/** `pare mcp-proxy`: one MCP server in front of several, until its client goes or it is told to stop. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { config } = await readConfig(context, {
    'mcpProxy.maxTools': context.options['max'],
    'mcpProxy.pinned': context.options['pin'],
  });
  const servers = await readServers(context, config);
  // Counting costs a part of the start; a run that prints nothing needs none.
  const counter =
    context.globals.quiet === true && !isReport(context) ? undefined : await openCounter(context);
  const { maxTools, pinned, startTimeoutMs, callTimeoutMs } = config.mcpProxy;
  const proxy = await createMcpProxy({
    servers,
    maxTools,
    pinned,
    startTimeoutMs,
    callTimeoutMs,
    version: readPackage().version,
    onEvent: eventReporter(context),
    ...(counter === undefined ? {} : { countTokens: counter.count }),
  });
  const ended = atExit(() => proxy.kill());
  // Clients end us for good seconds after they asked; a server that does not end by then would outlive us.
  context.signal.addEventListener('abort', () => setTimeout(() => proxy.kill(), GRACE_MS).unref(), {
    once: true,
  });
  try {
    if (isReport(context)) return await report(context, proxy, counter);
    await (context.options['http'] === true ? serveHttp(context, proxy, config) : serveStdio(context, proxy));
    if (counter !== undefined) context.io.note(summary(proxy.stats(), counter.basis));
    return 0;
  } finally {
    await proxy.close();
    ended();
  }
}

function isReport({ options }: CommandContext): boolean {
  return options['stats'] === true;
}

async function readServers(
  context: CommandContext,
  config: Config,
): Promise<ReturnType<typeof parseMcpServers>> {
  const { environment } = context;
  const path = context.options['servers'] as string | undefined;
  if (path === undefined) {
    const servers = parseMcpServers(config.mcpProxy.servers, { environment, source: 'the configuration' });
    if (servers.size > 0) return servers;
    throw noServers('No MCP servers are named.');
  }
  if (path === '-' && context.options['http'] !== true && !isReport(context)) {
    throw new ConfigError('usage', 'stdin is where the client speaks; give --servers a file.');
  }
  const file = await readJsonObject(context, path);
  const value = file['mcpServers'] ?? file['servers'];
  if (value === undefined) {
    throw new ConfigError(
      'invalid_servers',
      `${path} has no "mcpServers". It must hold {"mcpServers": {"name": {"command": "...", "args": []}}}.`,
    );
  }
  const servers = parseMcpServers(value, { environment, source: path });
  if (servers.size === 0) throw noServers(`${path} names no MCP server that is not disabled.`);
  return servers;
}

function noServers(what: string): ConfigError {
  return new ConfigError(
    'no_servers',
    `${what} Give --servers FILE, or set mcpProxy.servers in pare.config.`,
  );
}

async function serveStdio(context: CommandContext, proxy: McpProxy): Promise<void> {
  const face = await proxy.serveStdio();
  await Promise.race([face.closed, stopped(context.signal)]);
  await face.close();
}

async function serveHttp(context: CommandContext, proxy: McpProxy, config: Config): Promise<void> {
  const face = await proxy.serveHttp({
    port: (context.options['port'] as number | undefined) ?? DEFAULT_PORT,
    allowedHosts: config.server.allowedHosts,
    allowedOrigins: config.server.allowedOrigins,
  });
  await context.io.out(
    context.globals.json === true
      ? `${JSON.stringify({ event: 'ready', url: face.url, pid: process.pid })}\n`
      : `Pare's MCP proxy listens on ${face.url}\n`,
  );
  await stopped(context.signal);
  await face.close();
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Starts the servers, says what they would cost, and ends. */
async function report(
  context: CommandContext,
  proxy: McpProxy,
  counter: Counter | undefined,
): Promise<ExitCode> {
  await Promise.race([proxy.started(), stopped(context.signal)]);
  if (context.signal.aborted) return 130;
  const { servers, tools, tokensAll } = proxy.stats();
  await context.io.out(
    context.globals.json === true
      ? toJson({ ...counter?.json, tools, tokens: tokensAll, servers })
      : renderTable(
          [
            { name: 'server' },
            { name: 'state' },
            { name: 'tools', align: 'right' },
            { name: 'tokens', align: 'right' },
          ],
          servers.map(({ name, state, tools, tokens }) => [
            name,
            state,
            formatCount(tools),
            formatCount(tokens),
          ]),
        ),
  );
  context.io.note(
    `pare: ${formatCount(tools)} tools, ${formatCount(tokensAll)} tokens of schemas (${counter?.basis ?? ''})`,
  );
  return servers.some(({ state }) => state === 'ready') ? 0 : 3;
}

interface Counter {
  readonly count: (text: string) => number;
  /** For people, and for programs. */
  readonly basis: string;
  readonly json: { readonly encoding: string; readonly model: string | null; readonly basis: string };
}

async function openCounter(context: CommandContext): Promise<Counter> {
  const counting = await chooseCounting(context);
  const texts = await counting.open();
  const { encoding, model } = counting;
  const sample = texts.count('');
  return {
    count: (text) => texts.count(text).tokens,
    basis: describeCounting(counting, sample),
    json: { encoding, model, basis: sample.basis },
  };
}

/** What was saved, and beside it what it may have cost: searches, and calls that missed. */
function summary(stats: McpProxyStats, basis: string): string {
  const { tokensAll, tokensListed, tokensAnswers, tools, listed } = stats;
  const share = tokensAll === 0 ? '' : ` (${formatPercent(tokensListed / tokensAll)} kept; ${basis})`;
  return (
    `pare: listed ${formatCount(tokensListed)} of ${formatCount(tokensAll)} tokens of schemas${share}: ` +
    `${formatCount(listed.length)} tools shown, ${formatCount(tools)} behind them; ` +
    `${formatCount(stats.searches)} searches and descriptions answered with ${formatCount(tokensAnswers)} tokens; ` +
    `${formatCount(stats.calls)} calls, ${formatCount(stats.callsUnlisted)} of tools not shown, ` +
    `${formatCount(stats.callsUnknown)} of tools that no server has`
  );
}
