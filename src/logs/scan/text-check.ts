/** Bytes that are looked at to tell text from anything else. */
export const HEAD_BYTES = 65_536;
/** More control bytes than one in so many, and it is no text. */
const CONTROL_SHARE = 3;

/** Tab, line feed, carriage return, backspace, bell, form feed and escape occur in logs. */
const USUAL = new Set([7, 8, 9, 10, 12, 13, 27]);

/** Says why the beginning of a file is no text; `undefined` when it is. */
export function whyBinary(head: Uint8Array): string | undefined {
  const nul = head.indexOf(0);
  if (nul >= 0) return `byte ${nul} is NUL`;
  let control = 0;
  for (const byte of head) if (byte < 32 && !USUAL.has(byte)) control++;
  return control * CONTROL_SHARE > head.length
    ? `${control} of its first ${head.length} bytes are control bytes`
    : undefined;
}

/** How the bytes of a log are to be read, by its first bytes. */
export type Form = 'plain' | 'utf8-bom' | 'utf-16le' | 'utf-16be' | 'gzip' | 'zstd';

const MAGIC: readonly (readonly [Form, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['utf8-bom', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Bytes of the longest of these marks. */
export const MARK_BYTES = 4;

/** Tells the form by magic bytes and byte order marks. */
export function formOf(head: Uint8Array): Form {
  const marked = MAGIC.find(([, magic]) => magic.every((byte, index) => head[index] === byte))?.[0];
  return marked ?? wideForm(head) ?? 'plain';
}

/** UTF-16 without a mark, where the first two characters are ASCII. */
function wideForm(head: Uint8Array): Form | undefined {
  const [a, b, c, d] = head;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  if (a === 0 && c === 0 && isAscii(b) && isAscii(d)) return 'utf-16be';
  return b === 0 && d === 0 && isAscii(a) && isAscii(c) ? 'utf-16le' : undefined;
}

function isAscii(byte: number): boolean {
  return (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13;
}
