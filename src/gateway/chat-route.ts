import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type ChatRequest,
  InputError,
  type RequestScope,
  type Upstream,
  type WireFormat,
} from '../contract/index.ts';
import type { Core } from '../optimizer/index.ts';
import type { RunInput } from '../pipeline/index.ts';
import { AnswerWriter } from './answer-writer.ts';
import { type Caller, type CallerDesk, providerOf } from './caller.ts';
import { createHeaderMemo, type KnownHeaders } from './header-memo.ts';
import type { HeaderMap } from './headers.ts';
import { createParseMemo } from './parse-memo.ts';
import { readBody } from './read-body.ts';

/** What the routes share. */
export interface RouteContext {
  readonly core: Core;
  readonly callers: CallerDesk;
  /** Hears the code of each error that a caller was answered with. */
  readonly onError: (code: string) => void;
}

/** Handles one chat request in one wire. */
export type ChatRoute = (request: IncomingMessage, response: ServerResponse) => void;

/** Returns the route of a wire: read, parse, run, write. It knows no stage. */
export function createChatRoute(wire: WireFormat, context: RouteContext): ChatRoute {
  const { core } = context;
  const codec = core.codecFor(wire);
  const provider = providerOf(wire);
  const parse = createParseMemo(codec);
  const read = createHeaderMemo();
  return (request, response) => {
    const requestId = core.newId();
    const writer = new AnswerWriter(response, { codec, requestId, onError: context.onError });
    const startedAt = core.now();
    const handle = (error: Error | undefined, body: Buffer): void => {
      if (error !== undefined) return writer.onError(error);
      try {
        const caller = context.callers.identify(request.headers, provider);
        if (!(caller instanceof Promise)) return begin(caller, body);
        caller.then((known) => begin(known, body)).catch((why: unknown) => writer.onError(toError(why)));
      } catch (why) {
        writer.onError(toError(why));
      }
    };
    const begin = (caller: Caller, body: Buffer): void => {
      const headers = read(request);
      const chat = parse(body);
      start(
        new ChatRun({ request, headers, caller, chat, requestId, startedAt, core, sink: writer }),
        response,
        core,
      );
    };
    if (isEncoded(request)) {
      request.resume();
      return writer.onError(
        new InputError(
          'unsupported_content_encoding',
          `A request body must be sent as plain JSON, got content-encoding "${request.headers['content-encoding']}".`,
        ),
      );
    }
    readBody(request, core.config.server.maxBodyBytes, handle);
  };
}

function start(input: ChatRun, response: ServerResponse, core: Core): void {
  const run = core.runner.run(input);
  // A stored answer has left already: nobody can leave before its end, or be too slow for it.
  if (response.writableEnded) return;
  input.sink.follow(run);
  response.on('close', () => {
    if (response.writableFinished) return;
    input.scope.leave();
    run.abort();
  });
}

interface ChatFacts {
  readonly request: IncomingMessage;
  readonly headers: KnownHeaders;
  readonly caller: Caller;
  readonly chat: ChatRequest;
  readonly requestId: string;
  readonly startedAt: number;
  readonly core: Core;
  readonly sink: AnswerWriter;
}

/** One request for the runner. Headers are only made when it really goes upstream. */
class ChatRun implements RunInput {
  readonly request: ChatRequest;
  readonly scope: ChatScope;
  readonly upstream: Upstream;
  readonly path: string;
  readonly sink: AnswerWriter;
  readonly #headers: KnownHeaders;
  readonly #caller: Caller;

  constructor(facts: ChatFacts) {
    this.request = facts.chat;
    this.upstream = facts.core.upstreams[providerOf(facts.chat.wire)];
    this.scope = new ChatScope(facts, this.upstream.baseUrl);
    this.path = facts.request.url ?? '/';
    this.sink = facts.sink;
    this.#headers = facts.headers;
    this.#caller = facts.caller;
  }

  get headers(): Readonly<HeaderMap> {
    return this.#headers.outgoing(this.#caller);
  }
}

/** What surrounds one HTTP request; its signal is only made when a stage asks for it. */
class ChatScope implements RequestScope {
  readonly requestId: string;
  readonly tenant: string;
  readonly session: string | null;
  readonly tags: RequestScope['tags'];
  readonly startedAt: number;
  readonly upstream: string;
  readonly answerHeaders: RequestScope['answerHeaders'];
  readonly cache: RequestScope['cache'];
  readonly stages: RequestScope['stages'];
  #abort: AbortController | undefined;
  #hasLeft = false;

  constructor({ headers, caller, requestId, startedAt }: ChatFacts, upstream: string) {
    const { wishes } = headers;
    this.requestId = requestId;
    this.tenant = caller.tenant;
    this.session = wishes.session;
    this.tags = wishes.tags;
    this.startedAt = startedAt;
    this.upstream = upstream;
    this.answerHeaders = wishes.answerHeaders;
    this.cache = wishes.cache;
    this.stages = wishes.stages;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#hasLeft) this.#abort.abort();
    return this.#abort.signal;
  }

  /** The caller left. */
  leave(): void {
    this.#hasLeft = true;
    this.#abort?.abort();
  }
}

function isEncoded(request: IncomingMessage): boolean {
  const encoding = request.headers['content-encoding'];
  return encoding !== undefined && encoding !== 'identity';
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
