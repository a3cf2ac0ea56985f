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
  #controller: Dispatcher.DispatchController | undefined;
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
    this.#controller?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#controller?.resume();
  }

  abort(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    clearTimeout(this.#retryTimer);
    this.#controller?.abort(new UpstreamError('upstream_aborted', 'The caller left.'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isDone) controller.abort(new UpstreamError('upstream_aborted', 'The caller left.'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.#isDone || status < 200) return;
    if (status >= FIRST_REDIRECT && status <= LAST_REDIRECT && status !== NOT_MODIFIED) {
      const error = new UpstreamError(
        'upstream_redirect',
        `The upstream "${this.#parts.options.name}" answered with a redirect (${status}); redirects are not followed, ` +
          'since they could lead a key elsewhere. Configure the final URL.',
      );
      this.#fail(error);
      controller.abort(error);
      return;
    }
    this.#parts.sink.onHead(status, decodeHeaders(controller.rawHeaders));
    if (this.#isPaused) controller.pause();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isDone) this.#parts.sink.onData(chunk);
  }

  onResponseEnd(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#parts.sink.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
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

function decodeHeaders(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  const headers: string[] = [];
  for (const item of (raw ?? []) as Iterable<Buffer | string>) {
    headers.push(typeof item === 'string' ? item : item.toString('latin1'));
  }
  return headers;
}
