/**
 * What makes vectors comparable: two vectors may be compared only when all four are equal, so an index
 * keeps its embedder's identity and refuses any other (INV-C10). `embedderKey` gives it as one text.
 */
export interface EmbedderIdentity {
  /** Which model: `pare-static`, `text-embedding-3-small`. */
  readonly model: string;
  /** Which edition of it: a release, a checksum, or what the operator calls it. */
  readonly version: string;
  /** Numbers in a vector. */
  readonly dimensions: number;
  /** `unit`: vectors have length 1, so that their dot product is their cosine. */
  readonly normalization: 'unit';
}

/** Options of one call of `embed`. */
export interface EmbedOptions {
  /** Ends the call with `AbortedError`. */
  readonly signal?: AbortSignal;
}

/**
 * Turns texts into vectors whose cosine (`similarity`, higher is closer) says how near their meanings are.
 *
 * A text without content (empty, or white space and control characters alone) has the zero vector: its
 * similarity to everything is 0, so it never hits.
 */
export interface Embedder {
  readonly identity: EmbedderIdentity;
  /**
   * UTF-16 units of a text that the vector depends on; what follows them is not read. Absent where only
   * the model knows. Texts that differ only behind it have the same vector.
   */
  readonly maxTextChars?: number;
  /**
   * One vector for each text, in the order of the texts: `identity.dimensions` finite numbers of length 1,
   * or all 0 for a text without content. The arrays belong to the caller.
   *
   * @throws AbortedError, or a `PareError` with a code that begins with `embedding_`
   */
  embed(texts: readonly string[], options?: EmbedOptions): Promise<readonly Float32Array[]>;
  /** The vector of one text without waiting, for embedders that need no thread and no network. */
  embedNow?(text: string): Float32Array;
  /** Ends threads and frees what is kept; a later call starts anew. */
  close?(): Promise<void>;
}

/** The identity as one text: equal for equal identities alone, whatever their parts hold (INV-C3, INV-C10). */
export function embedderKey(identity: EmbedderIdentity): string {
  const { model, version, dimensions, normalization } = identity;
  return JSON.stringify([model, version, dimensions, normalization]);
}
