/** A share of the processor's time. */
export interface WorkBudget {
  /** True while some of the share is left. */
  readonly isOpen: boolean;
  /** Takes the time that some work took, in milliseconds. */
  spend(ms: number): void;
}

/** Time that may be saved up, in milliseconds of work. */
const MOST_SAVED_MS = 10;

/**
 * Returns a budget of work: what only measures must not slow down what serves. Under a light load everything is
 * measured, under a heavy one a share.
 *
 * @param share of one core, 0 to 1; at 1 there is no bound
 * @param clock milliseconds that only grow
 */
export function createWorkBudget(share: number, clock: () => number = () => performance.now()): WorkBudget {
  let left = MOST_SAVED_MS;
  let at = clock();
  return {
    get isOpen() {
      if (share >= 1) return true;
      const now = clock();
      left = Math.min(MOST_SAVED_MS, left + (now - at) * share);
      at = now;
      return left > 0;
    },
    spend: (ms) => {
      left -= ms;
    },
  };
}
