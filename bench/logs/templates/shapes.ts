/** A line with other lines that differ from it in digits only. */
export interface LineShape {
  readonly text: string;
  count: number;
  readonly firstLine: number;
  lastLine: number;
}

const NEWLINE = 10;
const ZERO = 48;
const NINE = 57;
/** Bytes, digits as zero. */
const MASK = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= ZERO && byte <= NINE ? ZERO : byte));

/** 32 bits of a line in which every run of digits is one digit, and of its length then. */
function maskedHash(bytes: Buffer, start: number, end: number): number {
  let hash = 0;
  let length = 0;
  let before = 0;
  for (let at = start; at < end; at++) {
    const code = MASK[bytes[at] ?? 0] ?? 0;
    if (code === ZERO && before === ZERO) continue;
    before = code;
    hash = ((hash << 5) - hash + code) | 0;
    length++;
  }
  return hash ^ Math.imul(length, 0x9e_37_79_b9);
}

const PRIME = 0x01_00_01_93;

/** 32 bits of a line in which every digit is zero, four bytes at a time. */
function digitlessHash(bytes: Buffer, view: DataView, [start, end]: readonly [number, number]): number {
  let hash = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const four = view.getInt32(at, true);
    const offset = four ^ 0x30_30_30_30;
    // The high bit of each byte: set where the byte is no digit.
    const others = (((offset & 0x7f_7f_7f_7f) + 0x76_76_76_76) | offset) & 0x80_80_80_80;
    const digits = Math.imul((~others & 0x80_80_80_80) >>> 7, 255);
    hash = Math.imul(hash ^ (four & ~digits), PRIME);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (MASK[bytes[at] ?? 0] ?? 0), PRIME);
  return hash ^ (end - start);
}

/**
 * The shapes of a log's lines, and the index of each line's shape. Most lines are known by a hash that keeps
 * the number of digits; one that is not is hashed again with runs of digits as one.
 */
export function shapesOf(bytes: Buffer): { shapes: readonly LineShape[]; shapeOf: readonly number[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shapes: LineShape[] = [];
  const ids = new Map<number, number>();
  const known = new Map<number, number>();
  const shapeOf: number[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    const line = shapeOf.length;
    const quick = digitlessHash(bytes, view, [start, end]);
    let id = known.get(quick);
    if (id === undefined) {
      const hash = maskedHash(bytes, start, end);
      id = ids.get(hash) ?? shapes.length;
      ids.set(hash, id);
      known.set(quick, id);
    }
    if (id === shapes.length) {
      shapes.push({ text: bytes.toString('utf8', start, end), count: 0, firstLine: line, lastLine: line });
    }
    shapeOf.push(id);
    const shape = shapes[id];
    if (shape !== undefined) {
      shape.count++;
      shape.lastLine = line;
    }
    start = end + 1;
  }
  return { shapes, shapeOf };
}
