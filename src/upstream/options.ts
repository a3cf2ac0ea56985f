import type { EventSink } from '../contract/index.ts';

/** How to reach one provider. */
export interface UpstreamOptions {
  /** Used in records and metrics: `openai`, `anthropic`, or what the operator calls it. */
  readonly name: string;
  /**
   * Origin and perhaps a path prefix, from configuration only, never from a request (INV-E2).
   * A trailing `/v1` is dropped, since request paths carry it.
   */
  readonly baseUrl: string;
  /** Milliseconds to establish a connection. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** Milliseconds until the head of the answer; long, since models think. @default 600_000 */
  readonly headTimeoutMs?: number;
  /** Milliseconds between two chunks of the answer. @default 300_000 */
  readonly bodyTimeoutMs?: number;
  /**
   * Times a request is sent again when the connection could not be made at all, so that the
   * provider cannot have seen it. Nothing else is ever repeated (INV-S3). @default 2
   */
  readonly connectRetries?: number;
  /** Milliseconds before the first retry; doubled for each further one. @default 100 */
  readonly retryDelayMs?: number;
  readonly onEvent?: EventSink;
}
