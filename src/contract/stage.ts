import type { CacheDirective } from './cache.ts';
import type { ChatRequest, ChatResponse, Region } from './chat.ts';
import type { SemanticReason } from './semantic-cache.ts';
import type { Basis, Usage } from './usage.ts';

/** Every stage there is or will be, in the names that config, headers and reports use. */
export type StageName =
  | 'exact-cache'
  | 'semantic-cache'
  | 'memory-recall'
  | 'tool-output'
  | 'context'
  | 'tool-selection'
  | 'prompt-compression'
  | 'budget';

/** `shadow` measures and discards. */
export type StageMode = 'on' | 'shadow' | 'off';

/** Why a stage left a request alone. Stable and of low cardinality. */
export type BypassReason =
  | 'off'
  | 'miss'
  | 'stale'
  | 'not_eligible'
  | 'agent_turn'
  | 'caller_opted_out'
  | 'nothing_to_do'
  | 'no_gain'
  | 'breaks_prompt_cache'
  | 'deadline'
  | 'error'
  | 'stage_rejected'
  | ToolSelectionReason
  | SemanticReason;

/** Why all tools were sent. `indexing`: their set is new and being read; `low_recall`: too much was missed of late. */
export type ToolSelectionReason = 'indexing' | 'low_recall';

/** What a stage says it did. The runner, not the stage, counts the tokens. */
export interface Receipt {
  /** Tokens that the stage itself spent elsewhere (embeddings, retrievals). */
  readonly overheadTokens?: number;
  /** For an answer: what the provider billed when the answer was made. */
  readonly sparedUsage?: Usage;
  readonly sparedUsageBasis?: Basis;
  readonly sparedCostUsd?: number | null;
  /** For a semantic answer: cosine, 0 to 1. */
  readonly similarity?: number;
  /** For a stored answer: its age. */
  readonly ageSeconds?: number;
}

export type StageOutcome =
  | {
      readonly kind: 'bypassed';
      readonly reason: BypassReason;
      /**
       * Requests that bypass with the same `shareKey` at the same time may share one upstream call:
       * the stage vouches that one answer serves them all.
       */
      readonly shareKey?: string;
      /** Tokens that the stage itself spent elsewhere, although it did nothing in the end. */
      readonly overheadTokens?: number;
    }
  | {
      readonly kind: 'rewritten';
      readonly request: ChatRequest;
      readonly receipt: Receipt;
      /**
       * What would be sent without the stage, where the provider refuses the request as it stands (more tools than it
       * takes): what is spared is measured against this. @default the request as the stage found it
       */
      readonly baseline?: ChatRequest;
    }
  | {
      readonly kind: 'answered';
      readonly response: ChatResponse;
      readonly receipt: Receipt;
      /**
       * Ask the provider all the same, after the stored answer went out, and settle that exchange with
       * `verifies`: its answer goes to nobody, its cost is the stage's overhead.
       */
      readonly isToBeVerified?: boolean;
    };

/** What surrounds one request. */
export interface RequestScope {
  readonly requestId: string;
  /** Isolates callers from each other: the digest of the caller's credential, or the issued key's tenant. */
  readonly tenant: string;
  readonly session: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Epoch milliseconds of arrival. */
  readonly startedAt: number;
  /** Name and base URL of the upstream, and the request headers that change answers. */
  readonly upstream: string;
  readonly answerHeaders: Readonly<Record<string, string>>;
  readonly cache: CacheDirective;
  /** Stages that the caller switched off or to shadow; never on. */
  readonly stages: Readonly<Partial<Record<StageName, StageMode>>>;
  /** Fires when the caller left. */
  readonly signal: AbortSignal;
}

/** Tokens that a stage took away or added, measured by the runner. */
export interface Measurement {
  readonly stage: StageName;
  readonly mode: 'on' | 'shadow';
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  /** Tokens that the stage cost elsewhere. */
  readonly overhead: number;
  readonly basis: Basis;
  /** USD spared net of overhead; null when unknown. */
  readonly netCostUsd: number | null;
}

/** A finished exchange, as `settle` sees it. */
export interface Exchange {
  /** As the caller sent it. */
  readonly request: ChatRequest;
  /** As it went upstream. */
  readonly sent: ChatRequest;
  /** Absent when the answer failed, was cut off, or was not an answer. */
  readonly response?: ChatResponse | undefined;
  /** HTTP status of the upstream; 0 when it did not answer. */
  readonly status: number;
  /** True when the caller left before the end. */
  readonly wasAborted: boolean;
  /** The stage that answered, when one did. */
  readonly answeredBy?: StageName;
  /** The stage that had answered this request already, and only wants to know what the provider says. */
  readonly verifies?: StageName;
  readonly usage: Usage;
  readonly usageBasis: Basis;
  /** Input tokens of `sent`, once, as they were counted here; absent where they were not. */
  readonly sentTokens?: number;
  readonly costUsd: number | null;
  /** The stage that had a first answer thrown away and this one asked for instead, and what the first took. */
  readonly recovered?: {
    readonly by: StageName;
    readonly reason: string;
    readonly first: {
      readonly usage: Usage;
      readonly usageBasis: Basis;
      readonly costUsd: number | null;
    };
  };
}

/** What `Stage.recover` may look at: the beginning of an answer, or all of it. */
export interface PartialAnswer {
  /** As the caller sent it. */
  readonly request: ChatRequest;
  /** As it went upstream. */
  readonly sent: ChatRequest;
  /** Names of the tools that the answer calls so far. */
  readonly toolCalls: readonly string[];
  /** Names of the deferred tools that the provider's own search found; absent where the model did not use it. */
  readonly foundTools?: readonly string[];
  /** Text so far; all of it when `isWhole`. */
  readonly text: string;
  /** True once a streamed answer thought in the open, which callers may show while they wait. */
  readonly hasThinking: boolean;
  /** True when nothing more comes. */
  readonly isWhole: boolean;
}

/** What is to become of an answer. `wait`: hold it back until more of it is known. */
export type Recovery =
  | { readonly kind: 'accept' }
  | { readonly kind: 'wait' }
  | {
      readonly kind: 'retry';
      readonly request: ChatRequest;
      readonly reason: string;
      /**
       * False where the answer at hand must not go out even when the other cannot be had, as it would where it is
       * whole. @default true
       */
      readonly isFirstUsable?: boolean;
    };

/**
 * One optimization. A stage may answer a request, rewrite the regions it declares, or leave it alone.
 * It knows neither HTTP nor other stages.
 */
export interface Stage {
  readonly name: StageName;
  readonly rewrites: readonly Region[];
  prepare(request: ChatRequest, scope: RequestScope): Promise<StageOutcome> | StageOutcome;
  /**
   * Called once, after the answer completed or failed, in reverse order of the stages; and once more, later
   * and with the same scope, for the exchange that verifies a stored answer (`exchange.verifies`), if one is
   * made.
   */
  settle?(exchange: Exchange, scope: RequestScope): Promise<void> | void;
  /**
   * Asked, before anything of it reaches the caller, whether an answer to a request that this stage rewrote is to be
   * thrown away and another request asked instead; at most one retry is made for a request. Called again as more of
   * the answer arrives while it says `wait`. Must be synchronous and quick.
   */
  recover?(answer: PartialAnswer, scope: RequestScope): Recovery;
  /**
   * Tokens of `exchange.usage` that the answer took only because of what this stage made of the request; the runner
   * charges them to the stage (INV-U4). Asked of stages with `recover` that rewrote the request.
   */
  overheadOf?(exchange: Exchange): number;
}
