import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock, JsonObject, JsonValue, WireFormat } from '../../contract/index.ts';
import { type BoundedMap } from '../../support/index.ts';
import { chatWire } from './chat-wire.ts';
import { isObject } from './checks.ts';
import { blockTokens } from './counting.ts';
import { answerEmbeddings } from './embeddings.ts';
import { finishAnswer, outputTokens, reasoningTokens } from './finish.ts';
import { readAnthropicCount } from './messages-read.ts';
import { messagesWire } from './messages-wire.ts';
import { anthropicModel, anthropicModels, DEFAULT_MODELS, openaiModel, openaiModels } from './models.ts';
import type { SimulatedProviderOptions } from './options.ts';
import { ApiProblem } from './problem.ts';
import type { PromptCache, PromptCacheResult } from './prompt-cache.ts';
import { itemsAfter } from './responses-read.ts';
import { responsesWire } from './responses-wire.ts';
import type { Reply } from './sender.ts';
import type {
  Completion,
  FinishedAnswer,
  ReadContext,
  ReadRequest,
  SimulatedUsage,
  SimulatedWire,
} from './types.ts';

/** What answering needs, made once per provider. */
export interface Services {
  readonly respond: NonNullable<SimulatedProviderOptions['respond']>;
  readonly countTokens: (text: string) => number;
  readonly now: Clock;
  readonly promptCache: PromptCache | null;
  readonly models: readonly string[] | null;
  /** Items of earlier answers of the Responses API, by key and id. */
  readonly responses: BoundedMap<string, JsonValue>;
  onUsage(usage: SimulatedUsage): void;
}

/** One request that passed the door. */
export interface Call {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly wire: WireFormat;
  /** The caller's key; prompt caches are kept apart by it. */
  readonly key: string;
}

const WIRES: Readonly<Record<string, SimulatedWire>> = {
  '/v1/chat/completions': chatWire,
  '/v1/responses': responsesWire,
  '/v1/messages': messagesWire,
};

/** The wire that a request speaks, known before its body is read; on shared paths the version header tells. */
export function wireOf(path: string, headers: IncomingHttpHeaders): WireFormat {
  const known = WIRES[path]?.wire;
  if (known !== undefined) return known;
  if (path.startsWith('/v1/messages')) return 'anthropic-messages';
  if (path.startsWith('/v1/responses')) return 'openai-responses';
  const isShared = path !== '/v1/embeddings' && headers['anthropic-version'] !== undefined;
  return isShared ? 'anthropic-messages' : 'openai-chat';
}

/** Answers one request. @throws ApiProblem when the real API would refuse it */
export async function answerCall(call: Call, services: Services): Promise<Reply> {
  if (call.path.startsWith('/v1/echo')) return echo(call);
  if (call.path === '/v1/models' || call.path.startsWith('/v1/models/'))
    return json(answerModels(call, services));
  const wire = WIRES[call.path];
  const isKnown =
    wire !== undefined || call.path === '/v1/embeddings' || call.path === '/v1/messages/count_tokens';
  if (!isKnown)
    throw new ApiProblem(`Invalid URL (${call.method} ${call.path})`, { status: 404, code: 'unknown_url' });
  if (call.method !== 'POST') {
    throw new ApiProblem(`Not allowed to ${call.method} on ${call.path}.`, {
      status: 405,
      code: 'method_not_supported',
    });
  }
  if (call.path.startsWith('/v1/messages') && call.headers['anthropic-version'] === undefined) {
    throw new ApiProblem('header is required', { param: 'anthropic-version' });
  }
  const body = parseBody(call.body);
  checkModel(body, services);
  if (call.path === '/v1/embeddings') return json(answerEmbeddings(body, services.countTokens));
  const context = contextOf(call, services);
  if (wire === undefined) {
    const blocks = readAnthropicCount(body, context).blocks;
    return json({ input_tokens: sum(blockTokens(blocks, services.countTokens)) });
  }
  const completion = await complete(wire.read(body, context), call, services);
  services.onUsage(completion.usage);
  const whole = wire.writeJson(completion);
  keepResponse(whole, { body, call, context, services });
  return completion.read.simulated.isStream ? stream(wire.writeStream(completion)) : json(whole);
}

async function complete(read: ReadRequest, call: Call, services: Services): Promise<Completion> {
  const { countTokens, promptCache } = services;
  const request = read.simulated;
  const tokens = blockTokens(read.blocks, countTokens);
  const answers: FinishedAnswer[] = [];
  for (let index = 0; index < request.n; index += 1) {
    const answer = await services.respond(request, index);
    answers.push(finishAnswer(answer, request, { countTokens, index }));
  }
  const cacheOf = (blocks: ReadRequest['blocks'], counts: readonly number[]): PromptCacheResult => {
    const prompt = { owner: `${call.wire}\n${call.key}\n${request.model}`, blocks, tokens: counts };
    if (promptCache === null) return { readTokens: 0, writeTokens: 0, write1hTokens: 0 };
    return request.wire === 'anthropic-messages'
      ? promptCache.atBreakpoints(prompt)
      : promptCache.automatic(prompt, countTokens);
  };
  const cached = cacheOf(read.blocks, tokens);
  // The model reads the prompt again after each search, within the same request and on its bill.
  const searches = answers[0]?.toolSearches ?? [];
  const passes = searches.map((_, at) => {
    const blocks = read.afterSearches?.(searches.slice(0, at + 1)) ?? read.blocks;
    const counts = blockTokens(blocks, countTokens);
    const { readTokens, ...written } = cacheOf(blocks, counts);
    // Nobody says that OpenAI's automatic cache has what the same request put there a moment before.
    const most = request.wire === 'anthropic-messages' ? readTokens : cached.readTokens;
    return { inputTokens: sum(counts), ...written, readTokens: Math.min(readTokens, most) };
  });
  const searchInputTokens = sum(passes.map(({ inputTokens }) => inputTokens));
  const searchCacheReadTokens = sum(passes.map(({ readTokens }) => readTokens));
  const usage: SimulatedUsage = {
    inputTokens: sum(tokens) + searchInputTokens,
    outputTokens: sum(answers.map((answer) => outputTokens(answer, countTokens))),
    cacheReadTokens: cached.readTokens + searchCacheReadTokens,
    cacheWriteTokens: cached.writeTokens + sum(passes.map(({ writeTokens }) => writeTokens)),
    cacheWrite1hTokens: cached.write1hTokens + sum(passes.map(({ write1hTokens }) => write1hTokens)),
    reasoningTokens: sum(answers.map((answer) => reasoningTokens(answer, countTokens))),
    toolSearches: searches.length,
    searchInputTokens,
    searchCacheReadTokens,
  };
  return { read, answers, usage, created: Math.floor(services.now() / 1000) };
}

function contextOf(call: Call, services: Services): ReadContext {
  return {
    seed: hash('sha256', Buffer.concat([Buffer.from(`${call.wire}\n`), call.body]), 'hex').slice(0, 48),
    findResponse: (id) => services.responses.get(`${call.key}\n${id}`),
  };
}

/** Keeps what `previous_response_id` of a later request needs. */
function keepResponse(
  whole: JsonObject,
  from: {
    readonly body: JsonObject;
    readonly call: Call;
    readonly context: ReadContext;
    readonly services: Services;
  },
): void {
  const { body, call, context, services } = from;
  if (call.wire !== 'openai-responses' || body['store'] === false) return;
  const items = itemsAfter(body, whole['output'] as readonly JsonValue[], context);
  services.responses.set(`${call.key}\n${whole['id'] as string}`, items);
}

function parseBody(bytes: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ApiProblem(`The body of the request is not valid JSON: ${reason}`, { code: 'invalid_json' });
  }
  if (!isObject(value))
    throw new ApiProblem('The body of the request must be a JSON object.', { code: 'invalid_type' });
  return value;
}

function checkModel(body: JsonObject, services: Services): void {
  const { model } = body;
  if (services.models === null || typeof model !== 'string' || services.models.includes(model)) return;
  throw new ApiProblem(`The model '${model}' does not exist or you do not have access to it.`, {
    status: 404,
    code: 'model_not_found',
  });
}

function answerModels(call: Call, services: Services): JsonObject {
  const models = services.models ?? DEFAULT_MODELS;
  const isAnthropic = call.wire === 'anthropic-messages';
  if (call.path === '/v1/models') return isAnthropic ? anthropicModels(models) : openaiModels(models);
  const id = decodeURIComponent(call.path.slice('/v1/models/'.length));
  if (!models.includes(id)) {
    throw new ApiProblem(`The model '${id}' does not exist`, { status: 404, code: 'model_not_found' });
  }
  return isAnthropic ? anthropicModel(id) : openaiModel(id);
}

/** Sends the body back, for tests of paths that are passed through. */
function echo(call: Call): Reply {
  const headers = {
    'content-type': call.headers['content-type'] ?? 'application/octet-stream',
    'x-echo-method': call.method,
  };
  return { status: 200, headers, parts: [call.body], isStream: false };
}

function json(value: JsonObject): Reply {
  const headers = { 'content-type': 'application/json' };
  return { status: 200, headers, parts: [Buffer.from(JSON.stringify(value))], isStream: false };
}

function stream(events: readonly string[]): Reply {
  const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };
  return { status: 200, headers, parts: events.map((event) => Buffer.from(event)), isStream: true };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
