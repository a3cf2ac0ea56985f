import type { Basis } from '../../contract/index.ts';
import type {
  BasisMix,
  CacheFigures,
  CacheSection,
  Rankings,
  Recommendation,
  Report,
  SavingsSection,
  SemanticFigures,
  StageFigures,
  Stats,
  UsageFigures,
  UsageSection,
} from '../types.ts';
import { formatMoney, formatMs, formatNumber, formatPeriod, formatShare } from './format.ts';

/** A table as people read it; all cells are text already. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[];
  readonly rows: readonly (readonly string[])[];
}

/** What text, Markdown and HTML are made of. */
export interface ReportDocument {
  readonly title: string;
  readonly period: string;
  readonly tables: readonly Table[];
  /** Recommendations; absent where the document has none to give. */
  readonly advice?: readonly Recommendation[];
}

/** The document of a report. */
export function reportDocument(report: Report): ReportDocument {
  return {
    title: 'Optimization report',
    period: formatPeriod(report.period_hours),
    tables: [
      usageTable(report.metrics),
      cacheTable(report.cache),
      ...semanticTables(report.cache.semantic),
      ...toolTables(report.tool_selection),
      savingsTable(report.savings),
      ...stageTables(report.savings),
      ...modelTables(report),
      ...rankingTables(report),
    ],
    advice: report.recommendations,
  };
}

/** The document of cache and usage sums. */
export function statsDocument(stats: Stats): ReportDocument {
  return {
    title: 'Usage and cache',
    period: formatPeriod(stats.period_hours),
    tables: [
      usageTable(stats.metrics),
      cacheTable(stats.cache),
      ...semanticTables(stats.cache.semantic),
      ...toolTables(stats.tool_selection),
      ...modelTables(stats),
    ],
  };
}

/** The document of models by efficiency. */
export function rankingsDocument(rankings: Rankings): ReportDocument {
  return {
    title: 'Models by efficiency',
    period: formatPeriod(rankings.period_hours),
    tables: rankingTables(rankings),
  };
}

function usageTable(usage: UsageSection): Table {
  return facts('Usage', [
    ['requests', formatNumber(usage.total_requests)],
    ['failed', formatNumber(usage.failed_requests)],
    ['tokens', formatNumber(usage.total_tokens)],
    ['input tokens', formatNumber(usage.input_tokens)],
    ['  read from provider cache', formatNumber(usage.cache_read_tokens)],
    ['  written to provider cache', formatNumber(usage.cache_write_tokens)],
    ['output tokens', formatNumber(usage.output_tokens)],
    ['  reasoning', formatNumber(usage.reasoning_tokens)],
    ['tokens come from', formatBasis(usage.tokens_by_basis)],
    ['cost', costOf(usage)],
    ['average latency', formatMs(usage.avg_latency_ms)],
    ['answered from cache', formatShare(usage.cache_hit_rate)],
  ]);
}

function cacheTable(cache: CacheSection): Table {
  return facts('Response cache', [
    ['entries', formatNumber(cache.total_entries)],
    ['hits', formatNumber(cache.total_hits)],
    ['  semantic', formatNumber(cache.semantic_hits)],
    ['misses', formatNumber(cache.misses)],
    ['bypassed', formatNumber(cache.bypassed)],
    ['hit rate (of lookups)', formatShare(cache.hit_rate)],
    ['tokens saved', formatNumber(cache.tokens_saved)],
    ['cost saved', savedBy(cache)],
  ]);
}

/** One table, where the semantic cache was asked at all. */
function semanticTables({ decisions, live }: SemanticFigures): Table[] {
  if (decisions.length === 0) return [];
  const rows = decisions.map(({ reason, requests }) => [reason, formatNumber(requests)]);
  const made = table('Semantic cache by decision', ['decision', '#requests'], rows);
  return live === null ? [made] : [semanticTable(live), made];
}

function semanticTable(live: NonNullable<SemanticFigures['live']>): Table {
  const [low, high] = live.ci95;
  return facts('Semantic cache', [
    ['mode', live.breached ? `${live.mode}, in shadow of itself: too much was wrong` : live.mode],
    ['texts', formatNumber(live.entries)],
    [
      'hits checked',
      `${formatNumber(live.checked)}${live.unsure > 0 ? `, ${formatNumber(live.unsure)} of them could not be told right or wrong` : ''}`,
    ],
    [
      'wrong among them',
      live.false_hit_rate === null
        ? 'unknown'
        : `${formatShare(live.false_hit_rate)} (95% interval ${formatShare(low)} to ${formatShare(high)})`,
    ],
    [
      'tolerated',
      `${formatShare(live.max_false_hit_rate)}${live.proven ? '' : ' (not proven yet: further hits are asked anew)'}`,
    ],
  ]);
}

/** One table, where tool selection was seen to select. */
function toolTables(live: Stats['tool_selection']): Table[] {
  if (live === null || live.recall === null) return [];
  const [low, high] = live.ci95;
  return [
    facts('Tool selection', [
      ['mode', live.breached ? 'in shadow of itself: too much was missed' : 'selecting'],
      ['selections checked', formatNumber(live.selections)],
      ['needed tool left out', formatNumber(live.misses)],
      ['recall', `${formatShare(live.recall)} (95% interval ${formatShare(low)} to ${formatShare(high)})`],
      ['least tolerated', formatShare(live.min_recall)],
    ]),
  ];
}

function savingsTable(savings: SavingsSection): Table {
  const [low, high] = savings.ci95 ?? [null, null];
  return facts('Savings', [
    ['tokens before', formatNumber(savings.tokens_before)],
    ['tokens after', formatNumber(savings.tokens_after)],
    ['overhead', formatNumber(savings.overhead_tokens)],
    ['net tokens', formatNumber(savings.net_tokens)],
    ['95% interval', savings.ci95 === null ? 'unknown' : `${formatNumber(low)} to ${formatNumber(high)}`],
    ['net cost saved', netOf(savings)],
    ['tokens come from', formatBasis(savings.tokens_by_basis)],
  ]);
}

function stageTables(savings: SavingsSection): Table[] {
  return [
    stageTable('Savings by stage', savings.by_stage),
    stageTable('Stages in shadow (measured, not saved)', savings.shadow),
  ].filter((table) => table.rows.length > 0);
}

function stageTable(caption: string, stages: Readonly<Record<string, StageFigures>>): Table {
  return table(
    caption,
    ['stage', '#requests', '#before', '#after', '#overhead', '#net tokens', '#net cost'],
    Object.entries(stages).map(([stage, figures]) => [
      stage,
      formatNumber(figures.requests),
      formatNumber(figures.tokens_before),
      formatNumber(figures.tokens_after),
      formatNumber(figures.overhead_tokens),
      formatNumber(figures.net_tokens),
      netOf(figures),
    ]),
  );
}

function modelTables({ metrics, cache }: Stats): Table[] {
  const rows = Object.entries(metrics.by_model).map(([model, usage]) => {
    const cached = cache.by_model[model];
    return [
      model,
      formatNumber(usage.total_requests),
      formatNumber(usage.failed_requests),
      formatNumber(usage.input_tokens),
      formatNumber(usage.output_tokens),
      costOf(usage),
      formatMs(usage.avg_latency_ms),
      cached === undefined ? '' : formatShare(cached.hit_rate),
      cached === undefined ? '' : formatNumber(cached.tokens_saved),
    ];
  });
  if (rows.length === 0) return [];
  const columns = ['#requests', '#failed', '#input', '#output', '#cost', '#latency', '#hit rate', '#saved'];
  return [table('By model', ['model', ...columns], rows)];
}

function rankingTables({ efficiency_rankings: rankings }: Pick<Rankings, 'efficiency_rankings'>): Table[] {
  return [
    table(
      'Models by efficiency (tokens per second and dollar)',
      ['model', '#score', '#tokens/s', '#average cost', '#requests'],
      rankings.map((ranking) => [
        ranking.model,
        ranking.free === true ? 'free' : formatNumber(ranking.efficiency_score),
        formatNumber(ranking.tokens_per_second, 1),
        formatMoney(ranking.avg_cost),
        formatNumber(ranking.requests),
      ]),
    ),
  ];
}

/** Money known, and how much is not (INV-U2). */
function costOf(usage: UsageFigures): string {
  if (usage.unknown_cost_requests === 0) return formatMoney(usage.total_cost);
  if (usage.unknown_cost_requests === usage.total_requests) return 'unknown';
  return `${formatMoney(usage.total_cost)} + unknown (${formatShare(usage.unknown_cost_share)})`;
}

function savedBy(cache: CacheFigures): string {
  return withUnknown(cache.estimated_cost_saved, cache.unknown_cost_hits);
}

function netOf(figures: { readonly net_cost: number; readonly unknown_cost_requests: number }): string {
  return withUnknown(figures.net_cost, figures.unknown_cost_requests);
}

function withUnknown(usd: number, unknownRequests: number): string {
  if (unknownRequests === 0) return formatMoney(usd);
  const rest = `unknown for ${formatNumber(unknownRequests)} requests`;
  return usd === 0 ? rest : `${formatMoney(usd)} + ${rest}`;
}

const BASES: readonly Basis[] = ['reported', 'exact', 'calibrated', 'estimated'];

/** Where numbers come from, the most first (INV-U3). */
function formatBasis(mix: BasisMix): string {
  const total = BASES.reduce((sum, basis) => sum + mix[basis], 0);
  if (total === 0) return 'none';
  return BASES.filter((basis) => mix[basis] > 0)
    .toSorted((a, b) => mix[b] - mix[a])
    .map((basis) => `${formatShare(mix[basis] / total)} ${basis}`)
    .join(', ');
}

function facts(caption: string, rows: readonly (readonly [string, string])[]): Table {
  return table(caption, ['', '#'], rows);
}

/** A `#` before a column's name says that it holds numbers. */
function table(caption: string, columns: readonly string[], rows: readonly (readonly string[])[]): Table {
  return {
    caption,
    columns: columns.map((name) => ({ name: name.replace(/^#/, ''), isNumber: name.startsWith('#') })),
    rows,
  };
}
