import { PareError, type PareErrorOptions } from '../contract/index.ts';

/** Why there is no vector. */
export type EmbeddingErrorCode =
  /** The embedder threw something of its own. */
  | 'embedding_failed'
  /** It did not answer within the deadline. */
  | 'embedding_timeout'
  /** A vector has another number of numbers than the identity says. */
  | 'embedding_dimension_mismatch'
  /** The embedder has become another one: vectors of before cannot be compared with its new ones. */
  | 'embedding_identity_changed'
  /** A vector holds NaN or an infinite number, or is zero for a text with content. */
  | 'embedding_not_finite'
  /** There are not as many vectors as texts. */
  | 'embedding_count_mismatch'
  /** The answer of the API is not what its protocol says. */
  | 'embedding_invalid_response'
  /** The API could not be reached. */
  | 'embedding_unreachable'
  /** The API answered with an error status. */
  | 'embedding_rejected'
  /** The optional package is not installed. */
  | 'embedding_peer_missing'
  /** The file of the built-in table is not there. */
  | 'embedding_table_missing'
  /** The file of the built-in table is damaged or of a format that this version does not read. */
  | 'embedding_table_corrupt';

/** An embedder gave no vectors. Caches treat it as a miss with this code as its reason; requests go on. */
export class EmbeddingError extends PareError {
  constructor(code: EmbeddingErrorCode, message: string, options: PareErrorOptions = {}) {
    super(code, message, options);
  }
}
