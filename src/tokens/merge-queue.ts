/** Adds to a binary heap of numbers, smallest first. */
function heapPush(heap: number[], value: number): void {
  let child = heap.length;
  heap.push(value);
  while (child > 0) {
    const parent = (child - 1) >> 1;
    const above = heap[parent] as number;
    if (above <= value) break;
    heap[child] = above;
    child = parent;
  }
  heap[child] = value;
}

/** Takes the smallest number off a heap that is not empty. */
function heapPop(heap: number[]): number {
  const top = heap[0] as number;
  const last = heap.pop() as number;
  const size = heap.length;
  if (size === 0) return top;
  let hole = 0;
  for (let child = 1; child < size; child = 2 * hole + 1) {
    if (child + 1 < size && (heap[child + 1] as number) < (heap[child] as number)) child++;
    const below = heap[child] as number;
    if (below >= last) break;
    heap[hole] = below;
    hole = child;
  }
  heap[hole] = last;
  return top;
}

/** Positions that wait for a merge of one rank; leftmost first. */
class Positions {
  /** Ascending: nearly all positions arrive in that order, which saves the heap its logarithm. */
  #inOrder: number[] = [];
  #read = 0;
  readonly #late: number[] = [];

  add(position: number): void {
    const { length } = this.#inOrder;
    if (length > 0 && (this.#inOrder[length - 1] as number) > position) heapPush(this.#late, position);
    else this.#inOrder.push(position);
  }

  /** The leftmost position, or -1 when none is left. */
  take(): number {
    const head = this.#read < this.#inOrder.length ? (this.#inOrder[this.#read] as number) : -1;
    const late = this.#late.length > 0 ? (this.#late[0] as number) : -1;
    if (late >= 0 && (head < 0 || late < head)) return heapPop(this.#late);
    if (head >= 0) {
      this.#read++;
      return head;
    }
    this.#inOrder = [];
    this.#read = 0;
    return -1;
  }
}

/** Merges in the order of byte pair encoding: lowest rank first, leftmost among equals. */
export class MergeQueue {
  readonly #byRank = new Map<number, Positions>();
  /** The ranks that may have positions, each once. */
  readonly #ranks: number[] = [];
  readonly #listed = new Set<number>();
  #current: Positions | undefined;
  /** The rank of the position that `next` returned last. */
  rank = -1;

  add(position: number, rank: number): void {
    let positions = this.#byRank.get(rank);
    if (positions === undefined) {
      positions = new Positions();
      this.#byRank.set(rank, positions);
    }
    positions.add(position);
    if (!this.#listed.has(rank)) {
      this.#listed.add(rank);
      heapPush(this.#ranks, rank);
    }
  }

  /** The position to look at next, or -1 at the end; it may be outdated, which the caller checks. */
  next(): number {
    while (this.#ranks.length > 0) {
      const rank = this.#ranks[0] as number;
      if (rank !== this.rank || this.#current === undefined) {
        this.rank = rank;
        this.#current = this.#byRank.get(rank) as Positions;
      }
      const position = this.#current.take();
      if (position >= 0) return position;
      heapPop(this.#ranks);
      this.#listed.delete(rank);
      this.#current = undefined;
    }
    return -1;
  }
}
