import type { ChatResponse, Usage } from '../contract/index.ts';

/** How an exchange ended. */
export interface ExchangeResult {
  /** The whole answer, cut-off ones included (see its `finish`). */
  readonly response: ChatResponse | undefined;
  /** Usage seen, also of a cut-off answer. */
  readonly usage: Usage | undefined;
  /** 0 when the upstream did not answer. */
  readonly status: number;
  /** True when every caller left before the end. */
  readonly wasAborted: boolean;
  readonly error: Error | undefined;
  readonly firstContentAt: number | null;
}
