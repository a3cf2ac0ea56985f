import type { Alignment } from '../align.ts';
import type { Analysis, Word } from '../analysis.ts';
import type { Relations } from '../relations.ts';

/** Two texts that are not the same, and what of them stands for each other. */
export interface Pair {
  readonly a: Analysis;
  readonly b: Analysis;
  readonly alignment: Alignment;
  readonly relations: Pick<Relations, 'areOpposites'>;
}

/** Says what keeps two texts from sharing an answer; null when it sees nothing. */
export type Gate = (pair: Pair) => string | null;

/** `"x" / "y"`, with `-` for nothing. */
export function versus(x: readonly string[], y: readonly string[]): string {
  return `${said(x)} / ${said(y)}`;
}

/** The words of both sides without a counterpart that a test picks; null when there are none. */
export function loneWords({ alignment }: Pair, picks: (word: Word) => boolean): string | null {
  const a = alignment.onlyA.filter(picks);
  const b = alignment.onlyB.filter(picks);
  return a.length + b.length === 0
    ? null
    : versus(
        a.map(({ text }) => text),
        b.map(({ text }) => text),
      );
}

function said(words: readonly string[]): string {
  return words.length === 0 ? '-' : `"${words.join(' ')}"`;
}
