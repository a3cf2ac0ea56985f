import { impliedSteps } from './implied.ts';
import type { ToolTurn } from './options.ts';
import { splitSteps } from './steps.ts';

/** Characters that ranking reads, half from the head and half from the tail; names are looked for in all of it. */
const MOST_CHARS = 8_000;
/** Characters of what a tool answered, and of earlier turns, that can matter for what comes next. */
const MOST_ANSWER_CHARS = 300;
const MOST_TURNS = 6;

/** What a selection is made for. */
export interface ReadQuery {
  /** The request, short enough to rank by. */
  readonly text: string;
  readonly steps: readonly string[];
  /** Steps that the request implies without naming them. */
  readonly implied: readonly string[];
  /** What came before the request: the turns between. Counts less. */
  readonly context: readonly string[];
  /** Everything that may name a tool. */
  readonly mentions: readonly string[];
  /** Tools that the turns called, oldest first. */
  readonly calls: readonly string[];
  readonly isCut: boolean;
}

/** Reads a text or the recent turns: the last request counts most, then what was said and answered since. */
export function readQuery(query: string | readonly ToolTurn[]): ReadQuery {
  if (typeof query === 'string') return { ...cut(query), context: [], mentions: [query], calls: [] };
  const last = query.findLastIndex(({ role, text }) => role === 'user' && text.trim() !== '');
  const request = last < 0 ? '' : (query[last]?.text ?? '');
  const since = query.slice(last + 1).slice(-MOST_TURNS);
  const before = last > 0 ? query.slice(0, last).findLast(({ role }) => role === 'user') : undefined;
  const context = since
    .map(({ role, text }) =>
      role === 'tool' ? text.slice(0, MOST_ANSWER_CHARS) : text.slice(-MOST_CHARS / 8),
    )
    .filter((text) => text.trim() !== '');
  // "yes, do that" is read with the request it answers.
  if (before !== undefined && request.length < 60) context.unshift(before.text.slice(0, MOST_CHARS / 4));
  return {
    ...cut(request),
    context,
    mentions: query.filter(({ role }) => role !== 'tool').map(({ text }) => text),
    calls: query.flatMap(({ calls }) => calls ?? []),
  };
}

function cut(text: string): Pick<ReadQuery, 'text' | 'steps' | 'implied' | 'isCut'> {
  const isCut = text.length > MOST_CHARS;
  const read = isCut ? `${text.slice(0, MOST_CHARS / 2)}\n${text.slice(-MOST_CHARS / 2)}` : text;
  return { text: read, steps: splitSteps(read), implied: impliedSteps(read), isCut };
}
