import type {
  BypassReason,
  ChatRequest,
  ChatResponse,
  MaybePromise,
  Measurement,
  Receipt,
  RequestScope,
  Stage,
  StageMode,
  StageName,
  StageOutcome,
} from '../contract/index.ts';
import type { RunInput } from './answer.ts';
import { priceOfTokens } from './measure.ts';
import type { RunnerOptions, StageSlot } from './options.ts';
import { findTrespass } from './region-guard.ts';

/** What the stages made of a request. */
export interface Prepared {
  /** The request to send. */
  readonly request: ChatRequest;
  readonly answer?: { readonly by: StageName; readonly response: ChatResponse; readonly receipt: Receipt };
  readonly shareKey?: string;
  readonly measurements: readonly Measurement[];
  /** `exact-cache=miss`, in order. */
  readonly results: readonly string[];
  /** Why the exact cache did not answer, when it looked. */
  readonly cacheReason?: BypassReason;
}

/** A request that went through the stages. */
export interface PreparedRun {
  readonly input: RunInput;
  readonly prepared: Prepared;
}

interface Draft {
  request: ChatRequest;
  answer?: NonNullable<Prepared['answer']>;
  shareKey?: string;
  cacheReason?: BypassReason;
  readonly measurements: Measurement[];
  readonly results: string[];
}

const STRICTNESS: Readonly<Record<StageMode, number>> = { on: 0, shadow: 1, off: 2 };

/** Runs the stages in order until one answers. A stage that fails or is late is bypassed, loudly. */
export function prepare(
  request: ChatRequest,
  scope: RequestScope,
  context: PrepareContext,
): MaybePromise<Prepared> {
  return prepareFrom(0, { request, measurements: [], results: [] }, { ...context, scope });
}

interface PrepareContext {
  readonly options: RunnerOptions;
  readonly slots: readonly StageSlot[];
}

/** Goes on at a stage; becomes asynchronous only where a stage is. */
function prepareFrom(
  first: number,
  draft: Draft,
  context: PrepareContext & { readonly scope: RequestScope },
): MaybePromise<Prepared> {
  const { slots, scope, options } = context;
  for (let index = first; index < slots.length && draft.answer === undefined; index++) {
    const { stage, mode: operatorMode } = slots[index] as StageSlot;
    const mode = strictest(operatorMode, scope.stages[stage.name]);
    if (mode === 'off') continue;
    const outcome = startStage(stage, draft.request, scope, options);
    if (outcome instanceof Promise) {
      return outcome
        .then((awaited) => apply(draft, { stage, mode, outcome: awaited }, options))
        .then(() => prepareFrom(index + 1, draft, context));
    }
    const applied = apply(draft, { stage, mode, outcome }, options);
    if (applied !== undefined) return applied.then(() => prepareFrom(index + 1, draft, context));
  }
  return draft;
}

function strictest(operator: StageMode, caller: StageMode | undefined): StageMode {
  return caller !== undefined && STRICTNESS[caller] > STRICTNESS[operator] ? caller : operator;
}

type Started = StageOutcome | Promise<StageOutcome>;

// A stage's call is these four things; an object per stage and request would cost more.
// oxlint-disable-next-line max-params
function startStage(
  stage: Stage,
  request: ChatRequest,
  scope: RequestScope,
  options: RunnerOptions,
): Started {
  try {
    const outcome = stage.prepare(request, scope);
    return outcome instanceof Promise ? withDeadline(outcome, stage, options) : outcome;
  } catch (error) {
    return failed(stage, error, options);
  }
}

async function withDeadline(
  outcome: Promise<StageOutcome>,
  stage: Stage,
  options: RunnerOptions,
): Promise<StageOutcome> {
  const deadlineMs = options.stageDeadlineMs ?? 250;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<StageOutcome>((resolve) => {
    timer = setTimeout(() => {
      options.onEvent({
        level: 'warn',
        code: 'stage_deadline',
        message: `Stage ${stage.name} took longer than ${deadlineMs} ms and was bypassed.`,
        details: { stage: stage.name },
      });
      resolve({ kind: 'bypassed', reason: 'deadline' });
    }, deadlineMs);
  });
  try {
    return await Promise.race([outcome.catch((error: unknown) => failed(stage, error, options)), late]);
  } finally {
    clearTimeout(timer);
  }
}

function failed(stage: Stage, error: unknown, options: RunnerOptions): StageOutcome {
  options.onEvent({
    level: 'error',
    code: 'stage_failed',
    message: `Stage ${stage.name} failed and was bypassed: ${error instanceof Error ? error.message : String(error)}`,
    details: { stage: stage.name },
  });
  return { kind: 'bypassed', reason: 'error' };
}

interface Step {
  readonly stage: Stage;
  readonly mode: 'on' | 'shadow';
  readonly outcome: StageOutcome;
}

function apply(draft: Draft, step: Step, options: RunnerOptions): Promise<void> | undefined {
  const { outcome } = step;
  if (outcome.kind === 'rewritten') return applyRewrite(draft, { ...step, outcome }, options);
  if (outcome.kind === 'answered') noteAnswer(draft, step, outcome);
  else noteBypass(draft, step.stage.name, outcome);
  return undefined;
}

function noteBypass(
  draft: Draft,
  name: StageName,
  outcome: Extract<StageOutcome, { kind: 'bypassed' }>,
): void {
  draft.results.push(`${name}=${outcome.reason}`);
  if (outcome.shareKey !== undefined) draft.shareKey = outcome.shareKey;
  if (name === 'exact-cache') draft.cacheReason = outcome.reason;
}

function noteAnswer(draft: Draft, step: Step, outcome: Extract<StageOutcome, { kind: 'answered' }>): void {
  const { receipt } = outcome;
  const spared = receipt.sparedUsage;
  draft.measurements.push({
    stage: step.stage.name,
    mode: step.mode,
    tokensBefore: spared === undefined ? 0 : spared.inputTokens + spared.outputTokens,
    tokensAfter: 0,
    overhead: receipt.overheadTokens ?? 0,
    basis: receipt.sparedUsageBasis ?? 'estimated',
    netCostUsd: receipt.sparedCostUsd ?? null,
  });
  draft.results.push(`${step.stage.name}=${step.mode === 'on' ? 'hit' : 'shadow-hit'}`);
  if (step.mode === 'on') draft.answer = { by: step.stage.name, response: outcome.response, receipt };
}

async function applyRewrite(
  draft: Draft,
  step: {
    readonly stage: Stage;
    readonly mode: 'on' | 'shadow';
    readonly outcome: Extract<StageOutcome, { kind: 'rewritten' }>;
  },
  options: RunnerOptions,
): Promise<void> {
  const { stage, mode, outcome } = step;
  const reject = (reason: string, why: string): void => {
    draft.results.push(`${stage.name}=${reason}`);
    if (reason === 'no_gain') return;
    options.onEvent({
      level: 'error',
      code: reason,
      message: `The rewrite of stage ${stage.name} was discarded: ${why}.`,
      details: { stage: stage.name },
    });
  };
  const trespass = findTrespass(draft.request, outcome.request, stage.rewrites);
  if (trespass !== undefined)
    return reject('stage_rejected', `it changed "${trespass}", which it does not declare`);
  const broken = newFinding(draft.request, outcome.request, options);
  if (broken !== undefined) return reject('stage_rejected', `it broke a rule of the wire: ${broken}`);
  try {
    const before = await options.counter.countRequest(draft.request);
    const after = await options.counter.countRequest(outcome.request);
    const overhead = outcome.receipt.overheadTokens ?? 0;
    const net = before.tokens - after.tokens - overhead;
    if (after.tokens > before.tokens) return reject('no_gain', '');
    draft.measurements.push({
      stage: stage.name,
      mode,
      tokensBefore: before.tokens,
      tokensAfter: after.tokens,
      overhead,
      basis: after.basis,
      netCostUsd: priceOfTokens(options.registry, draft.request.model, net),
    });
  } catch (error) {
    return reject(
      'error',
      `its tokens could not be counted (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  draft.results.push(`${stage.name}=${mode === 'on' ? 'rewritten' : 'shadow'}`);
  if (mode === 'on') draft.request = outcome.request;
}

/** A rule that the rewrite broke and the original kept; what the caller broke is the caller's. */
function newFinding(before: ChatRequest, after: ChatRequest, options: RunnerOptions): string | undefined {
  const codec = options.codecFor(after.wire);
  const findings = codec.lint(after);
  if (findings.length === 0) return undefined;
  const known = new Set(codec.lint(before).map((finding) => finding.rule));
  return findings.find((finding) => !known.has(finding.rule))?.rule;
}
