import type { LogError } from '../../contract/index.ts';
import type { Chosen } from '../choose.ts';

/** Notes under single errors, and the share of the budget they may have; beyond that one line tells of all. */
const MOST_NOTES = 10;
const MOST_SHARE = 0.05;
/** Share of the budget that is set aside for them at most: about the tokens of one or two ordinary lines. */
const ROOM_SHARE = 0.04;

/** An error that was there in earlier logs. */
type Known = LogError & Required<Pick<LogError, 'seenRuns' | 'firstSeen'>>;

/** What bounds the notes. */
export interface NoteOptions {
  readonly budget: number;
  readonly count: (text: string) => number;
  /** The line above the kept lines; empty where there is none. */
  readonly header: string;
}

/** Tokens to set aside for what is said of errors that earlier logs had; 0 where the budget is needed for lines. */
export function roomForNotes(
  errors: readonly LogError[],
  { budget, count }: Pick<NoteOptions, 'budget' | 'count'>,
): number {
  const known = errors.filter(isKnown);
  if (known.length === 0) return 0;
  const texts = [
    ...(known.length > MOST_NOTES ? [] : [known.map(noteOf).join('\n')]),
    summaryOf(known, errors.length),
  ];
  return texts.map((text) => count(`\n${text}`)).find((tokens) => tokens <= budget * ROOM_SHARE) ?? 0;
}

/**
 * Says of the errors that stand in a text which of them earlier logs had, as far as the budget has room: under
 * each of them, or in one line for all. A note stands beside what an error says, and in place of nothing.
 */
export function withNotes(chosen: Chosen, errors: readonly LogError[], options: NoteOptions): Chosen {
  const kept = new Set(chosen.kept.map(({ line }) => line + 1));
  const shown = errors.filter(({ firstLine }) => kept.has(firstLine));
  const known = shown.filter(isKnown);
  if (known.length === 0) return chosen;
  const spare = options.budget - chosen.tokens;
  const fits = (text: string | undefined, most: number): Chosen | undefined => {
    if (text === undefined) return undefined;
    const tokens = options.count(text);
    return tokens - chosen.tokens <= most ? { ...chosen, text, tokens } : undefined;
  };
  const under =
    known.length > MOST_NOTES
      ? undefined
      : fits(notesUnder(chosen, known, options.header), Math.min(spare, roomOf(options)));
  return under ?? fits(summaryAbove(chosen, summaryOf(known, shown.length), options.header), spare) ?? chosen;
}

const roomOf = ({ budget }: NoteOptions): number => Math.ceil(budget * MOST_SHARE);

function isKnown(error: LogError): error is Known {
  return error.seenRuns !== undefined && error.firstSeen !== undefined;
}

/** `[seen in 14 runs since 2026-05-01]` */
function noteOf({ seenRuns, firstSeen }: Known): string {
  return `[seen in ${seenRuns} ${seenRuns === 1 ? 'run' : 'runs'} since ${dayOf(firstSeen)}]`;
}

const WHO: Readonly<Record<number, string>> = { 1: 'the error', 2: 'both errors' };

/** `[3 of 5 errors: seen in 1-14 runs since 2026-05-01]` */
function summaryOf(known: readonly Known[], all: number): string {
  const runs = known.map(({ seenRuns }) => seenRuns);
  const [least, most] = [Math.min(...runs), Math.max(...runs)];
  const times = least === most ? `${most}` : `${least}-${most}`;
  const since = dayOf(Math.min(...known.map(({ firstSeen }) => firstSeen)));
  const who = known.length < all ? `${known.length} of ${all} errors` : (WHO[all] ?? `all ${all} errors`);
  return `[${who}: seen in ${times} ${most === 1 ? 'run' : 'runs'} since ${since}]`;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function summaryAbove({ text }: Chosen, summary: string, header: string): string {
  if (header === '' || !text.startsWith(`${header}\n`)) return `${summary}\n${text}`;
  return `${header}\n${summary}${text.slice(header.length)}`;
}

/** The text with a note under the first line of each known error; `undefined` where a line is not found. */
function notesUnder({ text, kept }: Chosen, known: readonly Known[], header: string): string | undefined {
  const notes = new Map(known.map((error) => [error.firstLine - 1, noteOf(error)]));
  let made = '';
  let from = 0;
  let at = header === '' ? 0 : header.length + 1;
  for (const { line, text: shown } of kept) {
    // Lines are looked for one after the other, so that each is found where it stands.
    const start = startOfLine(text, shown, at);
    if (start === undefined) return undefined;
    at = start + shown.length;
    const note = notes.get(line);
    if (note === undefined) continue;
    made += `${text.slice(from, at)}\n${note}`;
    from = at;
  }
  return made + text.slice(from);
}

function startOfLine(text: string, line: string, from: number): number | undefined {
  for (let at = text.indexOf(line, from); at !== -1; at = text.indexOf(line, at + 1)) {
    const end = at + line.length;
    if ((at === 0 || text[at - 1] === '\n') && (end === text.length || text[end] === '\n')) return at;
  }
  return undefined;
}
