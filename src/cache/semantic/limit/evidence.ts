import type { PairGate } from '../../../contract/index.ts';

/** An entry near to what is asked, as the limit sees it. */
export interface Neighbour {
  readonly id: number;
  /** Cosine with the asked text, -1 to 1. */
  readonly similarity: number;
  /** Entries whose answers say the same have the same number. */
  readonly answerGroup: number;
  /** The judge's, of the entry's text and the asked one. */
  readonly gate: PairGate | null;
  /** The judge's, 0 to 1. */
  readonly confidence: number;
}

/** One reason to serve an entry. */
export interface Evidence {
  readonly id: number;
  readonly answerGroup: number;
  /** How surely its answer serves, 0 to 1. */
  readonly value: number;
}

/** What the neighbourhood says. */
export interface Neighbourhood {
  /** By the words alone: the surest entry that passes all gates. */
  readonly words: Evidence | null;
  /** By agreement: the nearest entry that no certain gate stops, of the answer that most neighbours share. */
  readonly agreement: Evidence | null;
}

/** How fast a neighbour's vote falls with its distance behind the nearest. */
const VOTE_SHARPNESS = 16;
/** Neighbours that are needed before their agreement says anything. */
const LEAST_VOTERS = 3;

/**
 * Weights of a logistic regression of "the answers are the same" on what is below, fitted on the intents of
 * BANKING77 and CLINC150 (CC BY) in random order, each text looked up among those before it.
 */
const WEIGHTS = { bias: -4.3, similarity: 2.1, margin: 6.2, share: 2.5, voters: 1.2, streak: 1.3 };

/** True for gates that nothing that is learned overrides. */
function isCertain(gate: PairGate | null): boolean {
  return gate !== null && gate !== 'unmatched_words';
}

function byWords(neighbours: readonly Neighbour[]): Evidence | null {
  let best: Neighbour | null = null;
  for (const neighbour of neighbours) {
    if (neighbour.gate === null && neighbour.confidence > (best?.confidence ?? -1)) best = neighbour;
  }
  return best === null ? null : { id: best.id, answerGroup: best.answerGroup, value: best.confidence };
}

/** The group with the most votes; a vote weighs less the farther behind the nearest it is. */
function leadingGroup(neighbours: readonly Neighbour[], nearest: number): { group: number; share: number } {
  const votes = new Map<number, number>();
  let all = 0;
  for (const { answerGroup, similarity } of neighbours) {
    const vote = Math.exp(VOTE_SHARPNESS * (similarity - nearest));
    votes.set(answerGroup, (votes.get(answerGroup) ?? 0) + vote);
    all += vote;
  }
  let [group, most] = [-1, 0];
  for (const [candidate, vote] of votes) if (vote > most) [group, most] = [candidate, vote];
  return { group, share: most / all };
}

function byAgreement(neighbours: readonly Neighbour[]): Evidence | null {
  const nearest = neighbours[0];
  if (nearest === undefined || neighbours.length < LEAST_VOTERS) return null;
  const { group, share } = leadingGroup(neighbours, nearest.similarity);
  const members = neighbours.filter(({ answerGroup }) => answerGroup === group);
  const candidate = members.find(({ gate }) => !isCertain(gate));
  if (candidate === undefined) return null;
  const rival = neighbours.find(({ answerGroup }) => answerGroup !== group);
  const streak = neighbours.findIndex(({ answerGroup }) => answerGroup !== group);
  const last = neighbours.at(-1) ?? nearest;
  const closest = members[0] ?? candidate;
  const logit =
    WEIGHTS.bias +
    WEIGHTS.similarity * closest.similarity +
    WEIGHTS.margin * (closest.similarity - (rival?.similarity ?? last.similarity - 0.02)) +
    WEIGHTS.share * share +
    WEIGHTS.voters * Math.log1p(members.length) +
    WEIGHTS.streak * ((streak < 0 ? neighbours.length : streak) / 16);
  return { id: candidate.id, answerGroup: group, value: 1 / (1 + Math.exp(-logit)) };
}

/** Returns what the neighbours, nearest first, say for serving one of them. Those without finite numbers say nothing. */
export function weigh(neighbours: readonly Neighbour[]): Neighbourhood {
  const sound = neighbours.filter(
    ({ similarity, confidence }) => Number.isFinite(similarity) && Number.isFinite(confidence),
  );
  return { words: byWords(sound), agreement: byAgreement(sound) };
}
