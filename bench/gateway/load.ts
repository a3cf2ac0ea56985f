// A load generator on bare sockets. An HTTP client library costs as much for a request as the servers
// measured here, and would become what is measured; this one writes ready bytes and looks only for the
// end of each answer.
import { connect, type Socket } from 'node:net';
import { Agent } from 'undici';

/** What one burst of load showed. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly requests: number;
  /** Answers other than 200, and broken connections. */
  readonly errors: number;
}

const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer bench-key' };
const HEAD_END = Buffer.from('\r\n\r\n');
const CHUNKED_END = Buffer.from('\r\n0\r\n\r\n');

/** A small chat request; different numbers make different requests. */
export function smallChat(n: number): string {
  return JSON.stringify({
    model: 'gpt-4o',
    messages: [
      { role: 'system', content: 'You are a helpful assistant who answers briefly.' },
      { role: 'user', content: `What is the capital of the country with the number ${n}?` },
    ],
  });
}

export interface LoadOptions {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  /** The same request each time, or a new one. */
  readonly repeats: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Stops after so many requests instead of seconds. */
  readonly amount?: number;
}

let serial = 0;

/** Sends requests over kept-alive connections, each as soon as the one before is answered. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { hostname, port } = new URL(options.url);
  const head =
    `POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}:${port}\r\n` +
    Object.entries({ ...HEADERS, ...options.headers })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
  const next = (): string => {
    const body = smallChat(options.repeats ? 0 : ++serial);
    return `${head}content-length: ${body.length}\r\n\r\n${body}`;
  };
  const until =
    options.amount === undefined ? performance.now() + options.seconds * 1_000 : Number.POSITIVE_INFINITY;
  const burst: Burst = {
    next,
    until,
    left: options.amount ?? Number.POSITIVE_INFINITY,
    requests: 0,
    errors: 0,
  };
  const started = performance.now();
  await Promise.all(
    Array.from({ length: options.connections }, () =>
      drive(connect({ host: hostname, port: Number(port), noDelay: true }), burst),
    ),
  );
  const seconds = (performance.now() - started) / 1_000;
  return { requestsPerSecond: burst.requests / seconds, requests: burst.requests, errors: burst.errors };
}

interface Burst {
  readonly next: () => string;
  readonly until: number;
  left: number;
  requests: number;
  errors: number;
}

function drive(socket: Socket, burst: Burst): Promise<void> {
  let received: Buffer | undefined;
  const send = (): void => {
    if (burst.left <= 0 || performance.now() >= burst.until) {
      socket.end();
      return;
    }
    burst.left--;
    socket.write(burst.next(), 'latin1');
  };
  socket.on('data', (chunk: Buffer) => {
    received = received === undefined ? chunk : Buffer.concat([received, chunk]);
    if (!isWhole(received)) return;
    burst.requests++;
    // "HTTP/1.1 200": the status begins at the tenth byte.
    if (received.toString('latin1', 9, 12) !== '200') burst.errors++;
    received = undefined;
    send();
  });
  socket.on('connect', send);
  return new Promise((resolve) => {
    socket.on('error', () => burst.errors++);
    socket.on('close', () => resolve());
  });
}

/** One answer is awaited at a time, so what arrived is a whole answer or a part of one. */
function isWhole(received: Buffer): boolean {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd === -1) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(received.toString('latin1', 0, headEnd + 2))?.[1];
  if (length !== undefined) return received.length >= headEnd + HEAD_END.length + Number(length);
  return received.subarray(-CHUNKED_END.length).equals(CHUNKED_END);
}

/** Milliseconds of requests sent one after the other. */
export async function latencies(
  url: string,
  bodies: Iterable<string>,
  headers: Readonly<Record<string, string>> = {},
): Promise<number[]> {
  const agent = new Agent({ pipelining: 1, connections: 1 });
  const times: number[] = [];
  for (const body of bodies) {
    const started = performance.now();
    const answer = await agent.request({
      origin: url,
      path: '/v1/chat/completions',
      method: 'POST',
      headers: { ...HEADERS, ...headers },
      body,
    });
    await answer.body.dump();
    times.push(performance.now() - started);
    if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`);
  }
  await agent.close();
  return times;
}
