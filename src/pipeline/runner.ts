import type { AnswerSink, Run, RunInput } from './answer.ts';
import { CallDesk } from './call-desk.ts';
import { NotCachedError } from './errors.ts';
import { spendingIn } from './measure.ts';
import type { RunnerOptions } from './options.ts';
import { STAGE_ORDER } from './order.ts';
import { prepare } from './prepare.ts';
import type { Prepared, PreparedRun } from './prepared.ts';
import { CLIENT_CLOSED, cacheOutcomeOf, FREE, publish, toRecord } from './record.ts';
import { createSettle, type Settle } from './settle.ts';
import { Verifier } from './verification.ts';

const STREAM_HEADERS: readonly string[] = ['content-type', 'text/event-stream; charset=utf-8'];

/** Takes requests through the stages, to the upstream and into the ledger. */
export interface Runner {
  /** Starts a run; everything it has to say goes to `input.sink`. Never throws. */
  run(input: RunInput): Run;
  /** What the stages would make of a request, without calling anyone or recording anything. */
  dryRun(input: Pick<RunInput, 'request' | 'scope'>): Promise<Prepared>;
  /** Aborts what runs for nobody but a stage, and starts no more of it. Runs of callers go on. */
  close(): void;
}

/**
 * Returns the runner: fixed stage order, deadlines, region guard, measurement, fail-open, settle.
 *
 * @example
 * const runner = createRunner({ stages: [], codecFor, counter, registry, record: ledger.append, onEvent });
 */
export function createRunner(options: RunnerOptions): Runner {
  const slots = options.stages.toSorted(
    (a, b) => STAGE_ORDER.indexOf(a.stage.name) - STAGE_ORDER.indexOf(b.stage.name),
  );
  const settle = createSettle(slots, options);
  const desk = new CallDesk(options, settle);
  const context = { options, slots };
  const verifier = new Verifier(options, desk);
  const parts: Parts = { options, settle, desk, verifier };
  return {
    run: (input) => {
      const run = new RunningRequest();
      const failed = (error: unknown): void =>
        input.sink.onError(error instanceof Error ? error : new Error(String(error)));
      try {
        // Most requests need no promise at all; waiting for one would cost them a turn of the event loop.
        const prepared = prepare(input.request, input.scope, context);
        if (!(prepared instanceof Promise)) proceed(run, { input, prepared }, parts);
        else prepared.then((ready) => proceed(run, { input, prepared: ready }, parts)).catch(failed);
      } catch (error) {
        failed(error);
      }
      return run;
    },
    dryRun: async ({ request, scope }) => prepare(request, scope, context),
    close: () => verifier.close(),
  };
}

/** A run in progress; before the upstream call exists, leaving and pausing are only noted. */
class RunningRequest implements Run {
  hasLeft = false;
  #call: Run | undefined;
  #isPaused = false;

  attach(call: Run): void {
    this.#call = call;
    // Whoever joins a running call gets its beginning at once, and may be full before the call is known.
    if (this.#isPaused) call.pause();
  }

  pause(): void {
    this.#isPaused = true;
    this.#call?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#call?.resume();
  }

  abort(): void {
    this.hasLeft = true;
    this.#call?.abort();
  }
}

interface Parts {
  readonly options: RunnerOptions;
  readonly settle: Settle;
  readonly desk: CallDesk;
  readonly verifier: Verifier;
}

function proceed(run: RunningRequest, work: PreparedRun, parts: Parts): void {
  const { input, prepared } = work;
  if (run.hasLeft) return close(work, parts, { status: CLIENT_CLOSED, errorCode: 'client_closed' });
  const body = replayedBody(work, parts);
  if (prepared.answer !== undefined && body !== undefined) {
    replay(work, { ...prepared.answer, body }, parts);
    if (prepared.answer.isToBeVerified) parts.verifier.verify(work, prepared.answer.by);
  } else if (input.scope.cache.mode === 'only-if-cached') {
    const error = new NotCachedError();
    input.sink.onError(error);
    close(work, parts, { status: error.status, errorCode: error.code });
  } else {
    run.attach(parts.desk.call({ input, prepared: withoutAnswer(prepared) }));
  }
}

/** The bytes of a stored answer for this caller; `undefined` without one, or when it cannot be read. */
function replayedBody({ input, prepared }: PreparedRun, { options }: Parts): Uint8Array | undefined {
  const { request } = input;
  const { answer } = prepared;
  if (answer === undefined) return undefined;
  try {
    if (!request.isStream) return answer.response.bytes;
    return options
      .codecFor(request.wire)
      .replayStream(answer.response, { includeUsage: request.wantsStreamUsage });
  } catch (error) {
    options.onEvent({
      level: 'error',
      code: 'replay_failed',
      message: `A stored answer could not be replayed, so the provider was asked: ${error instanceof Error ? error.message : String(error)}`,
      details: { stage: answer.by },
    });
    return undefined;
  }
}

/** The same request as if the stage that answered had failed. */
function withoutAnswer(prepared: Prepared): Prepared {
  if (prepared.answer === undefined) return prepared;
  const { answer, ...rest } = prepared;
  return {
    ...rest,
    measurements: prepared.measurements.filter((measurement) => measurement.stage !== answer.by),
    results: [
      ...prepared.results.filter((result) => !result.startsWith(`${answer.by}=`)),
      `${answer.by}=error`,
    ],
    ...(answer.by === 'semantic-cache' ? { semanticReason: 'error' } : { cacheReason: 'error' }),
  };
}

/** Settles and records a request that was not answered and for which nobody was called. */
function close(
  { input, prepared }: PreparedRun,
  { options, settle }: Parts,
  why: { readonly status: number; readonly errorCode: string },
): void {
  const hasLeft = why.status === CLIENT_CLOSED;
  const { usage, basis: usageBasis } = FREE;
  settle(
    {
      request: input.request,
      sent: prepared.request,
      status: 0,
      wasAborted: hasLeft,
      usage,
      usageBasis,
      costUsd: 0,
    },
    input.scope,
  );
  publish(
    options,
    input,
    toRecord(input, {
      ...why,
      cacheOutcome: prepared.answer === undefined ? cacheOutcomeOf(prepared) : 'bypassed',
      cacheReason: prepared.cacheReason,
      // An answer that nobody got any more was none.
      semanticReason: prepared.answer?.by === 'semantic-cache' ? undefined : prepared.semanticReason,
      used: FREE,
      costUsd: 0,
      firstTokenAt: null,
      endedAt: (options.now ?? Date.now)(),
      hasLeft,
      measurements: spendingIn(prepared.measurements),
    }),
  );
}

function replay(
  { input, prepared }: PreparedRun,
  answer: NonNullable<Prepared['answer']> & { readonly body: Uint8Array },
  parts: Parts,
): void {
  const { request, scope, sink } = input;
  const { response, receipt, by, body } = answer;
  send(sink, body, {
    status: 200,
    headers: request.isStream
      ? STREAM_HEADERS
      : ['content-type', 'application/json', 'content-length', String(body.length)],
    cacheOutcome: cacheOutcomeOf(prepared),
    stages: prepared.results,
    tokensBefore: receipt.sparedUsage?.inputTokens ?? 0,
    tokensAfter: 0,
    similarity: receipt.similarity,
    ageSeconds: receipt.ageSeconds,
  });
  const endedAt = (parts.options.now ?? Date.now)();
  parts.settle(
    {
      request,
      sent: prepared.request,
      response,
      status: 200,
      wasAborted: false,
      answeredBy: by,
      usage: FREE.usage,
      usageBasis: FREE.basis,
      costUsd: 0,
    },
    scope,
  );
  publish(
    parts.options,
    input,
    toRecord(input, {
      status: 200,
      errorCode: null,
      cacheOutcome: cacheOutcomeOf(prepared),
      cacheReason: prepared.cacheReason,
      semanticReason: prepared.semanticReason,
      used: FREE,
      costUsd: 0,
      firstTokenAt: endedAt,
      endedAt,
      hasLeft: false,
      measurements: prepared.measurements,
    }),
  );
}

function send(sink: AnswerSink, body: Uint8Array, head: Parameters<AnswerSink['onHead']>[0]): void {
  sink.onHead(head);
  sink.onData(body);
  sink.onEnd();
}
