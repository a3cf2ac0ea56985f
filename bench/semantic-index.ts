/**
 * Measures the vector index of the semantic cache: time of a search beside a plain loop in JavaScript and
 * sqlite-vec, memory of an entry, precision, what the search by codes misses, and loading from the store.
 *
 *   node bench/semantic-index.ts
 *   PARE_BENCH_DATA=/path/to/data node bench/semantic-index.ts     also the recall on real questions
 *
 * Every measurement has a process of its own, one after the other. Vectors are those of made questions by the
 * built-in embedder (bench/semantic-index/texts.ts): random ones would be equally far from each other.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Figure, publish, ROOT } from './harness.ts';

/** Milliseconds of the targets, by entries in one scope. */
const SIZES = [
  { count: 10_000, name: '10,000', p99Ms: 2 },
  { count: 100_000, name: '100,000', p99Ms: 8 },
  { count: 1_000_000, name: '1,000,000', p99Ms: 25 },
];
const LOADED = 100_000;

interface Lookup {
  readonly p50: number;
  readonly p99: number;
  readonly p99OfAll: number;
}

interface Size {
  readonly lookup: Lookup;
  readonly putMicroseconds: number;
}

interface Recall {
  readonly recallAt1: number;
  readonly recallAt8: number;
  readonly exactLookup: Lookup;
}

interface Memory {
  readonly bytesPerEntry: number;
  readonly heapPerEntry: number;
  readonly toldPerEntry: number;
}

function child(...args: readonly (string | number)[]): unknown {
  console.error(args.join(' '));
  const script = join(ROOT, 'bench/semantic-index/child.ts');
  const output = execFileSync(
    process.execPath,
    ['--expose-gc', '--max-old-space-size=4096', script, ...args.map(String)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return JSON.parse(output) as unknown;
}

const ms = (value: number | undefined): string => (value === undefined ? 'none' : `${value.toFixed(2)} ms`);

const lookups = SIZES.map(({ count, name, p99Ms }) => {
  const size = child('size', count) as Size & Partial<Recall>;
  const { lookup: plain } = child('peer', 'plain', count) as { lookup: Lookup };
  const { lookup: sqliteVec } = child('peer', 'sqlite-vec', count) as { lookup?: Lookup };
  return { name, p99Ms, ...size, plain, sqliteVec };
});
const memories = [
  ...SIZES.map(({ count, name }) => ({
    name: `memory of an entry, ${name} in one scope`,
    target: { atMost: 400 },
    ...(child('memory', count, count) as Memory),
  })),
  ...[10, 1].map((perScope) => ({
    name: `memory of an entry, 100,000 in scopes of ${perScope}`,
    ...(child('memory', 100_000, perScope) as Memory),
  })),
];
const precision = child('precision', 20_000) as { indexError: number; restoredError: number };
const load = child('load', LOADED) as { loadMs: number; cpuMs: number; diskPerEntry: number };
const data = process.env['PARE_BENCH_DATA'];
const real = data === undefined ? undefined : (child('recall', data) as Recall & { texts: number });
const largest = lookups.at(-1);

const figures: Figure[] = [
  ...lookups.map(({ name, p99Ms, lookup, plain, sqliteVec }) => ({
    name: `search in ${name}, p99`,
    target: { atMost: p99Ms },
    reached: lookup.p99,
    unit: 'ms',
    note:
      `best of 5 rounds for each of 400 questions; p50 ${ms(lookup.p50)}, p99 of all rounds ${ms(lookup.p99OfAll)}; ` +
      `JavaScript p50 ${ms(plain.p50)}, p99 ${ms(plain.p99)}; sqlite-vec p50 ${ms(sqliteVec?.p50)}, p99 ${ms(sqliteVec?.p99)}`,
  })),
  ...lookups.map(({ name, lookup, plain, sqliteVec }) => ({
    name: `search in ${name}, sqlite-vec / index`,
    reached: (sqliteVec?.p50 ?? Number.NaN) / lookup.p50,
    unit: 'x',
    note: `medians; JavaScript / index ${(plain.p50 / lookup.p50).toFixed(1)}`,
  })),
  ...memories.map(({ bytesPerEntry, heapPerEntry, toldPerEntry, ...rest }) => ({
    ...rest,
    reached: bytesPerEntry,
    unit: 'bytes',
    note: `growth of the resident set; ${heapPerEntry.toFixed(0)} of it heap; the index tells ${toldPerEntry.toFixed(0)}, spare room included`,
  })),
  {
    name: 'recall@1 by codes, 1,000,000',
    target: { atLeast: 0.99 },
    reached: largest?.recallAt1 ?? Number.NaN,
    unit: '',
    note: `against a search over all, 400 made questions; recall@8 ${largest?.recallAt8?.toFixed(4)}; over all it takes p50 ${ms(largest?.exactLookup?.p50)}`,
  },
  ...(real === undefined
    ? []
    : [
        {
          name: 'recall@1 by codes, real questions',
          target: { atLeast: 0.99 },
          reached: real.recallAt1,
          unit: '',
          note: `${real.texts} questions, as many looked at after their codes as of a million; recall@8 ${real.recallAt8.toFixed(4)}`,
        },
      ]),
  {
    name: 'similarity, farthest from the exact cosine',
    target: { atMost: 0.005 },
    reached: precision.indexError,
    unit: '',
    note: `400 questions, 8 found of 20,000 each; of vectors that came from the store ${precision.restoredError.toFixed(4)}`,
  },
  {
    name: `load of ${LOADED} vectors from SQLite`,
    reached: load.loadMs,
    unit: 'ms',
    note: `into an index, other work goes on in between; ${load.cpuMs.toFixed(0)} ms of processor`,
  },
  {
    name: 'disk of an entry beside its text',
    reached: load.diskPerEntry,
    unit: 'bytes',
    note: `${LOADED} entries, 4 scopes`,
  },
  {
    name: 'put of a vector',
    reached: lookups[1]?.putMicroseconds ?? Number.NaN,
    unit: 'us',
    note: 'mean of 100,000',
  },
];

const isGood = publish('semantic-index', figures, { peers: { 'sqlite-vec': '0.1.9' } });
process.exitCode = isGood ? 0 : 1;
