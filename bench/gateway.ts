// Gateway against a bare node:http + undici proxy and the Portkey gateway, all in one run, all before the
// same simulated provider. One command: node bench/gateway.ts [--quick]
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { latencies, load, smallChat } from './gateway/load.ts';
import { type ServerProcess, startProcess, waitFor } from './gateway/processes.ts';
import { type Figure, median, percentile, publish, ROOT } from './harness.ts';

const isQuick = process.argv.includes('--quick');
// Many short rounds: what else runs on the machine comes and goes in seconds, and shall hit all alike.
const ROUNDS = isQuick ? 3 : 25;
const WARM_UP = isQuick ? 2 : 10;
const SECONDS = 1;
const REST_MS = 1_000;
const CONNECTIONS = 32;
const HEAP_FROM = isQuick ? 5_000 : 20_000;
const HEAP_TO = isQuick ? 30_000 : 200_000;

/** The Node of Portkey's own image (its Dockerfile: node:20-alpine); `bench/peers` installs it. */
const PORTKEY_NODE = '20.20.2';

type Subject = 'bare' | 'miss' | 'hit' | 'portkey' | 'portkeyHere';

interface Targets {
  readonly bare: string;
  readonly pare: ServerProcess;
  /** On the Node of its image. */
  readonly portkey: string;
  /** On the Node that runs Pare and this bench. */
  readonly portkeyHere: string;
  readonly portkeyHeaders: Readonly<Record<string, string>>;
}

async function throughput({ bare, pare, portkey, portkeyHere, portkeyHeaders }: Targets): Promise<Figure[]> {
  const common = { seconds: SECONDS, connections: CONNECTIONS };
  const rounds: Record<Subject, number>[] = [];
  let errors = 0;
  for (let round = 1 - WARM_UP; round <= ROUNDS; round++) {
    const bareLoad = await load({ ...common, url: bare, repeats: false });
    const missLoad = await load({ ...common, url: pare.url, repeats: false });
    // What Pare still writes is not to slow the next one down.
    await setTimeout(REST_MS);
    const portkeyLoad = await load({ ...common, url: portkey, repeats: false, headers: portkeyHeaders });
    const hereLoad = await load({ ...common, url: portkeyHere, repeats: false, headers: portkeyHeaders });
    const hitLoad = await load({ ...common, url: pare.url, repeats: true });
    await setTimeout(REST_MS);
    // The first rounds only warm everything up, all alike.
    if (round < 1) continue;
    for (const { errors: failed } of [bareLoad, missLoad, portkeyLoad, hereLoad, hitLoad]) errors += failed;
    rounds.push({
      bare: bareLoad.requestsPerSecond,
      miss: missLoad.requestsPerSecond,
      hit: hitLoad.requestsPerSecond,
      portkey: portkeyLoad.requestsPerSecond,
      portkeyHere: hereLoad.requestsPerSecond,
    });
    process.stderr.write(
      `round ${round}: ${JSON.stringify(rounds.at(-1), (_key, value: unknown) => (typeof value === 'number' ? Math.round(value) : value))}\n`,
    );
  }
  const ratio = (of: (round: (typeof rounds)[number]) => number): number => median(rounds.map(of));
  const perSecond = (key: Subject): string => `${Math.round(median(rounds.map((round) => round[key])))}/s`;
  const beside = `median of ${ROUNDS} rounds of ${SECONDS} s; bare ${perSecond('bare')}, pare ${perSecond('miss')}, hit ${perSecond('hit')}, portkey ${perSecond('portkey')}, on our Node ${perSecond('portkeyHere')}`;
  return [
    {
      name: 'requests/s against a bare proxy',
      target: { atLeast: 0.6 },
      reached: ratio((r) => r.miss / r.bare),
      unit: 'x',
      note: beside,
    },
    {
      name: 'requests/s against Portkey',
      target: { atLeast: 5 },
      reached: ratio((r) => r.miss / r.portkey),
      unit: 'x',
      note: `Portkey on Node ${PORTKEY_NODE}, as its image runs it`,
    },
    {
      name: 'requests/s against Portkey on our Node',
      target: { atLeast: 5 },
      reached: ratio((r) => r.miss / r.portkeyHere),
      unit: 'x',
      note: `Portkey on Node ${process.versions.node}`,
    },
    {
      name: 'cache hits/s against a bare proxy',
      target: { atLeast: 2 },
      reached: ratio((r) => r.hit / r.bare),
      unit: 'x',
    },
    { name: 'errors under load', target: { atMost: 0 }, reached: errors, unit: '' },
  ];
}

async function addedLatency({ pare, portkey, portkeyHeaders }: Targets, provider: string): Promise<Figure[]> {
  const amount = isQuick ? 500 : 3_000;
  const bodies = function* (from: number): Generator<string> {
    for (let n = 0; n < amount; n++) yield smallChat(from + n);
  };
  for (const [url, headers] of [
    [provider, {}],
    [pare.url, {}],
    [portkey, portkeyHeaders],
  ] as const)
    await latencies(url, bodies(1e7), headers);
  const direct = await latencies(provider, bodies(2e7));
  const ours = await latencies(pare.url, bodies(3e7));
  const theirs = await latencies(portkey, bodies(4e7), portkeyHeaders);
  const added = (times: readonly number[], share: number): number =>
    percentile(times, share) - percentile(direct, share);
  const note = `one request at a time, less the same to the provider itself; Portkey p50 ${added(theirs, 0.5).toFixed(2)} ms, p99 ${added(theirs, 0.99).toFixed(2)} ms`;
  return [
    { name: 'added latency p50', reached: added(ours, 0.5), unit: 'ms', note },
    { name: 'added latency p99', reached: added(ours, 0.99), unit: 'ms' },
    { name: 'added latency p50 against Portkey', reached: added(ours, 0.5) / added(theirs, 0.5), unit: 'x' },
  ];
}

/** A long conversation of about so many bytes, ordinary text. */
function longChat(bytes: number, n: number): string {
  const sentence = (i: number): string =>
    `Point ${i}: the invoice ${1000 + i * 7} of customer ${i % 97} was paid late, so the reminder went out twice. `;
  const messages: { role: string; content: string }[] = [];
  for (let length = 0, i = n * 100_000; length < bytes; ) {
    let content = '';
    while (content.length < 2_000) content += sentence(i++);
    messages.push({ role: messages.length % 2 === 0 ? 'user' : 'assistant', content });
    length += content.length;
  }
  if (messages.length % 2 === 0) messages.pop();
  return JSON.stringify({ model: 'gpt-4o', messages });
}

async function sizes({ pare }: Targets): Promise<Figure[]> {
  const amount = isQuick ? 10 : 40;
  const small: number[] = [];
  const large: number[] = [];
  for (let n = 0; n < amount; n++) {
    small.push(...(await latencies(pare.url, [longChat(100_000, n)])));
    large.push(...(await latencies(pare.url, [longChat(1_000_000, n + 1_000)])));
  }
  return [
    {
      name: 'a 1 MB request against a 100 KB one',
      target: { atMost: 12 },
      reached: median(large) / median(small),
      unit: 'x',
      note: `${median(small).toFixed(1)} ms and ${median(large).toFixed(1)} ms`,
    },
  ];
}

function heapOf({ child }: ServerProcess): Promise<{ heapUsed: number; rss: number }> {
  return new Promise((resolve) => {
    child.once('message', (message) => resolve(message as { heapUsed: number; rss: number }));
    child.send('heap');
  });
}

async function heap({ pare }: Targets): Promise<Figure[]> {
  const common = { url: pare.url, connections: CONNECTIONS, repeats: false, seconds: 0 };
  await load({ ...common, amount: HEAP_FROM });
  const before = await heapOf(pare);
  await load({ ...common, amount: HEAP_TO - HEAP_FROM });
  const after = await heapOf(pare);
  return [
    {
      name: `heap after ${HEAP_TO} requests against ${HEAP_FROM}`,
      target: { atMost: 1.1 },
      reached: after.heapUsed / before.heapUsed,
      unit: 'x',
      note: `${(before.heapUsed / 2 ** 20).toFixed(1)} MiB and ${(after.heapUsed / 2 ** 20).toFixed(1)} MiB after a collection`,
    },
  ];
}

async function main(): Promise<void> {
  const peers = join(ROOT, 'bench', 'peers');
  if (!existsSync(join(peers, 'node_modules/node/bin/node'))) {
    execFileSync('npm', ['install', '--loglevel=error', '--no-package-lock'], {
      cwd: peers,
      stdio: ['ignore', 2, 2],
    });
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'pare-bench-'));
  const running: ServerProcess[] = [];
  const start = async (...args: string[]): Promise<ServerProcess> => {
    const process = await startProcess(args);
    running.push(process);
    return process;
  };
  try {
    const provider = await start('src/testing/provider-main.ts', '--fast');
    const bare = await start('bench/gateway/bare-proxy.ts', provider.url);
    const pare = await start(
      // As `npm start` does.
      '--max-semi-space-size=32',
      '--expose-gc',
      'bench/gateway/gateway-process.ts',
      provider.url,
      join(dataDir, 'throughput'),
    );
    const heapGateway = await start(
      '--max-semi-space-size=32',
      '--expose-gc',
      'bench/gateway/gateway-process.ts',
      provider.url,
      join(dataDir, 'heap'),
    );
    const portkey = await startPortkey(peers, join(peers, 'node_modules/node/bin/node'));
    running.push(portkey);
    const portkeyHere = await startPortkey(peers, process.execPath);
    running.push(portkeyHere);
    const targets: Targets = {
      bare: bare.url,
      pare,
      portkey: portkey.url,
      portkeyHere: portkeyHere.url,
      portkeyHeaders: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${provider.url}/v1` },
    };
    const figures = [
      ...(await throughput(targets)),
      ...(await addedLatency(targets, provider.url)),
      ...(await sizes(targets)),
      ...(await heap({ ...targets, pare: heapGateway })),
    ];
    process.exitCode = publish('gateway', figures, { peers: { portkey: '1.15.2' }, connections: CONNECTIONS })
      ? 0
      : 1;
  } finally {
    await Promise.all(running.map((server) => server.stop()));
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function startPortkey(peers: string, node: string): Promise<ServerProcess> {
  const { spawn } = await import('node:child_process');
  const port = await freePort();
  const script = join(peers, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const child = spawn(node, [script, '--headless', `--port=${port}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await waitFor(url);
  return { url, child, stop: async () => void child.kill('SIGKILL') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

await main();
