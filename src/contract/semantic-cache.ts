import type { MaybePromise } from './json.ts';

/**
 * What kept two texts from sharing an answer. Stable and of low cardinality; the reason in ledger and metrics.
 * All but `unmatched_words` are certain: nothing that is learned lets a pair pass them.
 */
export type PairGate =
  | 'negation'
  | 'antonym'
  | 'number'
  | 'unit'
  | 'date'
  | 'name'
  | 'version'
  | 'identifier'
  | 'path'
  | 'url'
  | 'quotation'
  | 'comparison'
  | 'direction'
  | 'quantifier'
  | 'question_type'
  | 'language'
  | 'unmatched_words'
  | 'undecidable';

/** Why the semantic cache did not answer, besides what any stage may say; or, last, that it did. Stable, of low cardinality. */
export type SemanticReason =
  | 'personal'
  | 'text_empty'
  | 'text_too_long'
  | 'embedding_failed'
  | 'no_candidate'
  | 'answer_gone'
  | `gate_${PairGate}`
  | 'below_limit'
  /** The entry was seen to be wrong for texts that looked as near. */
  | 'seen_wrong'
  /** More wrong answers are expected than the limit leaves room for. */
  | 'over_budget'
  /** Too many answers were wrong: the cache has put itself in shadow. */
  | 'breached'
  /** Too many wait for the embedder already, or, in shadow, it has had its share of the processor for now. */
  | 'busy'
  /** It would have answered, and asked the provider to learn. */
  | 'explored'
  /** It would have answered, but is in shadow. */
  | 'would_hit'
  /** It answered. */
  | 'semantic_hit'
  /** It had answered, and this exchange only checks that answer. */
  | 'verification';

/** How the semantic cache fares now. */
export interface SemanticLive {
  readonly mode: 'on' | 'shadow';
  readonly entries: number;
  /** The share of wrong answers among its hits that the operator tolerates, 0 to 1. */
  readonly maxFalseHitRate: number;
  /** Hits that were checked lately, by asking the provider the same. */
  readonly checked: number;
  /** Those of them of which it could not be told whether they were right. */
  readonly unsure: number;
  /** Share of the others that were wrong; null before the first. */
  readonly falseHitRate: number | null;
  /** 95% interval of the share of wrong ones: the unsure are right for the lower end, wrong for the upper. */
  readonly ci95: readonly [number, number];
  /** True while it serves nothing since too much of it was wrong. */
  readonly isBreached: boolean;
  /** True while the checked hits prove that the tolerated share is kept; before, all but the first hits are asked anew. */
  readonly isProven: boolean;
}

/** What is said of a stored text and an asked one. */
export interface PairJudgement {
  /** The first gate that said no; null when all let the pair pass. */
  readonly gate: PairGate | null;
  /** What the gate saw, for `cache explain`: `"on" / "off"`. It holds text of prompts: never for logs (INV-E3). */
  readonly detail: string | null;
  /**
   * How surely one answer serves both, 0 to 1, from similarity and words, whatever the gate says. 1 for texts that
   * are the same but for case, blanks and punctuation that says nothing.
   */
  readonly confidence: number;
}

/** Judges whether one answer can serve two texts. Deterministic, symmetric in no way promised; never throws. */
export interface PairJudge {
  /** @param similarity cosine of the texts' vectors, -1 to 1 */
  judge(stored: string, asked: string, similarity: number): PairJudgement;
}

/** A text whose answer is stored, as the semantic cache keeps it. */
export interface SemanticEntry {
  /** The first 52 bits of `key`. */
  readonly id: number;
  /** Of the answer in the `CacheStore`: SHA-256 of scope and messages, hex. */
  readonly key: string;
  /** Digest of everything that must be equal before meanings are compared (INV-C1). */
  readonly scopeKey: string;
  readonly tenant: string;
  readonly model: string;
  readonly tags: Readonly<Record<string, string>>;
  /** What is compared, 1 to some thousand characters. */
  readonly text: string;
  /** Of `text`; length 1. */
  readonly vector: Float32Array;
  /** Which embedder made the vector: `embedderKey(identity)` (INV-C10). */
  readonly embedder: string;
  /** Entries whose answers were found to say the same have the same number: the id of one of them. */
  readonly answerGroup: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Which entries to find. All conditions hold together; none finds all. */
export interface SemanticFilter {
  readonly tenant?: string;
  readonly model?: string;
  /** Entries that carry all of these tags. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Epoch milliseconds: created at or after, and before. */
  readonly createdFrom?: number;
  readonly createdBefore?: number;
  /** Entries whose text holds this, whatever its case. */
  readonly text?: string;
}

/** An entry's place in the index. */
export type SemanticVector = Pick<SemanticEntry, 'id' | 'scopeKey' | 'vector'>;

/**
 * Keeps the semantic cache's entries and what it learned. A driver stores and finds; the cache decides. A driver may
 * keep a vector less precisely than it was put: with 256 numbers a cosine stays within 0.005.
 */
export interface SemanticStore {
  /** Entries by id, those that are there, in the order of the ids. */
  get(ids: readonly number[]): MaybePromise<readonly SemanticEntry[]>;
  /**
   * Writes entries in one transaction; one of the same id is replaced.
   *
   * @throws InputError `vector_invalid` for a vector without numbers or with such as are not finite; then none is
   *   written
   */
  putMany(entries: readonly SemanticEntry[]): MaybePromise<void>;
  /** Moves entries to another group of answers. */
  regroup(groups: ReadonlyMap<number, number>): MaybePromise<void>;
  delete(ids: readonly number[]): MaybePromise<number>;
  /** Deletes what expired at or before `now`, at most `limit`; returns the ids. */
  deleteExpired(now: number, limit: number): MaybePromise<readonly number[]>;
  /** Deletes the oldest entries until at most `maxEntries` are left, at most `limit` at once; returns the ids. */
  evict(maxEntries: number, limit: number): MaybePromise<readonly number[]>;
  /** Entries that a filter finds, without their vectors, in the order of ids, in pages. */
  select(filter: SemanticFilter): AsyncIterable<Omit<SemanticEntry, 'vector'>>;
  /** Vectors of one embedder, in pages. */
  vectors(embedder: string): AsyncIterable<readonly SemanticVector[]>;
  /** Entries whose vector another embedder made, at most `limit`: what is to be embedded anew. */
  foreign(embedder: string, limit: number): MaybePromise<readonly Pick<SemanticEntry, 'id' | 'text'>[]>;
  /** Replaces vectors after they were made anew; those of entries that are gone are ignored. @throws as `putMany` */
  reembed(vectors: readonly Pick<SemanticEntry, 'id' | 'vector'>[], embedder: string): MaybePromise<void>;
  /** How many entries there are. */
  count(): MaybePromise<number>;
  /**
   * A value that differs from the last one when another process added, deleted or embedded anew any entries in
   * between. Cheap.
   * Absent when the driver cannot tell.
   */
  changeToken?(): number | string;
  close(): MaybePromise<void>;
}
