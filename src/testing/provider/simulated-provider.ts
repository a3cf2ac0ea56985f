import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BoundedMap } from '../../support/index.ts';
import type { Services } from './answer.ts';
import { approximateTokens } from './counting.ts';
import { defaultAnswer } from './default-answer.ts';
import { type Door, handleExchange } from './exchange.ts';
import { createFastHandler } from './fast.ts';
import type { Fault } from './faults.ts';
import type { SimulatedProviderOptions } from './options.ts';
import { createPromptCache } from './prompt-cache.ts';
import { createRateLimiter } from './rate-limit.ts';
import { ExchangeRecord, type RecordedRequest, RecordList } from './record.ts';

const MAX_PREFIXES = 100_000;
const MAX_RESPONSES = 256;
const MAX_BODY_BYTES = 32 * 1024 * 1024;
const KEEP_ALIVE_MS = 75_000;

/** Sums over the life of a provider. */
export interface ProviderCounters {
  readonly connections: number;
  readonly requests: number;
  /** Requests that are being answered now. */
  readonly active: number;
  /** Requests whose caller left before the end. */
  readonly aborted: number;
  readonly faults: number;
  /** Answers by status. */
  readonly byStatus: Readonly<Record<number, number>>;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  /** Both lives together. */
  readonly cacheWriteTokens: number;
  /** Searches among deferred tools. */
  readonly toolSearches: number;
  /** What of `inputTokens` and `cacheReadTokens` reading the prompt again after those searches took. */
  readonly searchInputTokens: number;
  readonly searchCacheReadTokens: number;
}

/** A running simulated provider. */
export interface SimulatedProvider extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without `/v1`. */
  readonly url: string;
  readonly port: number;
  /** The latest requests, oldest first; empty in fast mode. */
  readonly requests: readonly RecordedRequest[];
  /** A copy of the sums as they stand. In fast mode only connections and requests count. */
  readonly counters: ProviderCounters;
  /** Plans faults for the next requests, one each, before those of the options. */
  failNext(...faults: readonly Fault[]): void;
  /** Forgets the recorded requests; counters and caches stay. */
  clearRequests(): void;
  /** Closes the server and every connection. Safe to call twice. */
  close(): Promise<void>;
}

type MutableCounters = { -readonly [K in keyof ProviderCounters]: ProviderCounters[K] } & {
  byStatus: Record<number, number>;
};

/**
 * Returns a running server on 127.0.0.1 that speaks OpenAI chat completions, OpenAI responses,
 * Anthropic messages (and `count_tokens`), embeddings and the model lists as the real APIs do:
 * validation, errors, streams, usage, prompt caching, rate limits. Answers depend on the request alone.
 * Any path under `/v1/echo` sends the body back.
 *
 * A request can ask for a fault or a pace with an `x-simulate` header; see `readSimulation`.
 *
 * @throws Error when the port is taken
 * @example
 * const provider = await createSimulatedProvider({ pacing: { chunkDelayMs: 5 } });
 * const answer = await fetch(`${provider.url}/v1/models`, { headers: { authorization: 'Bearer test' } });
 * await provider.close();
 */
export async function createSimulatedProvider(
  options: SimulatedProviderOptions = {},
): Promise<SimulatedProvider> {
  const counters = emptyCounters();
  const records = new RecordList(options.recording);
  const planned: Fault[] = [];
  const door = createDoor(options, counters, planned);
  const fast = options.fast === true ? createFastHandler(options.pacing?.latencyMs ?? 0) : null;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    counters.requests += 1;
    if (fast?.(request, response) === true) return;
    startExchange(request, response, { door, records, counters });
  });
  server.on('connection', () => (counters.connections += 1));
  const port = await listen(server, options.port ?? 0);
  const close = (): Promise<void> => closeServer(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: records.records,
    get counters() {
      return { ...counters, byStatus: { ...counters.byStatus } };
    },
    failNext: (...faults) => void planned.push(...faults),
    clearRequests: () => records.clear(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function startExchange(
  request: IncomingMessage,
  response: ServerResponse,
  parts: { readonly door: Door; readonly records: RecordList; readonly counters: MutableCounters },
): void {
  const { door, records, counters } = parts;
  counters.active += 1;
  const { method = 'GET', url: path = '/', rawHeaders } = request;
  const headers = request.headers as Readonly<Record<string, string>>;
  const record = new ExchangeRecord(counters.requests - 1, { method, path, headers, rawHeaders });
  records.add(record);
  let isCut = false;
  // `destroy` is only called by our own faults: a connection they cut is no caller that left.
  const destroy = response.destroy.bind(response);
  response.destroy = (error?: Error) => {
    isCut = true;
    return destroy(error);
  };
  response.once('close', () => {
    const wasAborted = !isCut && !response.writableFinished;
    counters.active -= 1;
    if (wasAborted) counters.aborted += 1;
    if (record.status !== 0) counters.byStatus[record.status] = (counters.byStatus[record.status] ?? 0) + 1;
    record.finish({ wasAborted });
    records.settle(record);
  });
  void handleExchange(request, response, { door, record });
}

function createDoor(options: SimulatedProviderOptions, counters: MutableCounters, planned: Fault[]): Door {
  const { access = {}, faults, now = Date.now } = options;
  return {
    services: createServices(options, counters),
    access,
    limiter: access.requestsPerMinute === undefined ? null : createRateLimiter(access.requestsPerMinute, now),
    pacing: options.pacing ?? {},
    maxBodyBytes: options.maxBodyBytes ?? MAX_BODY_BYTES,
    nextFault(record) {
      const next = planned.shift();
      if (next !== undefined) return next;
      if (typeof faults === 'function') return faults(record, record.index) ?? null;
      return faults?.[record.index] ?? null;
    },
    onFault() {
      counters.faults += 1;
    },
  };
}

function createServices(options: SimulatedProviderOptions, counters: MutableCounters): Services {
  const { now = Date.now, promptCache = true } = options;
  const maxEntries = typeof promptCache === 'object' ? promptCache.maxEntries : MAX_PREFIXES;
  return {
    respond: options.respond ?? defaultAnswer,
    countTokens: options.countTokens ?? approximateTokens,
    now,
    promptCache: promptCache === false ? null : createPromptCache({ now, maxEntries }),
    models: options.access?.models ?? null,
    responses: new BoundedMap(MAX_RESPONSES),
    onUsage(usage) {
      counters.inputTokens += usage.inputTokens;
      counters.outputTokens += usage.outputTokens;
      counters.cacheReadTokens += usage.cacheReadTokens;
      counters.cacheWriteTokens += usage.cacheWriteTokens + usage.cacheWrite1hTokens;
      counters.toolSearches += usage.toolSearches;
      counters.searchInputTokens += usage.searchInputTokens;
      counters.searchCacheReadTokens += usage.searchCacheReadTokens;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function emptyCounters(): MutableCounters {
  return {
    connections: 0,
    requests: 0,
    active: 0,
    aborted: 0,
    faults: 0,
    byStatus: {},
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    toolSearches: 0,
    searchInputTokens: 0,
    searchCacheReadTokens: 0,
  };
}
