// Goes through a log in one of several ways, in a process of its own that runs the built package, and prints what
// it took: `node bench/logs/speed-child.mjs WAY PATH`. Plain JavaScript: loading TypeScript takes memory that no
// user's process has.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const DIST = new URL('../../dist/', import.meta.url);

/** The log condenser of the built package. */
async function loadLogs() {
  return /** @type {typeof import('../../src/logs/index.ts')} */ (
    await import(new URL('logs/index.js', DIST).href)
  );
}

/** Its scanner, which it does not export. */
async function loadScan() {
  return /** @type {typeof import('../../src/logs/scan/index.ts')} */ (
    await import(new URL('logs/scan/index.js', DIST).href)
  );
}

/** Its counters of tokens. */
async function loadTokens() {
  return /** @type {typeof import('../../src/tokens/index.ts')} */ (
    await import(new URL('tokens/index.js', DIST).href)
  );
}

/**
 * @param {string} path
 * @param {number} workers
 */
async function scan(path, workers) {
  const { openSource, scanLog } = await loadScan();
  return async () => {
    const log = await scanLog(await openSource({ path }), { workers });
    log.close();
    return log.lineCount;
  };
}

/**
 * The whole way: scanned, classified, packed to 4,000 tokens, written, counted, reported.
 *
 * @param {string} path
 * @param {number} workers
 */
async function condense(path, workers) {
  const [{ condenseLog }, { loadEncoding }] = await Promise.all([loadLogs(), loadTokens()]);
  return async () => {
    const counter = await loadEncoding('o200k_base');
    const count = (/** @type {string} */ text) => counter.count(text);
    const report = await condenseLog({ path }, { limits: { tokenBudget: 4_000 }, workers, count });
    return report.input.lines;
  };
}

/**
 * What each way needs is loaded before the clock starts.
 *
 * @type {Readonly<Record<string, (path: string) => Promise<() => Promise<number>>>>}
 */
const ways = {
  bare: async () => {
    await Promise.all([loadLogs(), loadTokens()]);
    return async () => 0;
  },
  readline: async (path) => async () => {
    let lines = 0;
    const reader = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
    reader.on('line', () => lines++);
    await new Promise((resolve) => reader.once('close', resolve));
    return lines;
  },
  scan1: (path) => scan(path, 1),
  scan2: (path) => scan(path, 2),
  condense1: (path) => condense(path, 1),
  condense2: (path) => condense(path, 2),
};

const [way = '', path = ''] = process.argv.slice(2);
const prepare = ways[way];
if (prepare === undefined)
  throw new Error(`There is no way ${way}: take of ${Object.keys(ways).join(', ')}.`);
const run = await prepare(path);
const started = performance.now();
const before = process.cpuUsage();
const lines = await run();
const ms = performance.now() - started;
const { user, system } = process.cpuUsage(before);
const peakRssMb = (process.resourceUsage().maxRSS * 1024) / 1e6;
process.stdout.write(JSON.stringify({ ms, cpuMs: (user + system) / 1000, peakRssMb, lines }));
