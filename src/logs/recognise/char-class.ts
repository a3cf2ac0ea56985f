/** What `\w` stands for, in lower case. */
export const WORD = 'abcdefghijklmnopqrstuvwxyz0123456789_';

/** The characters of a class without its brackets; `null` where they cannot be told. */
export function membersOf(source: string): string | null {
  let found = '';
  for (let at = 0; at < source.length; at += 1) {
    let one = source[at] ?? '';
    if (one === '\\') {
      at += 1;
      one = source[at] ?? '';
      const set = { w: WORD, d: '0123456789', s: ' \t' }[one];
      if (set === undefined && /[A-Za-z0-9]/.test(one)) return null;
      found += set ?? one;
      continue;
    }
    const until = source[at + 1] === '-' ? source[at + 2] : undefined;
    if (until === undefined) found += one;
    else {
      for (let code = one.charCodeAt(0); code <= until.charCodeAt(0); code += 1) {
        found += String.fromCharCode(code);
      }
      at += 2;
    }
  }
  return found;
}
