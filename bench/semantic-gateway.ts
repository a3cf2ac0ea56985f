// A semantic hit end to end through the gateway, and what the semantic cache costs requests that miss: off, in shadow
// and on, in turns, before the same simulated provider. One command: node bench/semantic-gateway.ts [ENTRIES]
//   PARE_BENCH_ONNX=/path/to/model node bench/semantic-gateway.ts    also a hit with that model as the embedder
// (docs/benches.md says where from), written to a file of its own, bench/results/semantic-gateway-onnx.json.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { loadavg, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Agent } from 'undici';
import { load } from './gateway/load.ts';
import { type ServerProcess, startProcess } from './gateway/processes.ts';
import { type Figure, median, percentile, publish, ROOT } from './harness.ts';

const ENTRIES = Number(process.argv[2] ?? 10_000);
/** Filling takes a run of the model for each. */
const ONNX_ENTRIES = Math.min(ENTRIES, 2_000);
const HITS = 2_000;
const WARM_UP = 200;
const ROUNDS = 13;
const WARM_UP_ROUNDS = 4;
/** Processes of a mode: two that do the same differ by up to a tenth, all their lives. */
const COPIES = { off: 3, shadow: 3, on: 1 } as const;
const REST_MS = 1_500;
const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer bench-key' };
const VERBS = ['reset', 'change', 'find', 'print', 'export', 'archive', 'share', 'rename'];
const THINGS = ['invoice', 'password', 'report', 'profile', 'calendar', 'backup', 'playlist', 'certificate'];
const PLACES = ['app', 'portal', 'dashboard', 'settings', 'website'];

/** A question of many that are near to each other, in one of two wordings. */
function question(n: number, start: string): string {
  const verb = VERBS[n % VERBS.length];
  const thing = THINGS[Math.floor(n / VERBS.length) % THINGS.length];
  const place = PLACES[Math.floor(n / (VERBS.length * THINGS.length)) % PLACES.length];
  const content = `${start} ${verb} the ${thing} of customer group ${n} in the ${place}?`;
  return JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] });
}

interface Asked {
  readonly ms: number;
  readonly outcome: string;
}

async function ask(agent: Agent, origin: string, body: string): Promise<Asked> {
  const started = performance.now();
  const {
    statusCode,
    headers,
    body: answer,
  } = await agent.request({
    origin,
    path: '/v1/chat/completions',
    method: 'POST',
    headers: HEADERS,
    body,
  });
  await answer.dump();
  if (statusCode !== 200) throw new Error(`${origin} answered ${statusCode}`);
  return { ms: performance.now() - started, outcome: String(headers['x-pare-cache']) };
}

interface HitOptions {
  readonly entries: number;
  /** Requests at a time while it is filled. */
  readonly filling: number;
  readonly hits: number;
  readonly targetMs: number;
}

/** Hits one after the other, among as many entries of the same scope. */
async function hits(url: string, { entries, filling, hits, targetMs }: HitOptions): Promise<Figure[]> {
  const fillers = new Agent({ connections: filling });
  for (let from = 0; from < entries; from += 4 * filling) {
    const ids = Array.from({ length: Math.min(4 * filling, entries - from) }, (_, i) => from + i);
    await Promise.all(ids.map((n) => ask(fillers, url, question(n, 'How do I'))));
  }
  await fillers.close();
  const agent = new Agent({ pipelining: 1, connections: 1 });
  const asked: Asked[] = [];
  for (let i = 0; i < hits + WARM_UP; i++) {
    const found = await ask(agent, url, question(Math.floor((i * entries) / (hits + WARM_UP)), 'How can I'));
    if (i >= WARM_UP) asked.push(found);
  }
  await agent.close();
  const times = asked.filter(({ outcome }) => outcome === 'semantic').map(({ ms }) => ms);
  const note = `${times.length} of ${asked.length} paraphrases hit, among ${entries} near texts of one scope; one request at a time`;
  return [
    {
      name: 'semantic hit through the gateway, p99',
      target: { atMost: targetMs },
      reached: percentile(times, 0.99),
      unit: 'ms',
      note,
    },
    { name: 'semantic hit through the gateway, p50', reached: percentile(times, 0.5), unit: 'ms' },
    { name: 'paraphrases that hit', reached: times.length / asked.length, unit: '' },
  ];
}

/** A model is loaded when the gateway starts; until it is there, requests go to the provider. */
async function untilLoaded(url: string): Promise<Figure> {
  const started = performance.now();
  const agent = new Agent({ pipelining: 1, connections: 1 });
  for (let n = -1; ; n--) {
    await ask(agent, url, question(n, 'Where should I'));
    const { outcome } = await ask(agent, url, question(n, 'where should I'));
    if (outcome === 'semantic') break;
    if (performance.now() - started > 120_000)
      throw new Error('The model was not loaded within two minutes.');
  }
  await agent.close();
  return { name: 'from a ready gateway to the first hit', reached: performance.now() - started, unit: 'ms' };
}

type Mode = 'off' | 'shadow' | 'on';
const MODES: readonly Mode[] = ['off', 'shadow', 'on'];

async function misses(gateways: Readonly<Record<Mode, readonly ServerProcess[]>>): Promise<Figure[]> {
  const rates: Record<Mode, number[]> = { off: [], shadow: [], on: [] };
  // In turns, so that what else runs on the machine hits all alike.
  const turns = Array.from({ length: Math.max(...Object.values(COPIES)) }, (_, copy) =>
    MODES.flatMap((mode) => {
      const server = gateways[mode][copy];
      return server === undefined ? [] : [{ mode, server }];
    }),
  ).flat();
  for (let round = 0; round < ROUNDS; round++) {
    for (const { mode, server } of turns) {
      const { requestsPerSecond } = await load({
        url: server.url,
        seconds: 1,
        connections: 32,
        repeats: false,
      });
      // The first rounds only warm everything up, all alike.
      if (round >= WARM_UP_ROUNDS) rates[mode].push(requestsPerSecond);
      // What one still writes is not to slow the next one down.
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }
  const ratio = (mode: Mode): number => median(rates[mode]) / median(rates.off);
  const note = `medians of ${ROUNDS - WARM_UP_ROUNDS} rounds of 1 s, ${COPIES.off} processes off, ${COPIES.shadow} in shadow, ${COPIES.on} on; off ${median(rates.off).toFixed(0)}/s`;
  return [
    {
      name: 'requests/s, all misses, in shadow against off',
      target: { atLeast: 0.9 },
      reached: ratio('shadow'),
      unit: 'x',
      note,
    },
    { name: 'requests/s, all misses, on against off', reached: ratio('on'), unit: 'x', note },
  ];
}

async function onnx(url: string, model: string): Promise<boolean> {
  const [loadBefore = 0] = loadavg();
  const loaded = await untilLoaded(url);
  // No more at a time than may wait for a model, so that all are kept.
  const figures = await hits(url, { entries: ONNX_ENTRIES, filling: 8, hits: HITS, targetMs: 60 });
  return publish('semantic-gateway-onnx', [...figures, loaded], {
    entries: ONNX_ENTRIES,
    model: basename(model),
    load_before: Number(loadBefore.toFixed(1)),
    peers: { '@huggingface/transformers': versionOf('@huggingface/transformers') },
  });
}

function versionOf(name: string): string {
  const folder = findPackageJSON(name, import.meta.url);
  return folder === undefined
    ? 'unknown'
    : (JSON.parse(readFileSync(folder, 'utf8')) as { version: string }).version;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pare-bench-semantic-'));
  const started: ServerProcess[] = [];
  const start = async (...args: string[]): Promise<ServerProcess> => {
    const server = await startProcess(args);
    started.push(server);
    return server;
  };
  try {
    const provider = await start(join(ROOT, 'src/testing/provider-main.ts'), '--fast');
    const gateway = (mode: Mode, name: string, ...model: readonly string[]) =>
      start(
        '--max-semi-space-size=32',
        join(ROOT, 'bench/gateway/gateway-process.ts'),
        provider.url,
        join(folder, name),
        mode,
        ...model,
      );
    const copies = (mode: Mode): Promise<ServerProcess[]> =>
      Promise.all(Array.from({ length: COPIES[mode] }, (_, copy) => gateway(mode, `${mode}-${copy}`)));
    const model = process.env['PARE_BENCH_ONNX'];
    const areReached = model === undefined || (await onnx((await gateway('on', 'onnx', model)).url, model));
    const builtIn = { entries: ENTRIES, filling: 16, hits: HITS, targetMs: 10 };
    const figures = [
      ...(await hits((await gateway('on', 'hits')).url, builtIn)),
      ...(await misses({
        off: await copies('off'),
        shadow: await copies('shadow'),
        on: await copies('on'),
      })),
    ];
    process.exitCode = publish('semantic-gateway', figures, { entries: ENTRIES }) && areReached ? 0 : 1;
  } finally {
    for (const server of started.toReversed()) await server.stop();
    rmSync(folder, { recursive: true });
  }
}

await main();
