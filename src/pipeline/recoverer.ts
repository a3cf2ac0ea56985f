import type {
  AnswerSoFar,
  ChatRequest,
  PartialAnswer,
  Recovery,
  Stage,
  StageName,
  WireCodec,
} from '../contract/index.ts';
import { newFinding } from './apply.ts';
import type { ExchangeResult } from './exchange-result.ts';
import type { RunnerOptions } from './options.ts';
import type { PreparedRun } from './prepared.ts';
import { findTrespass } from './region-guard.ts';
import { TokenTally } from './token-tally.ts';

/** Another request that is to be sent, and its answer used in place of the first. */
export interface Retry {
  readonly kind: 'retry';
  readonly by: StageName;
  readonly reason: string;
  readonly request: ChatRequest;
  /** The request as bytes. */
  readonly body: Uint8Array;
  /** True where the first answer may go out when the other cannot be had. */
  readonly isFirstUsable: boolean;
}

/** What becomes of an answer that is held back. */
export type Verdict = Exclude<Recovery, { kind: 'retry' }> | Retry;

/** A first answer that was thrown away, and what was asked instead. */
export interface Recovered {
  readonly by: StageName;
  readonly reason: string;
  /** The request that was sent the second time. */
  readonly request: ChatRequest;
  /** Of that request. */
  readonly tally: TokenTally;
  readonly first: Promise<ExchangeResult>;
  /** Epoch milliseconds when the first answer was given up. */
  readonly at: number;
}

const ACCEPT: Verdict = Object.freeze({ kind: 'accept' });
const WAIT: Verdict = Object.freeze({ kind: 'wait' });

/** Asks the stages that rewrote one request whether its answer may go out (INV-T4). Never throws. */
export class Recoverer {
  /** Set while the answer of a retry is used, or awaited. */
  recovered: Recovered | undefined;
  readonly #options: RunnerOptions;
  readonly #codec: WireCodec;
  readonly #work: PreparedRun;
  /** Those that have not accepted the answer yet. */
  #undecided: readonly Stage[];

  constructor(work: PreparedRun, stages: readonly Stage[], options: RunnerOptions) {
    this.#options = options;
    this.#codec = options.codecFor(work.input.request.wire);
    this.#work = work;
    this.#undecided = stages;
  }

  /** What is to become of an answer, of which so much is known. */
  judge(seen: AnswerSoFar, isWhole: boolean): Verdict {
    const { input, prepared } = this.#work;
    const answer = { request: input.request, sent: prepared.request, ...seen, isWhole };
    const undecided: Stage[] = [];
    for (const stage of this.#undecided) {
      const verdict = this.#ask(stage, answer);
      if (verdict.kind === 'retry') return verdict;
      if (verdict.kind === 'wait') undecided.push(stage);
    }
    this.#undecided = undecided;
    return undecided.length === 0 || isWhole ? ACCEPT : WAIT;
  }

  /** Notes that a retry is under way. */
  begin({ by, reason, request }: Retry, first: Promise<ExchangeResult>): void {
    const { counter, onEvent, now = Date.now } = this.#options;
    const tally = new TokenTally(counter, request, onEvent);
    this.recovered = { by, reason, request, tally, first, at: now() };
  }

  /** Notes that a retry came to nothing, and that the first answer is used after all. */
  undo({ by }: Retry, error: unknown): void {
    this.recovered = undefined;
    this.#report(by, 'error', `it could not be asked anew (${messageOf(error)})`);
  }

  /** Reports that an answer goes out undecided. */
  giveUp(why: string): void {
    for (const { name } of this.#undecided) this.#report(name, 'warn', why);
  }

  #ask(stage: Stage, answer: PartialAnswer): Verdict {
    try {
      const recovery = stage.recover?.(answer, this.#work.input.scope) ?? ACCEPT;
      return recovery.kind === 'retry' ? this.#check(stage, recovery) : recovery;
    } catch (error) {
      this.#report(stage.name, 'error', messageOf(error));
      return ACCEPT;
    }
  }

  /** A retry may change what a rewrite may change, and nothing else. */
  #check(stage: Stage, recovery: Extract<Recovery, { kind: 'retry' }>): Verdict {
    const { request, reason, isFirstUsable = true } = recovery;
    const sent = this.#work.prepared.request;
    const trespass = findTrespass(sent, request, stage.rewrites);
    if (trespass !== undefined) throw new Error(`it changed "${trespass}", which it does not declare`);
    const broken = newFinding(sent, request, this.#options);
    if (broken !== undefined) throw new Error(`it broke a rule of the wire: ${broken}`);
    const body = this.#codec.renderRequest(request);
    return { kind: 'retry', by: stage.name, reason, request, body, isFirstUsable };
  }

  #report(stage: StageName, level: 'warn' | 'error', why: string): void {
    this.#options.onEvent({
      level,
      code: 'recover_failed',
      message: `An answer went out although stage ${stage} might have had it replaced: ${why}.`,
      details: { stage },
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
