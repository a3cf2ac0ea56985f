/** Options of `createPairJudge`. */
export interface PairJudgeOptions {
  /** The vector of a word by the built-in embedder; length 1, or 0 for a word without content. */
  readonly embedWord: (word: string) => Float32Array;
}
