import {
  type CacheCodecs,
  createExactCache,
  createExactCacheStage,
  type ExactCache,
  type KeyOf,
  rememberKeys,
} from '../cache/exact.ts';
import {
  type CacheStore,
  type Clock,
  type EventSink,
  type ModelRegistry,
  type SemanticLive,
  type Stage,
  type StageMode,
  type StageName,
  type StateStore,
  type ToolRecall,
  type Upstream,
  type UsageRecord,
  type WireCodec,
  type WireFormat,
} from '../contract/index.ts';
import { createLedger, type Ledger } from '../ledger/index.ts';
import { createRunner, type Runner, type StageSlot } from '../pipeline/index.ts';
import { createEventLog, createIdSource, type EventLog } from '../support/index.ts';
import type { CalibratedTokenCounter } from '../tokens/index.ts';
import type { ToolSelection } from '../tools/index.ts';
import { createUpstream } from '../upstream/index.ts';
import { anthropicMessages, codecFor, openaiChat, openaiResponses } from '../wire/index.ts';
import { answerBody } from './answer-body.ts';
import { keepCalibration } from './calibration-keeper.ts';
import type { Config } from './config.ts';
import { createFunctionUpstream, type UpstreamFunction } from './function-upstream.ts';
import { openModels } from './models.ts';
import { PRESETS } from './presets.ts';
import { keepRetention } from './retention.ts';
import type { Semantic, SemanticHooks } from './semantic.ts';
import { readLive } from './semantic-live.ts';
import { checkStages } from './stages.ts';
import { openStores } from './stores.ts';
import { readRecall } from './tool-recall.ts';
import type { OpenToolSelection } from './tool-selection.ts';

/** Everything the faces work with, wired. */
export interface Core {
  readonly config: Config;
  readonly counter: CalibratedTokenCounter;
  readonly registry: ModelRegistry;
  readonly cache: ExactCache;
  /** Absent where its stage is off. */
  readonly semantic: Semantic | undefined;
  /** How the semantic cache fares: this one's, or what a running gateway last wrote down. */
  readonly semanticLive: () => Promise<SemanticLive | undefined>;
  /** Absent where its stage is off. */
  readonly toolSelection: Pick<ToolSelection, 'recall' | 'noneNeeded'> | undefined;
  /** How tool selection fares: this one's, or what a running gateway last wrote down. */
  readonly toolRecall: () => Promise<ToolRecall | undefined>;
  readonly ledger: Ledger;
  readonly state: StateStore;
  readonly runner: Runner;
  readonly upstreams: Readonly<Record<'openai' | 'anthropic', Upstream>>;
  readonly events: EventLog;
  readonly codecFor: (wire: WireFormat) => WireCodec;
  readonly newId: () => string;
  readonly now: Clock;
  /** Puts an exchange that no runner made (a passed-through path) into the ledger; listeners hear it too. */
  record(record: UsageRecord): void;
  /** Lets a face hear every record, besides the ledger. */
  onRecord(listener: (record: UsageRecord) => void): void;
  /** Flushes and closes everything. A second call does nothing. */
  close(): Promise<void>;
}

/** What a core is built from. */
export interface CoreOptions {
  readonly config: Config;
  /** Hears every event; they are counted in any case. */
  readonly onEvent?: EventSink;
  /** Answers requests instead of the configured upstreams. */
  readonly upstream?: UpstreamFunction;
  /** A store whose file cannot be used at all works in memory, reported, or throws. @default 'memory' */
  readonly onUnavailable?: 'memory' | 'throw';
  /** What of the semantic cache the caller brings. */
  readonly semantic?: SemanticHooks | undefined;
  /** False for a command that only reads or changes what is stored: the stages that serve are not opened. @default true */
  readonly isServing?: boolean;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: Clock;
}

/**
 * Returns a working core.
 *
 * @throws StoreError when the data folder cannot be made or a store is of a later version;
 *   ConfigError `stage_unavailable`
 */
export async function createCore(options: CoreOptions): Promise<Core> {
  const parts = await openParts(options);
  const { config, cache, ledger, counter, registry, events, stores, upstreams, now } = parts;
  const listeners: ((record: UsageRecord) => void)[] = [];
  const record = (usage: UsageRecord): void => {
    ledger.append(usage);
    for (const listener of listeners) listener(usage);
  };
  const keyOf = rememberKeys((request, scope) => cache.keyOf(request, scope));
  const semantic =
    options.isServing === false ? undefined : await openSemanticCache(parts, { keyOf, record });
  const toolSelection = options.isServing === false ? undefined : await openSelection(parts);
  const stages = [createExactCacheStage(cache, keyOf), semantic?.stage, toolSelection?.stage];
  const onEvent = events.emit;
  const runner = createRunner({
    stages: slotsFor(
      config,
      stages.filter((stage) => stage !== undefined),
    ),
    codecFor,
    counter,
    registry,
    onEvent,
    now,
    record,
  });
  const stopRetention = keepRetention(ledger, config, { onEvent, now });
  return {
    config,
    counter,
    registry,
    cache,
    semantic,
    semanticLive: async () => semantic?.live() ?? readLive(stores.state, config),
    toolSelection,
    toolRecall: async () => toolSelection?.recall() ?? readRecall(stores.state, config),
    ledger,
    state: stores.state,
    runner,
    upstreams,
    events,
    codecFor,
    newId: createIdSource(now),
    now,
    record,
    onRecord: (listener) => void listeners.push(listener),
    // In this order: who comes first may still write to who comes later.
    close: closeInTurn([
      stopRetention,
      () => runner.close(),
      ...parts.first,
      () => semantic?.close(),
      () => toolSelection?.close(),
      ...parts.last,
    ]),
  };
}

type Parts = Awaited<ReturnType<typeof openParts>>;

/** What the stages stand on, and what closes it: some before them, some after. */
async function openParts(options: CoreOptions) {
  const { config, now = Date.now, onUnavailable = 'memory' } = options;
  const events = createEventLog(options.onEvent, now);
  const onEvent = events.emit;
  checkStages(config);
  const stores = openStores(config, { onEvent, now, onUnavailable });
  const { registry, counter } = await openModels({ config, onEvent });
  await stores.ledger.ready();
  const calibration = await keepCalibration(counter, stores.state, onEvent);
  const cache = openCache(config, stores.cache, { onEvent, now });
  const ledger = createLedger({ store: stores.ledger, flushMs: config.ledger.flushMs, onEvent, now });
  const upstreams = openUpstreams(config, onEvent, options.upstream);
  const closeUpstreams = async (): Promise<void> => {
    await Promise.all([...new Set(Object.values(upstreams))].map((upstream) => upstream.close()));
  };
  return {
    config,
    now,
    hooks: options.semantic,
    onUnavailable,
    events,
    stores,
    registry,
    counter,
    cache,
    ledger,
    upstreams,
    first: [closeUpstreams, () => calibration.close()],
    last: [() => cache.close(), () => ledger.close(), () => stores.state.close(), () => counter.close()],
  };
}

/** Returns what closes all of them, one after the other and once. */
function closeInTurn(steps: readonly (() => unknown)[]): () => Promise<void> {
  const run = async (): Promise<void> => {
    for (const step of steps) await step();
  };
  let closing: Promise<void> | undefined;
  return () => (closing ??= run());
}

const CODECS: CacheCodecs = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
};

function openCache(
  config: Config,
  store: CacheStore,
  parts: { readonly onEvent: EventSink; readonly now: Clock },
): ExactCache {
  const { ttlSeconds, normalize, replayAgentTurns, maxEntries, maxBytes, maxEntryBytes } = config.cache;
  return createExactCache({
    ...parts,
    store,
    codecs: CODECS,
    ttlSeconds,
    normalize,
    replayAgentTurns,
    answerBody,
    limits: { maxEntries, maxBytes, maxEntryBytes },
  });
}

function slotsFor(config: Config, stages: readonly Stage[]): StageSlot[] {
  return stages.map((stage) => ({
    stage,
    mode: modeOf(config, stage.name),
  }));
}

function modeOf(config: Config, stage: StageName): StageMode {
  return config.stages[stage] ?? PRESETS[config.preset][stage];
}

/** Its code and its tables are loaded only where it is wanted. */
async function openSemanticCache(
  parts: Parts,
  { keyOf, record }: { readonly keyOf: KeyOf; readonly record: (record: UsageRecord) => void },
): Promise<Semantic | undefined> {
  const { config, cache, counter, registry, events, stores, upstreams, now, onUnavailable } = parts;
  const mode = modeOf(config, 'semantic-cache');
  if (mode === 'off') return undefined;
  const { openSemantic } = await import('./semantic.ts');
  return openSemantic(config, {
    answers: cache,
    codecs: CODECS,
    keyOf,
    state: stores.state,
    upstream: upstreams.openai,
    registry,
    record,
    newId: createIdSource(now),
    countTokens: (text) => counter.countText(text, config.model).tokens,
    mode,
    keepsAnswers: modeOf(config, 'exact-cache') === 'off',
    hooks: parts.hooks,
    onUnavailable,
    onEvent: events.emit,
    now,
  });
}

/** Its code is loaded only where it is wanted. */
async function openSelection(parts: Parts): Promise<OpenToolSelection | undefined> {
  const { config, counter, registry, events, stores, now } = parts;
  const mode = modeOf(config, 'tool-selection');
  if (mode === 'off') return undefined;
  const { openToolSelection } = await import('./tool-selection.ts');
  return openToolSelection(config, {
    mode,
    counter,
    registry,
    state: stores.state,
    onEvent: events.emit,
    now,
  });
}

function openUpstreams(
  config: Config,
  onEvent: EventSink,
  call: UpstreamFunction | undefined,
): Core['upstreams'] {
  if (call !== undefined) {
    const upstream = createFunctionUpstream(call);
    return { openai: upstream, anthropic: upstream };
  }
  const open = (name: 'openai' | 'anthropic'): Upstream => {
    const { url, connectTimeoutMs, headTimeoutMs, bodyTimeoutMs } = config.upstreams[name];
    return createUpstream({ name, baseUrl: url, connectTimeoutMs, headTimeoutMs, bodyTimeoutMs, onEvent });
  };
  return { openai: open('openai'), anthropic: open('anthropic') };
}
