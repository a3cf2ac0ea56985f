import type { IncomingMessage, ServerResponse } from 'node:http';
import { type JsonObject, NO_USAGE, type UpstreamCall, type UsageRecord } from '../contract/index.ts';
import { createDecoder, type Decoder } from '../pipeline/index.ts';
import { AnswerWriter } from './answer-writer.ts';
import { type Caller, type ProviderName, providerOf } from './caller.ts';
import type { RouteContext } from './chat-route.ts';
import { toWireError } from './error-mapping.ts';
import { outgoingHeaders } from './headers.ts';
import { readBody } from './read-body.ts';
import { readWishes } from './request-scope.ts';

/** Answers of this size or less are read for their usage. */
const MAX_READ_BYTES = 8 * 1024 * 1024;
/** Status of a request whose caller left before the end, as proxies log it. */
const CLIENT_CLOSED = 499;
const EMPTY = Buffer.alloc(0);

/** Handles any other path below `/v1`: it goes to its provider as it is, and comes back as it is. */
export function createPassthroughRoute(
  context: RouteContext,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { core } = context;
  return (request, response) => {
    const requestId = core.newId();
    const writer = new AnswerWriter(response, {
      codec: core.codecFor(providerFor(request) === 'anthropic' ? 'anthropic-messages' : 'openai-chat'),
      requestId,
      onError: context.onError,
    });
    const startedAt = core.now();
    readBody(request, core.config.server.maxBodyBytes, (error, body) => {
      if (error !== undefined) return writer.onError(error);
      Promise.resolve()
        .then(() => context.callers.identify(request.headers, providerFor(request)))
        .then((caller) => forward({ request, response, writer, caller, body, requestId, startedAt }, context))
        .catch((why: unknown) => writer.onError(why instanceof Error ? why : new Error(String(why))));
    });
  };
}

interface Forwarding {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly writer: AnswerWriter;
  readonly caller: Caller;
  readonly body: Buffer;
  readonly requestId: string;
  readonly startedAt: number;
}

/** The provider of a path: by the path where it tells, else by how the caller shows its key. */
function providerFor(request: IncomingMessage): ProviderName {
  if (request.url?.startsWith('/v1/messages')) return providerOf('anthropic-messages');
  return request.headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
}

function forward(work: Forwarding, { core }: RouteContext): void {
  const { request, response, writer, caller, body } = work;
  const upstream = core.upstreams[providerFor(request)];
  const headers = outgoingHeaders(request, caller);
  const wishes = readWishes(request.headers);
  let reading: AnswerReading | undefined;
  let status = 0;
  let isOver = false;
  const finish = (errorCode: string | null): void => {
    isOver = true;
    const seen = { work, provider: upstream.name, status, errorCode, wishes, core };
    const record = (bytes: Buffer): void => core.record(toRecord({ ...seen, bytes }));
    if (reading === undefined) record(EMPTY);
    else reading.end(record);
  };
  const call: UpstreamCall = upstream.send(
    {
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers,
      body: body.length > 0 ? body : null,
    },
    {
      onHead: (code, raw) => {
        status = code;
        if (code === 200 && isEmbeddings(request)) reading = new AnswerReading(raw);
        writer.onHead({ status: code, headers: raw, cacheOutcome: 'bypassed', stages: [] });
      },
      onData: (chunk) => {
        reading?.push(chunk);
        writer.onData(chunk);
      },
      onEnd: () => {
        writer.onEnd();
        finish(status >= 400 ? 'upstream_status' : null);
      },
      onError: (error) => {
        writer.onError(error);
        finish(toWireError(error).code);
      },
    },
  );
  writer.follow(call);
  response.on('close', () => {
    if (response.writableFinished || isOver) return;
    call.abort();
    status = CLIENT_CLOSED;
    finish('client_closed');
  });
}

/** Reads an answer on the side, compressed or not; nothing of one that is too long. */
class AnswerReading {
  readonly #decoder: Decoder | undefined;
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(headers: readonly string[]) {
    const at = headers.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === 'content-encoding');
    this.#decoder = createDecoder(at === -1 ? undefined : headers[at + 1], (chunk) => this.#keep(chunk));
  }

  push(chunk: Uint8Array): void {
    this.#decoder?.push(chunk);
  }

  end(done: (bytes: Buffer) => void): void {
    if (this.#decoder === undefined) done(EMPTY);
    else this.#decoder.end(() => done(this.#length <= MAX_READ_BYTES ? Buffer.concat(this.#chunks) : EMPTY));
  }

  #keep(chunk: Uint8Array): void {
    this.#length += chunk.length;
    if (this.#length <= MAX_READ_BYTES) this.#chunks.push(chunk);
    else this.#chunks = [];
  }
}

function isEmbeddings(request: IncomingMessage): boolean {
  return request.url?.startsWith('/v1/embeddings') === true;
}

interface RecordFacts {
  readonly work: Forwarding;
  readonly provider: string;
  readonly status: number;
  readonly errorCode: string | null;
  readonly bytes: Buffer;
  readonly wishes: ReturnType<typeof readWishes>;
  readonly core: RouteContext['core'];
}

function toRecord({ work, provider, status, errorCode, bytes, wishes, core }: RecordFacts): UsageRecord {
  const inputTokens = bytes.length > 0 ? reportedTokens(bytes) : 0;
  const usage = { ...NO_USAGE, inputTokens };
  const model = inputTokens > 0 ? (field(parse(work.body), 'model') ?? '(none)') : '(none)';
  return {
    id: work.requestId,
    time: work.startedAt,
    tenant: work.caller.tenant,
    session: wishes.session,
    wire: null,
    provider,
    model,
    isStream: false,
    status: status === 0 ? 502 : status,
    errorCode,
    cacheOutcome: 'bypassed',
    usage,
    usageBasis: 'reported',
    costUsd: inputTokens > 0 ? core.registry.price(model, usage).costUsd : 0,
    netTokens: 0,
    netCostUsd: 0,
    latencyMs: core.now() - work.startedAt,
    firstTokenMs: null,
    tags: wishes.tags,
    measurements: [],
  };
}

/** `usage.prompt_tokens` of an embeddings answer; 0 when it has none. */
function reportedTokens(bytes: Buffer): number {
  const usage = parse(bytes)?.['usage'];
  const tokens =
    typeof usage === 'object' && usage !== null && !Array.isArray(usage)
      ? (usage as JsonObject)['prompt_tokens']
      : 0;
  return typeof tokens === 'number' && tokens > 0 ? tokens : 0;
}

function field(value: JsonObject | undefined, name: string): string | undefined {
  const found = value?.[name];
  return typeof found === 'string' ? found : undefined;
}

/** The JSON object in the bytes, or `undefined`: a pass-through answer may be anything. */
function parse(bytes: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
