import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ChatRequest, InputError, type RequestScope, type WireFormat } from '../contract/index.ts';
import type { Core } from '../optimizer/index.ts';
import { AnswerWriter } from './answer-writer.ts';
import { type Caller, type CallerDesk, providerOf } from './caller.ts';
import { forwardableHeaders } from './headers.ts';
import { readBody } from './read-body.ts';
import { readWishes } from './request-scope.ts';

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
      const chat = codec.parseRequest(body);
      const scope = toScope(request, { requestId, caller, startedAt, core, chat });
      start({ request, response, writer, caller, chat, scope: scope.scope, leave: scope.leave }, core);
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

interface Started {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly writer: AnswerWriter;
  readonly caller: Caller;
  readonly chat: ChatRequest;
  readonly scope: RequestScope;
  readonly leave: () => void;
}

function start(work: Started, core: Core): void {
  const { request, response, writer, caller, chat, scope } = work;
  const headers = forwardableHeaders(request.rawHeaders);
  if (caller.credentials !== undefined) {
    delete headers['authorization'];
    delete headers['x-api-key'];
    Object.assign(headers, caller.credentials);
  }
  const run = core.runner.run({
    request: chat,
    scope,
    upstream: core.upstreams[providerOf(chat.wire)],
    path: request.url ?? '/',
    headers,
    sink: writer,
  });
  writer.follow(run);
  response.on('close', () => {
    if (response.writableFinished) return;
    work.leave();
    run.abort();
  });
}

function toScope(
  request: IncomingMessage,
  facts: {
    readonly requestId: string;
    readonly caller: Caller;
    readonly startedAt: number;
    readonly core: Core;
    readonly chat: ChatRequest;
  },
): { readonly scope: RequestScope; readonly leave: () => void } {
  const wishes = readWishes(request.headers);
  const abort = new AbortController();
  const scope: RequestScope = {
    requestId: facts.requestId,
    tenant: facts.caller.tenant,
    session: wishes.session,
    tags: wishes.tags,
    startedAt: facts.startedAt,
    upstream: facts.core.upstreams[providerOf(facts.chat.wire)].baseUrl,
    answerHeaders: wishes.answerHeaders,
    cache: wishes.cache,
    stages: wishes.stages,
    signal: abort.signal,
  };
  return { scope, leave: () => abort.abort() };
}

function isEncoded(request: IncomingMessage): boolean {
  const encoding = request.headers['content-encoding'];
  return encoding !== undefined && encoding !== 'identity';
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
