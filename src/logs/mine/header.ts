/** Takes the header off a line. */
export type HeaderStripper = (line: string) => string;

type ColumnKind = 'time' | 'number' | 'level' | 'sign' | 'bracket' | 'label' | 'word';

interface Column {
  readonly text: string;
  /** Offset of the next column, or of the message. */
  readonly next: number;
  readonly kind: ColumnKind;
}

const MAX_COLUMNS = 12;
const MAX_BRACKET = 200;
const MAX_SAMPLE = 1000;
/** Share of the sampled forms that must have the same kind in a column. */
const WANTED_SHARE = 0.85;
/** Columns without a kind of their own between two that have one: host, user, component. */
const MAX_LOOSE = 4;
const MIN_SAMPLE = 5;

const TIME =
  /^[[(<]?(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{8}[-T_]\d{1,2}|\d{1,2}:\d{2}(?::\d{2})?(?:[.,:]\d+)?(?![\w:])|\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{2,4})?(?![\w.])|\d{1,2}[-/](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|1\d{9}(?:\.\d+|\d{3})?(?!\w)|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[\s,.]*(?:$|\d)|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*[\s,.]*(?:$|[JFMASOND\d]))/;
const LEVEL =
  /^[[(<]?(?:TRACE|DEBUG|FINE|FINER|FINEST|VERBOSE|INFO|INFORMATION|NOTICE|WARN|WARNING|ERR|ERROR|SEVERE|FATAL|CRIT|CRITICAL|ALERT|EMERG|PANIC|FAILURE|[VDIWEF])[\])>]?[:,]?$/i;
const NUMBER = /^[[(<#]?\d+[\])>]?[,:]?$/;
const SIGN = /^[-|:*>=~.]{1,3}$/;
const BRACKET = /^(?:\[.*\]|\(.*\)|<.*>)[:,]?$/;
const LABEL = /^[A-Za-z_/][^\s:]*(?:::?[^\s:]+)*:$/;

function kindOf(text: string): ColumnKind {
  if (SIGN.test(text)) return 'sign';
  if (TIME.test(text)) return 'time';
  if (NUMBER.test(text)) return 'number';
  if (LEVEL.test(text)) return 'level';
  if (BRACKET.test(text)) return 'bracket';
  return LABEL.test(text) ? 'label' : 'word';
}

/** End of a bracket that begins at `from`, or of the word there. */
function endOf(line: string, from: number, separators: RegExp): number {
  if (line[from] === '[' || line[from] === '(') {
    const close = line[from] === '[' ? ']' : ')';
    let depth = 0;
    for (let i = from; i < Math.min(line.length, from + MAX_BRACKET); i++) {
      if (line[i] === line[from]) depth++;
      else if (line[i] === close && --depth === 0) {
        const after = line[i + 1] === ':' || line[i + 1] === ',' ? i + 2 : i + 1;
        if (after >= line.length || /[\s|[(]/.test(line[after] ?? '')) return after;
        break;
      }
    }
  }
  separators.lastIndex = from;
  const found = separators.exec(line);
  return found?.index ?? line.length;
}

/** What separates columns, and what of it stands between two. */
interface Separators {
  readonly one: RegExp;
  readonly run: RegExp;
}

const BLANKS: Separators = { one: /\s/g, run: /\s*/y };
const BLANKS_AND_BARS: Separators = { one: /[\s|]/g, run: /[\s|]*/y };
const INDENT = /^\s*/;

/** The columns that a line begins with, up to `most`. */
function columnsOf(line: string, { one, run }: Separators, most: number): Column[] {
  const columns: Column[] = [];
  let from = INDENT.exec(line)?.[0].length ?? 0;
  while (from < line.length && columns.length < most) {
    const end = endOf(line, from, one);
    run.lastIndex = end;
    run.test(line);
    const next = run.lastIndex;
    const text = line.slice(from, end);
    columns.push({ text, next, kind: kindOf(text) });
    from = next;
  }
  return columns;
}

/** One line of each form, where numbers do not count. */
function sampleOf(lines: Iterable<string>): string[] {
  const forms = new Map<string, string>();
  for (const line of lines) {
    const form = line.slice(0, 400).replaceAll(/\d+/g, '0');
    if (!forms.has(form)) forms.set(form, line);
    if (forms.size >= MAX_SAMPLE) break;
  }
  return [...forms.values()];
}

/** The kind that most of the forms have in a column, where enough of them agree. */
function agreedKind(rows: readonly (readonly Column[])[], at: number): ColumnKind {
  const counts = new Map<ColumnKind, number>();
  for (const row of rows) {
    const kind = row[at]?.kind ?? 'word';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted((a, b) => b[1] - a[1]);
  return best !== undefined && best[1] >= WANTED_SHARE * rows.length ? best[0] : 'word';
}

/** How many columns later than expected a sign or a label may come: names of several words stand before it. */
const SHIFTS: ReadonlyMap<ColumnKind, number> = new Map([
  ['sign', 1],
  ['label', 3],
]);

/** Column at or shortly after `at` with this kind. */
function findShifted(row: readonly Column[], at: number, kind: ColumnKind): number {
  const last = at + (SHIFTS.get(kind) ?? 0);
  for (let index = at; index <= last; index++) if (row[index]?.kind === kind) return index;
  return -1;
}

/** A kind that most forms have at this column or shortly after; their rows are moved so that it is here. */
function alignShifted(rows: Column[][], at: number): ColumnKind {
  for (const kind of SHIFTS.keys()) {
    const places = rows.map((row) => findShifted(row, at, kind));
    if (places.filter((place) => place >= 0).length < WANTED_SHARE * rows.length) continue;
    for (const [index, place] of places.entries()) if (place > at) rows[index]?.splice(at, place - at);
    return kind;
  }
  return 'word';
}

/** Kinds of the columns that make up the header. */
function layoutOf(rows: Column[][]): ColumnKind[] {
  const kinds: ColumnKind[] = [];
  let length = 0;
  for (let at = 0; at < MAX_COLUMNS && at - length <= MAX_LOOSE; at++) {
    const agreed = agreedKind(rows, at);
    const kind = agreed === 'word' && at > 0 ? alignShifted(rows, at) : agreed;
    kinds.push(kind);
    if (kind === 'word') continue;
    length = at + 1;
    // A label names who speaks; what follows is what is said.
    if (kind === 'label') break;
  }
  const header = kinds.slice(0, length);
  return header.includes('time') || header.includes('level') ? header : [];
}

/** Offset of the message, or 0 where the line has another header or none. */
function messageStart(columns: readonly Column[], layout: readonly ColumnKind[]): number {
  let at = 0;
  let start = 0;
  for (const kind of layout) {
    const column = columns[at];
    if (column === undefined) return start;
    if (column.kind === kind || kind === 'word' || (kind === 'level' && column.kind === 'word')) {
      start = column.next;
      at++;
    } else if (SHIFTS.has(kind)) {
      // Names of several words: `Some Helper[12]:`.
      const found = findShifted(columns, at, kind);
      if (found >= 0) {
        start = columns[found]?.next ?? start;
        at = found + 1;
      } else if (kind === 'label') {
        return start;
      }
    } else if (kind === 'time' || (kind === 'number' && at === 0)) {
      return 0;
    }
  }
  return start;
}

/**
 * Finds the columns that nearly all lines of a log begin with (times, levels, numbers of processes, names in
 * brackets or before a colon) from a sample of its lines, and gives a function that takes them off. Lines
 * that begin otherwise are left whole, as are all lines of a log without such columns.
 */
export function learnHeader(lines: Iterable<string>): HeaderStripper {
  const sample = sampleOf(lines);
  const piped = sample.filter((line) => (line.slice(0, 120).match(/\S\|/g)?.length ?? 0) >= 2).length;
  const separators = piped >= WANTED_SHARE * sample.length ? BLANKS_AND_BARS : BLANKS;
  const rows = sample
    .map((line) => columnsOf(line, separators, MAX_COLUMNS))
    .filter((row) => row.slice(0, 8).some(({ kind }) => kind === 'time' || kind === 'level'));
  if (rows.length < MIN_SAMPLE || rows.length < sample.length * 0.3) return (line) => line;
  const layout = layoutOf(rows);
  if (layout.length === 0) return (line) => line;
  // Further columns are the message's.
  const most = layout.reduce((sum, kind) => sum + 1 + (SHIFTS.get(kind) ?? 0), 0);
  return (line) => line.slice(messageStart(columnsOf(line, separators, Math.min(MAX_COLUMNS, most)), layout));
}
