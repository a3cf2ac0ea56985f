import type { Recommendation } from '../types.ts';
import type { ReportDocument, Table } from './document.ts';
import { savingsText } from './text.ts';

/** The document as GitHub-flavoured Markdown. */
export function renderMarkdown(document: ReportDocument): string {
  const parts = [`# ${document.title}`, `Period: ${document.period}.`, ...document.tables.map(renderTable)];
  if (document.advice !== undefined) parts.push(renderAdvice(document.advice));
  return `${parts.join('\n\n')}\n`;
}

function renderTable({ caption, columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const heading = `## ${caption}`;
  if (rows.length === 0) return `${heading}\n\nNone.`;
  return [
    `${heading}\n`,
    line(columns.map((column) => column.name)),
    line(columns.map((column) => (column.isNumber ? '---:' : '---'))),
    ...rows.map((row) => line(row.map((cell) => escapeMarkdown(cell.trim())))),
  ].join('\n');
}

function renderAdvice(advice: readonly Recommendation[]): string {
  const lines = advice.map((item) =>
    [`- **${item.severity}** ${escapeMarkdown(item.message)}`, savingsText(item)]
      .filter((text) => text !== '')
      .join(' '),
  );
  const body = lines.length === 0 ? 'None: nothing in the figures asks for a change.' : lines.join('\n');
  return `## Recommendations\n\n${body}`;
}

/** Text that Markdown shows as it is: no markup, no HTML, no new cell or line. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(/[\\`*_[\]<>|#~&]/g, String.raw`\$&`);
}
