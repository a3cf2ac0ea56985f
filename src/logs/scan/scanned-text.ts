import { afterLineEnd, lineEnd } from './line-ends.ts';
import { LINES_PER_BLOCK } from './line-records.ts';
import type { LogSource } from './log-source.ts';
import { ReadWindow } from './read-window.ts';
import type { ScannedLog, Shape } from './scanned-log.ts';
import { lastAtMost, type ScannedPart } from './scanned-part.ts';
import type { ShapeTable } from './shape-table.ts';
import type { SpillStore } from './spill-store.ts';

/** Longer lines are cut in the middle. */
export const MOST_LINE_BYTES = 16_384;
/** Characters of the first lines of shapes that are held: they are asked for again and again. */
const MOST_FIRST_CHARS = 2_000_000;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** What a scan found. */
export interface Scan {
  readonly source: LogSource;
  /** Bytes that were read. */
  readonly bytes: number;
  readonly lineCount: number;
  readonly table: ShapeTable;
  readonly parts: readonly ScannedPart[];
  readonly store: SpillStore;
}

/** A log that was scanned; text is read again from its source, which it closes. */
export class ScannedText implements ScannedLog {
  readonly bytes: number;
  readonly lineCount: number;
  readonly #scan: Scan;
  readonly #window: ReadWindow;
  readonly #firstTexts = new Map<number, string>();
  #firstCharsLeft = MOST_FIRST_CHARS;
  #shapes: readonly Shape[] | undefined;
  /** Ids of the block of lines that was asked for last. */
  #ids: Uint16Array | Uint32Array = new Uint16Array(0);
  #idsPart: ScannedPart | undefined;
  #idsFrom = 0;
  #idsTo = 0;

  constructor(scan: Scan) {
    this.#scan = scan;
    this.bytes = scan.bytes;
    this.lineCount = scan.lineCount;
    this.#window = new ReadWindow(scan.source);
  }

  get shapes(): readonly Shape[] {
    const { table } = this.#scan;
    this.#shapes ??= Array.from({ length: table.size }, (_, id) => table.at(id));
    return this.#shapes;
  }

  shapeOf(line: number): number {
    if (line < this.#idsFrom || line >= this.#idsTo) this.#loadIds(line);
    const ids = this.#ids;
    const id = (ids.length === 1 ? ids[0] : ids[line - this.#idsFrom]) as number;
    const shapeIds = this.#idsPart?.shapeIds;
    return shapeIds == null ? id : (shapeIds[id] as number);
  }

  fillShapes(line: number, ids: Uint32Array): number {
    const count = Math.min(ids.length, this.lineCount - line);
    for (let done = 0; done < count; ) {
      const part = this.#partOf(line + done);
      done += part.fillIds(line + done - part.firstLine, ids.subarray(done, count));
    }
    return count;
  }

  firstText(shape: number): string {
    const known = this.#firstTexts.get(shape);
    if (known !== undefined) return known;
    const { table } = this.#scan;
    const start = table.offsetOf(shape);
    const text = this.#decode(start, this.#startAfter(table.firstLineOf(shape), start));
    if (text.length <= this.#firstCharsLeft) {
      this.#firstTexts.set(shape, text);
      this.#firstCharsLeft -= text.length;
    }
    return text;
  }

  text(from: number, to: number): readonly string[] {
    const end = Math.min(to, this.lineCount);
    const lines: string[] = [];
    if (from < 0 || from >= end) return lines;
    for (let line = from, start = this.offsetOf(from); line < end; line++) {
      const next = this.#startAfter(line, start);
      lines.push(this.#decode(start, next));
      start = next;
    }
    return lines;
  }

  offsetOf(line: number): number {
    if (line === this.lineCount) return this.bytes;
    const part = this.#partOf(line);
    const mark = part.markBefore(line - part.firstLine);
    let offset = mark.offset;
    for (let at = mark.line + part.firstLine; at < line; at++) offset = this.#startAfter(at, offset);
    return offset;
  }

  close(): void {
    this.#scan.store.close();
    this.#scan.source.close();
  }

  #partOf(line: number): ScannedPart {
    if (!(line >= 0 && line < this.lineCount)) {
      throw new RangeError(`There is no line ${line}: the log has ${this.lineCount}, counted from 0.`);
    }
    const { parts } = this.#scan;
    return parts[
      lastAtMost(parts.length, (index) => (parts[index] as ScannedPart).firstLine, line)
    ] as ScannedPart;
  }

  #loadIds(line: number): void {
    const part = this.#partOf(line);
    const local = line - part.firstLine;
    this.#ids = part.idsAt(local);
    this.#idsPart = part;
    this.#idsFrom = line - (local % LINES_PER_BLOCK);
    this.#idsTo = Math.min(this.#idsFrom + LINES_PER_BLOCK, part.firstLine + part.lineCount);
  }

  /** Where the line after the one that begins at `start` begins. */
  #startAfter(line: number, start: number): number {
    // A long line is followed by a mark, or by a line that has one: it need not be read to its end.
    const window = this.#window.from(start, 1);
    const near = endIn(window);
    if (near >= 0) return start + near;
    if (line + 1 >= this.lineCount) return this.bytes;
    const part = this.#partOf(line + 1);
    const mark = part.markBefore(line + 1 - part.firstLine);
    if (mark.line + part.firstLine === line + 1) return mark.offset;
    const far = endIn(this.#window.from(start, MOST_LINE_BYTES * 4));
    return far >= 0 ? start + far : this.bytes;
  }

  #decode(start: number, next: number): string {
    const end = this.#trimmed(start, next);
    const length = end - start;
    if (length <= MOST_LINE_BYTES) return this.#window.from(start, length).toString('utf8', 0, length);
    const half = MOST_LINE_BYTES / 2;
    // One byte more tells whether a character is cut.
    const head = this.#window.from(start, half + 1);
    let headBytes = half;
    while (headBytes > half - 4 && isContinuation(head[headBytes])) headBytes--;
    const first = head.toString('utf8', 0, headBytes);
    const tail = this.#window.from(end - half, half);
    let skipped = 0;
    while (skipped < 4 && isContinuation(tail[skipped])) skipped++;
    const last = tail.toString('utf8', skipped, half);
    return `${first}… ${length - headBytes - (half - skipped)} bytes left out …${last}`;
  }

  /** The end of a line without its line end. */
  #trimmed(start: number, next: number): number {
    if (next === start) return next;
    const from = Math.max(start, next - 2);
    const last = this.#window.from(start, next - start <= MOST_LINE_BYTES + 2 ? next - start : 0);
    const near = last.length >= next - start ? last.subarray(from - start, next - start) : undefined;
    const bytes = near ?? Buffer.from(this.#window.from(from, next - from).subarray(0, next - from));
    const final = bytes[bytes.length - 1];
    if (final === CARRIAGE_RETURN) return next - 1;
    if (final !== LINE_FEED) return next;
    return bytes.length === 2 && bytes[0] === CARRIAGE_RETURN ? next - 2 : next - 1;
  }
}

/** Where the line at the start of the bytes is followed by the next one; -1 where that lies beyond. */
function endIn(bytes: Uint8Array): number {
  const end = lineEnd(bytes, 0);
  return end < bytes.length ? afterLineEnd(bytes, end) : -1;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
