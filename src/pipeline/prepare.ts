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
import { measureOverhead, priceOfTokens, sumOfCosts } from './measure.ts';
import type { RunnerOptions, StageSlot } from './options.ts';
import { findTrespass } from './region-guard.ts';

/** What the stages made of a request. */
export interface Prepared {
  /** The request to send. */
  readonly request: ChatRequest;
  readonly answer?: {
    readonly by: StageName;
    readonly response: ChatResponse;
    readonly receipt: Receipt;
    /** The stage wants to know what the provider says, after the answer went out. */
    readonly isToBeVerified: boolean;
  };
  readonly shareKey?: string;
  readonly measurements: readonly Measurement[];
  /** `exact-cache=miss`, in order. */
  readonly results: readonly string[];
  /** Why the exact cache did not answer, when it looked. */
  readonly cacheReason?: BypassReason;
  /** What the semantic cache decided, when it was asked. */
  readonly semanticReason?: BypassReason;
}

/** A request that went through the stages. */
export interface PreparedRun {
  readonly input: RunInput;
  readonly prepared: Prepared;
  /** Set where nobody waits for the answer: it only verifies what a stage answered. */
  readonly verifies?: {
    readonly stage: StageName;
    /** Of the request that was answered. */
    readonly scope: RequestScope;
  };
}

interface Draft {
  request: ChatRequest;
  answer?: NonNullable<Prepared['answer']>;
  shareKey?: string;
  cacheReason?: BypassReason;
  semanticReason?: BypassReason;
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

type Kind = StageOutcome['kind'];

interface Step {
  readonly stage: Stage;
  readonly mode: 'on' | 'shadow';
  readonly outcome: StageOutcome;
}

type StepOf<K extends Kind> = Step & { readonly outcome: Extract<StageOutcome, { kind: K }> };

function isOf<K extends Kind>(step: Step, kind: K): step is StepOf<K> {
  return step.outcome.kind === kind;
}

function apply(draft: Draft, step: Step, options: RunnerOptions): Promise<void> | undefined {
  if (isOf(step, 'rewritten')) return applyRewrite(draft, step, options);
  if (isOf(step, 'answered')) noteAnswer(draft, step, options);
  else if (isOf(step, 'bypassed')) noteBypass(draft, step, options);
  return undefined;
}

function noteBypass(draft: Draft, step: StepOf<'bypassed'>, options: RunnerOptions): void {
  const { outcome, mode } = step;
  const { name } = step.stage;
  draft.results.push(`${name}=${outcome.reason}`);
  if (outcome.shareKey !== undefined) draft.shareKey = outcome.shareKey;
  if (name === 'exact-cache') draft.cacheReason = outcome.reason;
  else if (name === 'semantic-cache') draft.semanticReason = outcome.reason;
  const tokens = outcome.overheadTokens ?? 0;
  if (tokens <= 0) return;
  const costUsd = priceOfTokens(options.registry, draft.request.model, tokens);
  draft.measurements.push(measureOverhead({ stage: name, mode, tokens, basis: 'estimated', costUsd }));
}

function noteAnswer(draft: Draft, step: StepOf<'answered'>, options: RunnerOptions): void {
  const { outcome, mode } = step;
  const { name } = step.stage;
  const { receipt, response } = outcome;
  const spared = receipt.sparedUsage;
  const overhead = receipt.overheadTokens ?? 0;
  const netCostUsd = receipt.sparedCostUsd ?? null;
  draft.measurements.push({
    stage: name,
    mode,
    tokensBefore: spared === undefined ? 0 : spared.inputTokens + spared.outputTokens,
    tokensAfter: 0,
    overhead,
    basis: receipt.sparedUsageBasis ?? 'estimated',
    netCostUsd:
      overhead === 0
        ? netCostUsd
        : sumOfCosts(netCostUsd, priceOfTokens(options.registry, draft.request.model, -overhead)),
  });
  draft.results.push(`${name}=${mode === 'on' ? 'hit' : 'shadow-hit'}`);
  if (name === 'semantic-cache') draft.semanticReason = mode === 'on' ? 'semantic_hit' : 'would_hit';
  if (mode === 'on') {
    draft.answer = { by: name, response, receipt, isToBeVerified: outcome.isToBeVerified === true };
  }
}

async function applyRewrite(draft: Draft, step: StepOf<'rewritten'>, options: RunnerOptions): Promise<void> {
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
