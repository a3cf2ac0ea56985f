import type { LedgerSums, UsageRecord } from '../../contract/index.ts';
import type { Report, StageFigures } from '../../ledger/index.ts';
import { formatCount, formatPercent, formatUsd } from '../figures.ts';
import { type Column, renderTable } from '../text-table.ts';
import type { PlayedSession } from './play.ts';

/** What the demonstration found, as JSON. */
export interface DemoTable {
  /** Always true: no provider was asked, and the figures are of the sample alone. */
  readonly simulated: true;
  readonly sessions: readonly SessionRow[];
  readonly stages: readonly StageRow[];
  readonly total: Figures & { readonly cost_usd: number; readonly net_cost_usd: number };
  readonly bypass_reasons: LedgerSums['bypassReasons'];
}

interface Figures {
  readonly requests: number;
  readonly hits: number;
  readonly misses: number;
  /** Requests that the cache left alone, and that went to the provider as they were. */
  readonly bypassed: number;
  /** Input and output tokens that would have been billed without Pare. */
  readonly tokens_before: number;
  /** Those that were billed. */
  readonly tokens_after: number;
  readonly net_tokens: number;
}

interface SessionRow extends Figures {
  readonly name: string;
  readonly description: string;
}

interface StageRow {
  readonly stage: string;
  readonly mode: 'on' | 'shadow';
  readonly requests: number;
  readonly tokens_before: number;
  readonly tokens_after: number;
  readonly overhead_tokens: number;
  readonly net_tokens: number;
  readonly net_cost_usd: number;
}

/** The table of what was played. */
export function makeTable(
  played: readonly PlayedSession[],
  figures: { readonly report: Report; readonly sums: LedgerSums },
): DemoTable {
  const { report, sums } = figures;
  const stageRows = (mode: StageRow['mode'], stages: Readonly<Record<string, StageFigures>>): StageRow[] =>
    Object.entries(stages).map(([stage, row]) => ({
      stage,
      mode,
      requests: row.requests,
      tokens_before: row.tokens_before,
      tokens_after: row.tokens_after,
      overhead_tokens: row.overhead_tokens,
      net_tokens: row.net_tokens,
      net_cost_usd: row.net_cost,
    }));
  return {
    simulated: true,
    sessions: played.map(({ session, records }) => ({
      name: session.name,
      description: session.description,
      ...figuresOf(records),
    })),
    stages: [...stageRows('on', report.savings.by_stage), ...stageRows('shadow', report.savings.shadow)],
    total: {
      ...figuresOf(played.flatMap(({ records }) => records)),
      cost_usd: report.metrics.total_cost,
      net_cost_usd: report.savings.net_cost,
    },
    bypass_reasons: sums.bypassReasons,
  };
}

/** The table for a terminal; it says that nothing of it is real traffic. */
export function renderDemo({ sessions, stages, total, bypass_reasons }: DemoTable): string {
  const costBefore = total.cost_usd + total.net_cost_usd;
  const share = (part: number, whole: number): string => (whole > 0 ? formatPercent(part / whole) : '0.0%');
  return [
    `The provider is SIMULATED: it runs in this process and answers by rule. The figures are of Pare's bundled\nsample sessions alone and say nothing about your traffic; costs are list prices for what was counted.\n`,
    `Sessions\n${renderTable(SESSION_COLUMNS, [...sessions, { name: 'total', ...total }].map(sessionCells))}`,
    `Savings by stage\n${renderTable(STAGE_COLUMNS, stages.map(stageCells))}`,
    'Stages that are not listed had nothing to do or are not part of this version.\n',
    `Cost at list prices: ${formatUsd(costBefore)} without Pare, ${formatUsd(total.cost_usd)} with it ` +
      `(${share(total.net_cost_usd, costBefore)} less); tokens ${share(total.net_tokens, total.tokens_before)} less.\n`,
    `Bypassed the cache: ${total.bypassed} of ${total.requests} requests${reasons(bypass_reasons)}.\n`,
  ].join('\n');
}

const RIGHT = 'right' as const;
const SESSION_COLUMNS: readonly Column[] = [
  { name: 'session' },
  { name: 'requests', align: RIGHT },
  { name: 'hits', align: RIGHT },
  { name: 'misses', align: RIGHT },
  { name: 'bypassed', align: RIGHT },
  { name: 'tokens before', align: RIGHT },
  { name: 'after', align: RIGHT },
  { name: 'net saved', align: RIGHT },
];
const STAGE_COLUMNS: readonly Column[] = [
  { name: 'stage' },
  { name: 'mode' },
  { name: 'requests', align: RIGHT },
  { name: 'tokens before', align: RIGHT },
  { name: 'after', align: RIGHT },
  { name: 'overhead', align: RIGHT },
  { name: 'net saved', align: RIGHT },
  { name: 'cost saved', align: RIGHT },
];

function sessionCells(row: Figures & { readonly name: string }): string[] {
  const { requests, hits, misses, bypassed, tokens_before, tokens_after, net_tokens } = row;
  const counts = [requests, hits, misses, bypassed, tokens_before, tokens_after, net_tokens];
  return [row.name, ...counts.map(formatCount)];
}

function stageCells(row: StageRow): string[] {
  const counts = [row.requests, row.tokens_before, row.tokens_after, row.overhead_tokens, row.net_tokens];
  return [row.stage, row.mode, ...counts.map(formatCount), formatUsd(row.net_cost_usd)];
}

function figuresOf(records: readonly UsageRecord[]): Figures {
  const sum = (of: (record: UsageRecord) => number): number =>
    records.reduce((total, record) => total + of(record), 0);
  const outcomes = (...wanted: readonly UsageRecord['cacheOutcome'][]): number =>
    sum(({ cacheOutcome }) => (wanted.includes(cacheOutcome) ? 1 : 0));
  const billed = sum(({ usage }) => usage.inputTokens + usage.outputTokens);
  const net = sum(({ netTokens }) => netTokens);
  return {
    requests: records.length,
    hits: outcomes('hit', 'semantic'),
    misses: outcomes('miss', 'stale'),
    bypassed: outcomes('bypassed'),
    tokens_before: billed + net,
    tokens_after: billed,
    net_tokens: net,
  };
}

function reasons(found: LedgerSums['bypassReasons']): string {
  if (found.length === 0) return '';
  return ` (${found.map(({ reason, requests }) => `${reason} ${requests}`).join(', ')})`;
}
