interface Node {
  readonly children: Map<string, Node>;
  readonly clusters: { readonly id: number; words: string[] }[];
}

const MAX_CHILDREN = 100;
const SIMILARITY = 0.4;
const TREE_WORDS = 2;
const WILD = '<*>';

const createNode = (): Node => ({ children: new Map(), clusters: [] });

/**
 * Drain as its paper describes it (He et al., ICWS 2017) with the parameters that Drain3 has by default, and
 * nothing of what Pare's miner adds: no masks, words between spaces, a wildcard for every difference.
 */
export function createPlainDrain(): (message: string) => number {
  const root = createNode();
  let nextId = 0;
  const descend = (node: Node, name: string): Node => {
    const isKnown = node.children.has(name) || node.children.size < MAX_CHILDREN;
    const branch = isKnown ? name : WILD;
    const child = node.children.get(branch) ?? createNode();
    node.children.set(branch, child);
    return child;
  };
  return (message) => {
    const words = message.trim().split(/\s+/);
    let leaf = descend(root, String(words.length));
    for (const word of words.slice(0, TREE_WORDS)) leaf = descend(leaf, /\d/.test(word) ? WILD : word);
    let best: Node['clusters'][number] | undefined;
    let bestShare = SIMILARITY;
    for (const cluster of leaf.clusters) {
      const same = words.filter((word, at) => word === cluster.words[at]).length;
      if (same / words.length < bestShare || (best !== undefined && same / words.length === bestShare))
        continue;
      best = cluster;
      bestShare = same / words.length;
    }
    if (best === undefined) {
      best = { id: nextId++, words };
      leaf.clusters.push(best);
    } else {
      best.words = best.words.map((word, at) => (word === words[at] ? word : WILD));
    }
    return best.id;
  };
}
