/**
 * Plays recorded agent runs through the gateway against the simulated provider, without tool selection and with it:
 * the calls that are made, what the provider's prompt cache gives, tokens and cost net.
 *
 *   PARE_BENCH_DATA=/path/to/data node bench/tools-replay.ts [RUNS]
 *
 * The simulated model makes the recorded calls. Where a tool of them was not sent it says that it has none, as a model
 * must that does not know of it; the gateway then asks again with all tools. Where it is deferred (`native`) the model
 * finds it first with the provider's search, and the client sends the blocks of that on in later turns.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../src/contract/index.ts';
import { startGateway } from '../src/gateway/index.ts';
import { createCore, loadConfig } from '../src/optimizer/index.ts';
import {
  createSimulatedProvider,
  type ProviderCounters,
  type SimulatedAnswer,
  type SimulatedProvider,
  type SimulatedToolSearch,
} from '../src/testing/index.ts';
import { type Figure, publish } from './harness.ts';
import { toMessagesBody } from './tools/messages-wire.ts';
import { createNativeSearch, searchBlocksOf, type ToolSearch } from './tools/native-search.ts';
import { livemcpRuns, type Replay, type ReplayRun, tauRuns } from './tools/replay-data.ts';

const data = process.env['PARE_BENCH_DATA'];
if (data === undefined || !existsSync(data)) {
  console.error('Set PARE_BENCH_DATA to a folder with livemcp and tau_bench (docs/benches.md).');
  process.exit(2);
}
const most = Number(process.argv[2] ?? 100);
const LACKS = "I don't have a tool for that.";

/** What one pass over the runs came to. */
interface Pass {
  calls: number;
  /** Recorded calls that reached the caller. */
  made: number;
  /** Recorded calls whose tool was in the first request. */
  there: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  /** Requests that the provider got, by how their tools differ from those of the request before in the run. */
  readonly byCause: Map<string, Repeated>;
  costUsd: number;
  netTokens: number;
  requests: number;
  /** Searches among deferred tools, and the input that reading the prompt again after them took. */
  searches: number;
  searchInputTokens: number;
}

/** What requests of a run had in common with those before them. */
interface Repeated {
  requests: number;
  /** Tokens of the request before, at most of the one at hand: what could be read of what was sent. */
  tokens: number;
  /** Those of them that were read from the cache. */
  reread: number;
}

/** What the simulated model is asked next, and whether its tools were there the first time. */
interface Plan {
  calls: readonly string[];
  /** The tools of each request that the turn made, and what the provider had billed before it, all in all. */
  sent: Sent[];
  isFirst: boolean;
  there: number;
}

interface Sent {
  readonly names: readonly string[];
  readonly billedBefore: Billed;
}

type Billed = Pick<
  ProviderCounters,
  'inputTokens' | 'cacheReadTokens' | 'searchInputTokens' | 'searchCacheReadTokens'
>;

/** Who asks, and for which model. */
interface Caller {
  readonly model: string;
  readonly isShared: boolean;
  /** Whether the blocks of searches are sent on, as the provider wants it. @default true */
  readonly keepsBlocks?: boolean;
}

async function play(replay: Replay, settings: Readonly<Record<string, unknown>>, how: Caller): Promise<Pass> {
  const plan: Plan = { calls: [], sent: [], isFirst: true, there: 0 };
  const search = createNativeSearch(replay.tools);
  const provider: SimulatedProvider = await createSimulatedProvider({
    respond: ({ tools, body }): SimulatedAnswer => {
      const deferred = new Set(deferredNames(body));
      const names = tools.map(({ name }) => name);
      plan.sent.push({
        names: names.filter((name) => !deferred.has(name)),
        billedBefore: provider.counters,
      });
      const hidden = new Set(tools.filter(({ isHidden }) => isHidden).map(({ name }) => name));
      if (plan.isFirst)
        plan.there += plan.calls.filter((name) => names.includes(name) && !hidden.has(name)).length;
      plan.isFirst = false;
      return plan.calls.length === 0 ? { text: 'Done.' } : callsOf(plan.calls, { names, hidden, search });
    },
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'pare-replay-'));
  const { config } = await loadConfig({
    environment: {},
    directory: dataDir,
    searches: false,
    overrides: {
      dataDir,
      'server.port': 0,
      'upstreams.openai.url': provider.url,
      'upstreams.anthropic.url': provider.url,
      'stages.exact-cache': 'off',
      'stages.semantic-cache': 'off',
      // The bench wants to see every miss.
      'toolSelection.minRecall': 0,
      ...settings,
    },
  });
  const core = await createCore({ config });
  const gateway = await startGateway(core);
  const pass: Pass = {
    calls: 0,
    made: 0,
    there: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    byCause: new Map(),
    costUsd: 0,
    netTokens: 0,
    requests: 0,
    searches: 0,
    searchInputTokens: 0,
  };
  core.onRecord(({ usage, costUsd, netTokens }) => {
    pass.requests += 1;
    pass.inputTokens += usage.inputTokens;
    pass.outputTokens += usage.outputTokens;
    pass.cacheReadTokens += usage.cacheReadTokens;
    pass.costUsd += costUsd ?? 0;
    pass.netTokens += netTokens;
  });
  for (const [at, run] of replay.runs.slice(0, most).entries()) {
    const key = how.isShared ? 'key' : `key-${at}`;
    const door = { url: gateway.url, key, session: `run-${at}` };
    await playRun(run, { door, replay, how, plan, pass, billed: () => provider.counters });
  }
  pass.there = plan.there;
  pass.searches = provider.counters.toolSearches;
  pass.searchInputTokens = provider.counters.searchInputTokens;
  await gateway.close();
  await core.close();
  await provider.close();
  rmSync(dataDir, { recursive: true, force: true });
  return pass;
}

function deferredNames(body: JsonObject): unknown[] {
  const tools = (body['tools'] ?? []) as readonly JsonObject[];
  return tools.filter((tool) => tool['defer_loading'] === true).map(({ name }) => name);
}

/** The calls, after a search for each tool that cannot be seen; the model's regrets where one cannot be had. */
function callsOf(
  calls: readonly string[],
  {
    names,
    hidden,
    search,
  }: { readonly names: readonly string[]; readonly hidden: Set<string>; readonly search: ToolSearch },
): SimulatedAnswer {
  const toolSearches: SimulatedToolSearch[] = [];
  for (const name of calls) {
    const made = names.includes(name) ? (hidden.has(name) ? search(name, hidden) : []) : undefined;
    if (made === undefined) return { text: LACKS };
    toolSearches.push(...made);
    for (const { found } of made) for (const other of found) hidden.delete(other);
  }
  return { toolSearches, toolCalls: calls.map((name) => ({ name, arguments: {} })) };
}

async function playRun(
  run: ReplayRun,
  {
    door,
    replay,
    how,
    plan,
    pass,
    billed,
  }: {
    readonly door: Door;
    readonly replay: Replay;
    readonly how: Caller;
    readonly plan: Plan;
    readonly pass: Pass;
    readonly billed: () => Billed;
  },
): Promise<void> {
  let last: { readonly names: readonly string[]; readonly inputTokens: number } | undefined;
  const kept = new Map<number, readonly JsonObject[]>();
  for (const { messages, calls } of run.turns) {
    // What is no tool of the set cannot be called, selected or not.
    plan.calls = calls.filter((name) => replay.tools.some((tool) => nameOf(tool) === name));
    plan.isFirst = true;
    plan.sent = [];
    const { made, searchBlocks } = await ask(door, how.model, { messages, kept }, replay.tools);
    if (how.keepsBlocks !== false) kept.set(messages.length, searchBlocks);
    pass.calls += plan.calls.length;
    pass.made += plan.calls.filter((name) => made.includes(name)).length;
    for (const [i, { names, billedBefore }] of plan.sent.entries()) {
      // What was read again after a search is no second chance to find what was sent before in the cache.
      const { inputTokens, cacheReadTokens } = firstPass(
        plan.sent[i + 1]?.billedBefore ?? billed(),
        billedBefore,
      );
      const cause = i > 0 ? 'asked again' : causeOf({ names, last: last?.names, messages });
      const repeated = Math.min(last?.inputTokens ?? 0, inputTokens);
      const sum = pass.byCause.get(cause) ?? { requests: 0, tokens: 0, reread: 0 };
      pass.byCause.set(cause, sum);
      sum.requests += 1;
      sum.tokens += repeated;
      sum.reread += Math.min(repeated, cacheReadTokens);
      last = { names, inputTokens };
    }
  }
}

function firstPass(after: Billed, before: Billed): { inputTokens: number; cacheReadTokens: number } {
  const grown = (key: keyof Billed): number => after[key] - before[key];
  return {
    inputTokens: grown('inputTokens') - grown('searchInputTokens'),
    cacheReadTokens: grown('cacheReadTokens') - grown('searchCacheReadTokens'),
  };
}

/** How the tools of a request differ from those of the request before. */
function causeOf({
  names,
  last,
  messages,
}: {
  readonly names: readonly string[];
  readonly last: readonly string[] | undefined;
  readonly messages: readonly JsonValue[];
}): string {
  if (last === undefined) return 'first';
  if (names.length === last.length) return 'same tools';
  if (names.length < last.length) return 'fewer after all';
  const added = names.filter((name) => !last.includes(name));
  const text = JSON.stringify(messages);
  return added.some((name) => text.includes(name)) ? 'named tool added' : 'likely tool added';
}

interface Door {
  readonly url: string;
  readonly key: string;
  readonly session: string;
}

/** Sends one request; the names of the tools that the answer calls, and the blocks of its searches. */
// oxlint-disable-next-line max-params
async function ask(
  { url, key, session }: Door,
  model: string,
  {
    messages,
    kept,
  }: {
    readonly messages: readonly JsonValue[];
    readonly kept: ReadonlyMap<number, readonly JsonObject[]>;
  },
  tools: Replay['tools'],
): Promise<{ made: readonly string[]; searchBlocks: readonly JsonObject[] }> {
  const isClaude = model.startsWith('claude');
  const answer = await fetch(`${url}/v1/${isClaude ? 'messages' : 'chat/completions'}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(isClaude
        ? { 'x-api-key': key, 'anthropic-version': '2023-06-01' }
        : { authorization: `Bearer ${key}` }),
      'x-pare-session': session,
    },
    body: JSON.stringify(
      isClaude ? toMessagesBody(model, messages, tools, kept) : { model, messages, tools },
    ),
  });
  const body = (await answer.json()) as {
    choices?: { message: { tool_calls?: { function: { name: string } }[] } }[];
    content?: JsonObject[];
  };
  if (!answer.ok) throw new Error(`${answer.status}: ${JSON.stringify(body).slice(0, 300)}`);
  const { content = [] } = body;
  const made = [
    ...(body.choices?.[0]?.message.tool_calls ?? []).map((call) => call.function.name),
    ...content.filter(({ type }) => type === 'tool_use').map(({ name }) => String(name)),
  ];
  return { made, searchBlocks: searchBlocksOf(content) };
}

function nameOf(tool: Replay['tools'][number]): unknown {
  return (tool['function'] as { readonly name?: unknown } | undefined)?.name;
}

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

function compare(name: string, off: Pass, on: Pass): Figure[] {
  const tokens = (pass: Pass): number => pass.inputTokens + pass.outputTokens;
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

const livemcp = livemcpRuns(data);
const tau = tauRuns(data);
/** The airline's agent with what else is plugged in where it works. */
const crowded: Replay = { ...tau, tools: [...tau.tools, ...livemcp.tools.slice(0, 60)] };
const OFF = { 'stages.tool-selection': 'off' };
const TWENTY = { 'toolSelection.maxTools': 20 };
const figures: Figure[] = [];
for (const isShared of [false, true]) {
  const claude = { model: 'claude-sonnet-4-6', isShared };
  const gpt = { model: 'gpt-4o', isShared };
  const whose = isShared ? 'all runs in one account' : 'an account a run';
  const on = await play(livemcp, TWENTY, claude);
  figures.push(
    {
      name: `livemcp, 20 tools, ${whose}: calls whose tool was there at once`,
      target: { atLeast: 0.97 },
      reached: on.there / on.calls,
      unit: '',
      note: `of ${on.calls}, over a replayed run`,
    },
    ...compare(`livemcp, 20 of ${livemcp.tools.length}, ${whose}`, await play(livemcp, OFF, claude), on),
    ...compare(
      `tau_bench, 10 of ${crowded.tools.length}, ${whose}`,
      await play(crowded, OFF, gpt),
      await play(crowded, {}, gpt),
    ),
  );
}
process.exitCode = publish('tools-replay', figures) ? 0 : 1;
