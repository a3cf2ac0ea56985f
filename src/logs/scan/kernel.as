// The inner loop of the scanner, in AssemblyScript: it finds lines, masks what varies in them and hashes the
// rest. WebAssembly with SIMD does it several times faster than JavaScript. kernel.gen.ts holds what this
// compiles to, so that nobody needs the compiler but who changes this file: node scripts/build-log-kernel.mjs
// does it, and a test fails where the two do not belong together.
//
// What is masked: a leading time and the blanks after it go; so do terminal escapes and trailing blanks; a run
// of digits becomes `0`; so does a run of 8 or more hex digits that has a decimal digit, with the other groups
// of a UUID; a run of blanks and tabs becomes one blank. An escape ends a run of hex digits, and no other.
//
// Memory: lanes | shuffles | the masked line | records of lines | the block of the log, with room behind it.
const LANES: usize = 512;
/** Vectors of one byte each, by that byte: loaded, because constants are made anew in each round of a loop. */
const SPLATS: usize = 3072;
const SHUFFLES: usize = 1024;
const OUT: usize = 4096;
const RECORDS: usize = 24576;
const MOST_RECORDS: i32 = 8192;
const RECORD_BYTES: usize = 16;

/** Of a longer line only so much is masked. */
const MASKED_BYTES: usize = 16384;
const COARSE_WORDS: i32 = 3;
const ID_LENGTH: usize = 8;

const BLANK: u32 = 0x20;
const NUMBER: u32 = 0x30;
const ESCAPE: u32 = 27;
const DASH: u32 = 0x2d;

/** End of the masked line in `OUT`. */
let outEnd: usize = OUT;
let records: i32 = 0;

// @ts-ignore
@inline
function splat(byte: usize): v128 {
  return v128.load(SPLATS + byte * 16);
}

/** Fills in the vectors, and the shuffles: for each set of 8 bytes to keep, where they are. */
export function prepare(): void {
  for (let byte: usize = 0; byte < 62; byte++) v128.store(SPLATS + byte * 16, i8x16.splat(<i8>byte));
  v128.store(SPLATS, i8x16.splat(0x61));
  for (let set: usize = 0; set < 256; set++) {
    let kept: usize = 0;
    for (let bit: usize = 0; bit < 8; bit++) {
      if ((set >> bit) & 1) store<u8>(SHUFFLES + set * 8 + kept++, <u8>bit);
    }
  }
}

// @ts-ignore
@inline
function at8(at: usize): u32 {
  return <u32>load<u8>(at);
}

// @ts-ignore
@inline
function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

// @ts-ignore
@inline
function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26;
}

// @ts-ignore
@inline
function isHex(byte: u32): bool {
  return byte - 0x30 < 10 || (byte | 0x20) - 0x61 < 6;
}

// @ts-ignore
@inline
function isBlank(byte: u32): bool {
  return byte == 0x20 || byte == 9;
}

// @ts-ignore
@inline
function isLineEnd(byte: u32): bool {
  return byte == 10 || byte == 13;
}

/** A bit for each of 16 bytes that is a digit. */
// @ts-ignore
@inline
function digitBitsAt(at: usize): u32 {
  return <u32>i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(at), splat(0x30)), splat(10)));
}

/** A bit for each of 16 bytes that is a hex digit. */
// @ts-ignore
@inline
function hexBitsAt(at: usize): u32 {
  const bytes = v128.load(at);
  const digits = i8x16.lt_u(i8x16.sub(bytes, splat(0x30)), splat(10));
  const letters = i8x16.lt_u(i8x16.sub(v128.or(bytes, splat(0x20)), splat(0)), splat(6));
  return <u32>i8x16.bitmask(v128.or(digits, letters));
}

function hexEnd(from: usize, stop: usize): usize {
  let at = from;
  while (at < stop) {
    const length = <usize>ctz(~hexBitsAt(at) | 0x10000);
    at += length;
    if (length < 16) break;
  }
  return min(at, stop);
}

function hasDigit(from: usize, to: usize): bool {
  for (let at = from; at < to; at += 16) {
    const left = to - at;
    const bits = digitBitsAt(at);
    if ((left < 16 ? bits & ((1 << <u32>left) - 1) : bits) != 0) return true;
  }
  return false;
}

/** Where the other groups of a UUID, `-e29b-41d4-a716-446655440000`, end, or `end`. */
function idEnd(end: usize): usize {
  if (at8(end) != DASH || at8(end + 5) != DASH || at8(end + 10) != DASH || at8(end + 15) != DASH) return end;
  const isUuid = (hexBitsAt(end) & 0x7bde) == 0x7bde && (hexBitsAt(end + 16) & 0xfff) == 0xfff;
  return isUuid ? end + 28 : end;
}

/** End of a terminal escape: CSI (colours, cursor), OSC (titles, links) or two bytes. */
function escapeEnd(from: usize, limit: usize): usize {
  const kind = at8(from + 1);
  let at = from + 2;
  if (kind == 0x5b) {
    for (; at < limit; at++) {
      const byte = at8(at);
      if (isLineEnd(byte)) return at;
      if (byte - 0x40 <= 0x3e) return at + 1;
    }
    return limit;
  }
  if (kind == 0x5d) {
    for (; at < limit; at++) {
      const byte = at8(at);
      if (isLineEnd(byte)) return at;
      if (byte == 7) return at + 1;
      if (byte == ESCAPE) return at8(at + 1) == 0x5c ? min(limit, at + 2) : at;
    }
    return limit;
  }
  return from + 1 >= limit || isLineEnd(kind) ? from + 1 : at;
}

/** Masks the line at `from` into `OUT`; returns where it ends, or `from + MASKED_BYTES`. */
function maskLine(from: usize): usize {
  const stop = from + MASKED_BYTES;
  let at = timestampEnd(from);
  let out = OUT;
  /** Where an id may begin at the earliest, in the output. */
  let first = OUT;
  let wasDigit: u32 = 0;
  let wasBlank: u32 = 0;
  /** Which of the 8 bytes before are hex digits; the highest bit is the last of them. */
  let wasHex: u32 = 0;
  /** End of a run of letters that is no id. */
  let textEnd: usize = 0;
  const zero = splat(0x30);
  const ten = splat(10);
  const blank = splat(0x20);
  const tab = splat(9);
  const six = splat(6);
  const eight = splat(8);
  const carriageReturn = splat(13);
  const escape = splat(27);
  const letterA = splat(0);
  while (at < stop) {
    const bytes = v128.load(at);
    const digits = i8x16.lt_u(i8x16.sub(bytes, zero), ten);
    const blanks = v128.or(i8x16.eq(bytes, blank), i8x16.eq(bytes, tab));
    const letters = i8x16.lt_u(i8x16.sub(v128.or(bytes, blank), letterA), six);
    const ends = v128.or(i8x16.eq(bytes, ten), i8x16.eq(bytes, carriageReturn));
    const specials = v128.or(ends, i8x16.eq(bytes, escape));
    let count = <usize>ctz(<u32>i8x16.bitmask(specials) | 0x10000);
    if (at + count > stop) count = stop - at;
    const digitBits = <u32>i8x16.bitmask(digits);
    const blankBits = <u32>i8x16.bitmask(blanks);
    const hexBits = (digitBits | <u32>i8x16.bitmask(letters)) & ((1 << <u32>count) - 1);
    let near = (hexBits << 8) | wasHex;
    if (textEnd + 8 > at) near &= <u32>(<u64>0xffffffff << min(24, textEnd + 8 - at));
    let runs = near & (near >> 1);
    runs &= runs >> 2;
    runs &= runs >> 4;
    let end: usize = 0;
    let isId = false;
    if (runs != 0) {
      const start = at + <usize>ctz(runs) - 8;
      end = hexEnd(start + 8, stop);
      isId = hasDigit(start, end);
      if (isId) {
        count = start > at ? start - at : 0;
        if (start < at) while (out > first && isHex(at8(out - 1))) out--;
      } else {
        // Letters alone are text.
        textEnd = end;
        count = min(count, end - at);
      }
    }
    const valid = (1 << <u32>count) - 1;
    const dropped = (digitBits & ((digitBits << 1) | wasDigit)) | (blankBits & ((blankBits << 1) | wasBlank));
    const kept = ~dropped & valid;
    const symbols = v128.bitselect(blank, v128.bitselect(zero, bytes, digits), blanks);
    const low = kept & 255;
    const high = kept >> 8;
    v128.store(out, i8x16.swizzle(symbols, v128.load64_zero(SHUFFLES + (<usize>low << 3))));
    out += <usize>popcnt(low);
    v128.store(
      out,
      i8x16.swizzle(symbols, v128.or(v128.load64_zero(SHUFFLES + (<usize>high << 3)), eight)),
    );
    out += <usize>popcnt(high);
    at += count;
    if (count > 0) {
      wasDigit = (digitBits >> <u32>(count - 1)) & 1;
      wasBlank = (blankBits >> <u32>(count - 1)) & 1;
    }
    wasHex = (near >> <u32>count) & 255;
    if (isId) {
      if (out == OUT || at8(out - 1) != NUMBER) store<u8>(out++, <u8>NUMBER);
      at = idEnd(end);
      wasDigit = 1;
      wasBlank = 0;
      wasHex = 0;
      first = out;
    } else if (count < 16 && at < stop) {
      const byte = at8(at);
      if (byte == ESCAPE) {
        at = escapeEnd(at, stop);
        wasHex = 0;
        first = out;
      } else if (isLineEnd(byte)) break;
    }
  }
  if (out > OUT && at8(out - 1) == BLANK) out--;
  outEnd = out;
  return at;
}

// Times at the beginning of a line.

// Of digits and of blanks at most 16 are looked at.

// @ts-ignore
@inline
function digitsEnd(from: usize): usize {
  return from + <usize>ctz(~digitBitsAt(from) | 0x10000);
}

function blanksEnd(from: usize): usize {
  if (!isBlank(at8(from))) return from;
  const bytes = v128.load(from);
  const blanks = v128.or(i8x16.eq(bytes, splat(0x20)), i8x16.eq(bytes, splat(9)));
  return from + <usize>ctz(~(<u32>i8x16.bitmask(blanks)) | 0x10000);
}

// @ts-ignore
@inline
function name(a: u32, b: u32, c: u32): u32 {
  return a | (b << 8) | (c << 16);
}

/** True at the short name of a month or weekday. */
function isNameAt(at: usize): bool {
  switch (load<u32>(at) & 0xffffff) {
    case name(0x4a, 0x61, 0x6e): // Jan
    case name(0x46, 0x65, 0x62): // Feb
    case name(0x4d, 0x61, 0x72): // Mar
    case name(0x41, 0x70, 0x72): // Apr
    case name(0x4d, 0x61, 0x79): // May
    case name(0x4a, 0x75, 0x6e): // Jun
    case name(0x4a, 0x75, 0x6c): // Jul
    case name(0x41, 0x75, 0x67): // Aug
    case name(0x53, 0x65, 0x70): // Sep
    case name(0x4f, 0x63, 0x74): // Oct
    case name(0x4e, 0x6f, 0x76): // Nov
    case name(0x44, 0x65, 0x63): // Dec
    case name(0x4d, 0x6f, 0x6e): // Mon
    case name(0x54, 0x75, 0x65): // Tue
    case name(0x57, 0x65, 0x64): // Wed
    case name(0x54, 0x68, 0x75): // Thu
    case name(0x46, 0x72, 0x69): // Fri
    case name(0x53, 0x61, 0x74): // Sat
    case name(0x53, 0x75, 0x6e): // Sun
      return true;
    default:
      return false;
  }
}

/** End of `Z`, `+02:00`, `+0200` or ` +0200`, or `from`. */
function zoneEnd(from: usize): usize {
  if (at8(from) == 0x5a) return from + 1;
  const sign = blanksEnd(from);
  if (at8(sign) != 0x2b && at8(sign) != DASH) return from;
  const hours = digitsEnd(sign + 1);
  if (hours - sign == 5) return hours;
  if (hours - sign != 3) return from;
  const minutes = at8(hours) == 0x3a ? digitsEnd(hours + 1) : hours;
  if (minutes - hours == 3) return minutes;
  return sign == from ? hours : from;
}

/** End of `12:34:56.789Z`, or 0. */
function timeEnd(from: usize): usize {
  const hours = digitsEnd(from);
  if (hours == from || hours - from > 2 || at8(hours) != 0x3a) return 0;
  return minutesEnd(hours);
}

/** End of the time that goes on with `:34:56.789Z`, or 0. */
function minutesEnd(hours: usize): usize {
  // Where there are digits, and no others: the minutes, and the seconds.
  if ((digitBitsAt(hours) & 0x7f) != 0x36 || at8(hours) != 0x3a || at8(hours + 3) != 0x3a) return 0;
  const seconds = hours + 6;
  const mark = at8(seconds);
  // Some loggers write the fraction after a third colon.
  if (mark != 0x2e && mark != 0x2c && mark != 0x3a) return zoneEnd(seconds);
  const fraction = digitsEnd(seconds + 1);
  return zoneEnd(fraction == seconds + 1 ? seconds : fraction);
}

/** End of the time after a date, or 0. */
function timeAfterDate(date: usize): usize {
  const mark = at8(date);
  if (mark == 0x54 || mark == 0x5f || mark == 0x3a || mark == DASH) return timeEnd(date + 1);
  const blanks = blanksEnd(date);
  return blanks == date ? 0 : timeEnd(blanks);
}

/** End of `2024-01-31 12:34:56`, `24/01/31 12:34:56`, `31/Jan/2024:12:34:56` or `2024-01-31`, or 0. */
function dateEnd(from: usize, firstEnd: usize): usize {
  const mark = at8(firstEnd);
  if (mark != DASH && mark != 0x2f && mark != 0x2e) return 0;
  let second = digitsEnd(firstEnd + 1);
  if (second == firstEnd + 1 && isNameAt(second)) second += 3;
  else if (second == firstEnd + 1 || second > firstEnd + 3) return 0;
  if (at8(second) != mark) return 0;
  const third = digitsEnd(second + 1);
  const first = firstEnd - from;
  const last = third - second - 1;
  if (last == 0 || first > 4 || last > 4) return 0;
  const time = timeAfterDate(third);
  if (time != 0) return time;
  return (first == 4 && last == 2) || (first == 2 && last == 4) ? third : 0;
}

/** End of `Jan  2 12:34:56`, `Mon Jan  2 12:34:56` or `Tue, 02 Jan 2024 12:34:56`, or 0. */
function namedEnd(from: usize): usize {
  let at = from;
  // Names and numbers in any order, until a time.
  for (let words = 0; words < 5; words++) {
    const time = words > 0 ? timeEnd(at) : 0;
    if (time != 0) return time;
    let next = digitsEnd(at);
    if (next - at > 4) return 0;
    if (next == at) {
      if (!isNameAt(at)) return 0;
      next = at + 3;
      if (at8(next) == 0x2c) next++;
    }
    at = blanksEnd(next);
    if (at == next) return 0;
  }
  return 0;
}

function bareEnd(from: usize, isBracketed: bool): usize {
  const digits = digitsEnd(from);
  if (digits == from) return namedEnd(from);
  const mark = at8(digits);
  if (mark == 0x3a) return timeEnd(from);
  const date = dateEnd(from, digits);
  if (date != 0) return date;
  const end = mark == 0x2e ? digitsEnd(digits + 1) : digits;
  // Seconds since the start as in `[   12.345678]`, or since 1970.
  if (isBracketed && mark == 0x2e && end > digits + 1) return end;
  const length = digits - from;
  return length == 10 || length == 13 || length == 16 ? end : 0;
}

/** Where a line goes on after the time that it begins with, blanks after it included; else `from`. */
function timestampEnd(from: usize): usize {
  const head = at8(from);
  const isBracketed = head == 0x5b || head == 0x28;
  // `2024-01-31T12:34:56`, in one go.
  if (digitBitsAt(from) == 0xdb6f && at8(from + 4) == DASH && at8(from + 7) == DASH && (at8(from + 10) == 0x54 || at8(from + 10) == BLANK)) {
    const time = minutesEnd(from + 13);
    if (time != 0 && !isDigit(at8(time)) && !isLetter(at8(time))) return blanksEnd(time);
  }
  // What no time begins with: most lines.
  if (!isBracketed && !isDigit(head) && (head - 0x41 >= 26 || !isNameAt(from))) return from;
  const end = bareEnd(isBracketed ? blanksEnd(from + 1) : from, isBracketed);
  if (end == 0) return from;
  const isClosed = isBracketed && at8(end) == (head == 0x5b ? 0x5d : 0x29);
  const after = isClosed ? end + 1 : end;
  // `2024-01-02Foo` is a name.
  if (!isClosed && (isDigit(at8(after)) || isLetter(at8(after)))) return from;
  return blanksEnd(after);
}

/** Hash of a part of the masked line. */
function hash(end: usize): u64 {
  store<u64>(end, 0);
  let state: u64 = 0x243f6a8885a308d3 ^ <u64>end;
  for (let at = OUT; at < end; at += 8) {
    state = (state ^ load<u64>(at)) * 0x9e3779b97f4a7c15;
    state = rotl(state, 29);
  }
  state = (state ^ (state >> 32)) * 0xd6e8feb86659fd93;
  return state ^ (state >> 32);
}

/** Bytes of what is left of the line that was described last. */
export function maskedBytes(): i32 {
  return <i32>(outEnd - OUT);
}

/** How many lines the last `scan` found. */
export function recordCount(): i32 {
  return records;
}

/** Hashes the line at `from`, then its first words, into `LANES`. Only what is masked of it has to be there. */
export function describe(from: usize): void {
  maskLine(from);
  store<u64>(LANES, hash(outEnd));
  let end = OUT;
  for (let words = 0; end < outEnd; end++) if (at8(end) == BLANK && ++words == COARSE_WORDS) break;
  // The hash fills up its last word.
  const rest = load<u64>(end);
  store<u64>(LANES + 8, hash(end));
  store<u64>(end, rest);
}

/**
 * Records the lines from `from` that end before `filled`, where there must be a line feed. Stops, and returns
 * where, at a line that does not end there, at one that is longer than what is masked, or with enough records.
 *
 * @param isLast nothing comes after `filled`: what stands before it is a line, with or without a line end
 */
export function scan(from: usize, filled: usize, isLast: bool): usize {
  records = 0;
  let start = from;
  while (start < filled && records < MOST_RECORDS) {
    const end = maskLine(start);
    const byte = at8(end);
    if (!isLineEnd(byte)) return start;
    let next = end + 1;
    if (byte == 13) {
      if (!isLast && next >= filled) return start;
      if (next < filled && at8(next) == 10) next++;
    }
    if (!isLast && end >= filled) return start;
    const record = RECORDS + <usize>records * RECORD_BYTES;
    store<u32>(record, <u32>start);
    store<u64>(record + 8, hash(outEnd));
    records++;
    start = next;
  }
  return min(start, filled);
}
