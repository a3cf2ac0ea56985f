import type { Embedder, PairGate, PairJudge } from '../../contract/index.ts';
import { isPersonal } from './personal.ts';
import { MAX_TEXT_CHARS } from './query.ts';

/** Two texts, and whether one answer serves both. */
export interface LabelledPair {
  /** Stored. */
  readonly a: string;
  /** Asked. */
  readonly b: string;
  /** 1: one answer serves both. */
  readonly label: 0 | 1;
}

/** Why a pair was served or not. */
export type PairReason =
  | 'certain'
  | 'confident'
  | 'below_limit'
  | 'personal'
  | 'text_empty'
  | 'text_too_long'
  | `gate_${PairGate}`;

/** A pair with what was decided on it. */
export interface JudgedPair extends LabelledPair {
  /** Cosine, -1 to 1; null where a text was not to be compared. */
  readonly similarity: number | null;
  /** 0 to 1; null likewise. */
  readonly confidence: number | null;
  readonly decision: 'hit' | 'miss';
  readonly reason: PairReason;
}

/** What the decision did over many pairs. Rates are null where nothing was served, or nothing could be. */
export interface PairEvaluation {
  readonly pairs: number;
  readonly served: number;
  readonly trueHits: number;
  readonly falseHits: number;
  readonly precision: number | null;
  /** Of the pairs with label 1. */
  readonly recall: number | null;
  /** Of the served ones. */
  readonly falseHitRate: number | null;
  readonly byReason: Readonly<Record<string, number>>;
  readonly rows: readonly JudgedPair[];
}

/** What pairs are judged with. */
export interface EvaluateOptions {
  readonly embedder: Embedder;
  readonly judge: PairJudge;
  /** The confidence from which on a pair is served. */
  readonly minConfidence: number;
  readonly includesPersonal?: boolean;
  readonly signal?: AbortSignal;
}

/** Texts embedded at a time. */
const BATCH = 256;

/**
 * Decides on pairs, each alone, as the cache does before it has learned anything: `a` is stored, `b` is asked.
 *
 * @throws AbortedError, EmbeddingError
 */
export async function evaluatePairs(
  pairs: readonly LabelledPair[],
  options: EvaluateOptions,
): Promise<PairEvaluation> {
  const rows: JudgedPair[] = [];
  for (let at = 0; at < pairs.length; at += BATCH) {
    const batch = pairs.slice(at, at + BATCH);
    const texts = batch.flatMap(({ a, b }) => [a, b]);
    const { signal } = options;
    const vectors = await options.embedder.embed(texts, signal === undefined ? {} : { signal });
    for (const [i, pair] of batch.entries()) {
      const [a, b] = [vectors[i * 2] as Float32Array, vectors[i * 2 + 1] as Float32Array];
      rows.push(judgePair(pair, cosine(a, b), options));
    }
  }
  return summarize(rows);
}

function judgePair(pair: LabelledPair, similarity: number, options: EvaluateOptions): JudgedPair {
  const [a, b] = [pair.a.trim(), pair.b.trim()];
  const refusal = refusalOf(a, options) ?? refusalOf(b, options);
  if (refusal !== undefined)
    return { ...pair, similarity: null, confidence: null, decision: 'miss', reason: refusal };
  const { gate, confidence } = options.judge.judge(a, b, similarity);
  const decided = { ...pair, similarity, confidence };
  if (gate !== null) return { ...decided, decision: 'miss', reason: `gate_${gate}` };
  if (confidence >= 1) return { ...decided, decision: 'hit', reason: 'certain' };
  return confidence >= options.minConfidence
    ? { ...decided, decision: 'hit', reason: 'confident' }
    : { ...decided, decision: 'miss', reason: 'below_limit' };
}

function refusalOf(text: string, { includesPersonal = false }: EvaluateOptions): PairReason | undefined {
  if (text === '') return 'text_empty';
  if (text.length > MAX_TEXT_CHARS) return 'text_too_long';
  return !includesPersonal && isPersonal(text) ? 'personal' : undefined;
}

function summarize(rows: readonly JudgedPair[]): PairEvaluation {
  const byReason: Record<string, number> = {};
  let [trueHits, falseHits, positives] = [0, 0, 0];
  for (const { label, decision, reason } of rows) {
    byReason[reason] = (byReason[reason] ?? 0) + 1;
    positives += label;
    if (decision === 'hit' && label === 1) trueHits++;
    else if (decision === 'hit') falseHits++;
  }
  const served = trueHits + falseHits;
  return {
    pairs: rows.length,
    served,
    trueHits,
    falseHits,
    precision: served === 0 ? null : trueHits / served,
    recall: positives === 0 ? null : trueHits / positives,
    falseHitRate: served === 0 ? null : falseHits / served,
    byReason,
    rows,
  };
}

/** Of vectors of length 1 or 0. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return Math.max(-1, Math.min(1, sum));
}
