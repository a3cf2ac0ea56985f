import type { Exchange, Measurement } from '../contract/index.ts';
import { priceOfTokens, sumOfCosts } from './measure.ts';
import type { RunnerOptions } from './options.ts';
import type { PreparedRun } from './prepared.ts';

/** The run with what its answer cost because of a stage's rewrite charged to that stage (INV-U4). Never throws. */
export function withAnswerOverhead(
  work: PreparedRun,
  exchange: Exchange,
  { registry, onEvent }: Pick<RunnerOptions, 'registry' | 'onEvent'>,
): PreparedRun {
  const { prepared } = work;
  let { measurements } = prepared;
  for (const stage of prepared.recoverers ?? []) {
    let tokens = 0;
    try {
      tokens = stage.overheadOf?.(exchange) ?? 0;
    } catch (error) {
      onEvent({
        level: 'error',
        code: 'overhead_failed',
        message: `Stage ${stage.name} could not tell what an answer cost: ${error instanceof Error ? error.message : String(error)}`,
        details: { stage: stage.name },
      });
    }
    if (tokens <= 0) continue;
    const costUsd = priceOfTokens(registry, exchange.sent.model, -tokens);
    measurements = measurements.map((measured): Measurement => {
      if (measured.stage !== stage.name || measured.mode !== 'on') return measured;
      return {
        ...measured,
        overhead: measured.overhead + tokens,
        netCostUsd: sumOfCosts(measured.netCostUsd, costUsd),
      };
    });
  }
  return measurements === prepared.measurements ? work : { ...work, prepared: { ...prepared, measurements } };
}
