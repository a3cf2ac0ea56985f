import type { LogGap } from '../../contract/index.ts';
import type { GapContents } from './gap-contents.ts';
import { describeGap } from './gap-text.ts';

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
  readonly contentOf: GapContents;
}

/** Writes the kept lines under a header, with a mark for each gap that says what it holds. @throws AbortedError */
export async function render(kept: readonly KeptLine[], options: RenderOptions): Promise<Rendered> {
  const parts = options.header === '' ? [] : [options.header];
  const gaps: LogGap[] = [];
  let next = 0;
  const leaveOut = async (from: number, to: number): Promise<void> => {
    if (to <= from) return;
    const content = await options.contentOf(from, to);
    gaps.push({ firstLine: from + 1, lastLine: to, lines: to - from, templates: content.shapes });
    // Blank lines are counted, so that every line is kept or in a gap, but no mark is worth its tokens.
    if (content.blanks < to - from) parts.push(describeGap(from, to, content));
  };
  for (const { line, text } of kept) {
    await leaveOut(next, line);
    parts.push(text);
    next = line + 1;
  }
  await leaveOut(next, options.lineCount);
  return { text: parts.join('\n'), gaps };
}
