import { dot } from './rows.ts';

/** Vectors near one in their middle, which is named. */
export interface Cluster {
  /** Place of the vector that is nearest to all of the cluster. */
  readonly center: number;
  /** Places of its vectors, ascending. */
  readonly places: readonly number[];
}

/** Cosine from which on two tools may stand together: below it, tools of unlike purposes meet. */
const MIN_SIMILARITY = 0.45;
/** Beyond it the work, which grows with the square, is not worth waiting for. */
const MOST = 3_000;

/**
 * Groups vectors of length 1: the vector with the most others near it takes those that are not taken yet, and
 * so on. Every vector of a cluster is near its center, and equal input gives equal clusters.
 */
export function clusterVectors(vectors: readonly Float32Array[]): Cluster[] {
  const read = vectors.slice(0, MOST);
  const near = read.map((vector, i) =>
    read.flatMap((other, j) => (i === j || dot(vector, other) >= MIN_SIMILARITY ? [j] : [])),
  );
  const order = [...near.keys()].toSorted((a, b) => (near[b]?.length ?? 0) - (near[a]?.length ?? 0) || a - b);
  const taken = new Set<number>();
  const clusters: Cluster[] = [];
  for (const center of order) {
    if (taken.has(center)) continue;
    const places = (near[center] ?? []).filter((place) => !taken.has(place));
    for (const place of places) taken.add(place);
    clusters.push({ center, places });
  }
  return clusters;
}
