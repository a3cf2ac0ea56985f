import { type Dispatcher, Pool } from 'undici';
import {
  ConfigError,
  type OutgoingRequest,
  type Upstream,
  type UpstreamCall,
  type UpstreamSink,
} from '../contract/index.ts';
import { toUpstreamError, UpstreamError, wasNeverSent } from './errors.ts';
import type { UpstreamOptions } from './options.ts';

const FIRST_REDIRECT = 300;
const NOT_MODIFIED = 304;
const LAST_REDIRECT = 399;

/**
 * Returns a client of one provider with kept-alive connections. It streams both ways without
 * buffering, follows no redirects, and repeats a request only when it was never sent.
 *
 * @throws ConfigError `invalid_upstream_url`
 * @example
 * const upstream = createUpstream({ name: 'openai', baseUrl: 'https://api.openai.com' });
 */
export function createUpstream(options: UpstreamOptions): Upstream {
  const url = parseBaseUrl(options);
  const prefix = url.pathname.replace(/\/(v1\/?)?$/, '');
  const pool = new Pool(url.origin, {
    connections: null,
    pipelining: 1,
    connect: { timeout: options.connectTimeoutMs ?? 10_000 },
    headersTimeout: options.headTimeoutMs ?? 600_000,
    bodyTimeout: options.bodyTimeoutMs ?? 300_000,
  });
  return {
    name: options.name,
    baseUrl: url.origin + prefix,
    send: (request, sink) => new Call({ pool, options, prefix, request, sink }).start(),
    close: () => pool.close(),
  };
}

function parseBaseUrl({ name, baseUrl }: UpstreamOptions): URL {
  const url = URL.parse(baseUrl);
  if (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.search === ''
  ) {
    return url;
  }
  throw new ConfigError(
    'invalid_upstream_url',
    `The URL of the upstream "${name}" must be http(s)://HOST[:PORT][/PATH] without credentials or query, got "${baseUrl}".`,
  );
}

interface CallParts {
  readonly pool: Pool;
  readonly options: UpstreamOptions;
  readonly prefix: string;
  readonly request: OutgoingRequest;
  readonly sink: UpstreamSink;
}

/** One running call: the HTTP client's handler on one side, flow control for the caller on the other. */
class Call implements UpstreamCall, Dispatcher.DispatchHandler {
  readonly #parts: CallParts;
  #abort: ((error?: Error) => void) | undefined;
  #resume: (() => void) | undefined;
  #attempt = 0;
  #isPaused = false;
  #isDone = false;
  #retryTimer: NodeJS.Timeout | undefined;

  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  start(): this {
    const { pool, prefix, request } = this.#parts;
    try {
      pool.dispatch(
        {
          method: request.method,
          path: prefix + request.path,
          headers: request.headers as Record<string, string | string[]>,
          body: request.body,
        },
        this,
      );
    } catch (error) {
      queueMicrotask(() => this.#fail(error as Error));
    }
    return this;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#resume?.();
  }

  abort(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    clearTimeout(this.#retryTimer);
    this.#abort?.(callerLeft());
  }

  // The client's older handler interface: it hands over raw headers, where the newer one parses them into
  // an object that nobody here needs.
  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.#isDone) abort(callerLeft());
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void): boolean {
    this.#resume = resume;
    if (this.#isDone || status < 200) return true;
    if (status >= FIRST_REDIRECT && status <= LAST_REDIRECT && status !== NOT_MODIFIED) {
      const error = new UpstreamError(
        'upstream_redirect',
        `The upstream "${this.#parts.options.name}" answered with a redirect (${status}); redirects are not followed, ` +
          'since they could lead a key elsewhere. Configure the final URL.',
      );
      this.#fail(error);
      this.#abort?.(error);
      return false;
    }
    this.#parts.sink.onHead(status, decodeHeaders(rawHeaders));
    return !this.#isPaused;
  }

  onData(chunk: Buffer): boolean {
    if (!this.#isDone) this.#parts.sink.onData(chunk);
    return !this.#isPaused;
  }

  onComplete(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#parts.sink.onEnd();
  }

  onError(error: Error): void {
    if (this.#isDone) return;
    const { connectRetries = 2, retryDelayMs = 100 } = this.#parts.options;
    if (wasNeverSent(error) && this.#attempt < connectRetries) {
      this.#retryTimer = setTimeout(() => this.start(), retryDelayMs * 2 ** this.#attempt++);
      return;
    }
    this.#fail(error);
  }

  #fail(error: Error): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#parts.sink.onError(toUpstreamError(error, this.#parts.options.name));
  }
}

function callerLeft(): UpstreamError {
  return new UpstreamError('upstream_aborted', 'The caller left.');
}

function decodeHeaders(raw: readonly Buffer[]): string[] {
  return raw.map((item) => item.toString('latin1'));
}
