import type { LineRole } from '../recognise/index.ts';

/** What lines that were left out hold: how many of each role, and of how many shapes. */
export interface GapContent {
  readonly roles: Readonly<Partial<Record<LineRole, number>>>;
  readonly shapes: number;
  /** Lines without any text. */
  readonly blanks: number;
}

/** Roles worth naming, in that order, with their words for one and for many. */
const NAMED: readonly (readonly [readonly LineRole[], string, string])[] = [
  [['failure'], 'failure', 'failures'],
  [['error', 'cause'], 'error', 'errors'],
  [['warning'], 'warning', 'warnings'],
  [['frame'], 'frame', 'frames'],
  [['pass'], 'passed', 'passed'],
];

/** The mark of a gap: `[… 2239 lines, 1283-3521: 12 warnings, 1900 passed]`; line numbers are 1-based. */
export function describeGap(from: number, to: number, content: GapContent): string {
  const lines = to - from;
  const place = lines === 1 ? `${to}` : `${from + 1}-${to}`;
  const what = namesOf(content);
  return `[… ${lines} ${lines === 1 ? 'line' : 'lines'}, ${place}${what === '' ? '' : `: ${what}`}]`;
}

function namesOf({ roles }: GapContent): string {
  const names: string[] = [];
  for (const [members, one, many] of NAMED) {
    let count = 0;
    for (const role of members) count += roles[role] ?? 0;
    if (count > 0) names.push(`${count} ${count === 1 ? one : many}`);
  }
  return names.slice(0, 3).join(', ');
}
