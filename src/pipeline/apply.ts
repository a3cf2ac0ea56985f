import type { BypassReason, ChatRequest, Measurement, Stage, StageOutcome } from '../contract/index.ts';
import { measureOverhead, priceOfTokens, sumOfCosts } from './measure.ts';
import type { RunnerOptions } from './options.ts';
import type { Prepared } from './prepared.ts';
import { findTrespass } from './region-guard.ts';

/** What the stages have made of a request so far. */
export interface Draft {
  request: ChatRequest;
  answer?: NonNullable<Prepared['answer']>;
  shareKey?: string;
  cacheReason?: BypassReason;
  semanticReason?: BypassReason;
  recoverers?: Stage[];
  readonly measurements: Measurement[];
  readonly results: string[];
}

type Kind = StageOutcome['kind'];

/** What one stage said of a request. */
export interface Step {
  readonly stage: Stage;
  readonly mode: 'on' | 'shadow';
  readonly outcome: StageOutcome;
}

type StepOf<K extends Kind> = Step & { readonly outcome: Extract<StageOutcome, { kind: K }> };

function isOf<K extends Kind>(step: Step, kind: K): step is StepOf<K> {
  return step.outcome.kind === kind;
}

/** Takes a stage's outcome into the draft; asynchronous where tokens must be counted. */
export function apply(draft: Draft, step: Step, options: RunnerOptions): Promise<void> | undefined {
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
    const before = await options.counter.countRequest(outcome.baseline ?? draft.request);
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
  if (mode !== 'on') return;
  draft.request = outcome.request;
  if (stage.recover === undefined) return;
  draft.recoverers ??= [];
  draft.recoverers.push(stage);
}

/** The first rule that the rewrite broke and the original kept; what the caller broke is the caller's. */
export function newFinding(
  before: ChatRequest,
  after: ChatRequest,
  options: RunnerOptions,
): string | undefined {
  const codec = options.codecFor(after.wire);
  const findings = codec.lint(after);
  if (findings.length === 0) return undefined;
  const known = new Set(codec.lint(before).map((finding) => finding.rule));
  return findings.find((finding) => !known.has(finding.rule))?.rule;
}
