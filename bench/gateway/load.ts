import autocannon from 'autocannon';
import { Agent } from 'undici';

/** What one burst of load showed. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly errors: number;
}

const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer bench-key' };

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

/** Sends requests as fast as they are answered. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { url, seconds, connections, repeats, headers, amount } = options;
  const result = await autocannon({
    url: `${url}/v1/chat/completions`,
    method: 'POST',
    connections,
    ...(amount === undefined ? { duration: seconds } : { amount }),
    headers: { ...HEADERS, ...headers },
    body: smallChat(0),
    ...(repeats
      ? {}
      : {
          requests: [
            { setupRequest: (request: autocannon.Request) => ({ ...request, body: smallChat(++serial) }) },
          ],
        }),
  });
  const requests = result.requests.total;
  return {
    requestsPerSecond: requests / result.duration,
    errors: result.errors + result.non2xx + result.timeouts,
  };
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
