import type { Clock } from '../../contract/index.ts';
import type { Fault } from './faults.ts';
import type { RecordedRequest, RecordingOptions } from './record.ts';
import type { SimulatedAnswer, SimulatedRequest } from './types.ts';

/** Options of the simulated provider. */
export interface SimulatedProviderOptions {
  /** @default 0, any free port of 127.0.0.1 */
  readonly port?: number;
  /** Makes the answers. @default `defaultAnswer` */
  readonly respond?: (request: SimulatedRequest, index: number) => SimulatedAnswer | Promise<SimulatedAnswer>;
  /** Counts tokens of a text. @default `approximateTokens` */
  readonly countTokens?: (text: string) => number;
  /** Epoch milliseconds, for prompt caching, rate limits and `created`. @default Date.now */
  readonly now?: Clock;
  /** Who may call and what they may ask for. */
  readonly access?: AccessOptions;
  /** How answers leave. */
  readonly pacing?: PacingOptions;
  /** Faults: one per request in order (null for none), or chosen per request by a function. */
  readonly faults?:
    | readonly (Fault | null)[]
    | ((request: RecordedRequest, index: number) => Fault | null | undefined);
  /** Models prompt caching; `false` switches it off. @default true, at most 100,000 prefixes */
  readonly promptCache?: boolean | { readonly maxEntries: number };
  /** What is kept of requests for tests to look at. */
  readonly recording?: RecordingOptions;
  /**
   * Answers at once with fixed texts and fixed usage: no validation, no counting, no records, no
   * faults; only `pacing.latencyMs` holds. For benches, so that this server is not the bottleneck.
   * @default false
   */
  readonly fast?: boolean;
  /** Largest request body. @default 33_554_432 (32 MiB) */
  readonly maxBodyBytes?: number;
}

export interface AccessOptions {
  /** Answers 401 to requests without a key. @default true */
  readonly requireKey?: boolean;
  /** Keys that are accepted; others answer 401. @default any */
  readonly keys?: readonly string[];
  /** Models that exist; others answer 404. @default any */
  readonly models?: readonly string[];
  /** Requests per minute and key; more answer 429 with `retry-after`. @default no limit */
  readonly requestsPerMinute?: number;
}

export interface PacingOptions {
  /** Writes bodies in pieces of this many bytes, which splits UTF-8 characters. @default one piece an event */
  readonly splitBytes?: number;
  /** Milliseconds between the pieces of a stream, or of a split body. @default 0 */
  readonly chunkDelayMs?: number;
  /** Milliseconds before the head. @default 0; no timer runs at 0 */
  readonly latencyMs?: number;
}
