/**
 * Plays recorded agent runs through the gateway against the simulated provider, without tool selection and with it:
 * the calls that are made, what the provider's prompt cache gives, tokens and cost net.
 *
 *   PARE_BENCH_DATA=/path/to/data node bench/tools-replay.ts [RUNS]
 *
 * The simulated model makes the recorded calls. Where a tool of them was not sent it says that it has none, as a model
 * must that does not know of it; the gateway then asks again with all tools. Where it is deferred (`native`) the model
 * finds it first with the provider's search, and the client sends the blocks of that on in later turns. A model of
 * OpenAI's looks for the names that it sees; each of its searches has the prompt billed again, the dearest reading of what
 * is known (src/testing/provider/responses-search.ts).
 */
import { existsSync } from 'node:fs';
import { type Figure, publish } from './harness.ts';
import { livemcpRuns, type Replay, tauRuns } from './tools/replay-data.ts';
import { type Pass, play, type Repeated } from './tools/replay-pass.ts';

const data = process.env['PARE_BENCH_DATA'];
if (data === undefined || !existsSync(data)) {
  console.error('Set PARE_BENCH_DATA to a folder with livemcp and tau_bench (docs/benches.md).');
  process.exit(2);
}
const most = Number(process.argv[2] ?? 100);

const share = (pass: Pass): number => pass.cacheReadTokens / pass.inputTokens;

function sumOf(pass: Pass, read: (repeated: Repeated) => number): number {
  return [...pass.byCause.values()].reduce((sum, repeated) => sum + read(repeated), 0);
}

const repeated = (pass: Pass): number =>
  sumOf(pass, ({ reread }) => reread) / sumOf(pass, ({ tokens }) => tokens);

/** Which changes of the tools kept what was sent before from being read. */
const causes = (pass: Pass): string =>
  [...pass.byCause]
    .filter(([, { tokens }]) => tokens > 0)
    .map(([cause, { requests, tokens, reread }]) => `${cause} ${requests} x, lost ${tokens - reread}`)
    .join('; ');

const tokens = (pass: Pass): number => pass.inputTokens + pass.outputTokens;

function compare(name: string, off: Pass, on: Pass): Figure[] {
  return [
    {
      name: `${name}: recorded calls that were made`,
      target: { atLeast: 1 },
      reached: on.made / on.calls,
      unit: '',
      note: `of ${on.calls}; without selection ${(off.made / off.calls).toFixed(3)}`,
    },
    {
      name: `${name}: of what a run sent before, read from the prompt cache`,
      target: { atLeast: Math.round((repeated(off) - 0.02) * 1000) / 1000 },
      reached: repeated(on),
      unit: '',
      note: `without selection ${repeated(off).toFixed(3)}; of all input ${share(on).toFixed(3)}, without ${share(off).toFixed(3)}: there it is tools that nobody needs. ${causes(on)}`,
    },
    {
      name: `${name}: tokens billed, with as a share of without`,
      target: { atMost: 0.999 },
      reached: tokens(on) / tokens(off),
      unit: '',
      note: `${tokens(on)} of ${tokens(off)}, retries included; ledger says ${on.netTokens} net`,
    },
    {
      name: `${name}: cost, with as a share of without`,
      target: { atMost: 0.999 },
      reached: on.costUsd / off.costUsd,
      unit: '',
      note: `USD ${on.costUsd.toFixed(2)} of ${off.costUsd.toFixed(2)}`,
    },
  ];
}

/** What it comes to where tools are deferred; `stripped` is the same with a client that leaves searches out. */
function compareNative(
  name: string,
  { off, on, stripped }: { readonly off: Pass; readonly on: Pass; readonly stripped: Pass },
): Figure[] {
  return [
    {
      name: `${name}: recorded calls that were made`,
      target: { atLeast: 1 },
      reached: on.made / on.calls,
      unit: '',
      note: `of ${on.calls}, ${on.there} of tools that were loaded or found before; ${on.searches} searches`,
    },
    {
      name: `${name}: of what a run sent before, read from the prompt cache, with as a share of without`,
      target: { atLeast: 0.998 },
      reached: repeated(on) / repeated(off),
      unit: '',
      note: `${repeated(on).toFixed(4)}, without ${repeated(off).toFixed(4)}; of all input ${share(on).toFixed(3)}, without ${share(off).toFixed(3)}. ${causes(on)}`,
    },
    {
      name: `${name}: tokens billed, with as a share of without`,
      target: { atMost: 0.999 },
      reached: tokens(on) / tokens(off),
      unit: '',
      note: `${tokens(on)} of ${tokens(off)}, ${on.searchInputTokens} of them read again after searches`,
    },
    {
      name: `${name}: cost, with as a share of without`,
      target: { atMost: 0.999 },
      reached: on.costUsd / off.costUsd,
      unit: '',
      note: `USD ${on.costUsd.toFixed(2)} of ${off.costUsd.toFixed(2)}`,
    },
    {
      name: `${name}: tokens net, the ledger's as a share of those that were spared`,
      target: { atMost: 1.02 },
      reached: on.netTokens / (tokens(off) - tokens(on)),
      unit: '',
      note: `${on.netTokens} of ${tokens(off) - tokens(on)}; without selection too the ledger's counter sees less than the simulated provider`,
    },
    {
      name: `${name}, searches left out of later turns: cost, with as a share of without`,
      reached: stripped.costUsd / off.costUsd,
      unit: '',
      note: `calls made ${(stripped.made / stripped.calls).toFixed(3)}; of what a run sent before ${repeated(stripped).toFixed(3)} is read. ${causes(stripped)}`,
    },
  ];
}

const livemcp = livemcpRuns(data);
const tau = tauRuns(data);
/** The airline's agent with what else is plugged in where it works. */
const crowded: Replay = { ...tau, tools: [...tau.tools, ...livemcp.tools.slice(0, 60)] };
/** As many of LiveMCPBench's tools as OpenAI takes with some room: those that the runs call, and the first others. */
const called = new Set(
  livemcp.runs.slice(0, most).flatMap(({ turns }) => turns.flatMap(({ calls }) => calls)),
);
const nameOf = (tool: Replay['tools'][number]): string => (tool['function'] as { name: string }).name;
const others = livemcp.tools
  .filter((tool) => !called.has(nameOf(tool)))
  .slice(0, Math.max(0, 120 - called.size));
const fitting: Replay = {
  ...livemcp,
  tools: livemcp.tools.filter((tool) => called.has(nameOf(tool)) || others.includes(tool)),
};
const OFF = { 'stages.tool-selection': 'off' };
const TWENTY = { 'toolSelection.maxTools': 20 };
const NATIVE = { 'toolSelection.mode': 'native' };
const figures: Figure[] = [];
for (const isShared of [false, true]) {
  const claude = { model: 'claude-sonnet-4-6', isShared, most };
  const gpt = { model: 'gpt-4o', isShared, most };
  const whose = isShared ? 'all runs in one account' : 'an account a run';
  const off = await play(livemcp, OFF, claude);
  const on = await play(livemcp, TWENTY, claude);
  figures.push(
    {
      name: `livemcp, 20 tools, ${whose}: calls whose tool was there at once`,
      target: { atLeast: 0.97 },
      reached: on.there / on.calls,
      unit: '',
      note: `of ${on.calls}, over a replayed run`,
    },
    ...compare(`livemcp, 20 of ${livemcp.tools.length}, ${whose}`, off, on),
    ...compare(
      `tau_bench, 10 of ${crowded.tools.length}, ${whose}`,
      await play(crowded, OFF, gpt),
      await play(crowded, {}, gpt),
    ),
  );
  const native = { ...claude, isWarm: true };
  const stripping = { ...native, keepsBlocks: false };
  figures.push(
    ...compareNative(`livemcp, native, 20 of ${livemcp.tools.length} loaded, ${whose}`, {
      off,
      on: await play(livemcp, { ...TWENTY, ...NATIVE }, native),
      stripped: await play(livemcp, { ...TWENTY, ...NATIVE }, stripping),
    }),
    ...compareNative(`tau_bench, native, 10 of ${crowded.tools.length} loaded, ${whose}`, {
      off: await play(crowded, OFF, claude),
      on: await play(crowded, NATIVE, native),
      stripped: await play(crowded, NATIVE, stripping),
    }),
  );
  const newer = { model: 'gpt-5.4', isShared, most, isWarm: true };
  const forgetful = { ...newer, keepsBlocks: false };
  figures.push(
    ...compareNative(`livemcp, native, gpt-5.4, 20 of ${fitting.tools.length} loaded, ${whose}`, {
      off: await play(fitting, OFF, newer),
      on: await play(fitting, { ...TWENTY, ...NATIVE }, newer),
      stripped: await play(fitting, { ...TWENTY, ...NATIVE }, forgetful),
    }),
    ...compareNative(`tau_bench, native, gpt-5.4, 10 of ${crowded.tools.length} loaded, ${whose}`, {
      off: await play(crowded, OFF, newer),
      on: await play(crowded, NATIVE, newer),
      stripped: await play(crowded, NATIVE, forgetful),
    }),
  );
}
process.exitCode = publish('tools-replay', figures) ? 0 : 1;
