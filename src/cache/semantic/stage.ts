import type { Exchange, RequestScope, Stage, StageOutcome } from '../../contract/index.ts';
import { createAttachment } from '../attachment.ts';
import { isStorableExchange } from '../eligibility.ts';
import type { KeyOf } from '../remembered-keys.ts';
import type { ExactCache } from '../types.ts';
import type { SemanticDecision } from './decision.ts';
import { type QueryRules, readQuery, type SemanticQuery } from './query.ts';
import type { DecideOptions, SemanticCache } from './semantic-cache.ts';
import type { WorkBudget } from './work-budget.ts';

/** Options of `createSemanticCacheStage`. */
export interface SemanticCacheStageOptions {
  readonly cache: SemanticCache;
  readonly answers: Pick<ExactCache, 'put' | 'hit' | 'maxEntryBytes'>;
  /** The key of a request among the answers. */
  readonly keyOf: KeyOf;
  readonly rules: QueryRules;
  /** True where nobody else keeps the answers: the exact cache's stage is off. @default false */
  readonly keepsAnswers?: boolean;
  /** Bounds the time spent where nothing is served, in shadow. @default no bound */
  readonly budget?: WorkBudget;
  /**
   * Requests that may wait for the embedder at once; more are not looked up, so that none waits long behind others.
   *
   * @default 64
   */
  readonly maxLookups?: number;
  /** Tokens that embedding a text costs; for embedders that are paid for. @default none */
  readonly overheadOf?: (text: string) => number;
}

const DEFAULT_LOOKUPS = 64;

/** What `prepare` learned that `settle` needs. */
interface Asked {
  readonly query: SemanticQuery;
  readonly key: string;
  readonly decision: SemanticDecision | undefined;
  readonly isVerified: boolean;
}

/**
 * Returns the stage that answers requests by meaning and learns from the answers of all others. In shadow it does
 * the same, but for the serving: the runner discards what it found, and the provider's answer tells whether it was right.
 */
export function createSemanticCacheStage(options: SemanticCacheStageOptions): Stage {
  // By scope, which is one exchange's own; see the exact cache's stage.
  const asked = createAttachment<RequestScope, Asked>();
  const { cache, budget, maxLookups = DEFAULT_LOOKUPS } = options;
  // Those that the runner no longer waits for count too: their texts are still to be embedded.
  let lookups = 0;
  return {
    name: 'semantic-cache',
    rewrites: [],
    prepare: (request, scope) => {
      if (budget?.isOpen === false || lookups >= maxLookups) return { kind: 'bypassed', reason: 'busy' };
      const startedAt = performance.now();
      const query = readQuery(request, scope, options.rules);
      if (typeof query === 'string') return { kind: 'bypassed', reason: query };
      const key = options.keyOf(request, scope);
      const note = (decision: SemanticDecision | undefined, isVerified: boolean): void => {
        if (query.mayStore || decision?.candidate !== null)
          asked.set(scope, { query, key, decision, isVerified });
        budget?.spend(performance.now() - startedAt);
      };
      const decided = cache.decide(query, decideOptions(scope));
      const finish = (decision: SemanticDecision): StageOutcome => {
        const isVerified = query.mayRead && decision.kind === 'hit' && cache.isToBeVerified();
        note(decision, isVerified);
        return toOutcome(decision, { query, isVerified, overhead: options.overheadOf?.(query.text) ?? 0 });
      };
      if (!(decided instanceof Promise)) return finish(decided);
      lookups += 1;
      return decided.then(finish).finally(() => {
        lookups -= 1;
      });
    },
    settle: (exchange, scope) => {
      const known = asked.get(scope);
      if (known === undefined) return undefined;
      if (exchange.answeredBy === 'semantic-cache')
        options.answers.hit(known.decision?.candidate?.entry.key ?? '');
      // The provider's answer to what was served is still to come.
      if (exchange.answeredBy === 'semantic-cache' && known.isVerified) return undefined;
      asked.set(scope, undefined);
      return learn(options, known, { exchange, scope });
    },
  };
}

function decideOptions({ cache: { maxAgeSeconds }, signal }: RequestScope): DecideOptions {
  return maxAgeSeconds === undefined ? { signal } : { signal, maxAgeSeconds };
}

function toOutcome(
  { kind, reason, answer, candidate }: SemanticDecision,
  how: { readonly query: SemanticQuery; readonly isVerified: boolean; readonly overhead: number },
): StageOutcome {
  const overhead = how.overhead > 0 ? { overheadTokens: how.overhead } : {};
  if (!how.query.mayRead) return { kind: 'bypassed', reason: 'caller_opted_out', ...overhead };
  if (kind !== 'hit' || answer === null || candidate === null)
    return { kind: 'bypassed', reason, ...overhead };
  const { entry, response, ageSeconds } = answer;
  return {
    kind: 'answered',
    response,
    receipt: {
      ...overhead,
      sparedUsage: entry.usage,
      sparedUsageBasis: entry.usageBasis,
      sparedCostUsd: entry.costUsd,
      similarity: candidate.similarity,
      ageSeconds,
    },
    ...(how.isVerified ? { isToBeVerified: true } : {}),
  };
}

async function learn(
  options: SemanticCacheStageOptions,
  { query, key, decision }: Asked,
  settled: { readonly exchange: Exchange; readonly scope: RequestScope },
): Promise<void> {
  const { exchange, scope } = settled;
  const { request, response, usage, usageBasis, costUsd } = exchange;
  const { cache, answers, rules, budget } = options;
  const { maxEntryBytes } = answers;
  if (decision === undefined || response === undefined) return;
  if (!isStorableExchange(exchange, { isAgentWanted: rules.includesAgents, maxEntryBytes })) return;
  const startedAt = performance.now();
  const { answerGroup } = await cache.learn(query, decision, response);
  if (query.mayStore) {
    const { wire, model } = request;
    const { tenant, tags, stages } = scope;
    // Nobody else keeps it then, and an entry without an answer is none.
    if (options.keepsAnswers === true || stages['exact-cache'] === 'off')
      answers.put(key, { tenant, wire, model, body: response.bytes, usage, usageBasis, costUsd });
    cache.put(query, decision, { key, tenant, model, tags, answerGroup });
  }
  budget?.spend(performance.now() - startedAt);
}
