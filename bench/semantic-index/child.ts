// One size of the index in a process of its own, so that its memory can be told: prints what it measured as JSON.
//
//   node --expose-gc bench/semantic-index/child.ts size COUNT
//   node --expose-gc bench/semantic-index/child.ts memory COUNT PER_SCOPE
//   node --expose-gc bench/semantic-index/child.ts peer plain|sqlite-vec COUNT
//   node --expose-gc bench/semantic-index/child.ts load COUNT
//   node --expose-gc bench/semantic-index/child.ts precision COUNT
//   node --expose-gc bench/semantic-index/child.ts recall DATA_FOLDER
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Embedder, SemanticEntry, VectorIndex } from '../../src/contract/index.ts';
import { createStaticEmbedder } from '../../src/embeddings/index.ts';
import { createSqliteSemanticStore, createVectorIndex } from '../../src/stores/index.ts';
import { sha256Hex } from '../../src/support/index.ts';
import { unitVector } from '../../src/testing/fixtures/unit-vector.ts';
import { percentile } from '../harness.ts';
import { plainScan, sqliteVec } from './peers.ts';
import { madeTexts } from './texts.ts';

const DIMENSIONS = 256;
const LIMIT = 8;
const QUESTIONS = 400;
const ROUNDS = 5;
/** Above it, a search goes by codes. */
const CODED = 100_000;
const WARM = 2_000;
const PEER_QUESTIONS = 60;
const REAL_QUESTIONS = 4_000;
const BATCH = 1_000;
const EMBEDDER = 'bench';

let embedder: Embedder | undefined;

function embed(text: string): Float32Array {
  embedder ??= createStaticEmbedder();
  if (embedder.embedNow === undefined) throw new Error('The built-in embedder has no fast path.');
  return embedder.embedNow(text);
}

function vectorsOf(use: 'stored' | 'asked', count: number): (i: number) => Float32Array {
  const texts = madeTexts(use);
  return embedded(Array.from({ length: count }, () => texts.next().value));
}

function embedded(texts: readonly string[]): (i: number) => Float32Array {
  const all = new Float32Array(texts.length * DIMENSIONS);
  for (const [i, text] of texts.entries()) all.set(embed(text), i * DIMENSIONS);
  return (i) => all.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS);
}

function questionsOf(count: number): Float32Array[] {
  return Array.from({ length: count }, (_, i) => i).map(vectorsOf('asked', count));
}

/** Spread over 52 bits, as those of digests are. */
function idOf(i: number): number {
  return (i * 2_654_435_761 * 1_048_573) % 2 ** 52;
}

interface Memory {
  readonly rss: number;
  readonly heap: number;
}

async function memory(): Promise<Memory> {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) throw new Error('Run with --expose-gc.');
  // The engine gives pages back some time after it collected what was in them.
  for (let i = 0; i < 4; i++) {
    collect();
    await sleep(250);
  }
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { rss, heap: heapUsed + arrayBuffers };
}

/** Milliseconds by question in each round; the first round warms up and is not told. */
function times(questions: readonly Float32Array[], search: (question: Float32Array) => unknown): number[][] {
  return Array.from({ length: ROUNDS + 1 }, () =>
    questions.map((question) => {
      const begun = performance.now();
      search(question);
      return performance.now() - begun;
    }),
  ).slice(1);
}

/**
 * Milliseconds that 50 and 99 of 100 questions stay under, in their best round, since other processes run beside
 * this one; and 99 of 100 in all rounds.
 */
function summary(rounds: readonly (readonly number[])[]) {
  const best = (rounds[0] ?? []).map((_, i) => Math.min(...rounds.map((round) => round[i] as number)));
  return {
    p50: percentile(best, 0.5),
    p99: percentile(best, 0.99),
    p99OfAll: percentile(rounds.flat(), 0.99),
  };
}

function indexOf(stored: (i: number) => Float32Array, count: number, exactUpTo?: number): VectorIndex {
  const index = createVectorIndex({
    dimensions: DIMENSIONS,
    ...(exactUpTo === undefined ? {} : { exactUpTo }),
  });
  for (let i = 0; i < count; i++) index.put(idOf(i), 'scope', stored(i));
  return index;
}

function measureSize(count: number) {
  const questions = questionsOf(QUESTIONS);
  const stored = vectorsOf('stored', count);
  const begun = performance.now();
  const index = indexOf(stored, count);
  const putMs = performance.now() - begun;
  return {
    lookup: summary(times(questions, (question) => index.nearest('scope', question, LIMIT))),
    putMicroseconds: (putMs * 1_000) / count,
    ...(count > CODED ? recall(index, indexOf(stored, count, count), questions) : {}),
  };
}

/** How often the search by codes finds what a search over all finds: the nearest, and as near a one. */
function recall(index: VectorIndex, exact: VectorIndex, questions: readonly Float32Array[]) {
  let [first, all] = [0, 0];
  for (const question of questions) {
    const wanted = exact.nearest('scope', question, LIMIT);
    const found = index.nearest('scope', question, LIMIT);
    if (found[0]?.similarity === wanted[0]?.similarity) first++;
    const least = wanted.at(-1)?.similarity ?? 1;
    all += found.filter(({ similarity }) => similarity >= least).length;
  }
  const few = questions.slice(0, PEER_QUESTIONS);
  return {
    recallAt1: first / questions.length,
    recallAt8: all / questions.length / LIMIT,
    exactLookup: summary(times(few, (question) => exact.nearest('scope', question, LIMIT))),
  };
}

/** Of vectors that cost nothing to make: what an embedder leaves behind is no part of an entry. */
async function measureMemory(count: number, perScope: number) {
  const vector = unitVector(1, DIMENSIONS);
  const fill = (index: VectorIndex, entries: number) => {
    for (let i = 0; i < entries; i++) {
      vector[i % DIMENSIONS] = i / count;
      index.put(idOf(i), sha256Hex(String(Math.floor(i / perScope))), vector);
    }
    return index;
  };
  const warm = fill(createVectorIndex({ dimensions: DIMENSIONS }), WARM);
  const before = await memory();
  const index = fill(createVectorIndex({ dimensions: DIMENSIONS }), count);
  const after = await memory();
  if (warm.size + index.size !== WARM + count) throw new Error('An index lost vectors.');
  return {
    bytesPerEntry: (after.rss - before.rss) / count,
    heapPerEntry: (after.heap - before.heap) / count,
    toldPerEntry: index.bytes / count,
  };
}

/** How near the similarities come to the cosines of the floats, through the index and through index and store. */
function measurePrecision(count: number) {
  const stored = vectorsOf('stored', count);
  const store = createSqliteSemanticStore({ path: ':memory:', onEvent: () => {} });
  const [index, restored] = [indexOf(stored, count), createVectorIndex({ dimensions: DIMENSIONS })];
  const ids = Array.from({ length: count }, (_, i) => i);
  store.putMany(ids.map((id) => ({ ...entryOf(id, 'text'), id, vector: stored(id) })));
  for (const { id, vector } of store.get(ids)) restored.put(idOf(id), 'scope', vector);
  const byId = new Map(ids.map((i) => [idOf(i), stored(i)]));
  const worst = (searched: VectorIndex) =>
    Math.max(
      ...questionsOf(QUESTIONS).flatMap((question) =>
        searched
          .nearest('scope', question, LIMIT)
          .map(({ id, similarity }) => Math.abs(similarity - dot(question, byId.get(id) ?? question))),
      ),
    );
  return { indexError: worst(index), restoredError: worst(restored) };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Real questions, as many of them looked at after their codes as of a million would be. */
function measureRealRecall(folder: string) {
  const lines = (path: string) =>
    readFileSync(join(folder, path), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { text?: string; a?: string; b?: string });
  const pairs = lines('qqp_gptcache/pairs.jsonl');
  const more = ['banking77', 'clinc150', 'hwu64'].flatMap((name) => lines(`${name}/train.jsonl`));
  const texts = [...new Set([...pairs.map(({ a = '' }) => a), ...more.map(({ text = '' }) => text)])];
  const asked = embedded(pairs.map(({ b = '' }) => b));
  const questions = Array.from({ length: REAL_QUESTIONS }, (_, i) => asked(i));
  const stored = embedded(texts);
  const coded = createVectorIndex({
    dimensions: DIMENSIONS,
    exactUpTo: 0,
    candidates: Math.round((texts.length * 8_192) / 1_000_000),
  });
  for (let i = 0; i < texts.length; i++) coded.put(idOf(i), 'scope', stored(i));
  return { texts: texts.length, ...recall(coded, indexOf(stored, texts.length), questions) };
}

function measurePeer(name: string, count: number) {
  const peer = name === 'plain' ? plainScan(count, DIMENSIONS) : sqliteVec(DIMENSIONS);
  if (peer === undefined) return {};
  const stored = vectorsOf('stored', count);
  for (let i = 0; i < count; i++) peer.add(i + 1, stored(i));
  const questions = questionsOf(count > CODED ? PEER_QUESTIONS / 5 : PEER_QUESTIONS);
  return { lookup: summary(times(questions, (question) => peer.nearest(question, LIMIT))) };
}

function entryOf(i: number, text: string): Omit<SemanticEntry, 'vector'> {
  return {
    id: idOf(i),
    key: sha256Hex(String(i)),
    scopeKey: sha256Hex(String(i % 4)),
    tenant: 'default',
    model: 'gpt-4o',
    tags: {},
    text,
    embedder: EMBEDDER,
    answerGroup: idOf(i),
    createdAt: Date.now(),
    expiresAt: Date.now() + 1e9,
  };
}

async function measureLoad(count: number) {
  const folder = mkdtempSync(join(tmpdir(), 'pare-bench-'));
  const path = join(folder, 'semantic.db');
  const onEvent = () => {};
  try {
    const store = createSqliteSemanticStore({ path, onEvent });
    const texts = madeTexts('stored');
    let textBytes = 0;
    for (let at = 0; at < count; at += BATCH) {
      const rows = Array.from({ length: BATCH }, (_, i) => {
        const text = texts.next().value;
        textBytes += text.length;
        return { ...entryOf(at + i, text), vector: embed(text) };
      });
      store.putMany(rows);
    }
    store.close();
    const { size } = statSync(path);
    const again = createSqliteSemanticStore({ path, onEvent });
    const index = createVectorIndex({ dimensions: DIMENSIONS });
    const begun = performance.now();
    const cpu = process.cpuUsage();
    for await (const page of again.vectors(EMBEDDER)) {
      for (const { id, scopeKey, vector } of page) index.put(id, scopeKey, vector);
    }
    const loadMs = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpu);
    again.close();
    if (index.size !== count) throw new Error(`${index.size} of ${count} vectors were loaded.`);
    return { loadMs, cpuMs: (user + system) / 1_000, diskPerEntry: (size - textBytes) / count };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [kind = '', first = '', second = ''] = process.argv.slice(2);
/** By the first argument. */
const MEASURES: Readonly<Record<string, () => unknown>> = {
  size: () => measureSize(Number(first)),
  memory: () => measureMemory(Number(first), Number(second)),
  peer: () => measurePeer(first, Number(second)),
  load: () => measureLoad(Number(first)),
  precision: () => measurePrecision(Number(first)),
  recall: () => measureRealRecall(first),
};
const measure = MEASURES[kind];
if (measure === undefined) throw new Error(`Nothing is called ${kind}.`);
process.stdout.write(JSON.stringify(await measure()));
