// What deciders serve of each set of pairs, as tables for the result file and figures for the screen.
import type { PairJudge } from '../../src/contract/index.ts';
import type { Figure } from '../harness.ts';
import type { Cases } from './cases.ts';
import {
  byCosine,
  byJudge,
  type Decide,
  limitAtPrecision,
  type Rate,
  type ScoredPair,
  type Served,
  scorePairs,
  servedByKind,
  servedOf,
} from './scored-pairs.ts';
import type { TextVectors } from './vectors.ts';

const COSINE_LIMITS = [0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
const PRECISION = 0.95;

/** What one embedder's pairs gave. */
export interface PairTables {
  readonly figures: readonly Figure[];
  /** By decider, then by set. */
  readonly tables: Readonly<Record<string, Readonly<Record<string, Served>>>>;
  /** What the judge serves of each kind of minimal pair. */
  readonly kinds: Readonly<Record<string, Rate>>;
}

/** Figures to reach with an embedder. */
export interface PairTargets {
  readonly duplicates: number;
  readonly paraphrases: number;
}

/** A rate as text, with its interval in percent. */
export function withInterval({ rate, lower, upper, trials }: Rate): string {
  const percent = (value: number) => (value * 100).toFixed(1);
  return `${percent(rate)}% [${percent(lower)} to ${percent(upper)}] of ${trials}`;
}

function scoreAll(cases: Cases, tools: { readonly vectors: TextVectors; readonly judge: PairJudge }) {
  const { qqp, mock, mrpc, sick } = cases.sets;
  const entailed = sick
    .filter(({ entail }) => entail !== 'NEUTRAL')
    .map(({ a, b, entail }) => ({ a, b, label: entail === 'ENTAILMENT' ? (1 as const) : (0 as const) }));
  return {
    qqp: scorePairs(qqp, tools),
    minimal: scorePairs(cases.minimal, tools),
    gptcache_mock: scorePairs(mock, tools),
    mrpc: scorePairs(mrpc, tools),
    sick: scorePairs(entailed, tools),
  };
}

/** Measures judge and cosine with one embedder. @param coldLimit the judge's own limit for the precision */
export function pairTables(
  cases: Cases,
  tools: { readonly vectors: TextVectors; readonly judge: PairJudge; readonly coldLimit: number },
  targets: PairTargets,
): PairTables {
  const scored = scoreAll(cases, tools);
  const of = (decide: Decide) =>
    Object.fromEntries(Object.entries(scored).map(([set, pairs]) => [set, servedOf(pairs, decide)]));
  const bestJudge = limitAtPrecision(scored.qqp, {
    measure: ({ gate, confidence }) => (gate === null ? confidence : null),
    precision: PRECISION,
  });
  const bestCosine = limitAtPrecision(scored.qqp, {
    measure: ({ similarity }) => similarity,
    precision: PRECISION,
  });
  const deciders: readonly (readonly [string, Decide])[] = [
    ['judge', byJudge(tools.coldLimit)],
    [`judge, limit ${bestJudge.toFixed(3)} chosen on qqp itself`, byJudge(bestJudge)],
    ['judge, gates alone', byJudge(0)],
    [`cosine ${bestCosine.toFixed(3)} chosen on qqp itself`, byCosine(bestCosine)],
    ...COSINE_LIMITS.map((limit) => [`cosine ${limit}`, byCosine(limit)] as const),
  ];
  const tables = Object.fromEntries(deciders.map(([name, decide]) => [name, of(decide)]));
  const judged = of(byJudge(tools.coldLimit)) as Record<keyof typeof scored, Served>;
  return {
    figures: figuresOf(tools.vectors.name, { scored, judged, bestJudge, bestCosine }, targets),
    tables,
    kinds: Object.fromEntries(servedByKind(scored.minimal, byJudge(tools.coldLimit))),
  };
}

function figuresOf(
  name: string,
  found: {
    readonly scored: Readonly<Record<'qqp' | 'minimal', readonly ScoredPair[]>>;
    readonly judged: Readonly<Record<'qqp' | 'minimal' | 'gptcache_mock' | 'mrpc' | 'sick', Served>>;
    readonly bestJudge: number;
    readonly bestCosine: number;
  },
  targets: PairTargets,
): Figure[] {
  const { scored, judged, bestJudge, bestCosine } = found;
  const best = servedOf(scored.qqp, byJudge(bestJudge));
  const peer = servedOf(scored.qqp, byCosine(bestCosine));
  const [low, high] = [servedOf(scored.minimal, byCosine(0.8)), servedOf(scored.minimal, byCosine(0.95))];
  const share = (
    of: string,
    { rate: reached, ...rest }: Rate,
    target?: Figure['target'],
    note = '',
  ): Figure => ({
    name: `${name}: ${of}`,
    ...(target === undefined ? {} : { target }),
    reached,
    unit: '',
    note: `${withInterval({ rate: reached, ...rest })}${note === '' ? '' : `; ${note}`}`,
  });
  const others = `cosine 0.8: ${withInterval(low.falseHits)}; 0.95: ${withInterval(high.falseHits)}`;
  return [
    share(
      `qqp, duplicates served at precision ${PRECISION}`,
      best.recall,
      { atLeast: targets.duplicates },
      `limit ${bestJudge.toFixed(3)} chosen on the same pairs, precision ${withInterval(best.precision)}; cosine ${withInterval(peer.recall)}`,
    ),
    share('qqp, duplicates served at the shipped limit', judged.qqp.recall),
    share('qqp, precision at the shipped limit', judged.qqp.precision),
    share('minimal pairs, false hits', judged.minimal.falseHits, { atMost: 0.005 }, others),
    share(
      'minimal pairs, paraphrases served',
      judged.minimal.recall,
      { atLeast: targets.paraphrases },
      `cosine 0.8: ${withInterval(low.recall)}; 0.95: ${withInterval(high.recall)}`,
    ),
    share('gptcache_mock, served', judged.gptcache_mock.recall),
    share('mrpc, precision', judged.mrpc.precision),
    share('mrpc, paraphrases served', judged.mrpc.recall),
    share('sick, contradictions served', judged.sick.falseHits),
    share('sick, entailments served', judged.sick.recall),
  ];
}
