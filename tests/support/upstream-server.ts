import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';

/** A server that stands in for a provider and keeps what it was sent. */
export interface UpstreamServer extends AsyncDisposable {
  readonly url: string;
  /** Bodies (or, of the raw server, whole requests) as they came. */
  readonly received: readonly Buffer[];
}

/** Starts an HTTP server that reads each request to its end and hands it to `answer`. */
export async function startUpstreamServer(
  answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void,
): Promise<UpstreamServer> {
  const received: Buffer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      received.push(body);
      answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Starts a server of raw bytes: the first request on a connection is kept, `answer` is written, and it closes. */
export async function startRawServer(answer: Buffer | string): Promise<UpstreamServer> {
  const received: Buffer[] = [];
  const server = createTcpServer((socket) => {
    let seen = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /^content-length: *(\d+)$/im.exec(seen.subarray(0, end).toString('latin1'))?.[1];
      if (seen.length < end + 4 + Number(length ?? 0)) return;
      received.push(seen);
      socket.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
