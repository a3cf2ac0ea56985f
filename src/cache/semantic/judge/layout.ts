/**
 * How the lines of a text are indented and how much stands on each: in code and in lists that says what belongs to
 * what. Empty for a text without indented lines.
 */
export function layoutOf(text: string): string {
  if (!/\n[ \t]+\S/.test(text)) return '';
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `${/^[ \t]*/.exec(line)?.[0] ?? ''}${line.trim().split(/\s+/).length}`)
    .join('\n');
}
