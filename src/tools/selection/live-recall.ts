import type { EventSink, ToolRecall } from '../../contract/index.ts';

/** Two-sided 95% quantile of the normal distribution. */
const Z95 = 1.959963984540054;

/**
 * Counts misses over a window of the latest selections. It is breached when even the upper end of the 95% interval
 * lies below `minRecall`, and recovers when the share itself is back at it over a window that began with the breach:
 * selections go on being made and compared with what the model calls, but nothing is left out.
 */
export class LiveRecall {
  readonly #minRecall: number;
  readonly #window: number;
  readonly #fewest: number;
  readonly #onEvent: EventSink;
  #seen: boolean[] = [];
  #misses = 0;
  #isBreached = false;

  constructor({
    minRecall,
    window,
    onEvent,
  }: {
    /** 0 to 1. */
    readonly minRecall: number;
    /** Selections that count, the latest; a breach and a recovery need a fifth of it at least. */
    readonly window: number;
    readonly onEvent: EventSink;
  }) {
    this.#minRecall = minRecall;
    this.#window = window;
    this.#fewest = Math.ceil(window / 5);
    this.#onEvent = onEvent;
  }

  get isBreached(): boolean {
    return this.#isBreached;
  }

  observe(isMiss: boolean): void {
    this.#seen.push(isMiss);
    if (isMiss) this.#misses += 1;
    if (this.#seen.length > this.#window && this.#seen.shift() === true) this.#misses -= 1;
    const { recall, ci95, selections } = this.status();
    if (recall === null || selections < this.#fewest) return;
    if (!this.#isBreached && ci95[1] < this.#minRecall) this.#turn(true, { recall, selections });
    else if (this.#isBreached && recall >= this.#minRecall) this.#turn(false, { recall, selections });
  }

  status(): ToolRecall {
    const selections = this.#seen.length;
    const misses = this.#misses;
    return {
      selections,
      misses,
      recall: selections === 0 ? null : 1 - misses / selections,
      ci95: interval(selections - misses, selections),
      minRecall: this.#minRecall,
      isBreached: this.#isBreached,
    };
  }

  #turn(isBreached: boolean, seen: { readonly recall: number; readonly selections: number }): void {
    this.#isBreached = isBreached;
    this.#seen = [];
    this.#misses = 0;
    const minRecall = this.#minRecall;
    const figures = `recall ${seen.recall.toFixed(3)} of ${seen.selections}, at least ${minRecall} is wanted`;
    this.#onEvent({
      level: isBreached ? 'warn' : 'info',
      code: isBreached ? 'tool_selection_low_recall' : 'tool_selection_recall_restored',
      message: isBreached
        ? `Tool selection missed a needed tool too often (${figures}), so all tools are sent until what it would have chosen is good enough again. Raise toolSelection.maxTools or pin tools.`
        : `What tool selection would have chosen is good enough again (${figures}), so it selects again.`,
      details: { ...seen, minRecall },
    });
  }
}

/** Wilson's interval of a share. */
function interval(hits: number, of: number): [number, number] {
  if (of === 0) return [0, 1];
  const share = hits / of;
  const z2 = Z95 ** 2 / of;
  const middle = (share + z2 / 2) / (1 + z2);
  const half = (Z95 / (1 + z2)) * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
