import type { Recommendation } from '../types.ts';
import type { ReportDocument, Table } from './document.ts';
import { formatMoney, formatNumber } from './format.ts';

/** The document as aligned plain text, without colour. */
export function renderText(document: ReportDocument): string {
  const parts = [`${document.title}, ${document.period}`, ...document.tables.map(renderTable)];
  if (document.advice !== undefined) parts.push(renderAdvice(document.advice));
  return `${parts.join('\n\n')}\n`;
}

/** What following a recommendation may save, or nothing to say. */
export function savingsText({ potential_savings: savings }: Recommendation): string {
  const parts: string[] = [];
  if (savings?.tokens !== undefined) parts.push(`${formatNumber(savings.tokens)} tokens`);
  if (savings?.cost !== undefined) parts.push(formatMoney(savings.cost));
  return parts.length === 0 ? '' : `May save ${parts.join(' or ')} in such a period.`;
}

function renderTable({ caption, columns, rows }: Table): string {
  const heads = columns.map((column) => column.name);
  const cells = [heads, ...rows].map((row) => row.map(plain));
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => widthOf(row[i] ?? ''))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => {
        const padding = ' '.repeat((widths[i] ?? 0) - widthOf(cell));
        return columns[i]?.isNumber === true ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = cells;
  const hasHead = heads.some((name) => name !== '');
  const lines = [
    caption,
    ...(hasHead ? [line(head), widths.map((width) => '-'.repeat(width)).join('  ')] : []),
  ];
  return [...lines, ...(body.length === 0 ? ['(none)'] : body.map(line))].join('\n');
}

function renderAdvice(advice: readonly Recommendation[]): string {
  if (advice.length === 0) return 'Recommendations\n(none: nothing in the figures asks for a change)';
  const lines = advice.map((item) =>
    [`- ${item.severity}: ${plain(item.message)}`, savingsText(item)].filter((text) => text !== '').join(' '),
  );
  return ['Recommendations', ...lines].join('\n');
}

/** Names come from callers: without control characters they cannot move the cursor or hide text. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
}

function widthOf(text: string): number {
  return Array.from(text).length;
}
