import type { Cluster } from './cluster.ts';
import { Group, type OnMerge } from './group.ts';
import { signatureOf, type Tokens, WILD, type Word } from './tokens.ts';

/** Words of a message that lead down the tree. */
const TREE_WORDS = 2;
/** Groups that one leaf compares a message with. */
const MAX_LEAF = 200;

interface Node {
  readonly children: Map<string, Node>;
  groups: Group[];
  /** Where the node hangs, and under which name. */
  readonly parent: Node | undefined;
  readonly name: string;
}

const createNode = (parent: Node | undefined, name: string): Node => ({
  children: new Map(),
  groups: [],
  parent,
  name,
});

/** The least share of fixed words that must agree in any case, and what a product of shares may be off by. */
const LEAST_SHARE = 0.6;
const ROUNDING = 1e-6;

/** Share of fixed words that must agree, by how many there are: short messages differ by single words. */
function wantedShare(fixed: number): number {
  if (fixed <= 2) return 1;
  if (fixed <= 4) return 0.66;
  return LEAST_SHARE;
}

/** Where the tree looks up a word: varying ones share a branch. */
const branchOf = (word: Word | undefined): string =>
  word === undefined ? '' : word.kind === undefined ? word.key : WILD;

/**
 * The parse tree of Drain (P. He, J. Zhu, Z. Zheng, M. R. Lyu: "Drain: An Online Log Parsing Approach with
 * Fixed Depth Tree", ICWS 2017): a message goes down by its length and its first words to a leaf, whose
 * clusters are compared with it word by word. Here the first level is the number of words together with the
 * signs between them, and words known to vary do not count for or against a match.
 */
export class DrainTree {
  readonly #root = createNode(undefined, '');
  readonly #homes = new Map<Cluster, { group: Group; leaf: Node }>();
  readonly #maxChildren: number;

  constructor(maxChildren: number) {
    this.#maxChildren = maxChildren;
  }

  /** The cluster of this message, which `create` makes where there is none; `undefined` where there is no room. */
  clusterOf(tokens: Tokens, create: () => Cluster): Cluster | undefined {
    const leaf = this.#leaf(tokens);
    let group = bestOf(leaf.groups, tokens.words);
    if (group === undefined) {
      if (leaf.groups.length >= MAX_LEAF) return undefined;
      group = new Group(tokens.words);
      leaf.groups.push(group);
    }
    const home = { group, leaf };
    return group.clusterOf(tokens, () => {
      const cluster = create();
      this.#homes.set(cluster, home);
      return cluster;
    });
  }

  /** Holds the clusters beside this one within bounds. */
  trim(cluster: Cluster, onMerge: OnMerge): void {
    this.#homes.get(cluster)?.group.trim((into, gone) => {
      this.#homes.delete(gone);
      onMerge(into, gone);
    });
  }

  /** Merges clusters that differ only in places that hold values; it pauses again and again. */
  *settle(onMerge: OnMerge): Generator<undefined> {
    for (const group of new Set([...this.#homes.values()].map(({ group }) => group))) {
      group.settle((into, gone) => {
        this.#homes.delete(gone);
        onMerge(into, gone);
      });
      yield;
    }
  }

  /** Takes a cluster out, and the branches that then lead nowhere. */
  remove(cluster: Cluster): void {
    const home = this.#homes.get(cluster);
    if (home === undefined) return;
    this.#homes.delete(cluster);
    home.group.delete(cluster);
    if (!home.group.isEmpty) return;
    let node = home.leaf;
    node.groups = node.groups.filter((group) => group !== home.group);
    while (node.parent !== undefined && node.groups.length === 0 && node.children.size === 0) {
      node.parent.children.delete(node.name);
      node = node.parent;
    }
  }

  #leaf(tokens: Tokens): Node {
    // Signatures are as many as there are clusters at most: a branch goes with its last cluster.
    let node = this.#child(this.#root, signatureOf(tokens), Number.POSITIVE_INFINITY);
    for (let depth = 0; depth < TREE_WORDS && depth < tokens.words.length; depth++) {
      node = this.#child(node, branchOf(tokens.words[depth]), this.#maxChildren);
    }
    return node;
  }

  #child(node: Node, branch: string, maxChildren: number): Node {
    // As in Drain, words beyond the limit share the branch of what varies.
    const name = node.children.has(branch) || node.children.size < maxChildren ? branch : WILD;
    let child = node.children.get(name);
    if (child === undefined) {
      child = createNode(node, name);
      node.children.set(name, child);
    }
    return child;
  }
}

/** The most similar group that is similar enough; among equals the one that says more, then the older. */
function bestOf(groups: readonly Group[], words: readonly Word[]): Group | undefined {
  const keys = words.map(({ key }) => key);
  const found = { same: 0, fixed: 0 };
  let best: Group | undefined;
  let bestShare = LEAST_SHARE;
  let bestSame = -1;
  for (const group of groups) {
    // Most groups of a leaf differ so much that it shows in their first words.
    if (!compare(group, keys, { found, mostMisses: (1 - bestShare) * keys.length + ROUNDING })) continue;
    const { same, fixed } = found;
    const share = fixed === 0 ? 1 : same / fixed;
    if (share < wantedShare(fixed)) continue;
    if (best === undefined || share > bestShare || (share === bestShare && same > bestSame)) {
      best = group;
      bestShare = share;
      bestSame = same;
    }
  }
  return best;
}

/** What two messages have in common: words that are fixed on at least one side, or were found to vary; and those of them that agree. */
interface Agreement {
  same: number;
  fixed: number;
}

/** Finds what keys have in common with a group's; false once more fixed words differ than may. */
function compare(
  { keys, learned }: Group,
  others: readonly string[],
  { found, mostMisses }: { readonly found: Agreement; readonly mostMisses: number },
): boolean {
  let same = 0;
  let fixed = 0;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at];
    const other = others[at];
    if (key === WILD && (learned[at] !== true || other === WILD)) {
      if (other !== WILD) fixed++;
    } else {
      fixed++;
      if (key === other) same++;
    }
    if (fixed - same > mostMisses) return false;
  }
  found.same = same;
  found.fixed = fixed;
  return true;
}
