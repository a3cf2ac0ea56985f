import type { JsonObject, WireFormat } from '../../contract/index.ts';

/** One request of a sample session. */
export interface SampleRequest {
  readonly wire: WireFormat;
  /** The body as a client would send it. */
  readonly body: JsonObject;
  /** Headers beyond the usual ones of the wire. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Requests that follow each other with the same group are sent at the same time. */
  readonly concurrentGroup?: string;
}

/** Requests that one application sends, in order. */
export interface SampleSession {
  /** Stable, for tables and tests: `support-bot`. */
  readonly name: string;
  /** One line for people. */
  readonly description: string;
  readonly requests: readonly SampleRequest[];
}
