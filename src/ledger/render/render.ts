import type { Rankings, Report, Stats } from '../types.ts';
import { rankingsCsv, reportCsv } from './csv.ts';
import { type ReportDocument, rankingsDocument, reportDocument, statsDocument } from './document.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { renderText } from './text.ts';

/** `text` is for a terminal, without colour; `html` one page that needs nothing else. */
export type RenderFormat = 'text' | 'json' | 'markdown' | 'csv' | 'html';

const RENDERERS = { text: renderText, markdown: renderMarkdown, html: renderHtml } as const;

/** The report in a format; ends with a line end. */
export function renderReport(report: Report, format: RenderFormat): string {
  return render(format, report, { document: () => reportDocument(report), csv: () => reportCsv(report) });
}

/** Cache and usage sums in a format; ends with a line end. */
export function renderStats(stats: Stats, format: RenderFormat): string {
  return render(format, stats, { document: () => statsDocument(stats), csv: () => reportCsv(stats) });
}

/** Models by efficiency in a format; ends with a line end. */
export function renderRankings(rankings: Rankings, format: RenderFormat): string {
  return render(format, rankings, {
    document: () => rankingsDocument(rankings),
    csv: () => rankingsCsv(rankings),
  });
}

function render(
  format: RenderFormat,
  value: object,
  as: { readonly document: () => ReportDocument; readonly csv: () => string },
): string {
  if (format === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  if (format === 'csv') return as.csv();
  return RENDERERS[format](as.document());
}
