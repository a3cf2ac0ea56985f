import type { RequestScope, StageName } from '../contract/index.ts';
import type { AnswerSink, Run } from './answer.ts';
import type { CallDesk } from './call-desk.ts';
import type { RunnerOptions } from './options.ts';
import type { PreparedRun } from './prepared.ts';

const DEFAULT_MAX_VERIFICATIONS = 4;

const NOBODY: AnswerSink = Object.freeze({
  onHead: () => {},
  onData: () => {},
  onEnd: () => {},
  onError: () => {},
});

/**
 * Asks the provider what a stage has answered already, so that the stage learns whether it was right. The
 * caller has its answer; nobody hears this one but the stages' `settle`, with the scope of the first request.
 * In the ledger it is an exchange of its own, whose whole bill is the stage's overhead (INV-U4).
 */
export class Verifier {
  readonly #options: RunnerOptions;
  readonly #desk: CallDesk;
  readonly #running = new Set<Run>();
  readonly #closing = new AbortController();

  constructor(options: RunnerOptions, desk: CallDesk) {
    this.#options = options;
    this.#desk = desk;
  }

  /** Starts a verification of what `stage` answered, unless too many run. Never throws. */
  verify(answered: PreparedRun, stage: StageName): void {
    const { maxVerifications = DEFAULT_MAX_VERIFICATIONS, onEvent } = this.#options;
    // Who wants a stored answer or none wants no call, either (INV-C12).
    if (this.#closing.signal.aborted || answered.input.scope.cache.mode === 'only-if-cached') return;
    if (this.#running.size >= maxVerifications) {
      onEvent({
        level: 'info',
        code: 'verification_skipped',
        message: `${this.#running.size} answers are being verified already, so one of stage ${stage} was not.`,
        details: { stage },
      });
      return;
    }
    try {
      this.#start(answered, stage);
    } catch (error) {
      onEvent({
        level: 'error',
        code: 'verification_failed',
        message: `An answer of stage ${stage} could not be verified: ${error instanceof Error ? error.message : String(error)}`,
        details: { stage },
      });
    }
  }

  /** Aborts what runs; it is settled and recorded as aborted. */
  close(): void {
    this.#closing.abort();
    for (const run of this.#running) run.abort();
  }

  #start({ input, prepared }: PreparedRun, stage: StageName): void {
    const { request, upstream, path } = input;
    const run = this.#desk.call({
      input: {
        request,
        upstream,
        path,
        // Read now: the gateway makes them from a request that is alive no longer than its answer.
        headers: input.headers,
        scope: this.#scopeOf(input.scope),
        sink: NOBODY,
        onRecord: () => void this.#running.delete(run),
      },
      prepared: {
        request: prepared.request,
        measurements: [],
        results: [],
        semanticReason: 'verification',
      },
      verifies: { stage, scope: input.scope },
    });
    this.#running.add(run);
  }

  #scopeOf(asked: RequestScope): RequestScope {
    return {
      requestId: `${asked.requestId}-verification`,
      tenant: asked.tenant,
      session: asked.session,
      tags: asked.tags,
      startedAt: (this.#options.now ?? Date.now)(),
      upstream: asked.upstream,
      answerHeaders: asked.answerHeaders,
      cache: asked.cache,
      stages: asked.stages,
      signal: this.#closing.signal,
    };
  }
}
