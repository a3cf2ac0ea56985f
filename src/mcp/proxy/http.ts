import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../../contract/index.ts';
import { createOriginGuard } from '../../support/index.ts';
import type { HttpFace } from './options.ts';
import type { Sdk } from './sdk.ts';
import type { Session } from './session.ts';

/** How the HTTP face is made. */
export interface HttpOptions {
  readonly sdk: Sdk;
  readonly port: number;
  readonly allowedOrigins: readonly string[];
  readonly allowedHosts: readonly string[];
  readonly openSession: () => Session;
}

const HOST = '127.0.0.1';
const PATH = '/mcp';
const MOST_SESSIONS = 256;
const IDLE_MS = 3_600_000;
const SWEEP_MS = 60_000;
const MOST_BODY_BYTES = 32 * 1024 * 1024;

interface Open {
  readonly session: Session;
  readonly transport: InstanceType<Sdk['StreamableHTTPServerTransport']>;
  /** Requests and streams that are open. */
  active: number;
  usedAt: number;
}

/** Listens on loopback and gives each client a session. @throws ConfigError `address_in_use`, `cannot_listen` */
export async function serveHttp(options: HttpOptions): Promise<HttpFace> {
  const sessions = new Map<string, Open>();
  const guard = createOriginGuard({ host: HOST, ...options });
  const server = createServer((request, response) => {
    const refused = guard(request);
    const path = request.url?.split('?', 1)[0];
    if (refused !== undefined) refuse(response, 403, `${refused.message} [${refused.code}]`);
    else if (path !== PATH) refuse(response, 404, `MCP is served at ${PATH} [unknown_route]`);
    else {
      handle({ request, response }, sessions, options).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        if (response.headersSent) response.destroy();
        else refuse(response, 500, `The request could not be handled: ${why} [internal_error]`);
      });
    }
  });
  const sweep = setInterval(() => endIdle(sessions, Date.now() - IDLE_MS), SWEEP_MS).unref();
  await listen(server, options.port);
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}${PATH}`,
    close: async () => {
      clearInterval(sweep);
      await Promise.all([...sessions.values()].map(({ session }) => session.close()));
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function handle(
  { request, response }: Exchange,
  sessions: Map<string, Open>,
  options: HttpOptions,
): Promise<void> {
  const id = request.headers['mcp-session-id'];
  const open = typeof id === 'string' ? sessions.get(id) : await openSession(sessions, options);
  if (open === undefined) {
    // The protocol's word for "begin anew", or for "too many at once".
    if (id !== undefined) refuse(response, 404, 'There is no such session [unknown_session]');
    else refuse(response, 503, `There are ${MOST_SESSIONS} sessions in use already [too_many_sessions]`);
    return;
  }
  open.active += 1;
  response.once('close', () => {
    open.active -= 1;
    open.usedAt = Date.now();
    // A request that did not begin a session had none to go on with.
    if (open.transport.sessionId === undefined) void open.session.close();
  });
  await open.transport.handleRequest(request, response);
}

/** A session that counts once its client has begun it; undefined when all that are kept are in use. */
async function openSession(
  sessions: Map<string, Open>,
  { sdk, openSession }: HttpOptions,
): Promise<Open | undefined> {
  if (sessions.size >= MOST_SESSIONS) {
    const oldest = [...sessions.values()].filter(({ active }) => active === 0).map(({ usedAt }) => usedAt);
    if (oldest.length === 0) return undefined;
    endIdle(sessions, Math.min(...oldest));
  }
  const session = openSession();
  const transport = new sdk.StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    maxRequestBodySize: MOST_BODY_BYTES,
    onsessioninitialized: (id) => void sessions.set(id, open),
  });
  const open: Open = { session, transport, active: 0, usedAt: Date.now() };
  session.server.onclose = () => {
    if (transport.sessionId !== undefined) sessions.delete(transport.sessionId);
    void session.close();
  };
  await session.server.connect(transport);
  return open;
}

function endIdle(sessions: ReadonlyMap<string, Open>, before: number): void {
  for (const { active, usedAt, session } of sessions.values()) {
    if (active === 0 && usedAt <= before) void session.close();
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null }));
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === 'EADDRINUSE';
      const what = isTaken ? 'is in use. Choose another with --port' : `cannot be used: ${cause.message}`;
      reject(
        new ConfigError(
          isTaken ? 'address_in_use' : 'cannot_listen',
          `The address ${HOST}:${port} ${what}.`,
          {
            cause,
          },
        ),
      );
    });
    server.listen(port, HOST, resolve);
  });
}
