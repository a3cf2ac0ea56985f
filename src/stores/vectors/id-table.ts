const MIN_CAPACITY = 64;
const MOST_FILLED = 0.75;

/**
 * Which slot an id has, for ids that the slots themselves know: 5 to 11 bytes an id, a tenth of what a `Map` with
 * large numbers for keys takes.
 */
export class IdTable {
  readonly #idAt: (slot: number) => number;
  /** Slots plus 1; 0 where there is none. An id is in the first place from its own that is free. */
  #places = new Uint32Array(MIN_CAPACITY);
  #size = 0;

  /** @param idAt the id of a slot, for slots that are in the table */
  constructor(idAt: (slot: number) => number) {
    this.#idAt = idAt;
  }

  /** Ids in the table. */
  get size(): number {
    return this.#size;
  }

  /** Bytes that the table takes. */
  get bytes(): number {
    return this.#places.byteLength;
  }

  /** The slot of an id; -1 when it has none. */
  get(id: number): number {
    return (this.#places[this.#find(id)] as number) - 1;
  }

  /** Adds an id that is not in the table. Its slot must know it. */
  add(id: number, slot: number): void {
    if (this.#size >= this.#places.length * MOST_FILLED) this.#grow();
    this.#places[this.#find(id)] = slot + 1;
    this.#size++;
  }

  /** Gives an id another slot, before the old one forgets it. */
  move(id: number, slot: number): void {
    this.#places[this.#find(id)] = slot + 1;
  }

  /** Takes an id out that is in the table, before its slot forgets it. */
  delete(id: number): void {
    const mask = this.#places.length - 1;
    let free = this.#find(id);
    // What stands behind it, up to the next free place, may be where it is only because this one was taken.
    for (let at = (free + 1) & mask; this.#places[at] !== 0; at = (at + 1) & mask) {
      const home = this.#homeOf(this.#idAt((this.#places[at] as number) - 1));
      if (((at - home) & mask) < ((at - free) & mask)) continue;
      this.#places[free] = this.#places[at] as number;
      free = at;
    }
    this.#places[free] = 0;
    this.#size--;
  }

  /** The place of an id, or the free one that it would get. */
  #find(id: number): number {
    const mask = this.#places.length - 1;
    let at = this.#homeOf(id);
    for (;;) {
      const place = this.#places[at] as number;
      if (place === 0 || this.#idAt(place - 1) === id) return at;
      at = (at + 1) & mask;
    }
  }

  #homeOf(id: number): number {
    const mixed = Math.imul((id | 0) ^ Math.imul((id / 2 ** 32) | 0, 0x85ebca6b), 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & (this.#places.length - 1);
  }

  #grow(): void {
    const old = this.#places;
    this.#places = new Uint32Array(old.length * 2);
    for (const place of old) {
      if (place !== 0) this.#places[this.#find(this.#idAt(place - 1))] = place;
    }
  }
}
