/** A request as it leaves for a provider. */
export interface OutgoingRequest {
  readonly method: string;
  /** Path and query: `/v1/chat/completions`. */
  readonly path: string;
  /** Names in lower case; hop-by-hop headers already removed. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | null;
}

/** Flow control over a running upstream call. */
export interface UpstreamCall {
  pause(): void;
  resume(): void;
  abort(): void;
}

/**
 * Receives an upstream answer as it arrives. After `onEnd` or `onError` nothing follows.
 * `onError` after `onHead` means that the answer broke off.
 */
export interface UpstreamSink {
  /** `headers` are name, value, name, value, ... as they came. */
  onHead(status: number, headers: readonly string[]): void;
  onData(chunk: Uint8Array): void;
  onEnd(): void;
  onError(error: Error): void;
}

/** Sends requests to one provider. Follows no redirects. */
export interface Upstream {
  /** The configured name, used in records and metrics. */
  readonly name: string;
  /** Origin and path prefix; part of the cache's scope. */
  readonly baseUrl: string;
  send(request: OutgoingRequest, sink: UpstreamSink): UpstreamCall;
  close(): Promise<void>;
}
