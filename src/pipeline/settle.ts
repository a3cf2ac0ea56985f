import type { Exchange, RequestScope, Stage } from '../contract/index.ts';
import type { RunnerOptions, StageSlot } from './options.ts';

/** Runs every stage's `settle`, last first; one that fails is reported and hinders nobody. */
export type Settle = (exchange: Exchange, scope: RequestScope) => void;

/** Returns the settling of these stages, which stand in the order of the pipeline. */
export function createSettle(slots: readonly StageSlot[], options: RunnerOptions): Settle {
  const settling = slots
    .filter(({ stage, mode }) => mode !== 'off' && stage.settle !== undefined)
    .toReversed();
  return (exchange, scope) => {
    for (const { stage } of settling) settleOne(stage, { exchange, scope }, options);
  };
}

function settleOne(
  stage: Stage,
  done: { exchange: Exchange; scope: RequestScope },
  options: RunnerOptions,
): void {
  const failed = (error: unknown): void =>
    options.onEvent({
      level: 'error',
      code: 'settle_failed',
      message: `Stage ${stage.name} could not settle: ${error instanceof Error ? error.message : String(error)}`,
      details: { stage: stage.name },
    });
  try {
    const settled = stage.settle?.(done.exchange, done.scope);
    if (settled instanceof Promise) settled.catch(failed);
  } catch (error) {
    failed(error);
  }
}
