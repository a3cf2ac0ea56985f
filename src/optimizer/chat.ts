import {
  AbortedError,
  type CacheDirective,
  type CacheOutcome,
  InputError,
  type JsonObject,
  PareError,
  type StageMode,
  type StageName,
  type UsageRecord,
  type WireFormat,
} from '../contract/index.ts';
import type { AnswerHead, AnswerSink, Run } from '../pipeline/index.ts';
import { throwIfAborted } from '../support/index.ts';
import type { Core } from './core.ts';

/** A chat request: the body of one of the three wires. */
export type ChatParams = { readonly model: string } & Readonly<Record<string, unknown>>;

/** How one request is treated. */
export interface ChatOptions {
  /** The body's format. @default 'openai-chat' */
  readonly wire?: WireFormat;
  /**
   * `true` also replays agent turns, `false` neither reads nor writes the cache.
   * @default eligible requests are served from the cache
   */
  readonly cache?: boolean | 'refresh' | 'only-if-cached';
  /** Serve only answers at most this old, in seconds. */
  readonly maxAgeSeconds?: number;
  /** Isolates callers from each other. @default 'local' */
  readonly tenant?: string;
  readonly session?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Stages to switch off or to shadow for this request. */
  readonly stages?: Readonly<Partial<Record<StageName, StageMode>>>;
  /** Headers to send upstream, names in lower case. Answers to other headers are never served (INV-C1). */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** An answer and what it took. */
export interface ChatResult {
  /** The provider's JSON body, in the request's wire. */
  readonly response: JsonObject;
  readonly usage: UsageRecord['usage'];
  readonly usageBasis: UsageRecord['usageBasis'];
  /** USD; null when unknown. */
  readonly costUsd: number | null;
  readonly outcome: CacheOutcome;
  /** What each stage did: `exact-cache=miss`. */
  readonly stages: readonly string[];
  readonly measurements: UsageRecord['measurements'];
  readonly requestId: string;
}

/** The provider refused or failed; `status` and `body` are its own. */
export class ProviderError extends PareError {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super('upstream_status', `The provider answered with status ${status}: ${describe(body)}`);
    this.status = status;
    this.body = body;
  }
}

const PATHS: Readonly<Record<WireFormat, string>> = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  'anthropic-messages': '/v1/messages',
};

/** Chunks that wait for a slow reader before the upstream is paused. */
const MAX_WAITING_CHUNKS = 64;

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

const ANTHROPIC_VERSION = '2023-06-01';

/**
 * Sends one request through the core and resolves with the whole answer.
 *
 * @throws InputError for a request that is not valid; ProviderError; AbortedError
 */
export async function chat(core: Core, params: ChatParams, options: ChatOptions = {}): Promise<ChatResult> {
  if (params['stream'] === true) {
    throw new InputError(
      'stream_not_here',
      'chat() answers with a whole response; use stream() for a streamed one.',
    );
  }
  const collector = new Collector();
  begin(core, { params, options, collector });
  return collector.result();
}

/**
 * Sends one streaming request and yields the bytes of the event stream as they arrive.
 *
 * @throws like `chat`
 */
export async function* chatStream(
  core: Core,
  params: ChatParams,
  options: ChatOptions = {},
): AsyncGenerator<Uint8Array> {
  const collector = new Collector();
  const run = begin(core, { params: { ...params, stream: true }, options, collector });
  let isDone = false;
  try {
    yield* collector.chunks();
    isDone = true;
  } finally {
    if (!isDone) run.abort();
  }
}

interface Work {
  readonly params: ChatParams;
  readonly options: ChatOptions;
  readonly collector: Collector;
}

function begin(core: Core, { params, options, collector }: Work): Run {
  const { wire = 'openai-chat', signal } = options;
  throwIfAborted(signal);
  const provider = wire === 'anthropic-messages' ? 'anthropic' : 'openai';
  const request = core.codecFor(wire).parseRequest(Buffer.from(JSON.stringify(params)));
  const upstream = core.upstreams[provider];
  const abort = new AbortController();
  const run = core.runner.run({
    request,
    upstream,
    path: PATHS[wire],
    headers: { 'content-type': 'application/json', ...credentials(core, provider), ...options.headers },
    scope: {
      requestId: core.newId(),
      tenant: options.tenant ?? 'local',
      session: options.session ?? null,
      tags: options.tags ?? {},
      startedAt: core.now(),
      upstream: upstream.baseUrl,
      // Any header of the caller's own may change the answer or whose it is (INV-C1).
      answerHeaders: options.headers ?? NO_HEADERS,
      cache: directiveOf(options),
      stages: options.stages ?? {},
      signal: abort.signal,
    },
    sink: collector,
    onRecord: (record) => collector.onRecord(record),
  });
  const onAbort = (): void => {
    abort.abort(signal?.reason);
    run.abort();
    collector.onError(new AbortedError(undefined, { cause: signal?.reason }));
  };
  collector.follow(run);
  // The call may have begun already, and its upstream may be what fired the signal.
  if (signal === undefined || collector.isEnded) return run;
  if (signal.aborted) {
    onAbort();
    return run;
  }
  signal.addEventListener('abort', onAbort, { once: true });
  collector.onSettled = () => signal.removeEventListener('abort', onAbort);
  return run;
}

function credentials(core: Core, provider: 'openai' | 'anthropic'): Record<string, string> {
  const { apiKey } = core.config.upstreams[provider];
  if (provider === 'anthropic') {
    return {
      'anthropic-version': ANTHROPIC_VERSION,
      ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
    };
  }
  return apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
}

function directiveOf({ cache, maxAgeSeconds }: ChatOptions): CacheDirective {
  const mode = cache === undefined ? 'default' : cache === true ? 'on' : cache === false ? 'off' : cache;
  return { mode, noStore: cache === false, ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }) };
}

function describe(body: unknown): string {
  const error =
    typeof body === 'object' && body !== null ? (body as { error?: { message?: unknown } }).error : undefined;
  return typeof error?.message === 'string' ? error.message : 'no message';
}

/** Gathers an answer in memory, or hands its chunks on. */
class Collector implements AnswerSink {
  readonly #record = Promise.withResolvers<UsageRecord>();
  readonly #end = Promise.withResolvers<void>();
  readonly #received: Uint8Array[] = [];
  #head: AnswerHead | undefined;
  #wake: (() => void) | undefined;
  #isEnded = false;
  #run: Run | undefined;
  /** A reader takes chunks at its own pace. */
  #isPulled = false;
  onSettled: () => void = () => {};

  constructor() {
    // Whoever reads chunks may never ask for the end; its failure reaches them through the chunks.
    this.#end.promise.catch(() => {});
    this.#record.promise.catch(() => {});
  }

  /** True once the answer ended or failed. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  follow(run: Run): void {
    this.#run = run;
  }

  onHead(head: AnswerHead): void {
    this.#head = head;
  }

  onData(chunk: Uint8Array): void {
    this.#received.push(chunk);
    this.#wake?.();
    if (this.#isPulled && this.#received.length > MAX_WAITING_CHUNKS) this.#run?.pause();
  }

  onEnd(): void {
    this.#finish();
    this.#end.resolve();
  }

  onError(error: Error): void {
    this.#finish();
    this.#end.reject(error);
  }

  onRecord(record: UsageRecord): void {
    this.#record.resolve(record);
  }

  /** The whole answer, once it ended and was recorded. */
  async result(): Promise<ChatResult> {
    await this.#end.promise;
    const head = this.#head;
    const text = Buffer.concat(this.#received).toString('utf8');
    if (head === undefined || head.status !== 200)
      throw new ProviderError(head?.status ?? 0, parseLenient(text));
    const record = await this.#record.promise;
    return {
      response: JSON.parse(text) as JsonObject,
      usage: record.usage,
      usageBasis: record.usageBasis,
      costUsd: record.costUsd,
      outcome: record.cacheOutcome,
      stages: head.stages,
      measurements: record.measurements,
      requestId: record.id,
    };
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    this.#isPulled = true;
    const refusal: Uint8Array[] = [];
    for (;;) {
      const chunk = this.#received.shift();
      const status = this.#head?.status ?? 200;
      if (chunk !== undefined) {
        if (status === 200) yield chunk;
        else refusal.push(chunk);
      } else if (this.#isEnded) {
        await this.#end.promise;
        if (status !== 200)
          throw new ProviderError(status, parseLenient(Buffer.concat(refusal).toString('utf8')));
        return;
      } else {
        this.#run?.resume();
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  #finish(): void {
    this.#isEnded = true;
    this.#wake?.();
    this.onSettled();
  }
}

function parseLenient(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
