import { createServer } from 'node:net';
import type { Config } from '../../optimizer/config.ts';
import { type CheckResult, fail, ok, reasonOf, warn } from './check.ts';

const ANSWER_WITHIN_MS = 3000;
const UPSTREAM_WITHIN_MS = 10_000;

/** Whether the gateway's port is free, or Pare itself listens there. */
export async function checkPort({ server }: Pick<Config, 'server'>): Promise<CheckResult> {
  const { host, port } = server;
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (port === 0) return ok('port', 'a free port is taken at the start');
  const trouble = await tryListen(host, port);
  if (trouble === undefined) return ok('port', `${where} is free`);
  if (trouble === 'EADDRINUSE' && (await isPare(`http://${where}`))) {
    return ok('port', `Pare listens on ${where} already`);
  }
  if (trouble === 'EADDRINUSE') {
    return fail(
      'port',
      `another program listens on ${where}`,
      'Stop it, or choose another port with --port.',
    );
  }
  return fail('port', `${where} cannot be listened on: ${trouble}`, 'Choose another address with --host.');
}

/** Whether each provider answers; no key is sent, and any answer will do. */
export function checkUpstreams({ upstreams }: Pick<Config, 'upstreams'>): Promise<CheckResult[]> {
  return Promise.all(
    (['openai', 'anthropic'] as const).map(async (provider) => {
      const { url } = upstreams[provider];
      const { host } = new URL(url);
      const name = `upstream_${provider}`;
      try {
        const response = await fetch(new URL('/v1/models', url), {
          redirect: 'manual',
          signal: AbortSignal.timeout(UPSTREAM_WITHIN_MS),
        });
        await response.body?.cancel();
        if (response.status < 500) return ok(name, `${host} answers`);
        return warn(name, `${host} answers with status ${response.status}`, 'Try again later.');
      } catch (error) {
        const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        return fail(
          name,
          `${host} does not answer: ${reasonOf(inner)}`,
          `Check the network, a proxy, and upstreams.${provider}.url.`,
        );
      }
    }),
  );
}

function tryListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

async function isPare(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const body = (await response.json()) as { status?: unknown; reasons?: unknown };
    return (body.status === 'ready' || body.status === 'degraded') && Array.isArray(body.reasons);
  } catch {
    // Whatever answers otherwise, or not at all, is not Pare.
    return false;
  }
}
