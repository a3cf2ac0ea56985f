import { InputError } from '../../contract/index.ts';
import { throwIfAborted } from '../../support/index.ts';
import { scanLog } from '../scan/index.ts';
import type { ReferredLog } from './open-entry.ts';
import type { LineRange } from './reference.ts';

const BLOCK_BYTES = 1024 * 1024;

/** The bytes of a log, or of some of its lines, in blocks; the log is closed afterwards. @throws InputError `no_such_lines` */
export async function* readText(
  log: ReferredLog,
  { lines, signal }: { readonly lines?: LineRange; readonly signal?: AbortSignal } = {},
): AsyncGenerator<Uint8Array> {
  const { source } = log;
  try {
    const range = lines === undefined ? { from: 0, to: log.bytes } : await find(log, lines, signal);
    for (let at = range.from; at < range.to; ) {
      throwIfAborted(signal);
      const block = new Uint8Array(Math.min(BLOCK_BYTES, range.to - at));
      const bytes = source.read(at, block);
      if (bytes === 0) break;
      yield block.subarray(0, bytes);
      at += bytes;
    }
  } finally {
    source.close();
  }
}

/** Where lines lie in the text: lines are told apart as they were when the log was condensed. */
async function find(
  { source, bytes }: ReferredLog,
  { from, to }: LineRange,
  signal: AbortSignal | undefined,
): Promise<{ readonly from: number; readonly to: number }> {
  const log = await scanLog(source, signal === undefined ? {} : { signal });
  const start = from > log.lineCount ? bytes : log.offsetOf(from - 1);
  if (start >= bytes) {
    throw new InputError('no_such_lines', `There is no line ${from}: the log has ${log.lineCount} lines.`);
  }
  return { from: start, to: to >= log.lineCount ? bytes : Math.min(bytes, log.offsetOf(to)) };
}
