import PQueue from 'p-queue';
import {
  type EventSink,
  InputError,
  type JsonValue,
  type LogReport,
  type TokenCount,
} from '../contract/index.ts';
import { type Ledger } from '../ledger/index.ts';
import { type CondenseOptions, condenseLog, type LogInput } from '../logs/index.ts';
import { throwIfAborted } from '../support/index.ts';
import { countBatch, type FitOptions, type FitResult, fit } from '../tokens/index.ts';
import type { CompactedTools } from '../tools/index.ts';
import { type ChatOptions, type ChatParams, type ChatResult, chat, chatStream } from './chat.ts';
import { type Core, createCore } from './core.ts';
import type { UpstreamFunction } from './function-upstream.ts';
import { cacheOf, type LibraryCache } from './library-cache.ts';
import { loadConfig } from './load-config.ts';
import type { Preset } from './presets.ts';
import type { SemanticHooks } from './semantic.ts';
import { createToolClassification, type ToolClassification } from './tool-classification.ts';
import {
  type CompactToolsOptions,
  createToolCompactor,
  createToolSelection,
  type SelectedTools,
  type SelectToolsOptions,
} from './tool-selection.ts';

/** Options of `createPare`. */
export interface PareOptions {
  /** Folder of the databases. @default PARE_DATA_DIR, then ~/.pare */
  readonly dataDir?: string;
  /** How bold Pare is. @default 'balanced' */
  readonly preset?: Preset;
  /**
   * Where requests go: providers with the caller's own keys, or an async function that answers them.
   * @default the providers' public addresses, with keys from the configuration
   */
  readonly upstream?:
    | UpstreamFunction
    | { readonly openai?: UpstreamTarget; readonly anthropic?: UpstreamTarget };
  /** Values of the configuration by dotted path: `{ 'cache.ttlSeconds': 3600 }`. */
  readonly config?: Readonly<Record<string, JsonValue>>;
  /** A configuration file; without it, none is searched for. */
  readonly configFile?: string;
  /** An embedder or a comparison of answers of your own, for the semantic cache. */
  readonly semantic?: SemanticHooks;
  /** Hears of stages that failed open, stores set aside and the like. @default warnings go to `process.emitWarning` */
  readonly onEvent?: EventSink;
}

/** One provider, reached with a key. */
export interface UpstreamTarget {
  readonly url?: string;
  readonly apiKey?: string;
}

/** Options of `batch`. */
export interface PareBatchOptions extends ChatOptions {
  /** Requests under way at a time, at least 1. @default 8 */
  readonly concurrency?: number;
  /** Told after each request. */
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly failed: number;
    readonly total: number;
  }) => void;
}

/** The outcome of one request of a batch, at the place of its request. */
export type BatchOutcome =
  | { readonly ok: true; readonly result: ChatResult }
  | { readonly ok: false; readonly error: Error };

/** The library: the gateway's core without HTTP. */
export interface Pare extends AsyncDisposable {
  /** Sends one request; resolves with the whole answer. @throws InputError, ProviderError, AbortedError */
  chat(params: ChatParams, options?: ChatOptions): Promise<ChatResult>;
  /** Sends one request; yields the bytes of its event stream as they arrive. */
  stream(params: ChatParams, options?: ChatOptions): AsyncIterable<Uint8Array>;
  /** Sends many requests; outcomes stand in the order of the requests, and one failure sinks no other. */
  batch(requests: readonly ChatParams[], options?: PareBatchOptions): Promise<BatchOutcome[]>;
  readonly cache: LibraryCache;
  readonly ledger: Pick<Ledger, 'summary' | 'stats' | 'report' | 'rankings' | 'records'>;
  readonly tokens: {
    count(text: string, model?: string): TokenCount;
    countBatch: typeof countBatch;
    /** Cuts a text to at most so many tokens of a model, keeping head and tail and marking the gap. */
    fit(text: string, options: Omit<FitOptions, 'count'> & { readonly model?: string }): FitResult;
  };
  readonly logs: {
    /** The part of a log that explains it, within a budget of tokens of a model. */
    condense(
      input: LogInput,
      options?: Omit<CondenseOptions, 'count' | 'countBasis'> & { readonly model?: string },
    ): Promise<LogReport>;
  };
  readonly tools: {
    /**
     * The tools that a request needs, ranked by words and by meaning; what is named, used or pinned is in.
     *
     * @throws InputError `invalid_tools`, `invalid_max`, `invalid_max_tokens`; AbortedError
     */
    select(options: SelectToolsOptions): Promise<SelectedTools>;
    /**
     * The tools with smaller schemas that accept the same arguments, and shorter descriptions.
     *
     * @throws InputError `invalid_tools`, `invalid_level`, `invalid_max_doc_tokens`
     */
    compact(options: CompactToolsOptions): CompactedTools;
  } & ToolClassification;
  /** The whole core, for what is not here. */
  readonly core: Core;
  /** Writes what waits and closes everything. */
  close(): Promise<void>;
}

/**
 * Returns a working Pare.
 *
 * @throws ConfigError, StoreError
 * @example
 * await using pare = await createPare({ upstream: async ({ body }) => callMyModel(body) });
 * const { response, outcome } = await pare.chat({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] });
 */
export async function createPare(options: PareOptions = {}): Promise<Pare> {
  const { upstream, onEvent = warn } = options;
  const { config } = await loadConfig({
    environment: process.env,
    directory: process.cwd(),
    searches: false,
    onEvent,
    ...(options.configFile === undefined ? {} : { file: options.configFile }),
    overridesOrigin: 'createPare',
    overrides: {
      dataDir: options.dataDir,
      preset: options.preset,
      ...(typeof upstream === 'object' ? targetSettings(upstream) : {}),
      ...options.config,
    },
  });
  const core = await createCore({
    config,
    onEvent,
    semantic: options.semantic,
    ...(typeof upstream === 'function' ? { upstream } : {}),
  });
  const { ledger, counter } = core;
  const countTokens = (text: string, model: string): number => counter.countText(text, model).tokens;
  const selectTools = createToolSelection(countTokens);
  const compactTools = createToolCompactor(countTokens);
  return {
    core,
    cache: cacheOf(core),
    ledger,
    chat: (params, chatOptions) => chat(core, params, chatOptions),
    stream: (params, chatOptions) => chatStream(core, params, chatOptions),
    batch: (requests, batchOptions) => runBatch(core, requests, batchOptions),
    tokens: {
      count: (text, model = config.model) => counter.countText(text, model),
      countBatch,
      fit: (text, { model = config.model, ...rest }) =>
        fit(text, { ...rest, count: (part) => counter.countText(part, model).tokens }),
    },
    logs: {
      condense: (input, { model = config.model, ...rest } = {}) =>
        condenseLog(input, {
          ...rest,
          count: (text) => counter.countText(text, model).tokens,
          countBasis: counter.countText('', model).basis,
        }),
    },
    tools: {
      select: ({ model = config.model, ...rest }) => selectTools({ ...rest, model }),
      compact: ({ model = config.model, ...rest }) => compactTools({ ...rest, model }),
      ...createToolClassification(),
    },
    close: () => core.close(),
    [Symbol.asyncDispose]: () => core.close(),
  };
}

function targetSettings(
  targets: Exclude<PareOptions['upstream'], UpstreamFunction | undefined>,
): Record<string, unknown> {
  return {
    'upstreams.openai.url': targets.openai?.url,
    'upstreams.openai.apiKey': targets.openai?.apiKey,
    'upstreams.anthropic.url': targets.anthropic?.url,
    'upstreams.anthropic.apiKey': targets.anthropic?.apiKey,
  };
}

async function runBatch(
  core: Core,
  requests: readonly ChatParams[],
  options: PareBatchOptions = {},
): Promise<BatchOutcome[]> {
  const { concurrency = 8, onProgress, ...chatOptions } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new InputError(
      'invalid_concurrency',
      `concurrency must be a whole number of at least 1, got ${concurrency}.`,
    );
  }
  throwIfAborted(options.signal);
  const queue = new PQueue({ concurrency });
  let done = 0;
  let failed = 0;
  const runOne = async (params: ChatParams): Promise<BatchOutcome> => {
    const outcome: BatchOutcome = await chat(core, params, chatOptions).then(
      (result) => ({ ok: true, result }) as const,
      (error: unknown) =>
        ({ ok: false, error: error instanceof Error ? error : new Error(String(error)) }) as const,
    );
    done++;
    if (!outcome.ok) failed++;
    onProgress?.({ done, failed, total: requests.length });
    return outcome;
  };
  return Promise.all(requests.map((params) => queue.add(() => runOne(params))));
}

function warn(event: Parameters<EventSink>[0]): void {
  if (event.level !== 'info') process.emitWarning(event.message, { type: 'PareWarning', code: event.code });
}
