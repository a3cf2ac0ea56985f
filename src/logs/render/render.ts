import type { LogGap } from '../../contract/index.ts';
import { describeGap, type GapContent } from './gap-text.ts';

/** A line that is kept. */
export interface KeptLine {
  /** 0-based. */
  readonly line: number;
  readonly text: string;
}

/** A text and what was left out of it. */
export interface Rendered {
  readonly text: string;
  readonly gaps: readonly LogGap[];
}

export interface RenderOptions {
  readonly header: string;
  readonly lineCount: number;
  /** What stands in the lines `from` to `to` (exclusive). */
  readonly contentOf: (from: number, to: number) => GapContent;
}

/** Writes the kept lines under a header, with a mark for each gap that says what it holds. */
export function render(kept: readonly KeptLine[], options: RenderOptions): Rendered {
  const parts = options.header === '' ? [] : [options.header];
  const gaps: LogGap[] = [];
  let next = 0;
  const leaveOut = (from: number, to: number): void => {
    if (to <= from) return;
    const content = options.contentOf(from, to);
    gaps.push({ firstLine: from + 1, lastLine: to, lines: to - from, templates: content.shapes });
    // Blank lines are counted, so that every line is kept or in a gap, but no mark is worth its tokens.
    if (content.blanks < to - from) parts.push(describeGap(from, to, content));
  };
  for (const { line, text } of kept) {
    leaveOut(next, line);
    parts.push(text);
    next = line + 1;
  }
  leaveOut(next, options.lineCount);
  return { text: parts.join('\n'), gaps };
}
