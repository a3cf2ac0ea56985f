/** One column: its head and which side its cells keep to. */
export interface Column {
  readonly name: string;
  /** @default 'left' */
  readonly align?: 'left' | 'right';
}

/** Rows in aligned columns, ending with a line end; a table whose heads are all empty has none. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const heads = columns.map(({ name }) => name);
  const hasHead = heads.some((name) => name !== '');
  const cells = [...(hasHead ? [heads] : []), ...rows].map((row) => row.map(plain));
  const widths = columns.map((_, i) => Math.max(0, ...cells.map((row) => widthOf(row[i] ?? ''))));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => {
        const space = ' '.repeat((widths[i] ?? 0) - widthOf(cell));
        return columns[i]?.align === 'right' ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd(),
  );
  if (hasHead) lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines.map((line) => `${line}\n`).join('');
}

/** Text that cannot move a terminal's cursor: names come from callers and files. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
}

function widthOf(text: string): number {
  return Array.from(text).length;
}
