import { throwIfAborted } from '../../support/index.ts';
import { type CompiledKernel, compileKernel } from './kernel.ts';
import { LineRecorder } from './line-records.ts';
import { LineScanner } from './line-scanner.ts';
import type { LogSource } from './log-source.ts';
import { LINES_PER_PART, mergeShapes } from './merge-shapes.ts';
import { PartPlanner } from './part-plan.ts';
import { BLOCK_BYTES, type PartRange, PartReader } from './scan-part.ts';
import { type PartResult, ScanThread } from './scan-threads.ts';
import { ScannedPart } from './scanned-part.ts';
import type { Scan } from './scanned-text.ts';
import { MOST_SHAPES, type ShapeCounts, ShapeTable } from './shape-table.ts';
import type { SpillStore } from './spill-store.ts';
import { Turns } from './turns.ts';

/** Options of `scanInThreads`. */
export interface ThreadOptions {
  readonly workers: number;
  readonly partBytes: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytesDone: number, bytesTotal: number) => void;
  readonly blockBytes?: number;
  readonly mostShapes?: number;
}

/** A part that a thread works on or is done with. */
interface Job {
  readonly range: PartRange;
  readonly part: ScannedPart;
  /** Index of its thread. */
  thread: number;
  end: number;
}

/** What scans parts: another thread, or this one. */
interface Hand {
  scan(range: PartRange, part: ScannedPart, lineBase: number): Promise<PartResult>;
  finish(): Promise<ShapeCounts>;
  end(): Promise<void>;
}

/** Scans parts in this thread, with pauses. */
class OwnHand implements Hand {
  readonly #reader: PartReader;
  readonly #table: ShapeTable;
  readonly #recorder: LineRecorder;
  readonly #scanner: LineScanner;
  readonly #turns: Turns;
  #part: ScannedPart | undefined;

  constructor(source: LogSource, options: ThreadOptions, compiled: CompiledKernel) {
    const read = (offset: number, buffer: Uint8Array): number => source.read(offset, buffer);
    this.#reader = new PartReader(read, options.blockBytes, compiled);
    this.#table = new ShapeTable(options.mostShapes);
    this.#recorder = new LineRecorder({
      ids: (block) => this.#part?.ids(block),
      marks: (block) => this.#part?.marks(block),
    });
    this.#scanner = new LineScanner(this.#reader.kernel, this.#table, this.#recorder);
    this.#turns = new Turns(options.signal);
  }

  async scan(range: PartRange, part: ScannedPart, lineBase: number): Promise<PartResult> {
    this.#part = part;
    this.#scanner.begin(lineBase);
    const scan = this.#reader.scan(this.#scanner, range);
    let step = scan.next();
    for (; step.done !== true; step = scan.next()) if (this.#turns.isDue) await this.#turns.take();
    this.#recorder.flush();
    if (this.#turns.isDue) await this.#turns.take();
    return { lineCount: this.#scanner.lineCount, end: step.value, isFull: this.#table.isFull };
  }

  async finish(): Promise<ShapeCounts> {
    return this.#table.export();
  }

  async end(): Promise<void> {
    // It goes with its object.
  }
}

/** Gives out the parts of a log in order. */
class Parts {
  readonly jobs: Job[] = [];
  readonly #planner: PartPlanner;
  readonly #store: SpillStore;
  readonly #turns: Turns;
  readonly #signal: AbortSignal | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(source: LogSource, store: SpillStore, options: ThreadOptions) {
    this.#planner = new PartPlanner(source, options.partBytes);
    this.#store = store;
    this.#turns = new Turns(options.signal);
    this.#signal = options.signal;
  }

  /** The next part, for a thread; one caller is served after the other. */
  take(thread: number): Promise<Job | undefined> {
    const taken = this.#last.then(() => this.#next(thread));
    this.#last = taken;
    return taken;
  }

  async #next(thread: number): Promise<Job | undefined> {
    throwIfAborted(this.#signal);
    const search = this.#planner.next();
    let step = search.next();
    for (; step.done !== true; step = search.next()) if (this.#turns.isDue) await this.#turns.take();
    if (step.value === undefined) return undefined;
    const job = { range: step.value, part: new ScannedPart(this.#store), thread, end: step.value.from };
    this.jobs.push(job);
    return job;
  }
}

/**
 * Scans a log in several threads. Returns nothing where one thread's shapes ran out: which lines then share a
 * coarse one depends on the lines before, so that one thread has to scan it all.
 */
export async function scanInThreads(
  source: LogSource,
  store: SpillStore,
  options: ThreadOptions,
): Promise<Scan | undefined> {
  if (source.file === null) return undefined;
  const { blockBytes = BLOCK_BYTES, mostShapes = MOST_SHAPES } = options;
  const compiled = compileKernel();
  const data = { ...source.file, blockBytes, mostShapes, compiled };
  const hands: readonly Hand[] = Array.from({ length: options.workers }, (_, index) =>
    index === 0 ? new OwnHand(source, options, compiled) : new ScanThread(data),
  );
  const parts = new Parts(source, store, options);
  let bytesDone = 0;
  let isFull = false;
  const work = async (hand: Hand, thread: number): Promise<void> => {
    for (let job = await parts.take(thread); job !== undefined; job = await parts.take(thread)) {
      const lineBase = parts.jobs.indexOf(job) * LINES_PER_PART;
      const result = await hand.scan(job.range, job.part, lineBase);
      job.part.lineCount = result.lineCount;
      job.end = result.end;
      isFull = isFull || result.isFull;
      if (isFull) return;
      bytesDone += job.range.to - job.range.from;
      options.onProgress?.(bytesDone, source.size);
    }
  };
  try {
    await Promise.all(hands.map(work));
    return isFull
      ? undefined
      : merged(await Promise.all(hands.map((hand) => hand.finish())), parts.jobs, {
          source,
          store,
          mostShapes,
        });
  } finally {
    await Promise.all(hands.map((hand) => hand.end()));
  }
}

function merged(
  threads: readonly ShapeCounts[],
  jobs: readonly Job[],
  { source, store, mostShapes }: { source: LogSource; store: SpillStore; mostShapes: number },
): Scan {
  let lineCount = 0;
  for (const { part } of jobs) {
    part.firstLine = lineCount;
    lineCount += part.lineCount;
  }
  const { table, shapeIds } = mergeShapes(
    threads,
    jobs.map(({ part }) => part.firstLine),
    mostShapes,
  );
  for (const { part, thread } of jobs) part.shapeIds = shapeIds[thread] ?? null;
  // Where the log has shrunk, the parts beyond its end are empty.
  const read = jobs.filter(({ part }) => part.lineCount > 0);
  const bytes = read.at(-1)?.end ?? 0;
  return { source, bytes, lineCount, table, parts: read.map(({ part }) => part), store };
}
