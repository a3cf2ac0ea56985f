import { Counter, Gauge, Registry } from 'prom-client';
import type { CacheOutcome, SemanticLive, ToolRecall, UsageRecord } from '../contract/index.ts';
import type { EventLog } from '../support/index.ts';

const MAX_SERIES = 2_000;
const MAX_MODEL_LENGTH = 128;
const OTHER = '(other)';

interface Sums {
  readonly labels: {
    readonly wire: string;
    readonly model: string;
    readonly outcome: CacheOutcome;
    readonly status: string;
  };
  requests: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  netTokens: number;
  costUsd: number;
  unknownCost: number;
  latencyMs: number;
}

/** Prometheus metrics of a gateway. */
export interface Metrics {
  /** Adds a record; cheap enough for every request. */
  observe(record: UsageRecord): void;
  countError(code: string): void;
  /** The text of `/metrics`. */
  render(): Promise<string>;
  readonly contentType: string;
}

/**
 * Returns the metrics. Sums are kept in plain objects and handed to Prometheus when it asks, since
 * labelled counters would cost more on each request than the request's own bookkeeping.
 */
export function createMetrics(
  events: EventLog,
  live: {
    readonly semantic?: () => SemanticLive | undefined;
    readonly toolSelection?: ToolSelectionLive | undefined;
  } = {},
): Metrics {
  const series = new Map<string, Sums>();
  const errors = new Map<string, number>();
  const decisions = new Map<string, number>();
  // Most records are of the same series as the one before, which saves building its key.
  let last: Sums | undefined;
  const registry = new Registry();
  registerRequests(registry, series);
  registerDecisions(registry, decisions);
  if (live.semantic !== undefined) registerLive(registry, LIVE, live.semantic);
  if (live.toolSelection !== undefined) registerToolSelection(registry, live.toolSelection);
  registerFaults(registry, errors, events);
  return {
    observe: (record) => {
      if (last === undefined || !isOf(last, record)) last = seriesFor(series, record);
      add(last, record);
      if (record.semanticReason !== undefined) countIn(decisions, record.semanticReason);
    },
    countError: (code) => countIn(errors, code),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function countIn(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function seriesFor(series: Map<string, Sums>, record: UsageRecord): Sums {
  const wire = record.wire ?? 'none';
  const status = String(record.status);
  // Models come from requests, so neither their number nor their length must grow without end (INV-S4).
  const name =
    record.model.length > MAX_MODEL_LENGTH ? record.model.slice(0, MAX_MODEL_LENGTH) : record.model;
  const key = `${wire}\n${name}\n${record.cacheOutcome}\n${status}`;
  const known = series.get(key);
  if (known !== undefined) return known;
  const isFull = series.size >= MAX_SERIES;
  const model = isFull ? OTHER : name;
  const finalKey = isFull ? `${wire}\n${OTHER}\n${record.cacheOutcome}\n${status}` : key;
  const made: Sums = series.get(finalKey) ?? {
    labels: { wire, model, outcome: record.cacheOutcome, status },
    requests: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    netTokens: 0,
    costUsd: 0,
    unknownCost: 0,
    latencyMs: 0,
  };
  series.set(finalKey, made);
  return made;
}

function isOf({ labels }: Sums, record: UsageRecord): boolean {
  return (
    labels.model === record.model &&
    labels.outcome === record.cacheOutcome &&
    labels.status === String(record.status) &&
    labels.wire === (record.wire ?? 'none')
  );
}

function add(sums: Sums, record: UsageRecord): void {
  sums.requests++;
  sums.inputTokens += record.usage.inputTokens;
  sums.outputTokens += record.usage.outputTokens;
  sums.cacheReadTokens += record.usage.cacheReadTokens;
  sums.netTokens += record.netTokens;
  sums.latencyMs += record.latencyMs;
  if (record.costUsd === null) sums.unknownCost++;
  else sums.costUsd += record.costUsd;
}

type SumName = Exclude<keyof Sums, 'labels'>;

const SERIES: readonly (readonly [name: string, help: string, sum: SumName, scale: number])[] = [
  ['pare_requests_total', 'Requests by wire, model, cache outcome and status.', 'requests', 1],
  ['pare_input_tokens_total', 'Input tokens billed by providers.', 'inputTokens', 1],
  ['pare_output_tokens_total', 'Output tokens billed by providers.', 'outputTokens', 1],
  [
    'pare_cache_read_tokens_total',
    "Input tokens read from the providers' prompt caches.",
    'cacheReadTokens',
    1,
  ],
  [
    'pare_net_saved_tokens_total',
    'Tokens spared, after overhead; falls when something cost more.',
    'netTokens',
    1,
  ],
  ['pare_cost_usd_total', 'Cost of requests whose price is known, in USD.', 'costUsd', 1],
  ['pare_unknown_cost_requests_total', 'Requests whose price is unknown.', 'unknownCost', 1],
  ['pare_request_duration_seconds_total', 'Time from arrival to end, summed.', 'latencyMs', 0.001],
];

function registerRequests(registry: Registry, series: ReadonlyMap<string, Sums>): void {
  for (const [name, help, sum, scale] of SERIES) {
    const metric = new Gauge({
      name,
      help,
      labelNames: ['wire', 'model', 'outcome', 'status'],
      registers: [registry],
      collect: () => {
        metric.reset();
        for (const sums of series.values()) metric.set({ ...sums.labels }, sums[sum] * scale);
      },
    });
  }
}

function registerDecisions(registry: Registry, decisions: ReadonlyMap<string, number>): void {
  const metric = new Counter({
    name: 'pare_semantic_decisions_total',
    help: 'Requests that the semantic cache was asked about, by what it decided.',
    labelNames: ['decision'],
    registers: [registry],
    collect: () => {
      metric.reset();
      for (const [decision, count] of decisions) metric.inc({ decision }, count);
    },
  });
}

type LiveFigure<T> = readonly [name: string, help: string, of: (live: T) => number];

const LIVE: readonly LiveFigure<SemanticLive>[] = [
  ['pare_semantic_entries', 'Texts that the semantic cache finds by meaning.', ({ entries }) => entries],
  ['pare_semantic_checked_hits', 'Semantic hits checked lately.', ({ checked }) => checked],
  [
    'pare_semantic_unsure_hits',
    'Those of them of which it could not be told whether they were right.',
    ({ unsure }) => unsure,
  ],
  [
    'pare_semantic_max_false_hit_rate',
    'Share of wrong semantic hits that is tolerated.',
    ({ maxFalseHitRate }) => maxFalseHitRate,
  ],
  [
    'pare_semantic_false_hit_rate',
    'Share of wrong ones among the checked hits that could be told; NaN before the first.',
    ({ falseHitRate }) => falseHitRate ?? Number.NaN,
  ],
  [
    'pare_semantic_false_hit_rate_low',
    'Lower end of its 95% interval; above the limit the cache serves nothing.',
    ({ ci95 }) => ci95[0],
  ],
  ['pare_semantic_false_hit_rate_high', 'Upper end of its 95% interval.', ({ ci95 }) => ci95[1]],
  [
    'pare_semantic_breached',
    '1 while the semantic cache serves nothing since too much was wrong.',
    ({ isBreached }) => (isBreached ? 1 : 0),
  ],
  [
    'pare_semantic_proven',
    '1 while checked hits prove that the limit is kept; before, hits are asked anew to prove it.',
    ({ isProven }) => (isProven ? 1 : 0),
  ],
];

const TOOL_RECALL: readonly LiveFigure<ToolRecall>[] = [
  ['pare_tool_selections', 'Selections of tools that were checked lately.', ({ selections }) => selections],
  ['pare_tool_selection_misses', 'Those of them that left out a needed tool.', ({ misses }) => misses],
  [
    'pare_tool_selection_recall',
    'One less the share of misses; NaN before the first selection.',
    ({ recall }) => recall ?? Number.NaN,
  ],
  ['pare_tool_selection_recall_low', 'Lower end of its 95% interval.', ({ ci95 }) => ci95[0]],
  [
    'pare_tool_selection_recall_high',
    'Upper end of its 95% interval; below the limit all tools are sent.',
    ({ ci95 }) => ci95[1],
  ],
  ['pare_tool_selection_min_recall', 'The least recall that is tolerated.', ({ minRecall }) => minRecall],
  [
    'pare_tool_selection_breached',
    '1 while all tools are sent since too much was missed.',
    ({ isBreached }) => (isBreached ? 1 : 0),
  ],
];

/** How tool selection fares. */
interface ToolSelectionLive {
  readonly recall: () => ToolRecall;
  /** Requests that seemed to need no tool, since the start. */
  readonly noneNeeded: () => number;
}

function registerToolSelection(registry: Registry, { recall, noneNeeded }: ToolSelectionLive): void {
  registerLive(registry, TOOL_RECALL, recall);
  const metric = new Counter({
    name: 'pare_tool_selection_none_needed_total',
    help: 'Requests for which no tool seemed to be needed, or none fitted; nothing is left out for it.',
    registers: [registry],
    collect: () => {
      metric.reset();
      metric.inc(noneNeeded());
    },
  });
}

/** Gauges of how something fares now; none while nothing is known of it. */
function registerLive<T>(
  registry: Registry,
  figures: readonly LiveFigure<T>[],
  read: () => T | undefined,
): void {
  for (const [name, help, of] of figures) {
    const metric = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => {
        const live = read();
        if (live === undefined) metric.reset();
        else metric.set(of(live));
      },
    });
  }
}

function registerFaults(registry: Registry, errors: ReadonlyMap<string, number>, events: EventLog): void {
  const failures = new Counter({
    name: 'pare_errors_total',
    help: 'Errors answered by Pare itself, by code.',
    labelNames: ['code'],
    registers: [registry],
    collect: () => {
      failures.reset();
      for (const [code, count] of errors) failures.inc({ code }, count);
    },
  });
  const reported = new Counter({
    name: 'pare_events_total',
    help: 'Events for the operator, by code and level.',
    labelNames: ['code', 'level'],
    registers: [registry],
    collect: () => {
      reported.reset();
      for (const { code, level, count } of events.counts()) reported.inc({ code, level }, count);
    },
  });
}
