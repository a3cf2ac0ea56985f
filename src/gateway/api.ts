import { readFileSync } from 'node:fs';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import {
  type ChatRequest,
  InputError,
  PareError,
  type RequestScope,
  type WireFormat,
} from '../contract/index.ts';
import type { Core } from '../optimizer/index.ts';
import { type CallerDesk, providerOf } from './caller.ts';
import { renderError, toWireError } from './error-mapping.ts';
import type { Metrics } from './metrics.ts';
import { describeApi } from './openapi.ts';
import { renderPage } from './page.ts';

/** What the API needs. */
export interface ApiParts {
  readonly core: Core;
  readonly callers: CallerDesk;
  readonly metrics: Metrics;
  readonly requiresKey: boolean;
}

type Env = { Bindings: HttpBindings };

const HOUR_MS = 3_600_000;
const MAX_HOURS = 24 * 366 * 10;

/** Returns everything but the model routes: health, metrics, `/api/*` and the page. */
export function createApi({ core, callers, metrics, requiresKey }: ApiParts): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', (c) =>
    c.json({ status: degradedBy(core).length === 0 ? 'ready' : 'degraded', reasons: degradedBy(core) }),
  );
  app.use('*', async (c, next) => {
    await callers.authorizeAdmin(c.env.incoming.headers);
    // The page and its figures are nobody else's business.
    c.header('cache-control', 'no-store');
    c.header('x-content-type-options', 'nosniff');
    c.header('x-frame-options', 'DENY');
    c.header('referrer-policy', 'no-referrer');
    c.header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
    await next();
  });
  app.get('/metrics', async (c) =>
    c.body(await metrics.render(), 200, { 'content-type': metrics.contentType }),
  );
  app.get('/', async (c) => c.html(renderPage(await pageFacts(core))));
  app.route('/api', createDataApi(core));
  app.notFound((c) =>
    errorResponse(
      c,
      new PareError(
        'unknown_route',
        `There is nothing at ${c.req.method} ${c.req.path}. See / for the endpoints.`,
      ),
    ),
  );
  app.onError((error, c) => {
    const response = errorResponse(c, error);
    if (response.status === 500) {
      core.events.emit({ level: 'error', code: 'api_failed', message: `${c.req.path}: ${error.message}` });
    }
    // A browser then asks for the key; its name is ignored.
    if (response.status === 401 && requiresKey)
      response.headers.set('www-authenticate', 'Basic realm="pare", charset="UTF-8"');
    return response;
  });
  return app;
}

function createDataApi(core: Core): Hono<Env> {
  const api = new Hono<Env>();
  api.get('/openapi.json', (c) => c.json(describeApi(version())));
  api.get('/stats', async (c) =>
    c.json(
      await core.ledger.stats({
        ...hoursOf(c),
        cacheStats: await core.cache.stats(),
        semanticLive: await core.semanticLive(),
        toolRecall: await core.toolRecall(),
      }),
    ),
  );
  api.get('/report', async (c) =>
    c.json(
      await core.ledger.report({
        ...hoursOf(c),
        cacheStats: await core.cache.stats(),
        semanticLive: await core.semanticLive(),
        toolRecall: await core.toolRecall(),
      }),
    ),
  );
  api.get('/rankings', async (c) => c.json(await core.ledger.rankings(hoursOf(c))));
  api.get('/models', (c) => c.json({ models: core.registry.list() }));
  api.get('/events', (c) => c.json({ counts: core.events.counts(), recent: core.events.recent() }));
  api.post('/optimize', async (c) => c.json(await dryRun(c, core)));
  api.get('/originals/:ref', (c) => {
    throw new PareError('unknown_reference', `There is no original behind "${c.req.param('ref')}".`);
  });
  return api;
}

function hoursOf(c: Context<Env>): { readonly hours: number } {
  const text = c.req.query('hours') ?? '24';
  const hours = Number(text);
  if (hours > 0 && hours <= MAX_HOURS) return { hours };
  throw new InputError(
    'invalid_hours',
    `hours takes a number above 0 and up to ${MAX_HOURS}, got "${text}".`,
  );
}

/** What would be sent for a body, and what each stage would take away; nobody is called. */
async function dryRun(c: Context<Env>, core: Core): Promise<object> {
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  if (bytes.length > core.config.server.maxBodyBytes) {
    throw new PareError(
      'body_too_large',
      `The body has ${bytes.length} bytes; the limit is ${core.config.server.maxBodyBytes}.`,
    );
  }
  const wire = wireOf(c.req.query('wire'));
  const codec = core.codecFor(wire);
  const request = codec.parseRequest(bytes);
  const prepared = await core.runner.dryRun({ request, scope: dryScope(core, request) });
  const count = await core.counter.countRequest(request);
  const sent = prepared.answer === undefined ? await core.counter.countRequest(prepared.request) : undefined;
  return {
    wire,
    model: request.model,
    tokens_before: count.tokens,
    tokens_after: sent?.tokens ?? 0,
    basis: count.basis,
    error_band: count.errorBand,
    answered_by: prepared.answer?.by ?? null,
    stages: prepared.results,
    measurements: prepared.measurements.map((m) => ({
      stage: m.stage,
      mode: m.mode,
      tokens_before: m.tokensBefore,
      tokens_after: m.tokensAfter,
      overhead: m.overhead,
      basis: m.basis,
      net_cost_usd: m.netCostUsd,
    })),
    lint: codec.lint(prepared.request),
    request: JSON.parse(Buffer.from(codec.renderRequest(prepared.request)).toString('utf8')) as unknown,
  };
}

function wireOf(text = 'openai-chat'): WireFormat {
  if (text === 'openai-chat' || text === 'openai-responses' || text === 'anthropic-messages') return text;
  throw new InputError(
    'invalid_wire',
    `wire takes openai-chat, openai-responses or anthropic-messages, got "${text}".`,
  );
}

function dryScope(core: Core, request: ChatRequest): RequestScope {
  return {
    requestId: core.newId(),
    tenant: 'dry-run',
    session: null,
    tags: {},
    startedAt: core.now(),
    upstream: core.upstreams[providerOf(request.wire)].baseUrl,
    answerHeaders: {},
    cache: { mode: 'default', noStore: true },
    stages: {},
    signal: new AbortController().signal,
  };
}

async function pageFacts(core: Core): Promise<Parameters<typeof renderPage>[0]> {
  const now = core.now();
  const hours = Math.max((now % (24 * HOUR_MS)) / HOUR_MS, 1 / 60);
  const { cache, metrics, savings } = await core.ledger.report({
    hours,
    semanticLive: await core.semanticLive(),
  });
  return {
    version: version(),
    degraded: degradedBy(core),
    semantic: cache.semantic,
    today: {
      requests: metrics.total_requests,
      hits: cache.total_hits,
      hitRate: cache.hit_rate,
      inputTokens: metrics.input_tokens,
      outputTokens: metrics.output_tokens,
      netTokens: savings.net_tokens,
      costUsd: metrics.total_cost,
      unknownCostRequests: metrics.unknown_cost_requests,
      netCostUsd: savings.net_cost,
    },
  };
}

const DEGRADING = new Set([
  'store_set_aside',
  'store_locked',
  'store_unavailable',
  'store_in_memory',
  'ledger_write_failed',
  'ledger_records_dropped',
]);

/** Lines about stores that do not work as they should, from the events of this process. */
function degradedBy(core: Core): string[] {
  const recent = core.events.recent().filter((event) => DEGRADING.has(event.code));
  return [...new Set(recent.map((event) => event.message))];
}

function errorResponse(c: Context<Env>, error: unknown): Response {
  const shown = toWireError(error);
  const body = Buffer.from(renderError(shown)).toString('utf8');
  return c.body(body, shown.status as 400, { 'content-type': 'application/json' });
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
