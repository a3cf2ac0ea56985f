import { type Cluster, createCluster, join, type Occurrence, textOf } from './cluster.ts';
import { DrainTree } from './drain.ts';
import { mask } from './mask.ts';
import { settle } from './settle.ts';
import type { SlotStatistics } from './statistics.ts';
import { bareGap, type Tokens, tokenize, wildWord } from './tokens.ts';
import { viewOf } from './view.ts';

/** Bounds of a miner. */
export interface MinerOptions {
  /**
   * Clusters held; beyond it the one not met for longest goes into a coarser one of its length.
   * @default 10000
   */
  readonly maxClusters?: number;
  /** Branches of one node of the parse tree. @default 100 */
  readonly maxChildren?: number;
  /** Counts what varies; without, forms have no `slots`, and are found faster. @default true */
  readonly slots?: boolean;
}

/** Lines of one form. */
export interface MinedTemplate {
  readonly id: number;
  /** The fixed text, `<*>` for each part that varies; spaces as in the first message. */
  readonly template: string;
  readonly count: number;
  readonly firstLine: number;
  readonly lastLine: number;
  /** One for each `<*>`, in order; none where they are not counted. */
  readonly slots: readonly SlotStatistics[];
}

/** Finds the forms that the messages of a log have. */
export interface Miner {
  /** Adds the lines that a message stands for, and says which cluster they went to. */
  add(message: string, lines: Occurrence): number;
  /**
   * Looks for clusters that are of one form, with pauses: whoever runs through them is not kept long. What is
   * left of it is done when the clusters are asked for.
   */
  settling(): Generator<undefined>;
  /** The cluster that one handed out by `add` belongs to now; clusters found to be of one form are merged. */
  find(id: number): number;
  /** All forms, by first line. */
  clusters(): readonly MinedTemplate[];
}

const DEFAULT_MAX_CLUSTERS = 10_000;
const DEFAULT_MAX_CHILDREN = 100;

/** A miner without clusters. The same messages in the same order give the same clusters. */
export function createMiner(options: MinerOptions = {}): Miner {
  return new TemplateMiner(options);
}

class TemplateMiner implements Miner {
  readonly #tree: DrainTree;
  readonly #maxClusters: number;
  readonly #maxChildren: number;
  readonly #isCounting: boolean;
  /** By id; the one met last is the last. */
  readonly #clusters = new Map<number, Cluster>();
  /** By first word: what was forgotten. */
  readonly #coarse = new Map<string, Cluster>();
  /** What a cluster's id was merged into. */
  readonly #merged = new Map<number, number>();
  #nextId = 0;
  /** What is left of looking for clusters that are of one form. */
  #settling: Generator<undefined> | undefined;

  constructor(options: MinerOptions) {
    const { maxClusters = DEFAULT_MAX_CLUSTERS, maxChildren = DEFAULT_MAX_CHILDREN, slots = true } = options;
    this.#isCounting = slots;
    this.#maxClusters = maxClusters;
    this.#maxChildren = maxChildren;
    this.#tree = new DrainTree(maxChildren);
  }

  add(message: string, lines: Occurrence): number {
    this.#settling = undefined;
    const tokens = tokenize(mask(message));
    const cluster = this.#tree.clusterOf(tokens, () =>
      createCluster(this.#nextId++, tokens, this.#isCounting),
    );
    if (cluster === undefined) return this.#addCoarse(tokens, lines);
    join(cluster, tokens.words, lines);
    this.#clusters.delete(cluster.id);
    this.#clusters.set(cluster.id, cluster);
    this.#tree.trim(cluster, this.#onMerge);
    if (this.#clusters.size > this.#maxClusters) this.#forgetOldest();
    return cluster.id;
  }

  *settling(): Generator<undefined> {
    this.#settling ??= this.#settle();
    // Not by `for`, which would end it where its caller stops to run through it.
    while (this.#settling.next().done !== true) yield;
  }

  find(id: number): number {
    this.#settleAll();
    return this.#root(id);
  }

  clusters(): readonly MinedTemplate[] {
    this.#settleAll();
    const groups = new Map<number, Cluster[]>();
    for (const cluster of [...this.#clusters.values(), ...this.#coarse.values()]) {
      const root = this.#root(cluster.id);
      const group = groups.get(root);
      if (group === undefined) groups.set(root, [cluster]);
      else group.push(cluster);
    }
    return [...groups]
      .map(([id, group]) => ({ id, ...viewOf(group) }))
      .toSorted((a, b) => a.firstLine - b.firstLine || a.id - b.id);
  }

  #root(id: number): number {
    let root = id;
    for (let next = this.#merged.get(root); next !== undefined; next = this.#merged.get(root)) root = next;
    return root;
  }

  #settleAll(): void {
    for (const _ of this.settling());
  }

  *#settle(): Generator<undefined> {
    yield* this.#tree.settle(this.#onMerge);
    yield* settle(
      [...this.#clusters.values()].toSorted((a, b) => a.id - b.id),
      (a, b) => this.#unite(a, b),
    );
  }

  readonly #onMerge = (into: Cluster, gone: Cluster): void => {
    this.#clusters.delete(gone.id);
    this.#unite(into.id, gone.id);
  };

  /** The older one stays. */
  #unite(a: number, b: number): void {
    const [older, younger] = [this.#root(a), this.#root(b)].toSorted((one, other) => one - other);
    if (older !== undefined && younger !== undefined && older !== younger) this.#merged.set(younger, older);
  }

  #forgetOldest(): void {
    const [oldest] = this.#clusters.values();
    if (oldest === undefined) return;
    this.#clusters.delete(oldest.id);
    this.#tree.remove(oldest);
    this.#merged.set(oldest.id, this.#addCoarse(oldest, oldest));
  }

  /** Adds lines to the cluster of all messages that begin alike and have no cluster of their own. */
  #addCoarse(tokens: Tokens, lines: Occurrence): number {
    const start = startOf(tokens);
    const name = this.#coarse.has(start) || this.#coarse.size < this.#maxChildren ? start : '';
    const { words, gaps } = coarseTokens(tokens, name !== '');
    let cluster = this.#coarse.get(name);
    if (cluster === undefined) {
      cluster = createCluster(this.#nextId++, { words, gaps }, this.#isCounting);
      this.#coarse.set(name, cluster);
    }
    join(cluster, words, lines);
    return cluster.id;
  }
}

/** What a message begins with, up to its first word's end; empty where that word varies. */
function startOf({ words, gaps }: Tokens): string {
  const [first] = words;
  return first === undefined || first.kind !== undefined ? '' : bareGap(gaps[0] ?? '') + first.prefix;
}

/** A message as its first word and the rest, or as one part that varies. */
function coarseTokens({ words, gaps }: Tokens, isFirstKept: boolean): Tokens {
  const [first] = words;
  const kept = isFirstKept && first !== undefined ? [first] : [];
  const rest = words.slice(kept.length).map((word, at) => `${gaps[at + kept.length] ?? ''}${textOf(word)}`);
  return {
    words: [...kept, wildWord('word', rest.join('') + (gaps.at(-1) ?? ''))],
    gaps: kept.length === 0 ? ['', ''] : [gaps[0] ?? '', '', ''],
  };
}
