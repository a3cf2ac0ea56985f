import type { ChatResponse } from '../../contract/index.ts';
import type { SemanticDecision } from './decision.ts';
import type { Entries } from './entries.ts';
import type { SemanticCacheOptions } from './options.ts';
import type { SemanticQuery } from './query.ts';
import type { Reporter } from './reporter.ts';

/** Answers that a fresh one is compared with, the candidate's first. */
const MOST_COMPARED = 3;

/** What an answer says, and what it calls. */
export type Said = Pick<ChatResponse, 'text' | 'toolCalls'>;

/** What a comparison of answers gave. */
export interface Learned {
  /** Null where it cannot be told, or nothing was there to be compared. */
  readonly isSame: boolean | null;
  /** The group of answers that the fresh one belongs to; null for one of its own. */
  readonly answerGroup: number | null;
}

/** The same; undefined where the candidate's answer was not there to be compared. */
interface Compared extends Pick<Learned, 'answerGroup'> {
  readonly isSame: boolean | null | undefined;
}

/** Checked hits from which on it is said that most cannot be compared. */
const TELLING_SAMPLES = 50;
const TELLING_SHARE = 0.5;

/** Teaches the limit by the provider's answers, and takes out what they show to be no longer true. */
export class Learner {
  readonly #options: SemanticCacheOptions;
  readonly #entries: Entries;
  readonly #report: Reporter;
  #wasBreached: boolean;
  #wasUnsure = false;

  constructor(
    options: SemanticCacheOptions,
    { entries, report }: { readonly entries: Entries; readonly report: Reporter },
  ) {
    this.#options = options;
    this.#entries = entries;
    this.#report = report;
    this.#wasBreached = options.limit.isBreached;
  }

  /** Learns from the provider's answer to a query that was decided on. Never throws. */
  async learn(query: SemanticQuery, decision: SemanticDecision, fresh: Said): Promise<Learned> {
    try {
      const { isSame, answerGroup } = await this.#compare(query, decision, fresh);
      if (isSame !== undefined && decision.limit !== null) {
        this.#options.limit.observe(decision.limit, isSame);
        this.#tellBreach();
        this.#tellUnsure();
        if (isSame === false && decision.kind !== 'miss') this.#withdraw(decision);
      }
      return { isSame: isSame ?? null, answerGroup };
    } catch (error) {
      this.#report('semantic_compare_failed', error);
      return { isSame: null, answerGroup: null };
    }
  }

  /** Compares the fresh answer with the candidate's, then with those of other groups nearby. */
  async #compare(query: SemanticQuery, decision: SemanticDecision, fresh: Said): Promise<Compared> {
    const { candidate, candidates } = decision;
    let isSame: Compared['isSame'];
    const groups = new Set<number>();
    const inTurn = candidate === null ? candidates : [candidate, ...candidates];
    for (const { entry } of inTurn) {
      if (groups.has(entry.answerGroup) || groups.size >= MOST_COMPARED) continue;
      const stored = await this.#options.answers.lookup(entry.key, { isCounted: false });
      if (stored.outcome !== 'hit') continue;
      groups.add(entry.answerGroup);
      const isEqual =
        callsOf(stored.response) === callsOf(fresh) &&
        (await this.#options.compare({
          question: query.text,
          stored: stored.response.text,
          fresh: fresh.text,
        }));
      if (entry.id === candidate?.entry.id) isSame = isEqual;
      if (isEqual === true) return { isSame, answerGroup: entry.answerGroup };
    }
    return { isSame, answerGroup: null };
  }

  /** What was served, or would have been, is no longer true; nor is the same answer of others that it came near. */
  #withdraw({ candidate, candidates }: SemanticDecision): void {
    for (const { entry, gate } of candidates) {
      const isSameAnswer = entry.answerGroup === candidate?.entry.answerGroup && gate === null;
      if (isSameAnswer || entry.id === candidate?.entry.id) this.#entries.forget(entry.id);
    }
  }

  /** Says once that answers are worded too freely for the rules that compare them. */
  #tellUnsure(): void {
    if (this.#wasUnsure) return;
    const { samples, unsure } = this.#options.limit.estimate();
    if (samples < TELLING_SAMPLES || unsure < TELLING_SHARE * samples) return;
    this.#wasUnsure = true;
    this.#options.onEvent({
      level: 'warn',
      code: 'semantic_answers_unsure',
      message: `Of ${samples} hits that were checked, the answers of ${unsure} could not be compared by rules, so that nothing is proven: let a model compare them (semantic.judgeModel).`,
      details: { samples, unsure },
    });
  }

  #tellBreach(): void {
    const { isBreached } = this.#options.limit;
    if (isBreached === this.#wasBreached) return;
    this.#wasBreached = isBreached;
    const { rate, lower, upper, samples } = this.#options.limit.estimate();
    this.#options.onEvent({
      level: isBreached ? 'error' : 'info',
      code: isBreached ? 'semantic_cache_breached' : 'semantic_cache_recovered',
      message: isBreached
        ? `The semantic cache has put itself in shadow: of ${samples} hits that were checked, ${percent(rate ?? 0)} were wrong (95% interval ${percent(lower)} to ${percent(upper)}).`
        : 'The semantic cache serves again: the hits that were checked since keep to the limit.',
      details: { samples, rate: rate ?? 0, lower, upper },
    });
  }
}

/** The calls of an answer, their ids aside: nothing but equal ones do the same. */
function callsOf({ toolCalls }: Said): string {
  return JSON.stringify(toolCalls.map(({ name, argumentsText }) => [name, argumentsText]));
}

function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)}%`;
}
