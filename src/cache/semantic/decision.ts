import type {
  PairGate,
  PairJudge,
  PairJudgement,
  SemanticEntry,
  SemanticReason,
} from '../../contract/index.ts';
import type { CacheHit } from '../types.ts';
import { splitTurns } from './conversation.ts';
import type { NearEntry } from './entries.ts';
import type { LimitDecision, LimitReason, Neighbour } from './limit/index.ts';

/** A stored entry beside what is asked. It is judged when its judgement is first read: most never are. */
export interface SemanticCandidate extends PairJudgement {
  readonly entry: SemanticEntry;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
}

class Candidate implements SemanticCandidate {
  readonly entry: SemanticEntry;
  readonly similarity: number;
  readonly #judge: PairJudge;
  readonly #asked: readonly string[];
  #judgement: PairJudgement | undefined;

  constructor({ entry, similarity }: NearEntry, judge: PairJudge, asked: readonly string[]) {
    this.entry = entry;
    this.similarity = similarity;
    this.#judge = judge;
    this.#asked = asked;
  }

  /** For the limit. */
  get id(): number {
    return this.entry.id;
  }

  /** For the limit. */
  get answerGroup(): number {
    return this.entry.answerGroup;
  }

  get gate(): PairGate | null {
    return this.#judged().gate;
  }

  get detail(): string | null {
    return this.#judged().detail;
  }

  get confidence(): number {
    return this.#judged().confidence;
  }

  #judged(): PairJudgement {
    const stored = splitTurns(this.entry.text);
    return (this.#judgement ??= judgeTurns(this.#judge, { stored, asked: this.#asked }, this.similarity));
  }
}

/** What was decided on a query. */
export interface SemanticDecision {
  /** `explore`: a hit, but the provider is asked to learn. */
  readonly kind: 'hit' | 'explore' | 'miss';
  readonly reason: SemanticReason | 'stale' | 'error';
  /** The entry that answers, or whose answer is to be compared with the provider's. */
  readonly candidate: SemanticCandidate | null;
  /** The answer, of a hit alone. */
  readonly answer: CacheHit | null;
  /** The nearest entries, nearest first. */
  readonly candidates: readonly SemanticCandidate[];
  /** What the limit said; null without candidates. */
  readonly limit: LimitDecision | null;
  /** Of the query's text; null where it could not be made. */
  readonly vector: Float32Array | null;
}

const REASON_OF_LIMIT: Readonly<Record<LimitReason, SemanticReason | 'gate'>> = {
  certain: 'semantic_hit',
  cold: 'semantic_hit',
  learned: 'semantic_hit',
  sampled: 'explored',
  no_candidate: 'no_candidate',
  gate: 'gate',
  below_limit: 'below_limit',
  seen_wrong: 'seen_wrong',
  over_budget: 'over_budget',
  breached: 'breached',
};

/** Judges what was found, turn by turn: every turn of the user must say the same. */
export function judgeNear(
  judge: PairJudge,
  near: readonly NearEntry[],
  asked: string,
): readonly (SemanticCandidate & Neighbour)[] {
  const turns = splitTurns(asked);
  return near.map((entry) => new Candidate(entry, judge, turns));
}

function judgeTurns(
  judge: PairJudge,
  { stored, asked }: { readonly stored: readonly string[]; readonly asked: readonly string[] },
  similarity: number,
): PairJudgement {
  if (stored.length !== asked.length) return { gate: 'undecidable', detail: 'other turns', confidence: 0 };
  let confidence = 1;
  // From the last one, which is what is asked.
  for (let turn = asked.length - 1; turn >= 0; turn--) {
    const [a, b] = [stored[turn] as string, asked[turn] as string];
    if (a === b) continue;
    const judgement = judge.judge(a, b, similarity);
    if (judgement.gate !== null) return judgement;
    confidence = Math.min(confidence, judgement.confidence);
  }
  return { gate: null, detail: null, confidence };
}

/** The reason code of what the limit said. */
export function reasonOf(decision: LimitDecision, candidates: readonly SemanticCandidate[]): SemanticReason {
  const reason = REASON_OF_LIMIT[decision.reason];
  if (reason !== 'gate') return reason;
  const stopped = candidates.find(({ entry }) => entry.id === decision.candidate) ?? candidates[0];
  const gate: PairGate = stopped?.gate ?? 'undecidable';
  return `gate_${gate}`;
}
