import type {
  Clock,
  EventSink,
  ModelRegistry,
  Stage,
  StageMode,
  TokenCounter,
  UsageRecord,
  WireCodec,
  WireFormat,
} from '../contract/index.ts';

/** A stage and how the operator set it. */
export interface StageSlot {
  readonly stage: Stage;
  readonly mode: StageMode;
}

/** What a runner needs. */
export interface RunnerOptions {
  /** In any order: the runner sorts them by `STAGE_ORDER`. */
  readonly stages: readonly StageSlot[];
  readonly codecFor: (wire: WireFormat) => WireCodec;
  readonly counter: TokenCounter;
  readonly registry: ModelRegistry;
  /** Takes the record of each exchange; must not throw or block. */
  readonly record: (record: UsageRecord) => void;
  readonly onEvent: EventSink;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: Clock;
  /** Milliseconds one stage may take to prepare before it is bypassed. @default 250 */
  readonly stageDeadlineMs?: number;
  /** Bytes of one answer kept for the caches and for late joiners; longer answers pass unkept. @default 16 MiB */
  readonly maxCaptureBytes?: number;
  /**
   * Milliseconds after its head for which a stream is held back at most, while a stage that rewrote its request
   * has not accepted it. @default 30_000
   */
  readonly maxHoldMs?: number;
  /** Stored answers that may be verified at the same time; beyond it they are not. @default 4 */
  readonly maxVerifications?: number;
}
