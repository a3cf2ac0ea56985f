import type { PairGate } from '../../../contract/index.ts';

/** An entry near to what is asked, as the limit sees it. */
export interface Neighbour {
  readonly id: number;
  /** Cosine with the asked text, -1 to 1. */
  readonly similarity: number;
  /** Entries whose answers say the same have the same number. */
  readonly answerGroup: number;
  /** The judge's, of the entry's text and the asked one. It may be found only when it is asked for. */
  readonly gate: PairGate | null;
  /** The judge's, 0 to 1; likewise. */
  readonly confidence: number;
}

/** One reason to serve an entry. */
export interface Evidence {
  readonly id: number;
  readonly answerGroup: number;
  /** How surely its answer serves, 0 to 1. */
  readonly value: number;
}

/** Evidence of the words of one pair. */
export interface WordsEvidence extends Evidence {
  /** The judge's, 0 to 1. */
  readonly confidence: number;
  /** True where neighbours speak for the same answer too, and the value rests on both. */
  readonly isSupported: boolean;
}

/** What the neighbourhood says. */
export interface Neighbourhood {
  /** By the words: the surest of the nearest entries that passes all gates. */
  readonly words: WordsEvidence | null;
  /** By agreement: an entry that no certain gate stops, of the answer that most neighbours share. */
  readonly agreement: Evidence | null;
}

/** Entries whose words are compared with the asked ones: the nearest; farther ones are seldom the surest. */
const MOST_WORDS = 4;
/** A pair that is as sure as this is not outdone. */
const SURE = 0.99;
/** Entries of the leading answer that are compared until one is found that no certain gate stops. */
const MOST_MEMBERS = 4;
/** Agreement below this is far from ever serving: it is not worth comparing any words. */
const LEAST_VALUE = 0.5;
/** How fast a neighbour's vote falls with its distance behind the nearest. */
const VOTE_SHARPNESS = 16;
/** Neighbours that are needed before their agreement says anything. */
const LEAST_VOTERS = 3;
/** Neighbours of which a streak is a share. */
const STREAK_SCALE = 16;
/** How far behind the last neighbour a rival is taken to be when there is none. */
const UNSEEN_RIVAL = 0.02;

/** What the agreement of neighbours is rated by. */
export interface AgreementFeatures {
  /** Of the nearest that has the leading answer. */
  readonly similarity: number;
  /** How far the nearest with another answer is behind it; negative when that is nearer. */
  readonly margin: number;
  /** Of the votes, 0 to 1. */
  readonly share: number;
  /** Logarithm of one more than the neighbours that have the leading answer. */
  readonly voters: number;
  /** Neighbours that have it before the first that has not, as a share of 16. */
  readonly streak: number;
}

/** A pair is on its own when the nearest entry with another answer is so far behind: then nothing doubts its words. */
const ALONE = 0.25;
/** No confidence is taken for more than this, short of equal words. */
const MOST_CONFIDENCE = 0.9999;

/** What words that agree with the neighbours are rated by. */
export interface SupportFeatures {
  /** Minus the logarithm of what is missing to a confidence of 1. */
  readonly words: number;
  /** Logarithm of the odds of the agreement's value. */
  readonly agreement: number;
}

/**
 * Weights of a logistic regression of "the leading answer is the right one", made by `bench/semantic/fit-agreement.ts`
 * on the intents of BANKING77 and CLINC150 (CC BY).
 */
const BIAS = -2.73;
const WEIGHTS: AgreementFeatures = {
  similarity: 0.95,
  margin: 7.91,
  share: 1.58,
  voters: 0.78,
  streak: 3.19,
};
const SUPPORT_BIAS = -0.05;
const SUPPORT_WEIGHTS: SupportFeatures = { words: 0.24, agreement: 0.91 };

/** Votes for the answers, the leading one, and the neighbours that are not broken. */
interface Poll {
  readonly neighbours: readonly Neighbour[];
  readonly votes: ReadonlyMap<number, number>;
  readonly leading: number;
  /** Of all votes. */
  readonly share: number;
}

/** True for gates that nothing that is learned overrides. */
function isCertain(gate: PairGate | null): boolean {
  return gate !== null && gate !== 'unmatched_words';
}

/** Counts votes: one weighs less the farther behind the nearest it is. */
function poll(neighbours: readonly Neighbour[]): Poll {
  const votes = new Map<number, number>();
  const nearest = neighbours[0]?.similarity ?? 0;
  let all = 0;
  for (const { answerGroup, similarity } of neighbours) {
    const vote = Math.exp(VOTE_SHARPNESS * (similarity - nearest));
    votes.set(answerGroup, (votes.get(answerGroup) ?? 0) + vote);
    all += vote;
  }
  let [leading, most] = [-1, 0];
  for (const [group, vote] of votes) if (vote > most) [leading, most] = [group, vote];
  return { neighbours, votes, leading, share: most / all };
}

/** The surest of the nearest entries that passes all gates. */
function surestOf(neighbours: readonly Neighbour[]): { neighbour: Neighbour; confidence: number } | null {
  let surest: { neighbour: Neighbour; confidence: number } | null = null;
  for (const neighbour of neighbours.slice(0, MOST_WORDS)) {
    if (neighbour.gate !== null) continue;
    const { confidence } = neighbour;
    if (confidence > (surest?.confidence ?? -1)) surest = { neighbour, confidence };
    if (confidence >= SURE) break;
  }
  return surest;
}

function byWords(votes: Poll, features: AgreementFeatures | null): WordsEvidence | null {
  const surest = surestOf(votes.neighbours);
  if (surest === null) return null;
  const { confidence } = surest;
  const { id, answerGroup } = surest.neighbour;
  const found = { id, answerGroup, confidence };
  if (confidence >= 1 || features === null) return { ...found, value: confidence, isSupported: false };
  if (answerGroup === votes.leading) {
    if (features.margin >= ALONE) return { ...found, value: confidence, isSupported: false };
    return { ...found, value: supportedValue(confidence, agreementValue(features)), isSupported: true };
  }
  // The neighbours know better than words what is meant: they seldom stand around another answer for nothing.
  const own = (votes.votes.get(answerGroup) ?? 0) / (votes.votes.get(votes.leading) ?? 1);
  return { ...found, value: confidence * own, isSupported: false };
}

/** What words are rated by that agree with the neighbours. */
export function supportFeatures(confidence: number, agreement: number): SupportFeatures {
  return {
    words: -Math.log(1 - Math.min(MOST_CONFIDENCE, confidence)),
    agreement: Math.log(agreement / (1 - agreement)),
  };
}

function supportedValue(confidence: number, agreement: number): number {
  const features = supportFeatures(confidence, agreement);
  const logit =
    SUPPORT_BIAS + SUPPORT_WEIGHTS.words * features.words + SUPPORT_WEIGHTS.agreement * features.agreement;
  return 1 / (1 + Math.exp(-logit));
}

/** What the agreement of the neighbours is rated by; null where they are too few. */
export function agreementFeatures(neighbours: readonly Neighbour[]): AgreementFeatures | null {
  return featuresOf(poll(neighbours));
}

function featuresOf({ neighbours, leading, share }: Poll): AgreementFeatures | null {
  if (neighbours.length < LEAST_VOTERS) return null;
  const members = neighbours.filter(({ answerGroup }) => answerGroup === leading);
  const streak = neighbours.findIndex(({ answerGroup }) => answerGroup !== leading);
  const last = neighbours.at(-1)?.similarity ?? 0;
  const similarity = members[0]?.similarity ?? last;
  const rival = neighbours[streak]?.similarity ?? last - UNSEEN_RIVAL;
  return {
    similarity,
    margin: similarity - rival,
    share,
    voters: Math.log1p(members.length),
    streak: (streak < 0 ? neighbours.length : streak) / STREAK_SCALE,
  };
}

/** How surely the leading answer serves, 0 to 1. */
export function agreementValue(features: AgreementFeatures): number {
  const logit =
    BIAS +
    WEIGHTS.similarity * features.similarity +
    WEIGHTS.margin * features.margin +
    WEIGHTS.share * features.share +
    WEIGHTS.voters * features.voters +
    WEIGHTS.streak * features.streak;
  return 1 / (1 + Math.exp(-logit));
}

function byAgreement({ neighbours, leading }: Poll, value: number): Evidence | null {
  if (value < LEAST_VALUE) return null;
  const found = neighbours
    .filter(({ answerGroup }) => answerGroup === leading)
    .slice(0, MOST_MEMBERS)
    .find(({ gate, confidence }) => !isCertain(gate) && Number.isFinite(confidence));
  return found === undefined ? null : { id: found.id, answerGroup: leading, value };
}

/**
 * Returns what the neighbours, nearest first, say for serving one of them. Those without finite numbers say nothing.
 * It asks for the judgement of at most 8 neighbours, each once or twice.
 */
export function weigh(neighbours: readonly Neighbour[]): Neighbourhood {
  const votes = poll(neighbours.filter(({ similarity }) => Number.isFinite(similarity)));
  const features = featuresOf(votes);
  const words = byWords(votes, features);
  // Nothing is surer than equal words, and what passed all gates needs no second member of its answer.
  if (features === null || words?.confidence === 1) return { words, agreement: null };
  if (words?.isSupported === true) return { words, agreement: null };
  const value = agreementValue(features);
  if (words?.answerGroup === votes.leading) return { words, agreement: { ...words, value } };
  return { words, agreement: byAgreement(votes, value) };
}
