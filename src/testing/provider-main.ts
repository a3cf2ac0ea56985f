// Runs the simulated provider in a process of its own, for benches and by hand:
//   node src/testing/provider-main.ts [--port N] [--fast] [--latency-ms N] [--chunk-delay-ms N]
//     [--split-bytes N] [--requests-per-minute N] [--exit-with-stdin]
// Prints one JSON line when it is ready: {"event":"ready","url":"http://127.0.0.1:PORT","pid":N}
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createSimulatedProvider } from './provider/simulated-provider.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    fast: { type: 'boolean', default: false },
    'latency-ms': { type: 'string', default: '0' },
    'chunk-delay-ms': { type: 'string', default: '0' },
    'split-bytes': { type: 'string' },
    'requests-per-minute': { type: 'string' },
    // Ends with the parent even when the parent is killed: its end of the pipe closes.
    'exit-with-stdin': { type: 'boolean', default: false },
  },
});

const splitBytes = values['split-bytes'];
const requestsPerMinute = values['requests-per-minute'];
const provider = await createSimulatedProvider({
  port: wholeNumber('port', values.port),
  fast: values.fast,
  pacing: {
    latencyMs: wholeNumber('latency-ms', values['latency-ms']),
    chunkDelayMs: wholeNumber('chunk-delay-ms', values['chunk-delay-ms']),
    ...(splitBytes === undefined ? {} : { splitBytes: Math.max(1, wholeNumber('split-bytes', splitBytes)) }),
  },
  access:
    requestsPerMinute === undefined
      ? {}
      : { requestsPerMinute: wholeNumber('requests-per-minute', requestsPerMinute) },
});

const stop = (): void => {
  void provider.close().then(() => process.exit(0));
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
if (values['exit-with-stdin']) process.stdin.once('end', stop).resume();
process.stdout.write(`${JSON.stringify({ event: 'ready', url: provider.url, pid: process.pid })}\n`);

function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    process.stderr.write(`--${flag} takes a whole number, got "${text}".\n`);
    process.exit(2);
  }
  return Number(text);
}
