import type { CacheOutcome, ChatRequest, RequestScope, Upstream, UsageRecord } from '../contract/index.ts';

/** What is known when the answer begins; headers to the caller are made of it. */
export interface AnswerHead {
  readonly status: number;
  /** Name, value, name, value, ... as the upstream sent them; for a stored answer, its content type alone. */
  readonly headers: readonly string[];
  readonly cacheOutcome: CacheOutcome;
  /** Input tokens as the caller sent them; absent while a long request is still being counted. */
  readonly tokensBefore?: number | undefined;
  /** Input tokens that went upstream; 0 for a stored answer. */
  readonly tokensAfter?: number | undefined;
  /** What each stage did: `exact-cache=miss`. */
  readonly stages: readonly string[];
  /** For a semantic hit: cosine, 0 to 1. */
  readonly similarity?: number | undefined;
  /** For a stored answer: its age. */
  readonly ageSeconds?: number | undefined;
}

/** Takes an answer as it arrives. After `onEnd` or `onError` nothing follows. */
export interface AnswerSink {
  onHead(head: AnswerHead): void;
  onData(chunk: Uint8Array): void;
  onEnd(): void;
  /** Before `onHead`: nothing was sent yet. After it: the answer broke off. */
  onError(error: Error): void;
}

/** One request to run. */
export interface RunInput {
  readonly request: ChatRequest;
  readonly scope: RequestScope;
  readonly upstream: Upstream;
  /** Path and query to call: `/v1/chat/completions`. */
  readonly path: string;
  /** Headers to send, names in lower case, without length and hop-by-hop ones. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly sink: AnswerSink;
  /** Hears the ledger's record of this request, shortly after its end. */
  readonly onRecord?: (record: UsageRecord) => void;
}

/** A run in progress. */
export interface Run {
  /** The caller cannot take more for now. */
  pause(): void;
  resume(): void;
  /** The caller left. */
  abort(): void;
}
