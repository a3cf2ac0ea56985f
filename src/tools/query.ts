import { impliedSteps } from './implied.ts';
import type { ToolTurn } from './options.ts';
import { splitSteps } from './steps.ts';

/** Characters that ranking reads, half from the head and half from the tail; names are looked for in all of it. */
const MOST_CHARS = 8_000;
/** Characters of what a tool answered, and of earlier turns, that can matter for what comes next. */
const MOST_ANSWER_CHARS = 300;
const MOST_SUBGOAL_CHARS = 1_000;
const MOST_TURNS = 6;
/** A request this short is read with the one before: "yes, do that". */
const SHORT_REQUEST = 60;
/** A run this long is data, not words: an identifier, a sequence, an encoded file. Addresses and paths are cut. */
const DATA = /[!-~]{48,}/g;
const MOST_ADDRESS_CHARS = 80;
const FAILED = /\b(?:error|exception|fail(?:ed|ure)?|denied|invalid|missing|not found|unknown)\b/iu;
const MOST_BEFORE_FAILED = 120;

/** How much each kind of part counts; a request that was split counts less as a whole than its steps. */
const WHOLE_OF_STEPS = 0.4;
const IMPLIED = 0.4;
const WEIGHTS = { subgoal: 0.7, error: 0.5, before: 0.5, said: 0.2, answer: 0.15 } as const;

/** A part of the request that tools are matched with. */
export interface Part {
  readonly text: string;
  /** How much it counts beside the others, above 0. */
  readonly weight: number;
  readonly kind: 'whole' | 'step' | 'implied' | 'context';
}

/** What a selection is made for. */
export interface ReadQuery {
  /** The request, short enough to rank by. */
  readonly text: string;
  readonly steps: readonly string[];
  /** The whole request first, then its steps where there are several, what it implies, the turns since. */
  readonly parts: readonly Part[];
  /** Everything that may name a tool. */
  readonly mentions: readonly string[];
  /** Tools that the turns called, oldest first. */
  readonly calls: readonly string[];
  /** Those since the last request, oldest first. */
  readonly callsSince: readonly string[];
  readonly isCut: boolean;
}

/** Reads a text or the recent turns: the last request counts most, then what the model said it would do next. */
export function readQuery(query: string | readonly ToolTurn[]): ReadQuery {
  if (typeof query === 'string') return { ...cut(query, []), mentions: [query], calls: [], callsSince: [] };
  const last = query.findLastIndex(({ role, text }) => role === 'user' && text.trim() !== '');
  const request = last < 0 ? '' : (query[last]?.text ?? '');
  const before = last > 0 ? query.slice(0, last).findLast(({ role }) => role === 'user') : undefined;
  const since = query.slice(last + 1);
  const context = contextOf(since.slice(-MOST_TURNS));
  if (before !== undefined && request.length < SHORT_REQUEST) {
    context.unshift(contextPart(before.text.slice(0, MOST_CHARS / 4), 'before'));
  }
  return {
    ...cut(request, context),
    mentions: query.filter(({ role }) => role !== 'tool').map(({ text }) => text),
    calls: query.flatMap(({ calls }) => calls ?? []),
    callsSince: since.flatMap(({ calls }) => calls ?? []),
  };
}

/** What came since the request: what the model last set out to do, and what failed, count most. */
function contextOf(turns: readonly ToolTurn[]): Part[] {
  const subgoal = turns.findLastIndex(({ role, text }) => role === 'assistant' && text.trim() !== '');
  const parts: Part[] = [];
  for (const [at, { role, text }] of turns.entries()) {
    if (role !== 'tool') {
      parts.push(contextPart(text.slice(-MOST_SUBGOAL_CHARS), at === subgoal ? 'subgoal' : 'said'));
      continue;
    }
    const failed = at > subgoal - 2 ? failureIn(text.slice(0, MOST_CHARS)) : undefined;
    const isError = failed !== undefined && at === turns.length - 1;
    parts.push(contextPart((failed ?? text).slice(0, MOST_ANSWER_CHARS), isError ? 'error' : 'answer'));
  }
  return parts.filter(({ text }) => text.trim() !== '');
}

/** The line, or what of it is near the first word of failure. */
function failureIn(text: string): string | undefined {
  const at = FAILED.exec(text)?.index;
  if (at === undefined) return undefined;
  const before = text.slice(Math.max(0, at - MOST_BEFORE_FAILED), at);
  const start = at - before.length + before.lastIndexOf('\n') + 1;
  return text.slice(start, start + MOST_ANSWER_CHARS).split('\n', 1)[0];
}

function contextPart(text: string, kind: keyof typeof WEIGHTS): Part {
  return { text: withoutData(text), weight: WEIGHTS[kind], kind: 'context' };
}

function cut(
  request: string,
  context: readonly Part[],
): Pick<ReadQuery, 'text' | 'steps' | 'parts' | 'isCut'> {
  const isCut = request.length > MOST_CHARS;
  const ends = isCut ? `${request.slice(0, MOST_CHARS / 2)}\n${request.slice(-MOST_CHARS / 2)}` : request;
  const text = withoutData(ends);
  const steps = splitSteps(text);
  const isStepped = steps.length > 1;
  return {
    text,
    steps,
    isCut,
    parts: [
      { text, weight: isStepped ? WHOLE_OF_STEPS : 1, kind: 'whole' },
      ...(isStepped ? steps.map((step): Part => ({ text: step, weight: 1, kind: 'step' })) : []),
      ...impliedSteps(text).map((step): Part => ({ text: step, weight: IMPLIED, kind: 'implied' })),
      ...context,
    ],
  };
}

function withoutData(text: string): string {
  return text.replace(DATA, (run) => {
    if (/^[(<"']*https?:\/\//u.test(run)) return run.slice(0, MOST_ADDRESS_CHARS);
    return /^[\w./\\:~-]+$/u.test(run) && /\w[./\\-]\w/u.test(run) && run.length < 200 ? run : ' ';
  });
}
