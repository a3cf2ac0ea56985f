import {
  CLASS_MASK,
  type CodePoints,
  LETTER,
  LOWER,
  MARK,
  NEWLINE,
  NUMBER,
  OTHER,
  SPACE,
  UPPER,
} from './code-points.ts';

/**
 * The end of the piece that starts at `start` in valid UTF-8, where `end` is the end of the text.
 * Pieces are what an encoding's split expression matches one after the other; merges never cross them.
 */
export type PieceScanner = (bytes: Uint8Array, start: number, end: number) => number;

const APOSTROPHE = 39;
const BLANK = 32;
const SLASH = 47;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** Bit that turns an ASCII capital into its small letter. */
const SMALL = 32;
const WIDTH_SHIFT = 4;

/** Length in bytes of 's 't 'm 'd 're 've 'll at `at`, or 0; `fold` is `SMALL` to ignore case. */
function contraction(bytes: Uint8Array, at: number, fold: number): number {
  if (bytes[at] !== APOSTROPHE) return 0;
  const first = (bytes[at + 1] as number) | fold;
  if (first === 0x73 || first === 0x74 || first === 0x6d || first === 0x64) return 2;
  const second = (bytes[at + 2] as number) | fold;
  if ((first === 0x72 || first === 0x76) && second === 0x65) return 3;
  if (first === 0x6c && second === 0x6c) return 3;
  // U+017F, the long s, is an s where case is ignored.
  if (fold === SMALL && bytes[at + 1] === 0xc5 && bytes[at + 2] === 0xbf) return 3;
  return 0;
}

/** Where contraction may read past `end`: only when all of it lies inside the text does it count. */
function afterContraction(bytes: Uint8Array, at: number, end: number): number {
  const length = contraction(bytes, at, SMALL);
  return at + length <= end ? at + length : at;
}

/** `\s*[\r\n]+|\s+(?!\S)|\s+`; without `newlines` the first arm is absent. */
function createBlankScanner(points: CodePoints, newlines: boolean): PieceScanner {
  return (bytes, start, end) => {
    let position = start;
    let last = start;
    let afterNewline = -1;
    while (position < end) {
      const info = points.at(bytes, position);
      const kind = info & CLASS_MASK;
      if (kind !== SPACE && kind !== NEWLINE) break;
      last = position;
      position += info >> WIDTH_SHIFT;
      if (kind === NEWLINE && newlines) afterNewline = position;
    }
    if (afterNewline >= 0) return afterNewline;
    // The last blank belongs to the word that follows, unless it is the only one.
    return position === end || last === start ? position : last;
  };
}

/** `\p{N}{1,3}` */
function createNumberScanner(points: CodePoints): PieceScanner {
  return (bytes, start, end) => {
    let position = start;
    for (let count = 0; position < end && count < 3; count++) {
      const info = points.at(bytes, position);
      if ((info & CLASS_MASK) !== NUMBER) break;
      position += info >> WIDTH_SHIFT;
    }
    return position;
  };
}

/** `[^\s\p{L}\p{N}]+[\r\n]*`; with `slash` the tail takes slashes too. */
function createOtherScanner(points: CodePoints, slash: boolean): PieceScanner {
  return (bytes, start, end) => {
    let position = start;
    while (position < end) {
      const info = points.at(bytes, position);
      const kind = info & CLASS_MASK;
      if (kind !== OTHER && kind !== MARK) break;
      position += info >> WIDTH_SHIFT;
    }
    for (; position < end; position++) {
      const byte = bytes[position];
      if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN && !(slash && byte === SLASH)) break;
    }
    return position;
  };
}

/** Returns the scanner of o200k_base and o200k_harmony: words break where a capital follows a small letter. */
export function createO200kScanner(points: CodePoints): PieceScanner {
  const blankEnd = createBlankScanner(points, true);
  const numbersEnd = createNumberScanner(points);
  const otherEnd = createOtherScanner(points, true);

  const wordEnd = (bytes: Uint8Array, start: number, end: number): number => {
    let position = start;
    let afterCaseless = -1;
    let kind = OTHER;
    while (position < end) {
      const info = points.at(bytes, position);
      kind = info & CLASS_MASK;
      if (kind < MARK || kind > UPPER) break;
      position += info >> WIDTH_SHIFT;
      if (kind !== UPPER) afterCaseless = position;
      kind = OTHER;
    }
    if (kind === LOWER) {
      while (position < end) {
        const info = points.at(bytes, position);
        kind = info & CLASS_MASK;
        if (kind < MARK || kind === UPPER) break;
        position += info >> WIDTH_SHIFT;
      }
    } else if (afterCaseless >= 0) {
      // The expression gives capitals back until a letter without case ends the word.
      position = afterCaseless;
    }
    return bytes[position] === APOSTROPHE ? afterContraction(bytes, position, end) : position;
  };

  return (bytes, start, end) => {
    const first = points.at(bytes, start);
    const kind = first & CLASS_MASK;
    if (kind >= MARK) return wordEnd(bytes, start, end);
    if (kind === NUMBER) return numbersEnd(bytes, start, end);
    const next = start + (first >> WIDTH_SHIFT);
    if (kind !== NEWLINE && next < end) {
      const following = points.at(bytes, next) & CLASS_MASK;
      if (following >= MARK) return wordEnd(bytes, next, end);
      if (following === OTHER && bytes[start] === BLANK) return otherEnd(bytes, next, end);
    }
    if (kind === OTHER) return otherEnd(bytes, start, end);
    return blankEnd(bytes, start, end);
  };
}

/** Returns the scanner of cl100k_base. */
export function createCl100kScanner(points: CodePoints): PieceScanner {
  const blankEnd = createBlankScanner(points, true);
  const numbersEnd = createNumberScanner(points);
  const otherEnd = createOtherScanner(points, false);
  const lettersEnd = (bytes: Uint8Array, start: number, end: number): number => {
    let position = start;
    while (position < end) {
      const info = points.at(bytes, position);
      if ((info & CLASS_MASK) < LETTER) break;
      position += info >> WIDTH_SHIFT;
    }
    return position;
  };

  return (bytes, start, end) => {
    const first = points.at(bytes, start);
    const kind = first & CLASS_MASK;
    if (kind >= LETTER) return lettersEnd(bytes, start, end);
    if (kind === NUMBER) return numbersEnd(bytes, start, end);
    if (bytes[start] === APOSTROPHE) {
      const after = afterContraction(bytes, start, end);
      if (after > start) return after;
    }
    const next = start + (first >> WIDTH_SHIFT);
    if (kind !== NEWLINE && next < end) {
      const following = points.at(bytes, next) & CLASS_MASK;
      if (following >= LETTER) return lettersEnd(bytes, next, end);
      if (bytes[start] === BLANK && (following === OTHER || following === MARK)) {
        return otherEnd(bytes, next, end);
      }
    }
    if (kind === OTHER || kind === MARK) return otherEnd(bytes, start, end);
    return blankEnd(bytes, start, end);
  };
}

/** Returns the scanner of p50k_base. */
export function createP50kScanner(points: CodePoints): PieceScanner {
  const blankEnd = createBlankScanner(points, false);
  const groupOf = (kind: number): number => (kind >= LETTER ? LETTER : kind === MARK ? OTHER : kind);

  return (bytes, start, end) => {
    if (bytes[start] === APOSTROPHE) {
      const length = contraction(bytes, start, 0);
      if (length > 0 && start + length <= end) return start + length;
    }
    const first = points.at(bytes, start);
    let group = groupOf(first & CLASS_MASK);
    let position = start + (first >> WIDTH_SHIFT);
    if (bytes[start] === BLANK && position < end) {
      const info = points.at(bytes, position);
      group = groupOf(info & CLASS_MASK);
      if (group !== SPACE && group !== NEWLINE) position += info >> WIDTH_SHIFT;
    }
    if (group === SPACE || group === NEWLINE) {
      return blankEnd(bytes, start, end);
    }
    while (position < end) {
      const info = points.at(bytes, position);
      if (groupOf(info & CLASS_MASK) !== group) break;
      position += info >> WIDTH_SHIFT;
    }
    return position;
  };
}
