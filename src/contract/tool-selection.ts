/** How tool selection fares of late. */
export interface ToolRecall {
  /** Requests whose tools were selected and whose answer was seen, of the latest. */
  readonly selections: number;
  /** Those of them whose answer needed a tool that was left out. */
  readonly misses: number;
  /** 1 - misses / selections; null before the first. */
  readonly recall: number | null;
  /** 95% interval of `recall` (Wilson). */
  readonly ci95: readonly [number, number];
  readonly minRecall: number;
  /** True while nothing is selected since too much was missed. */
  readonly isBreached: boolean;
}
