import type { Rankings, Recommendation, Report, SemanticFigures, Stats } from '../types.ts';

type Cell = string | number | null;

/** Models by efficiency as CSV, one row each. Numbers are plain; what is unknown is empty. */
export function rankingsCsv({ period_hours, efficiency_rankings }: Rankings): string {
  return toCsv([
    ['model', 'efficiency_score', 'tokens_per_second', 'avg_cost', 'requests', 'note', 'period_hours'],
    ...efficiency_rankings.map((ranking): Cell[] => [
      ranking.model,
      ranking.efficiency_score,
      ranking.tokens_per_second,
      ranking.avg_cost,
      ranking.requests,
      noteOf(ranking),
      period_hours,
    ]),
  ]);
}

/**
 * A report or its sums as CSV: one figure a row, in the columns section, name (the model, stage or decision,
 * empty for totals), metric and value.
 */
export function reportCsv(report: Report | Stats): string {
  const rows: Cell[][] = [
    ['section', 'name', 'metric', 'value'],
    ['report', '', 'period_hours', report.period_hours],
  ];
  for (const [section, value] of Object.entries(report)) {
    if (section === 'efficiency_rankings') rows.push(...rankingRows(value as Report['efficiency_rankings']));
    else if (section === 'recommendations') rows.push(...adviceRows(value as Report['recommendations']));
    else if (typeof value === 'object' && value !== null) rows.push(...sectionRows(section, value as object));
  }
  return toCsv(rows);
}

function sectionRows(section: string, figures: object, name = ''): Cell[][] {
  return Object.entries(figures).flatMap(([metric, value]: [string, unknown]): Cell[][] => {
    if (metric === 'ci95') return intervalRows(section, value as readonly [number, number] | null);
    if (metric === 'by_model' || metric === 'by_stage' || metric === 'shadow') {
      const part = metric === 'shadow' ? `${section}.shadow` : section;
      return Object.entries(value as object).flatMap(([inner, more]: [string, object]) =>
        sectionRows(part, more, inner),
      );
    }
    if (metric === 'semantic') return sectionRows(`${section}.semantic`, value as object);
    if (metric === 'decisions') {
      return (value as SemanticFigures['decisions']).map(({ reason, requests }): Cell[] => [
        section,
        reason,
        'requests',
        requests,
      ]);
    }
    if (metric === 'tokens_by_basis') {
      return Object.entries(value as object).map(([basis, tokens]): Cell[] => [
        section,
        name,
        `${basis}_tokens`,
        tokens as number,
      ]);
    }
    return [[section, name, metric, value as Cell]];
  });
}

function intervalRows(section: string, interval: readonly [number, number] | null): Cell[][] {
  return [
    [section, '', 'ci95_low', interval?.[0] ?? null],
    [section, '', 'ci95_high', interval?.[1] ?? null],
  ];
}

function rankingRows(rankings: Report['efficiency_rankings']): Cell[][] {
  return rankings.flatMap((ranking) =>
    Object.entries({
      efficiency_score: ranking.efficiency_score,
      tokens_per_second: ranking.tokens_per_second,
      avg_cost: ranking.avg_cost,
      requests: ranking.requests,
      note: noteOf(ranking),
    }).map(([metric, value]): Cell[] => ['efficiency_rankings', ranking.model, metric, value]),
  );
}

function adviceRows(advice: readonly Recommendation[]): Cell[][] {
  return advice.map((item) => ['recommendations', item.code, item.severity, item.message]);
}

function noteOf(ranking: Report['efficiency_rankings'][number]): string {
  if (ranking.free === true) return 'free';
  return ranking.cost_unknown === true ? 'cost unknown' : '';
}

/** RFC 4180: lines end in CRLF, cells with separators are quoted, quotes doubled. */
function toCsv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('');
}

function toCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // A spreadsheet would run text that starts like a formula (OWASP, CSV injection).
  const safe = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
