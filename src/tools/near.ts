/** A tool and how near it is to another. */
export interface NearTool {
  readonly tool: number;
  /** Cosine of their vectors, above 0. */
  readonly likeness: number;
}

/** The tools among `members` that are nearest to a tool by their vectors, nearest first; none without vectors. */
export function nearestTools(
  tool: number,
  members: readonly number[],
  {
    most,
    vectorOf,
  }: { readonly most: number; readonly vectorOf: (tool: number) => Float32Array | undefined },
): NearTool[] {
  const own = vectorOf(tool);
  if (own === undefined) return [];
  const near: NearTool[] = [];
  for (const other of members) {
    const vector = other === tool ? undefined : vectorOf(other);
    if (vector === undefined) continue;
    const likeness = cosine(own, vector);
    if (likeness > 0) near.push({ tool: other, likeness });
  }
  return near.toSorted((a, b) => b.likeness - a.likeness).slice(0, most);
}

/** The cosine of two vectors of length 1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
