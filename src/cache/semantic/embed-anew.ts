import { type Embedder, isPareError, type SemanticEntry } from '../../contract/index.ts';

/** What of a stored entry is embedded. */
type StoredText = Pick<SemanticEntry, 'id' | 'text'>;

type MadeVector = Pick<SemanticEntry, 'id' | 'vector'>;

/** Texts that were embedded anew, and those that the embedder will never take. */
export interface EmbeddedAnew {
  readonly made: readonly MadeVector[];
  readonly refused: readonly StoredText[];
}

/** Statuses of an API that say something of the text, not of the key, the address or the load. */
const OF_THE_TEXT: ReadonlySet<unknown> = new Set([400, 413, 422]);

/**
 * Embeds stored texts. Where one of them fails all of them, as one too long for an API does, each is tried alone.
 *
 * @throws whatever the embedder throws, where the fault is not the text's
 */
export async function embedAnew(
  rows: readonly StoredText[],
  embedder: Embedder,
  signal: AbortSignal,
): Promise<EmbeddedAnew> {
  try {
    return { made: await embed(rows, embedder, signal), refused: [] };
  } catch (error) {
    if (!isOfTheText(error)) throw error;
  }
  // An embedder that takes no plain text either refuses no text: something else is wrong with it. Each time another
  // one, since vectors are remembered.
  const check = (word: string) => embedder.embed([`${word} ${rows[0]?.id}`], { signal });
  await check('hello');
  const made: MadeVector[] = [];
  const refused: StoredText[] = [];
  for (const row of rows) {
    try {
      made.push(...(await embed([row], embedder, signal)));
    } catch (error) {
      if (!isOfTheText(error)) throw error;
      refused.push(row);
    }
  }
  // It may have broken down halfway.
  if (refused.length > 0) await check('goodbye');
  return { made, refused };
}

async function embed(rows: readonly StoredText[], embedder: Embedder, signal: AbortSignal) {
  const vectors = await embedder.embed(
    rows.map(({ text }) => text),
    { signal },
  );
  return rows.map(({ id }, at): MadeVector => ({ id, vector: vectors[at] as Float32Array }));
}

function isOfTheText(error: unknown): boolean {
  if (!isPareError(error)) return false;
  if (error.code === 'embedding_rejected') return OF_THE_TEXT.has(error.details['status']);
  return error.code === 'embedding_failed' || error.code === 'embedding_not_finite';
}
