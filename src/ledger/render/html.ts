import type { Recommendation } from '../types.ts';
import type { ReportDocument, Table } from './document.ts';
import { savingsText } from './text.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --soft: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem;
  color: CanvasText; background: Canvas; }
h1 { margin-bottom: 0; }
section { margin-top: 2rem; overflow-x: auto; }
table { border-collapse: collapse; min-width: 50%; }
caption { text-align: left; font-weight: 600; font-size: 1.2rem; padding-bottom: .5rem; }
th, td { padding: .25rem .75rem; border-bottom: 1px solid var(--line); text-align: left; }
thead th { background: var(--soft); }
tbody th { font-weight: 400; white-space: pre; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
`;

/** The document as one HTML page that needs nothing else: no script, no request. */
export function renderHtml(document: ReportDocument): string {
  const title = escapeHtml(`${document.title}, ${document.period}`);
  const advice = document.advice === undefined ? '' : renderAdvice(document.advice);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(document.title)}</h1>
<p>Period: ${escapeHtml(document.period)}</p>
${document.tables.map(renderTable).join('\n')}
${advice}</main>
</body>
</html>
`;
}

function renderTable({ caption, columns, rows }: Table): string {
  const attribute = (i: number): string => (columns[i]?.isNumber === true ? ' class="number"' : '');
  const heads = columns.map((column, i) => `<th scope="col"${attribute(i)}>${escapeHtml(column.name)}</th>`);
  const hasHead = columns.some((column) => column.name !== '');
  const body = rows.map((row) => {
    const cells = row.map((cell, i) =>
      i === 0 ? `<th scope="row">${escapeHtml(cell)}</th>` : `<td${attribute(i)}>${escapeHtml(cell)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  const none = `<tr><td colspan="${columns.length}">None</td></tr>`;
  return `<section><table>
<caption>${escapeHtml(caption)}</caption>
${hasHead ? `<thead><tr>${heads.join('')}</tr></thead>\n` : ''}<tbody>
${body.length === 0 ? none : body.join('\n')}
</tbody>
</table></section>`;
}

function renderAdvice(advice: readonly Recommendation[]): string {
  const items = advice.map((item) => {
    const text = [item.message, savingsText(item)].filter((part) => part !== '').join(' ');
    return `<li><strong>${escapeHtml(item.severity)}</strong> ${escapeHtml(text)}</li>`;
  });
  const body =
    items.length === 0
      ? '<p>None: nothing in the figures asks for a change.</p>'
      : `<ul>\n${items.join('\n')}\n</ul>`;
  return `<section><h2>Recommendations</h2>\n${body}\n</section>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
