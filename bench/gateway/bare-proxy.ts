// The yardstick: the least a proxy can do with node:http and undici. Prints its URL as one JSON line.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';

const target = process.argv[2];
if (target === undefined) throw new Error('usage: bare-proxy.ts UPSTREAM_URL');
const agent = new Agent({ pipelining: 1 });

const server = createServer((request, response) => {
  const { host: _host, connection: _connection, ...headers } = request.headers;
  agent
    .request({ origin: target, path: request.url ?? '/', method: 'POST', headers, body: request })
    .then((answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.body.pipe(response);
    })
    .catch(() => response.destroy());
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});
