import {
  type Embedder,
  embedderKey,
  type PairJudge,
  type SemanticReason,
  type SemanticStore,
} from '../../contract/index.ts';
import { judgeNear, reasonOf, type SemanticCandidate } from './decision.ts';
import { cosine } from './evaluate.ts';
import type { LearnedLimit } from './limit/index.ts';
import { isPersonal } from './personal.ts';
import { MAX_TEXT_CHARS } from './query.ts';

/** What a text is explained with. */
export interface ExplainOptions {
  readonly store: SemanticStore;
  readonly embedder: Embedder;
  readonly judge: PairJudge;
  /** As the cache has it now; it is only asked. */
  readonly limit: Pick<LearnedLimit, 'decide'>;
  readonly includesPersonal: boolean;
  /** Only entries of this tenant or model. */
  readonly tenant?: string;
  readonly model?: string;
  /** Entries shown at most. @default 8 */
  readonly most?: number;
}

/** Why a text would hit or miss. */
export interface Explanation {
  readonly decision: 'hit' | 'miss';
  readonly reason: SemanticReason;
  /** The entry that would answer. */
  readonly entry: SemanticCandidate | null;
  /** The nearest entries, nearest first. */
  readonly candidates: readonly SemanticCandidate[];
}

/**
 * Explains what the cache would make of a text that is asked alone. Entries of all scopes are shown, since nobody knows
 * the scope of a bare text; a request only meets those of its own.
 */
export async function explainText(text: string, options: ExplainOptions): Promise<Explanation> {
  const nothing = { decision: 'miss', entry: null, candidates: [] } as const;
  if (text.trim() === '') return { ...nothing, reason: 'text_empty' };
  if (text.length > MAX_TEXT_CHARS) return { ...nothing, reason: 'text_too_long' };
  if (!options.includesPersonal && isPersonal(text)) return { ...nothing, reason: 'personal' };
  const candidates = judgeNear(options.judge, await nearest(text.trim(), options), text.trim());
  if (candidates.length === 0) return { ...nothing, reason: 'no_candidate' };
  const decided = options.limit.decide({ neighbours: candidates });
  const entry = candidates.find((candidate) => candidate.entry.id === decided.candidate) ?? null;
  const decision = decided.kind === 'serve' ? 'hit' : 'miss';
  return {
    decision,
    reason: reasonOf(decided, candidates),
    entry: decision === 'hit' ? entry : null,
    candidates,
  };
}

async function nearest(text: string, { store, embedder, tenant, model, most = 8 }: ExplainOptions) {
  const [vector] = await embedder.embed([text]);
  const found: { readonly id: number; readonly similarity: number }[] = [];
  for await (const page of store.vectors(embedderKey(embedder.identity))) {
    for (const { id, vector: stored } of page)
      found.push({ id, similarity: cosine(vector as Float32Array, stored) });
  }
  found.sort((a, b) => b.similarity - a.similarity || a.id - b.id);
  const near = [];
  for (const { id, similarity } of found) {
    if (near.length >= most) break;
    const [entry] = await store.get([id]);
    if (entry === undefined || (tenant !== undefined && entry.tenant !== tenant)) continue;
    if (model !== undefined && entry.model !== model) continue;
    near.push({ entry, similarity });
  }
  return near;
}
