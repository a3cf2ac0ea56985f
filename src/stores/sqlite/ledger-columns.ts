import type {
  Basis,
  BypassReason,
  CacheOutcome,
  Measurement,
  ModelSums,
  StageName,
  StageSums,
  UsageRecord,
  WireFormat,
} from '../../contract/index.ts';

/** Words that are stored as their index; append only, since files hold the indexes. */
export const WIRES: readonly WireFormat[] = ['openai-chat', 'openai-responses', 'anthropic-messages'];
/** See `WIRES`. */
export const OUTCOMES: readonly CacheOutcome[] = ['hit', 'semantic', 'miss', 'stale', 'bypassed'];
/** See `WIRES`. */
export const BASES: readonly Basis[] = ['reported', 'exact', 'calibrated', 'estimated'];

/** See `WIRES`. */
export const STAGES: readonly StageName[] = [
  'exact-cache',
  'semantic-cache',
  'memory-recall',
  'tool-output',
  'context',
  'tool-selection',
  'prompt-compression',
  'budget',
];
/** See `WIRES`. */
export const REASONS: readonly BypassReason[] = [
  'off',
  'miss',
  'stale',
  'not_eligible',
  'agent_turn',
  'caller_opted_out',
  'nothing_to_do',
  'no_gain',
  'breaks_prompt_cache',
  'deadline',
  'error',
  'stage_rejected',
  'personal',
  'text_empty',
  'text_too_long',
  'embedding_failed',
  'no_candidate',
  'answer_gone',
  'gate_negation',
  'gate_antonym',
  'gate_number',
  'gate_unit',
  'gate_date',
  'gate_name',
  'gate_version',
  'gate_identifier',
  'gate_path',
  'gate_url',
  'gate_quotation',
  'gate_comparison',
  'gate_direction',
  'gate_quantifier',
  'gate_question_type',
  'gate_language',
  'gate_unmatched_words',
  'gate_undecidable',
  'below_limit',
  'explored',
  'would_hit',
  'semantic_hit',
  'verification',
  'breached',
  'busy',
  'over_budget',
  'seen_wrong',
  'indexing',
  'low_recall',
];

/** What is summed for a tenant, provider and model. */
export const MODEL_COLUMNS = [
  'requests',
  'failures',
  'aborted',
  'hits',
  'semantic_hits',
  'misses',
  'stale',
  'bypassed',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'cache_write_1h_tokens',
  'reasoning_tokens',
  'cost_usd',
  'unknown_cost_requests',
  'unknown_cost_tokens',
  'latency_ms',
  'answered_requests',
  'answered_latency_ms',
  'answered_output_tokens',
  'answered_cost_usd',
  'answered_cost_requests',
  'first_token_ms',
  'first_token_requests',
  'reported_tokens',
  'exact_tokens',
  'calibrated_tokens',
  'estimated_tokens',
  'tokens_before',
  'tokens_after',
  'overhead_tokens',
  'net_tokens',
  'net_tokens_squared',
  'net_cost_usd',
  'unknown_net_cost_requests',
  'hit_net_tokens',
  'hit_net_cost_usd',
  'hit_unknown_cost_requests',
] as const;

/** What is summed for a tenant and stage. */
export const STAGE_COLUMNS = [
  'requests',
  'tokens_before',
  'tokens_after',
  'overhead_tokens',
  'reported_tokens',
  'exact_tokens',
  'calibrated_tokens',
  'estimated_tokens',
  'net_cost_usd',
  'unknown_cost_requests',
] as const;

type ModelColumn = (typeof MODEL_COLUMNS)[number];
type StageColumn = (typeof STAGE_COLUMNS)[number];

/** Columns by name in a row of sums; made once, so that adding is an index away. */
const M = indexes(MODEL_COLUMNS);
const S = indexes(STAGE_COLUMNS);
const OUTCOME_COLUMN: Readonly<Record<CacheOutcome, number>> = {
  hit: M.hits,
  semantic: M.semantic_hits,
  miss: M.misses,
  stale: M.misses,
  bypassed: M.bypassed,
};
const BASIS_OFFSET: Readonly<Record<Basis, number>> = { reported: 0, exact: 1, calibrated: 2, estimated: 3 };

function indexes<T extends string>(columns: readonly T[]): Readonly<Record<T, number>> {
  return Object.fromEntries(columns.map((name, index) => [name, index])) as Record<T, number>;
}

function add(row: Float64Array, column: number, value: number): void {
  // A sum that holds one NaN is lost for good; the record shows what was odd.
  if (Number.isFinite(value)) row[column] = (row[column] as number) + value;
}

/** Adds one record to a row of `MODEL_COLUMNS`. */
export function addRecord(row: Float64Array, record: UsageRecord): void {
  const { usage, status, cacheOutcome } = record;
  const isHit = cacheOutcome === 'hit' || cacheOutcome === 'semantic';
  const tokens = usage.inputTokens + usage.outputTokens;
  add(row, M.requests, 1);
  add(row, OUTCOME_COLUMN[cacheOutcome], 1);
  if (cacheOutcome === 'stale') add(row, M.stale, 1);
  add(row, M.input_tokens, usage.inputTokens);
  add(row, M.output_tokens, usage.outputTokens);
  add(row, M.cache_read_tokens, usage.cacheReadTokens);
  add(row, M.cache_write_tokens, usage.cacheWriteTokens);
  add(row, M.cache_write_1h_tokens, usage.cacheWrite1hTokens);
  add(row, M.reasoning_tokens, usage.reasoningTokens);
  add(row, M.reported_tokens + BASIS_OFFSET[record.usageBasis], tokens);
  if (record.costUsd === null) {
    add(row, M.unknown_cost_requests, 1);
    add(row, M.unknown_cost_tokens, tokens);
  } else add(row, M.cost_usd, record.costUsd);
  add(row, M.latency_ms, record.latencyMs);
  if (record.firstTokenMs !== null) {
    add(row, M.first_token_ms, record.firstTokenMs);
    add(row, M.first_token_requests, 1);
  }
  if (status === 499) add(row, M.aborted, 1);
  else if (status >= 400 || status === 0 || record.errorCode !== null) add(row, M.failures, 1);
  else if (!isHit && status >= 200 && status < 300) addAnswer(row, record);
  addSavings(row, record, isHit);
}

function addAnswer(row: Float64Array, record: UsageRecord): void {
  add(row, M.answered_requests, 1);
  add(row, M.answered_latency_ms, record.latencyMs);
  add(row, M.answered_output_tokens, record.usage.outputTokens);
  if (record.costUsd === null) return;
  add(row, M.answered_cost_usd, record.costUsd);
  add(row, M.answered_cost_requests, 1);
}

function addSavings(row: Float64Array, record: UsageRecord, isHit: boolean): void {
  const { netTokens, netCostUsd } = record;
  // Of nothing, the price is known even where no price is.
  const isUnknown = netCostUsd === null && netTokens !== 0 ? 1 : 0;
  add(row, M.net_tokens, netTokens);
  add(row, M.net_tokens_squared, netTokens * netTokens);
  add(row, M.net_cost_usd, netCostUsd ?? 0);
  add(row, M.unknown_net_cost_requests, isUnknown);
  if (isHit) {
    add(row, M.hit_net_tokens, netTokens);
    add(row, M.hit_net_cost_usd, netCostUsd ?? 0);
    add(row, M.hit_unknown_cost_requests, isUnknown);
  }
  let end = Number.NaN;
  for (const measurement of record.measurements) {
    if (measurement.mode !== 'on') continue;
    const { tokensBefore, tokensAfter } = measurement;
    add(row, M.overhead_tokens, measurement.overhead);
    // A stage that only spent something found nothing, and stands in no chain.
    if (tokensBefore === 0 && tokensAfter === 0) continue;
    // Counted from where the stage before it ended: the same tokens are not claimed twice.
    if (tokensBefore === end) add(row, M.tokens_after, tokensAfter - end);
    else {
      add(row, M.tokens_before, tokensBefore);
      add(row, M.tokens_after, tokensAfter);
    }
    end = tokensAfter;
  }
}

/** Adds one measurement to a row of `STAGE_COLUMNS`. */
export function addMeasurement(row: Float64Array, measurement: Measurement): void {
  add(row, S.requests, 1);
  add(row, S.tokens_before, measurement.tokensBefore);
  add(row, S.tokens_after, measurement.tokensAfter);
  add(row, S.overhead_tokens, measurement.overhead);
  add(row, S.reported_tokens + BASIS_OFFSET[measurement.basis], measurement.tokensBefore);
  if (measurement.netCostUsd === null) add(row, S.unknown_cost_requests, 1);
  else add(row, S.net_cost_usd, measurement.netCostUsd);
}

type Key = Pick<ModelSums, 'model' | 'provider'>;

/** The sums that a row of `MODEL_COLUMNS` holds. */
export function toModelSums(key: Key, row: Float64Array): ModelSums {
  const at = (column: ModelColumn): number => row[M[column]] as number;
  return {
    ...key,
    requests: at('requests'),
    failures: at('failures'),
    aborted: at('aborted'),
    hits: at('hits'),
    semanticHits: at('semantic_hits'),
    misses: at('misses'),
    stale: at('stale'),
    bypassed: at('bypassed'),
    usage: {
      inputTokens: at('input_tokens'),
      outputTokens: at('output_tokens'),
      cacheReadTokens: at('cache_read_tokens'),
      cacheWriteTokens: at('cache_write_tokens'),
      cacheWrite1hTokens: at('cache_write_1h_tokens'),
      reasoningTokens: at('reasoning_tokens'),
    },
    costUsd: at('cost_usd'),
    unknownCostRequests: at('unknown_cost_requests'),
    unknownCostTokens: at('unknown_cost_tokens'),
    latencyMs: at('latency_ms'),
    answeredRequests: at('answered_requests'),
    answeredLatencyMs: at('answered_latency_ms'),
    answeredOutputTokens: at('answered_output_tokens'),
    answeredCostUsd: at('answered_cost_usd'),
    answeredCostRequests: at('answered_cost_requests'),
    firstTokenMs: at('first_token_ms'),
    firstTokenRequests: at('first_token_requests'),
    tokensByBasis: byBasis(at),
    tokensBefore: at('tokens_before'),
    tokensAfter: at('tokens_after'),
    overheadTokens: at('overhead_tokens'),
    netTokens: at('net_tokens'),
    netTokensSquared: at('net_tokens_squared'),
    netCostUsd: at('net_cost_usd'),
    unknownNetCostRequests: at('unknown_net_cost_requests'),
    hitNetTokens: at('hit_net_tokens'),
    hitNetCostUsd: at('hit_net_cost_usd'),
    hitUnknownCostRequests: at('hit_unknown_cost_requests'),
  };
}

/** The sums that a row of `STAGE_COLUMNS` holds. */
export function toStageSums(key: Pick<StageSums, 'stage' | 'mode'>, row: Float64Array): StageSums {
  const at = (column: StageColumn): number => row[S[column]] as number;
  return {
    ...key,
    requests: at('requests'),
    tokensBefore: at('tokens_before'),
    tokensAfter: at('tokens_after'),
    overheadTokens: at('overhead_tokens'),
    tokensByBasis: byBasis(at),
    netCostUsd: at('net_cost_usd'),
    unknownCostRequests: at('unknown_cost_requests'),
  };
}

type BasisColumn = `${Basis}_tokens`;

function byBasis(at: (column: BasisColumn) => number): Record<Basis, number> {
  return {
    reported: at('reported_tokens'),
    exact: at('exact_tokens'),
    calibrated: at('calibrated_tokens'),
    estimated: at('estimated_tokens'),
  };
}
