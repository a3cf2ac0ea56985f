import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { ConfigError, PareError, type WireFormat } from '../contract/index.ts';
import type { Core } from '../optimizer/index.ts';
import { createOriginGuard, isLoopback } from '../support/index.ts';
import { writeError } from './answer-writer.ts';
import { createApi } from './api.ts';
import { createCallerDesk } from './caller.ts';
import { createChatRoute, type RouteContext } from './chat-route.ts';
import { toWireError } from './error-mapping.ts';
import { createIssuedKeys } from './issued-keys.ts';
import { createMetrics } from './metrics.ts';
import { createPassthroughRoute } from './passthrough-route.ts';

/** Longer than the usual idle time of clients and load balancers, so that it is they who close. */
const KEEP_ALIVE_MS = 75_000;
const CLOSE_GRACE_MS = 10_000;
const SWEEP_MS = 50;

const CHAT_PATHS: Readonly<Record<string, WireFormat>> = {
  '/v1/chat/completions': 'openai-chat',
  '/v1/responses': 'openai-responses',
  '/v1/messages': 'anthropic-messages',
};

/** A running gateway. */
export interface Gateway {
  /** `http://127.0.0.1:7273` */
  readonly url: string;
  /** Stops accepting, lets running answers end (at most 10 s), and closes. The core stays open. */
  close(): Promise<void>;
}

/**
 * Starts the HTTP face of a core and resolves once it listens.
 *
 * @throws ConfigError `key_required` beyond loopback while no key was issued; `address_in_use`
 */
export async function startGateway(core: Core): Promise<Gateway> {
  const { host, port } = core.config.server;
  const keys = createIssuedKeys(core.state, core.now);
  const requiresKey = !isLoopback(host);
  if (requiresKey && (await keys.list()).length === 0) {
    throw new ConfigError(
      'key_required',
      `Listening on ${host} lets others in, so callers need a key issued by Pare, and there is none yet. Make one with: pare keys create NAME --admin`,
    );
  }
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true },
    createHandler(core, keys, requiresKey),
  );
  const open = trackConnections(server);
  await listen(server, host, port);
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: () => close(server, open),
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

function createHandler(core: Core, keys: ReturnType<typeof createIssuedKeys>, requiresKey: boolean): Handler {
  const metrics = createMetrics(core.events, {
    semantic: () => core.semantic?.live(),
    toolSelection: core.toolSelection,
  });
  core.onRecord((record) => metrics.observe(record));
  const callers = createCallerDesk(core.config, keys, requiresKey);
  const context: RouteContext = { core, callers, onError: (code) => metrics.countError(code) };
  const chats: Readonly<Record<WireFormat, Handler>> = {
    'openai-chat': createChatRoute('openai-chat', context),
    'openai-responses': createChatRoute('openai-responses', context),
    'anthropic-messages': createChatRoute('anthropic-messages', context),
  };
  const passthrough = createPassthroughRoute(context);
  const api = getRequestListener(createApi({ core, callers, metrics, requiresKey }).fetch, {
    overrideGlobalObjects: false,
  });
  const guard = createOriginGuard(core.config.server);
  // Nearly every request is for the path of the one before.
  let last: { readonly url: string; readonly path: string; readonly wire: WireFormat | undefined };
  const find = (url: string): typeof last => {
    const path = pathOf(url);
    last = { url, path, wire: CHAT_PATHS[path] };
    return last;
  };
  find('/');
  return (request, response) => {
    const { url = '/' } = request;
    const { path, wire } = url === last.url ? last : find(url);
    const refused = guard(request) ?? (wire === undefined ? checkPath(path) : undefined);
    if (refused !== undefined) {
      request.resume();
      context.onError(refused.code);
      const codec = wire === undefined ? undefined : core.codecFor(wire);
      writeError(response, { ...toWireError(refused), requestId: core.newId() }, codec);
      return;
    }
    // Other methods on these paths (reading or deleting a stored answer) concern the provider alone.
    const chat = wire !== undefined && request.method === 'POST' ? chats[wire] : undefined;
    if (chat !== undefined) chat(request, response);
    else if (path.startsWith('/v1/')) passthrough(request, response);
    else void api(request, response);
  };
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/** Refuses a path that a provider could read as leaving `/v1`, encoded or not (INV-E4). */
function checkPath(path: string): PareError | undefined {
  if (!path.includes('..') && !/%2e/i.test(path)) return undefined;
  const segments = path.replaceAll(/%2e/gi, '.').split(/[/\\]|%2f|%5c/i);
  if (!segments.includes('..') && !segments.includes('.')) return undefined;
  return new PareError('unknown_route', 'Paths with dot segments are not served. Send the path itself.');
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const what =
        cause.code === 'EADDRINUSE'
          ? ` is in use. Choose another with --port, or stop what listens there`
          : ` cannot be used: ${cause.message}`;
      const code = cause.code === 'EADDRINUSE' ? 'address_in_use' : 'cannot_listen';
      reject(new ConfigError(code, `The address ${host}:${port}${what}.`, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

function trackConnections(server: Server): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}

function close(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    const closeIdle = (): void => {
      server.closeIdleConnections();
      // Node takes a connection that never said anything for a busy one; clients open such in advance.
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    };
    // A kept-alive connection goes idle, not away, when its last answer ends.
    const sweep = setInterval(closeIdle, SWEEP_MS);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(sweep);
      resolve();
    });
    closeIdle();
  });
}
