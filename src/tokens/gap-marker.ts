import type { TextLines } from './text-lines.ts';

/** What was left out: offsets in the text. */
export interface Gap {
  readonly start: number;
  readonly end: number;
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function wordsIn(text: string, gap: Gap): number {
  let words = 0;
  let inWord = false;
  for (let i = gap.start; i < gap.end; i++) {
    const code = text.charCodeAt(i);
    const isBlank = code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x3000;
    if (!isBlank && !inWord) words++;
    inWord = !isBlank;
  }
  return words;
}

/** Characters as people count them: a surrogate pair is one. */
function charactersIn(text: string, gap: Gap): number {
  let characters = gap.end - gap.start;
  for (let i = gap.start; i < gap.end; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xdc00 && code <= 0xdfff) characters--;
  }
  return characters;
}

function where(lines: TextLines, gap: Gap): string {
  const first = lines.lineAt(gap.start) + 1;
  const last = lines.lineAt(Math.max(gap.start, gap.end - 1)) + 1;
  return first === last ? `line ${first}` : `lines ${first}-${last}`;
}

/** Forms of the marker of a gap, from the one that says most to the shortest. */
export const describeGap: readonly ((lines: TextLines, gap: Gap) => string)[] = [
  (lines, gap) => {
    const amount = `${plural(wordsIn(lines.text, gap), 'word')}, ${plural(charactersIn(lines.text, gap), 'character')}`;
    return `[... left out: ${where(lines, gap)} of ${lines.size}, ${amount} ...]`;
  },
  (lines, gap) =>
    `[... ${where(lines, gap)}: ${plural(charactersIn(lines.text, gap), 'character')} left out ...]`,
  (lines, gap) => `[${plural(charactersIn(lines.text, gap), 'character')} left out]`,
  () => '[...]',
  () => '…',
];
