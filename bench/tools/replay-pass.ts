import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../src/contract/index.ts';
import { startGateway } from '../../src/gateway/index.ts';
import { createCore, loadConfig } from '../../src/optimizer/index.ts';
import {
  createSimulatedProvider,
  type ProviderCounters,
  type SimulatedAnswer,
  type SimulatedProvider,
} from '../../src/testing/index.ts';
import { callsOf, createNativeSearch, deferredNames, isByName } from './native-search.ts';
import { ask, type Door, warmUp } from './replay-ask.ts';
import type { Replay, ReplayRun } from './replay-data.ts';

/** What one pass over the runs came to. */
export interface Pass {
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
export interface Repeated {
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
export interface Caller {
  readonly model: string;
  readonly isShared: boolean;
  /** Whether the blocks of searches are sent on, as the provider wants it. @default true */
  readonly keepsBlocks?: boolean;
  /** Whether the set of tools is read before the first run begins. @default false */
  readonly isWarm?: boolean;
  /** Runs that are played, from the first on. */
  readonly most: number;
}

/** Plays the runs through a gateway of their own, one after the other. */
export async function play(
  replay: Replay,
  settings: Readonly<Record<string, unknown>>,
  how: Caller,
): Promise<Pass> {
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
      return plan.calls.length === 0
        ? { text: 'Done.' }
        : callsOf(plan.calls, { names, hidden, search, model: how.model });
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
  if (how.isWarm === true)
    await warmUp({ url: gateway.url, key: 'warm', session: 'warm' }, replay, how.model);
  core.onRecord(({ usage, costUsd, netTokens }) => {
    pass.requests += 1;
    pass.inputTokens += usage.inputTokens;
    pass.outputTokens += usage.outputTokens;
    pass.cacheReadTokens += usage.cacheReadTokens;
    pass.costUsd += costUsd ?? 0;
    pass.netTokens += netTokens;
  });
  for (const [at, run] of replay.runs.slice(0, how.most).entries()) {
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
      const repeated = readable(Math.min(last?.inputTokens ?? 0, inputTokens), how.model);
      const sum = pass.byCause.get(cause) ?? { requests: 0, tokens: 0, reread: 0 };
      pass.byCause.set(cause, sum);
      sum.requests += 1;
      sum.tokens += repeated;
      sum.reread += Math.min(repeated, cacheReadTokens);
      last = { names, inputTokens };
    }
  }
}

/**
 * What can be read of so many tokens. OpenAI's cache is read in steps of 128, which tells more in a short prompt than in a
 * long one: where the two are compared it must not count.
 */
function readable(tokens: number, model: string): number {
  return isByName(model) ? Math.floor(tokens / 128) * 128 : tokens;
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

function nameOf(tool: Replay['tools'][number]): unknown {
  return (tool['function'] as { readonly name?: unknown } | undefined)?.name;
}
