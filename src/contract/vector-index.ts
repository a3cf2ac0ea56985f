/** A vector that was found, by the id it was put under. */
export interface VectorMatch {
  readonly id: number;
  /** Cosine, -1 to 1; higher is closer. */
  readonly similarity: number;
}

/**
 * Finds the nearest vectors of one scope. An index searches; it keeps nothing beyond the process, and what
 * may be served is the cache's decision. Vectors of other scopes are never looked at (INV-C1).
 */
export interface VectorIndex {
  /** Numbers in a vector. */
  readonly dimensions: number;
  /** Vectors that it holds. */
  readonly size: number;
  /** Bytes of memory that it takes, spare room included. */
  readonly bytes: number;
  /**
   * Adds a vector, or replaces the one of that id, which may move to another scope. Its direction counts, not its
   * length; the zero vector is taken and never found.
   *
   * @param id a whole number from 0 to 2^53 - 1
   * @throws InputError `vector_invalid` for another number of dimensions, numbers that are not finite, or such an
   *   id; LimitError `vector_index_full` when there is no memory for it. The index is then as it was
   */
  put(id: number, scope: string, vector: Float32Array): void;
  /** Takes a vector out; false when it was not there. */
  delete(id: number): boolean;
  /**
   * The `limit` nearest vectors of a scope, nearest first; equal ones in the order of their ids. None for the zero
   * vector.
   *
   * @param limit at most 1024 are found
   * @throws InputError `vector_invalid`
   */
  nearest(scope: string, vector: Float32Array, limit: number): readonly VectorMatch[];
  /** Takes all out. */
  clear(): void;
}
