import type { Chosen } from './choose.ts';
import { stripColours } from './recognise/index.ts';
import type { KeptLine } from './render/render.ts';
import type { ScannedLog } from './scan/index.ts';

/** How a result is held against the log it was made of. */
export interface WholeOptions {
  readonly budget: number;
  readonly count: (text: string) => number;
  /** Tokens of the log, perhaps estimated. */
  readonly inputTokens: number;
  readonly header: string;
  /** The caller does not want all lines, whatever the budget. */
  readonly isFiltered: boolean;
}

/** The estimate of a log that might fit may be wrong by so much. */
const ESTIMATE_SLACK = 1.25;

/**
 * The log itself where it fits and has no more tokens than what was made of it: a result is never larger than
 * its input. Where not even the header fits, the shortest mark of what is missing.
 */
export function smallerOf(chosen: Chosen, log: ScannedLog, options: WholeOptions): Chosen {
  const limit = chosen.text === '' ? options.budget : Math.min(options.budget, chosen.tokens);
  if (options.inputTokens <= limit * ESTIMATE_SLACK) {
    const whole = wholeLog(log, options.count);
    if (whole.tokens <= limit) {
      const bare = options.isFiltered ? withoutHeader(chosen, options) : undefined;
      return bare !== undefined && bare.tokens <= whole.tokens ? bare : whole;
    }
  }
  return chosen.text === '' ? markOnly(chosen, log, options) : chosen;
}

/** What was chosen, alone; `undefined` where there was nothing but a header, or not even that. */
function withoutHeader(chosen: Chosen, { header, count }: WholeOptions): Chosen | undefined {
  if (header === '') return chosen.kept.length > 0 ? chosen : undefined;
  if (!chosen.text.startsWith(`${header}\n`)) return undefined;
  const text = chosen.text.slice(header.length + 1);
  return { ...chosen, text, tokens: count(text) };
}

/** All lines; without colours, unless that takes more tokens. */
function wholeLog(log: ScannedLog, count: (text: string) => number): Chosen {
  const lines = log.text(0, log.lineCount);
  const original = asChosen(lines, count);
  const plain = asChosen(lines.map(stripColours), count);
  return plain.tokens <= original.tokens ? plain : original;
}

function asChosen(lines: readonly string[], count: (text: string) => number): Chosen {
  const kept = lines.map((text, line): KeptLine => ({ line, text }));
  const text = lines.join('\n');
  return { text, gaps: [], kept, tokens: count(text) };
}

function markOnly(chosen: Chosen, log: ScannedLog, { budget, count }: WholeOptions): Chosen {
  const lines = `${log.lineCount} ${log.lineCount === 1 ? 'line' : 'lines'}`;
  for (const text of [`[… ${lines}, 1-${log.lineCount}]`, `[… ${lines}]`, '…']) {
    const tokens = count(text);
    if (tokens <= budget) return { ...chosen, text, tokens };
  }
  return chosen;
}
