import type { ScannedLog, Shape } from '../scan/index.ts';
import type { LineMarks } from './line-marks.ts';

/** Shapes that are made at most; lines beyond stay with those that look like them. */
const MOST_SPLITS = 65_535;

/** What was found of a line. */
export interface Finding {
  readonly shape: number;
  /** The rule that it matches; -1 for none. */
  readonly rule: number;
  /** The first line of its shape matches the same. */
  readonly isUsual: boolean;
}

interface Group {
  readonly shape: number;
  count: number;
  first: number;
  last: number;
}

/** A log some of whose shapes are split in several. */
export class SplitLog implements ScannedLog {
  readonly bytes: number;
  readonly lineCount: number;
  readonly #log: ScannedLog;
  /** For each line the number of its group, from 1. */
  readonly #marks: LineMarks;
  readonly #groups: Group[] = [];
  readonly #byKey = new Map<string, number>();
  /** The last line of each split shape that stays. */
  readonly #lastUsual = new Map<number, number>();
  #shapes: readonly Shape[];

  constructor(log: ScannedLog, marks: LineMarks) {
    this.#log = log;
    this.#marks = marks;
    this.#shapes = log.shapes;
    this.bytes = log.bytes;
    this.lineCount = log.lineCount;
  }

  /** Takes in a line; they come in order. @throws StoreError `log_spool_failed` */
  add(line: number, { shape, rule, isUsual }: Finding): void {
    const mark = isUsual ? 0 : this.#markOf(shape, rule);
    const group = this.#groups[mark - 1];
    if (group === undefined) {
      this.#lastUsual.set(shape, line);
      return;
    }
    this.#marks.set(line, mark);
    if (group.count === 0) group.first = line;
    group.count++;
    group.last = line;
  }

  /** Makes the shapes of what was taken in. */
  complete(): void {
    this.#marks.complete();
    const shapes = [...this.#log.shapes];
    for (const { shape, count, first, last } of this.#groups) {
      const from = shapes[shape] as Shape;
      const lastLine = this.#lastUsual.get(shape) ?? from.firstLine;
      shapes[shape] = { ...from, count: from.count - count, lastLine };
      shapes.push({ id: shapes.length, count, firstLine: first, lastLine: last });
    }
    this.#shapes = shapes;
  }

  /** Shapes from this id on were made here. */
  get firstSplit(): number {
    return this.#log.shapes.length;
  }

  get shapes(): readonly Shape[] {
    return this.#shapes;
  }

  shapeOf(line: number): number {
    const mark = this.#groups.length === 0 ? 0 : this.#marks.at(line);
    return mark === 0 ? this.#log.shapeOf(line) : this.firstSplit + mark - 1;
  }

  fillShapes(line: number, ids: Uint32Array): number {
    const filled = this.#log.fillShapes(line, ids);
    if (this.#groups.length === 0) return filled;
    for (let i = 0; i < filled; i++) {
      const mark = this.#marks.at(line + i);
      if (mark !== 0) ids[i] = this.firstSplit + mark - 1;
    }
    return filled;
  }

  firstText(shape: number): string {
    const group = this.#groups[shape - this.firstSplit];
    if (group === undefined) return this.#log.firstText(shape);
    return this.#log.text(group.first, group.first + 1)[0] ?? '';
  }

  text(from: number, to: number): readonly string[] {
    return this.#log.text(from, to);
  }

  offsetOf(line: number): number {
    return this.#log.offsetOf(line);
  }

  close(): void {
    this.forget();
    this.#log.close();
  }

  /** Frees what was made here; the log stays open. */
  forget(): void {
    this.#marks.close();
  }

  /** The number of a group; 0 where there are no more. */
  #markOf(shape: number, rule: number): number {
    const key = `${shape} ${rule}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    if (this.#groups.length >= MOST_SPLITS) return 0;
    const mark = this.#groups.push({ shape, count: 0, first: 0, last: 0 });
    this.#byKey.set(key, mark);
    return mark;
  }
}
