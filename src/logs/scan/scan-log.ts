import { throwIfAborted } from '../../support/index.ts';
import { LineRecorder } from './line-records.ts';
import { LineScanner } from './line-scanner.ts';
import type { LogSource } from './log-source.ts';
import { scanInThreads } from './scan-parallel.ts';
import { type PartRange, PartReader } from './scan-part.ts';
import type { ScannedLog } from './scanned-log.ts';
import { ScannedPart } from './scanned-part.ts';
import { type Scan, ScannedText } from './scanned-text.ts';
import { ShapeTable } from './shape-table.ts';
import { SpillStore } from './spill-store.ts';
import { Turns } from './turns.ts';

const MEMORY_LIMIT_BYTES = 64 * 1024 * 1024;
/** A smaller log is scanned before another thread has started. */
const WORTH_THREADS_BYTES = 16 * 1024 * 1024;
/** Parts are so large that the threads seldom wait, and so small that they end at about the same time. */
const PART_BYTES = 16 * 1024 * 1024;

/** Options of `scanLog`. */
export interface ScanOptions {
  readonly signal?: AbortSignal;
  /** Called after each block. */
  readonly onProgress?: (bytesDone: number, bytesTotal: number) => void;
  /** What is recorded of the lines goes to a temporary file beyond this. @default 64 MiB */
  readonly memoryLimitBytes?: number;
  /** Threads that scan at once, this one among them. The result is the same with any number. @default 1 */
  readonly workers?: number;
  /** Bytes that one thread scans at a time. @default 16 MiB; smaller logs are scanned by one thread */
  readonly partBytes?: number;
  /** Bytes read at once; at least 64 KB. @default 512 KiB */
  readonly blockBytes?: number;
  /** Distinct shapes at most. @default 262,144 */
  readonly mostShapes?: number;
}

/**
 * Reads a log once, and returns its lines by number, each with its shape. Closing what it returns closes the
 * source; when it throws, the source is still open.
 *
 * @throws AbortedError; StoreError `log_spool_failed`
 * @example
 * const log = await scanLog(await openSource({ path: 'build.log' }));
 */
export async function scanLog(source: LogSource, options: ScanOptions = {}): Promise<ScannedLog> {
  throwIfAborted(options.signal);
  const workers = options.workers ?? 1;
  const isWorthIt =
    source.size >= (options.partBytes === undefined ? WORTH_THREADS_BYTES : options.partBytes * 2);
  const store = new SpillStore(options.memoryLimitBytes ?? MEMORY_LIMIT_BYTES);
  try {
    const scan =
      workers > 1 && isWorthIt && source.file !== null
        ? await scanInThreads(source, store, {
            ...options,
            workers,
            partBytes: options.partBytes ?? PART_BYTES,
          })
        : undefined;
    const scanned = new ScannedText(scan ?? (await scanHere(source, store, options)));
    source.checkUnchanged();
    return scanned;
  } catch (error) {
    store.close();
    throw error;
  }
}

async function scanHere(source: LogSource, store: SpillStore, options: ScanOptions): Promise<Scan> {
  const table = new ShapeTable(options.mostShapes);
  const part = new ScannedPart(store);
  const recorder = new LineRecorder(part);
  const reader = new PartReader((offset, buffer) => source.read(offset, buffer), options.blockBytes);
  const scanner = new LineScanner(reader.kernel, table, recorder);
  const turns = new Turns(options.signal);
  const range: PartRange = { from: 0, to: source.size };
  scanner.begin(0);
  const scan = reader.scan(scanner, range);
  let step = scan.next();
  for (; step.done !== true; step = scan.next()) {
    options.onProgress?.(step.value, source.size);
    if (turns.isDue) await turns.take();
  }
  recorder.flush();
  part.lineCount = scanner.lineCount;
  options.onProgress?.(step.value, source.size);
  return { source, bytes: step.value, lineCount: part.lineCount, table, parts: [part], store };
}
