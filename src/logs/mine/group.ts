import { type Cluster, merge } from './cluster.ts';
import { type Tokens, WILD, type Word } from './tokens.ts';
import { isValues, type Place } from './values.ts';

/** Forms that a group tells apart; beyond it the place with the most words is taken to hold values. */
const MAX_VARIANTS = 64;

/** Called when a cluster went into another. */
export type OnMerge = (into: Cluster, gone: Cluster) => void;

/**
 * Messages that are alike word by word, as a leaf of Drain's tree holds them. Drain makes every place in
 * which they differ a wildcard; here a place becomes one when it takes many words, and messages that differ
 * in a place with few words (`opened`, `closed`) stay apart.
 */
export class Group {
  /** Keys of the words; `WILD` where messages differ. */
  readonly keys: string[];
  /** Places in which messages differ by words that no mask knew to vary. */
  readonly learned: boolean[];
  readonly #values: boolean[];
  #variants = new Map<string, Cluster>();

  constructor(words: readonly Word[]) {
    this.keys = words.map(({ key }) => key);
    this.learned = words.map(() => false);
    this.#values = words.map(() => false);
  }

  get isEmpty(): boolean {
    return this.#variants.size === 0;
  }

  /** The cluster of this message, which `create` makes where there is none. */
  clusterOf(tokens: Tokens, create: () => Cluster): Cluster {
    for (let at = 0; at < tokens.words.length; at++) {
      if (this.keys[at] === tokens.words[at]?.key) continue;
      this.keys[at] = WILD;
      this.learned[at] = true;
    }
    const name = this.#nameOf(tokens.words);
    let cluster = this.#variants.get(name);
    if (cluster === undefined) {
      cluster = create();
      this.#variants.set(name, cluster);
    }
    return cluster;
  }

  /** Forgets a cluster. */
  delete(cluster: Cluster): void {
    for (const [name, other] of this.#variants) if (other === cluster) this.#variants.delete(name);
  }

  /** Holds the number of clusters within bounds. */
  trim(onMerge: OnMerge): void {
    if (this.#variants.size <= MAX_VARIANTS) return;
    while (this.#variants.size > MAX_VARIANTS / 2) {
      const places = this.#places();
      const most = places.toSorted((a, b) => b.words.size - a.words.size)[0];
      if (most === undefined) return;
      this.#collapse(most.at, onMerge);
    }
  }

  /** Merges clusters that differ only in places that hold values. */
  settle(onMerge: OnMerge): void {
    for (;;) {
      const place = this.#places()
        .filter((place) => isValues(place))
        .toSorted((a, b) => b.words.size - a.words.size)[0];
      if (place === undefined) return;
      this.#collapse(place.at, onMerge);
    }
  }

  #nameOf(words: readonly Word[]): string {
    let name = '';
    for (let at = 0; at < words.length; at++) {
      name += `${this.#values[at] === true ? WILD : words[at]?.key}\u0001`;
    }
    return name;
  }

  #places(): (Place & { readonly at: number })[] {
    const variants = [...this.#variants.values()];
    return this.keys.flatMap((_, at) => {
      if (this.learned[at] !== true || this.#values[at] === true) return [];
      const [first] = variants;
      const after = first?.words[at - 1]?.prefix ?? '';
      const before = first?.gaps[at] ?? '';
      return [{ at, after, before, words: new Set(variants.map((cluster) => cluster.words[at]?.key ?? '')) }];
    });
  }

  #collapse(at: number, onMerge: OnMerge): void {
    this.#values[at] = true;
    const variants = new Map<string, Cluster>();
    for (const cluster of this.#variants.values()) {
      const name = this.#nameOf(cluster.words);
      const other = variants.get(name);
      if (other === undefined) variants.set(name, cluster);
      else {
        merge(other, cluster);
        onMerge(other, cluster);
      }
    }
    this.#variants = variants;
  }
}
