/*
 * No split expression of any encoding puts a letter or digit and a blank after it into one piece, and
 * none looks back. Text cut between the two counts the same in two parts as in one. (Other places are
 * not safe: o200k takes line ends and slashes into the punctuation before them, and every encoding
 * looks at what follows a run of blanks.)
 */

function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/**
 * A place at which UTF-8 bytes can be cut without changing their count: the last one within `most`
 * bytes of `start`, else the first one after, else the end. `most` is at least 1.
 */
export function safeSplit(bytes: Uint8Array, start: number, most: number): number {
  const target = start + most;
  if (target >= bytes.length) return bytes.length;
  for (let at = target; at > start + 1; at--) {
    if (isBlank(bytes[at] as number) && isWord(bytes[at - 1] as number)) return at;
  }
  for (let at = target + 1; at < bytes.length; at++) {
    if (isBlank(bytes[at] as number) && isWord(bytes[at - 1] as number)) return at;
  }
  return bytes.length;
}

/** `safeSplit` for text, in characters. */
export function safeSplitText(text: string, start: number, most: number): number {
  const target = start + most;
  if (target >= text.length) return text.length;
  for (let at = target; at > start + 1; at--) {
    if (isBlank(text.charCodeAt(at)) && isWord(text.charCodeAt(at - 1))) return at;
  }
  for (let at = target + 1; at < text.length; at++) {
    if (isBlank(text.charCodeAt(at)) && isWord(text.charCodeAt(at - 1))) return at;
  }
  return text.length;
}
