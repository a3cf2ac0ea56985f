import type { EmbedderIdentity } from '../contract/index.ts';
import { EmbeddingError } from './errors.ts';

/** How far the squared length of a unit vector may be from 1 before it is scaled again. */
const SLACK = 1e-4;

/** True for texts that hold anything but white space, control and format characters. */
export function hasContent(text: string): boolean {
  return /[^\s\p{Cc}\p{Cf}\ufffd]/u.test(text);
}

/**
 * The vectors as the contract has them: of the right number and dimensions, finite, of length 1, and zero
 * for texts without content. Vectors of another length are scaled, not refused.
 *
 * @param vectors one for each text; any array of numbers
 * @throws EmbeddingError `embedding_count_mismatch`, `embedding_dimension_mismatch`, `embedding_not_finite`
 */
export function checkVectors(
  texts: readonly string[],
  vectors: readonly ArrayLike<number>[],
  identity: EmbedderIdentity,
): Float32Array<ArrayBuffer>[] {
  if (vectors.length !== texts.length) {
    throw new EmbeddingError(
      'embedding_count_mismatch',
      `The embedder "${identity.model}" gave ${vectors.length} vectors for ${texts.length} texts. ` +
        'No vector can be told from another, so none is used.',
    );
  }
  return vectors.map((vector, index) => {
    if (vector.length !== identity.dimensions) throw dimensionError(identity, vector.length);
    if (!hasContent(texts[index] as string)) return new Float32Array(identity.dimensions);
    return toUnit(vector, identity.model);
  });
}

/** The vector scaled to length 1, as a copy. @throws EmbeddingError `embedding_not_finite` */
function toUnit(vector: ArrayLike<number>, model: string): Float32Array<ArrayBuffer> {
  const unit = Float32Array.from(vector);
  let squares = 0;
  for (let i = 0; i < unit.length; i += 1) squares += (unit[i] as number) ** 2;
  if (!Number.isFinite(squares) || squares === 0) {
    throw new EmbeddingError(
      'embedding_not_finite',
      `The embedder "${model}" gave a vector that is ${squares === 0 ? 'zero' : 'not finite'} for a text with ` +
        'content. Nothing can be compared with it; check the model.',
    );
  }
  if (Math.abs(squares - 1) > SLACK) {
    const scale = 1 / Math.sqrt(squares);
    for (let i = 0; i < unit.length; i += 1) unit[i] = (unit[i] as number) * scale;
  }
  return unit;
}

function dimensionError(identity: EmbedderIdentity, seen: number): EmbeddingError {
  return new EmbeddingError(
    'embedding_dimension_mismatch',
    `The embedder "${identity.model}" gave a vector of ${seen} dimensions, expected ${identity.dimensions}. ` +
      `If the model is the intended one, set its dimensions to ${seen}; vectors stored so far are then embedded anew.`,
    { details: { expected: identity.dimensions, seen } },
  );
}
