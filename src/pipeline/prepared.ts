import type {
  BypassReason,
  ChatRequest,
  ChatResponse,
  Measurement,
  Receipt,
  RequestScope,
  Stage,
  StageName,
} from '../contract/index.ts';
import type { RunInput } from './answer.ts';

/** What the stages made of a request. */
export interface Prepared {
  /** The request to send. */
  readonly request: ChatRequest;
  readonly answer?: {
    readonly by: StageName;
    readonly response: ChatResponse;
    readonly receipt: Receipt;
    /** The stage wants to know what the provider says, after the answer went out. */
    readonly isToBeVerified: boolean;
  };
  readonly shareKey?: string;
  readonly measurements: readonly Measurement[];
  /** `exact-cache=miss`, in order. */
  readonly results: readonly string[];
  /** Why the exact cache did not answer, when it looked. */
  readonly cacheReason?: BypassReason;
  /** What the semantic cache decided, when it was asked. */
  readonly semanticReason?: BypassReason;
  /** Stages that rewrote the request and may want its answer thrown away, in order. */
  readonly recoverers?: readonly Stage[];
}

/** A request that went through the stages. */
export interface PreparedRun {
  readonly input: RunInput;
  readonly prepared: Prepared;
  /** Set where nobody waits for the answer: it only verifies what a stage answered. */
  readonly verifies?: {
    readonly stage: StageName;
    /** Of the request that was answered. */
    readonly scope: RequestScope;
  };
}
