/** Options of `SlotBlocks`. */
export interface SlotBlocksOptions {
  /** A block of 2^n slots has the order n. The largest is what `addPage` provides. */
  readonly maxOrder: number;
  /** Provides slots behind all others, as many as the largest block has; false when there is no room for them. */
  readonly addPage: () => boolean;
}

/**
 * Hands out blocks of slots that lie side by side within a page. A block of 2^n begins at a multiple of it, so
 * that two that were one become one again when both are free (a buddy system): scopes of any size come and go and
 * leave no gaps that nobody can use.
 */
export class SlotBlocks {
  readonly #addPage: () => boolean;
  readonly #maxOrder: number;
  /** By order. */
  readonly #free: readonly FreeBlocks[];
  #pages = 0;

  constructor({ maxOrder, addPage }: SlotBlocksOptions) {
    this.#addPage = addPage;
    this.#maxOrder = maxOrder;
    this.#free = Array.from({ length: maxOrder + 1 }, () => new FreeBlocks());
  }

  /** Where a block of 2^order slots begins that was free until now. Undefined when there is no room. */
  take(order: number): number | undefined {
    let start: number | undefined;
    let found = order;
    for (; found <= this.#maxOrder; found++) {
      start = this.#at(found).pop();
      if (start !== undefined) break;
    }
    if (start === undefined) {
      if (!this.#addPage()) return undefined;
      start = this.#pages++ * 2 ** this.#maxOrder;
      found = this.#maxOrder;
    }
    // Of what is too large, the first part is given, the others stay free.
    while (found > order) this.#at(--found).add(start + 2 ** found);
    return start;
  }

  /** Gives a block back that was taken. */
  give(start: number, order: number): void {
    let [from, size] = [start, order];
    while (size < this.#maxOrder) {
      const buddy = from ^ (2 ** size);
      if (!this.#at(size).delete(buddy)) break;
      from = Math.min(from, buddy);
      size++;
    }
    this.#at(size).add(from);
  }

  #at(order: number): FreeBlocks {
    return this.#free[order] as FreeBlocks;
  }
}

/** Stale places of a stack that are kept at least. */
const MIN_STACK = 64;

/** A set of which any element is found at once: the first of a `Set` may stand behind many deleted ones. */
class FreeBlocks {
  readonly #starts = new Set<number>();
  /** All of the set, and some that are no longer in it. */
  #stack: number[] = [];

  add(start: number): void {
    this.#starts.add(start);
    this.#stack.push(start);
    if (this.#stack.length > this.#starts.size * 2 + MIN_STACK) this.#stack = [...this.#starts];
  }

  delete(start: number): boolean {
    return this.#starts.delete(start);
  }

  pop(): number | undefined {
    for (;;) {
      const start = this.#stack.pop();
      if (start === undefined || this.#starts.delete(start)) return start;
    }
  }
}
