import { parentPort, workerData } from 'node:worker_threads';
import type { CompiledKernel } from './kernel.ts';
import { type IdBlock, LineRecorder, type MarkBlock } from './line-records.ts';
import { LineScanner } from './line-scanner.ts';
import { type PartRange, PartReader } from './scan-part.ts';
import { type ShapeCounts, ShapeTable } from './shape-table.ts';
import { readFully } from './temp-file.ts';

/** What a thread is started with. */
export interface ScanWorkerData {
  /** Descriptors belong to the process: this thread reads by it, and leaves it open. */
  readonly fd: number;
  readonly base: number;
  readonly compiled: CompiledKernel;
  readonly blockBytes: number;
  readonly mostShapes: number;
}

/** To a thread: scan this part, whose lines count from `lineBase`; or give the shapes and end. */
export type ScanRequest = { readonly range: PartRange; readonly lineBase: number } | 'finish';

/** From a thread. */
export type ScanReply =
  | { readonly kind: 'ids'; readonly block: IdBlock }
  | { readonly kind: 'marks'; readonly block: MarkBlock }
  | { readonly kind: 'part'; readonly lineCount: number; readonly end: number; readonly isFull: boolean }
  | { readonly kind: 'shapes'; readonly shapes: ShapeCounts }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Answers requests until `finish`. */
export function serveScans(port: NonNullable<typeof parentPort>, data: ScanWorkerData): void {
  const send = (reply: ScanReply, transfer: ArrayBuffer[] = []): void => port.postMessage(reply, transfer);
  const table = new ShapeTable(data.mostShapes);
  const recorder = new LineRecorder({
    ids: (block) => send({ kind: 'ids', block }, block.buffer === null ? [] : [block.buffer]),
    marks: (block) => send({ kind: 'marks', block }, [block.buffer]),
  });
  const reader = new PartReader(
    (offset, buffer) => readFully(data.fd, offset + data.base, buffer),
    data.blockBytes,
    data.compiled,
  );
  const scanner = new LineScanner(reader.kernel, table, recorder);
  port.on('message', (request: ScanRequest) => {
    if (request === 'finish') {
      send({ kind: 'shapes', shapes: table.export() });
      port.close();
      return;
    }
    try {
      scanner.begin(request.lineBase);
      const scan = reader.scan(scanner, request.range);
      let step = scan.next();
      while (step.done !== true) step = scan.next();
      recorder.flush();
      send({ kind: 'part', lineCount: scanner.lineCount, end: step.value, isFull: table.isFull });
    } catch (error) {
      send({ kind: 'failed', error });
    }
  });
}

if (parentPort !== null) serveScans(parentPort, workerData as ScanWorkerData);
