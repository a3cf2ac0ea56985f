import type { EventSink } from '../../contract/index.ts';

/** Takes the stable code of a failure, and what failed. */
export type Reporter = (code: string, why: unknown) => void;

const REPORT_EVERY_MS = 10_000;

/** Reports a kind of failure at most once in a while: every request may meet it. */
export function createReporter(onEvent: EventSink, now: () => number): Reporter {
  const reportedAt = new Map<string, number>();
  return (code, why) => {
    if (now() - (reportedAt.get(code) ?? Number.NEGATIVE_INFINITY) < REPORT_EVERY_MS) return;
    reportedAt.set(code, now());
    const message = `The semantic cache left a request alone: ${why instanceof Error ? why.message : String(why)}`;
    onEvent({ level: 'warn', code, message });
  };
}
