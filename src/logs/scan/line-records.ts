/** Lines of one block of shape ids. */
export const LINES_PER_BLOCK = 65_536;
/** Marks of one block. */
export const MARKS_PER_BLOCK = 1024;
/** A mark stands at the first line of which so many lines, or so many bytes, lie behind the last mark. */
const LINES_PER_MARK = 64;
const BYTES_PER_MARK = 32_768;

/** Shape ids of consecutive lines: of 2 or 4 bytes each, or one id that all have. */
export interface IdBlock {
  readonly buffer: ArrayBuffer | null;
  readonly width: 2 | 4;
  readonly id: number;
}

/** Places where lines begin: line numbers, then as many byte offsets, as 64-bit floats. */
export interface MarkBlock {
  readonly buffer: ArrayBuffer;
  readonly firstLine: number;
}

/** Takes blocks as they are filled. */
export interface RecordSink {
  ids(block: IdBlock): void;
  marks(block: MarkBlock): void;
}

/** Records the shape of each line, and where some of them begin. */
export class LineRecorder {
  readonly #sink: RecordSink;
  readonly #ids = new Uint32Array(LINES_PER_BLOCK);
  #idCount = 0;
  /** All ids so far, or-ed. */
  #seen = 0;
  readonly #marks = new Float64Array(MARKS_PER_BLOCK * 2);
  #markCount = 0;
  #nextMarkLine = 0;
  #nextMarkOffset = 0;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  /** Records a line that begins at `offset`; they come in order. */
  add(line: number, offset: number, id: number): void {
    if (line >= this.#nextMarkLine || offset >= this.#nextMarkOffset) this.#mark(line, offset);
    this.#ids[this.#idCount++] = id;
    this.#seen |= id;
    if (this.#idCount === LINES_PER_BLOCK) this.#flushIds();
  }

  /** Gives what is left to the sink; the next line is the first of another part. */
  flush(): void {
    if (this.#idCount > 0) this.#flushIds();
    if (this.#markCount > 0) this.#flushMarks();
    this.#nextMarkLine = 0;
    this.#nextMarkOffset = 0;
  }

  #mark(line: number, offset: number): void {
    this.#marks[this.#markCount] = line;
    this.#marks[MARKS_PER_BLOCK + this.#markCount] = offset;
    this.#markCount++;
    this.#nextMarkLine = line + LINES_PER_MARK;
    this.#nextMarkOffset = offset + BYTES_PER_MARK;
    if (this.#markCount === MARKS_PER_BLOCK) this.#flushMarks();
  }

  #flushIds(): void {
    const ids = this.#ids.subarray(0, this.#idCount);
    const id = ids[0] as number;
    const width = this.#seen < 65_536 ? 2 : 4;
    const isUniform = this.#seen === id && ids.every((other) => other === id);
    const copy = isUniform ? null : width === 2 ? new Uint16Array(ids) : new Uint32Array(ids);
    this.#sink.ids({ buffer: copy === null ? null : copy.buffer, width, id });
    this.#idCount = 0;
    this.#seen = 0;
  }

  #flushMarks(): void {
    const count = this.#markCount;
    const marks = new Float64Array(count * 2);
    marks.set(this.#marks.subarray(0, count));
    marks.set(this.#marks.subarray(MARKS_PER_BLOCK, MARKS_PER_BLOCK + count), count);
    this.#sink.marks({ buffer: marks.buffer, firstLine: marks[0] as number });
    this.#markCount = 0;
  }
}
