import { type Embedder, isPareError, type SemanticEntry } from '../../contract/index.ts';

/** What of a stored entry is embedded. */
type StoredText = Pick<SemanticEntry, 'id' | 'text'>;

/** Texts that were embedded anew, and those that the embedder will never take. */
export interface EmbeddedAnew {
  readonly made: readonly Pick<SemanticEntry, 'id' | 'vector'>[];
  readonly refused: readonly StoredText[];
}

/** Texts tried one by one before the embedder itself is taken for what fails. */
const PROBES = 8;

/** Statuses of an API that say something of the text, not of the key, the address or the load. */
const OF_THE_TEXT: ReadonlySet<unknown> = new Set([400, 413, 422]);

/**
 * Embeds stored texts. Where one of them fails all of them, as one too long for an API does, each is tried alone.
 *
 * @throws whatever the embedder throws, where it takes none of them or the fault is not the text's
 */
export async function embedAnew(
  rows: readonly StoredText[],
  embedder: Embedder,
  signal: AbortSignal,
): Promise<EmbeddedAnew> {
  try {
    return { made: await embedAll(rows, embedder, signal), refused: [] };
  } catch (error) {
    if (rows.length < 2 || !isOfTheText(error)) throw error;
  }
  return embedSingly(rows, embedder, signal);
}

async function embedSingly(
  rows: readonly StoredText[],
  embedder: Embedder,
  signal: AbortSignal,
): Promise<EmbeddedAnew> {
  const made: Pick<SemanticEntry, 'id' | 'vector'>[] = [];
  const refused: StoredText[] = [];
  let taken: StoredText | undefined;
  for (const row of rows) {
    try {
      made.push(...(await embedAll([row], embedder, signal)));
      taken = row;
    } catch (error) {
      const areAllRefused = made.length === 0 && refused.length + 1 >= Math.min(PROBES, rows.length);
      if (!isOfTheText(error) || areAllRefused) throw error;
      refused.push(row);
    }
  }
  // One that broke down halfway refuses no text: it fails this time what it took before.
  if (taken !== undefined) await embedAll([taken], embedder, signal);
  return { made, refused };
}

async function embedAll(rows: readonly StoredText[], embedder: Embedder, signal: AbortSignal) {
  const vectors = await embedder.embed(
    rows.map(({ text }) => text),
    { signal },
  );
  return rows.map(({ id }, at) => ({ id, vector: vectors[at] as Float32Array }));
}

function isOfTheText(error: unknown): boolean {
  if (!isPareError(error)) return false;
  if (error.code === 'embedding_rejected') return OF_THE_TEXT.has(error.details['status']);
  return error.code === 'embedding_failed' || error.code === 'embedding_not_finite';
}
