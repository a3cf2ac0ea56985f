import type {
  ChatRequest,
  MaybePromise,
  RequestScope,
  Stage,
  StageMode,
  StageOutcome,
} from '../contract/index.ts';
import { apply, type Draft } from './apply.ts';
import type { RunnerOptions, StageSlot } from './options.ts';
import type { Prepared } from './prepared.ts';

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
    return outcome instanceof Promise ? withDeadline(outcome, stage, { options, scope }) : outcome;
  } catch (error) {
    return failed(stage, error, { options, scope });
  }
}

interface Asked {
  readonly options: RunnerOptions;
  readonly scope: RequestScope;
}

async function withDeadline(
  outcome: Promise<StageOutcome>,
  stage: Stage,
  asked: Asked,
): Promise<StageOutcome> {
  const { options } = asked;
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
    return await Promise.race([outcome.catch((error: unknown) => failed(stage, error, asked)), late]);
  } finally {
    clearTimeout(timer);
  }
}

function failed(stage: Stage, error: unknown, { options, scope }: Asked): StageOutcome {
  // A stage that stops because the caller left does what it should, and nobody waits for what comes of it.
  if (scope.signal.aborted) return { kind: 'bypassed', reason: 'error' };
  options.onEvent({
    level: 'error',
    code: 'stage_failed',
    message: `Stage ${stage.name} failed and was bypassed: ${error instanceof Error ? error.message : String(error)}`,
    details: { stage: stage.name },
  });
  return { kind: 'bypassed', reason: 'error' };
}
