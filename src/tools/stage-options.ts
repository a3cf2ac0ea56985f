import type {
  Clock,
  Embedder,
  EventSink,
  ModelRegistry,
  TokenCounter,
  ToolDialect,
  WireFormat,
} from '../contract/index.ts';
import type { CompactionLevel } from './compact/options.ts';

/**
 * What becomes of the tools that are not chosen. `drop`: they are not sent. `search`: likewise, and the model may ask
 * for them with a tool of ours. `native`: they are marked for the provider's own tool search where the model has it.
 */
export type ToolSelectionMode = 'drop' | 'search' | 'native';

/** Which tools are chosen for a request. */
export interface ToolSelectionPolicy {
  readonly mode: ToolSelectionMode;
  /** Most tools of a first choice, at least 1; a session's set grows beyond it where it must. */
  readonly maxTools: number;
  /** Most tokens of the chosen tools; those that must be there may be more. */
  readonly maxToolTokens?: number | undefined;
  /** Requests with fewer tools are left alone. */
  readonly minTools: number;
  /**
   * True where a stream's thinking waits, like its head, for the first text or call, so that an answer which needs a
   * tool that was left out can still be replaced (INV-T4). False lets it flow: such an answer then goes out, and counts
   * as a miss.
   */
  readonly holdThinking: boolean;
  /** Names of tools that are always sent. */
  readonly pinned: readonly string[];
  /** Names of tools that are only sent where the conversation called them or the request's choice names them. */
  readonly excluded: readonly string[];
  /** Share of selections, 0 to 1, that must hold the tool that was needed; below it nothing is left out any more. */
  readonly minRecall: number;
  /** Selections over which that share is taken. */
  readonly recallWindow: number;
  /**
   * Whether the tools that go out are made smaller too, chosen from or not: `schema` says the same in less, `text`
   * shortens descriptions as well, `lazy` cuts long ones and lets the model ask for them (`createToolCompaction`).
   */
  readonly compaction: 'off' | CompactionLevel;
}

/** Options of `createToolSelectionStage`. */
export interface ToolSelectionStageOptions {
  readonly policy: ToolSelectionPolicy;
  /**
   * True where nothing of it is used: sessions then go on as if what was chosen had been sent, so that what is
   * measured is what would be saved. @default false
   */
  readonly isShadow?: boolean;
  /** Finds tools by meaning as well as by words. @default none: words alone */
  readonly embedder?: Embedder;
  readonly counter: Pick<TokenCounter, 'countText' | 'countRequest'>;
  /** Tells what the provider's prompt cache costs. */
  readonly registry: Pick<ModelRegistry, 'find'>;
  /** How the provider of a wire treats tools. */
  readonly dialectOf: (wire: WireFormat) => ToolDialect;
  readonly onEvent: EventSink;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: Clock;
  /** Sessions whose tools are remembered; the least used are forgotten. @default 4096 */
  readonly maxSessions?: number;
  /** Milliseconds after which a session that sent nothing is forgotten. @default 86_400_000 (a day) */
  readonly sessionTtlMs?: number;
  /** Milliseconds a request waits for the index of a set that comes for the first time. @default 150 */
  readonly indexWaitMs?: number;
}
