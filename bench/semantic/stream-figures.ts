import { createLearnedLimit, type LearnedLimit } from '../../src/cache/semantic/limit/index.ts';
import type { PairJudge } from '../../src/contract/index.ts';
import type { Figure } from '../harness.ts';
import type { DataSets } from './data-sets.ts';
import { withInterval } from './pair-tables.ts';
import { createRandom, type SeededRandom } from './random.ts';
import { rate, type ScoredPair, scorePairs } from './scored-pairs.ts';
import { answeredTexts, answersByIntent, streamSource } from './stream-sources.ts';
import { runStream, type StreamCounts, type StreamSource, zipfRequests } from './streams.ts';
import type { TextVectors } from './vectors.ts';

const LIMITS = [0.005, 0.01, 0.02, 0.05];
const STREAMS = 50;
/** Texts of a shuffled stream, each asked once. */
const STREAM_TEXTS = 4_000;
const REQUESTS = 10_000;
const ZIPF = [1, 0.8];
const SHARE = 0.05;
const DRIFT_LIMIT = 0.01;

interface Tools {
  readonly vectors: TextVectors;
  readonly judge: PairJudge;
  /** Of the judge, by the tolerated rate. */
  readonly coldLimit: (maxFalseHitRate: number) => number;
}

/** What streams gave: figures for the screen, counts for the result file. */
export interface StreamFigures {
  readonly figures: readonly Figure[];
  readonly tables: Readonly<Record<string, unknown>>;
}

function newLimit(maxFalseHitRate: number, { coldLimit }: Tools, random: () => number): LearnedLimit {
  return createLearnedLimit({
    maxFalseHitRate,
    coldLimit: coldLimit(maxFalseHitRate),
    exploreShare: SHARE,
    random,
  });
}

/** BANKING77, one answer an intent, texts that repeat as in Zipf's law. */
function bankingStreams(sets: DataSets, tools: Tools, target: number): StreamFigures {
  const source = streamSource(answersByIntent(sets.banking77), tools, Number.POSITIVE_INFINITY);
  const runs = ZIPF.map((exponent) => {
    const random = createRandom(11);
    const requests = zipfRequests(source.texts.length, { length: REQUESTS, exponent }, random);
    const limit = newLimit(0.01, tools, () => random.next());
    const counts = runStream(source, { limit, requests, verifyShare: SHARE, random });
    return { exponent, counts, live: limit.estimate() };
  });
  const { name } = tools.vectors;
  const figures = runs.flatMap(({ exponent, counts, live }, i): Figure[] => {
    const { exact, right, wrong, explored } = counts;
    const served = right + wrong;
    const falseHits = rate(wrong, served);
    const semantic = rate(served, REQUESTS - exact);
    const title = `${name}: banking77 stream, Zipf ${exponent}`;
    return [
      {
        name: `${title}, hit rate`,
        ...(i === 0 ? { target: { atLeast: target } } : {}),
        reached: (exact + served) / REQUESTS,
        unit: '',
        note: `${REQUESTS} requests: ${exact} exact repeats, ${served} semantic hits (${withInterval(semantic)} others), ${explored} explored`,
      },
      {
        name: `${title}, false hits`,
        ...(i === 0 ? { target: { atMost: 0.01 } } : {}),
        reached: falseHits.rate,
        unit: '',
        note: `${withInterval(falseHits)} semantic hits; the cache itself says ${((live.rate ?? 0) * 100).toFixed(2)}% [${(live.lower * 100).toFixed(2)} to ${(live.upper * 100).toFixed(2)}] of ${live.samples} sampled`,
      },
    ];
  });
  return { figures, tables: { banking77: runs } };
}

interface LimitRun {
  readonly source: string;
  readonly limit: number;
  readonly counts: StreamCounts;
  readonly isWithin: boolean;
}

/** Labelled pairs as a stream: each asks its second text where its first alone is stored. */
function runPairs(pairs: readonly ScoredPair[], limit: LearnedLimit, random: SeededRandom): StreamCounts {
  const counts: StreamCounts = { exact: 0, stale: 0, right: 0, wrong: 0, explored: 0, miss: 0 };
  for (const [id, { similarity, gate, confidence, isSame }] of random.shuffle(pairs).entries()) {
    const decision = limit.decide({ neighbours: [{ id, answerGroup: id, similarity, gate, confidence }] });
    if (decision.kind !== 'serve' || random.next() < SHARE) limit.observe(decision, isSame);
    if (decision.kind === 'serve') counts[isSame ? 'right' : 'wrong'] += 1;
    else counts[decision.kind === 'explore' ? 'explored' : 'miss'] += 1;
  }
  return counts;
}

/** Shuffled streams of four sources at every limit: how often the measured rate stays within it. */
function statedLimits(sets: DataSets, tools: Tools): StreamFigures {
  // Equal texts that are labelled as different (3 of 40 in the public half) are noise that no cache can avoid.
  const pairs = scorePairs(sets.qqp, tools).filter(({ confidence }) => confidence < 1);
  const sources = [...answeredTexts(sets)].map(([name, texts]) => {
    const source = streamSource(texts, tools, STREAM_TEXTS);
    const requests = source.texts.map((_, text) => text);
    const play = (limit: LearnedLimit, random: SeededRandom) =>
      runStream(source, { limit, requests: random.shuffle(requests), verifyShare: SHARE, random });
    return { name, play };
  });
  sources.push({ name: 'qqp pairs', play: (limit, random) => runPairs(pairs, limit, random) });
  const runs: LimitRun[] = LIMITS.flatMap((limit) =>
    Array.from({ length: STREAMS }, (_, i) => {
      const { name, play } = sources[i % sources.length] as (typeof sources)[number];
      const random = createRandom(1_000 + i);
      const counts = play(
        newLimit(limit, tools, () => random.next()),
        random,
      );
      return { source: name, limit, counts, isWithin: counts.wrong <= limit * (counts.right + counts.wrong) };
    }),
  );
  const figures = LIMITS.map((limit): Figure => {
    const own = runs.filter((run) => run.limit === limit);
    const within = rate(own.filter(({ isWithin }) => isWithin).length, own.length);
    const bySource = [...Map.groupBy(own, ({ source }) => source)].map(([source, group]) => {
      const sum = (of: (counts: StreamCounts) => number) =>
        group.reduce((all, { counts }) => all + of(counts), 0);
      const [right, wrong] = [sum(({ right }) => right), sum(({ wrong }) => wrong)];
      const asked = sum((counts) => Object.values(counts).reduce((all, count) => all + count, 0));
      const kept = group.filter(({ isWithin }) => isWithin).length;
      return `${source} ${kept}/${group.length}, hits ${(((right + wrong) / asked) * 100).toFixed(1)}%, false ${((wrong / Math.max(1, right + wrong)) * 100).toFixed(2)}%`;
    });
    return {
      name: `${tools.vectors.name}: streams within the limit ${limit}`,
      target: { atLeast: 0.95 },
      reached: within.rate,
      unit: '',
      note: `${withInterval(within)}; ${bySource.join('; ')}`,
    };
  });
  return { figures, tables: { stated_limits: runs } };
}

/** All answers change in the middle: what is served wrong until the cache notices, and what it serves at the end. */
function drift(sets: DataSets, tools: Tools): StreamFigures {
  const steady = streamSource(answersByIntent(sets.banking77), tools, Number.POSITIVE_INFINITY);
  const random = createRandom(5);
  const requests = random.shuffle(steady.texts.map((_, text) => text));
  const change = Math.floor(requests.length / 2);
  const source: StreamSource = {
    ...steady,
    answer: (text, at) => steady.answer(text, at) + (at < change ? 0 : 1_000),
  };
  const limit = newLimit(DRIFT_LIMIT, tools, () => random.next());
  const halves = [0, 1, 2, 3].map(() => ({ right: 0, wrong: 0 }));
  let noticed: number | null = null;
  const overAt: number[] = [];
  runStream(source, {
    limit,
    requests,
    verifyShare: SHARE,
    random,
    onRequest(at, outcome) {
      const quarter = halves[Math.floor((4 * at) / requests.length)];
      if (quarter !== undefined && (outcome === 'right' || outcome === 'wrong')) quarter[outcome] += 1;
      if (at >= change && limit.isBreached) noticed ??= at - change;
      else if (noticed !== null) overAt.push(at - change);
    },
  });
  const wrong = (halves[2]?.wrong ?? 0) + (halves[3]?.wrong ?? 0);
  const shown = halves.map(({ right, wrong }) => `${right} right ${wrong} wrong`).join(', ');
  const { name } = tools.vectors;
  const figures: Figure[] = [
    {
      name: `${name}: drift, requests until it is noticed`,
      reached: noticed ?? Number.NaN,
      unit: '',
      note: `all answers change after ${change} of ${requests.length} requests; ${wrong} wrong hits after that; over after ${overAt[0] ?? 'the end'}; by quarters: ${shown}`,
    },
  ];
  return { figures, tables: { drift: { change, noticed, over: overAt[0] ?? null, quarters: halves } } };
}

/** Plays all streams with one embedder. @param target hit rate of the BANKING77 stream */
export function streamFigures(sets: DataSets, tools: Tools, target: number): StreamFigures {
  const parts = [bankingStreams(sets, tools, target), drift(sets, tools), statedLimits(sets, tools)];
  return {
    figures: parts.flatMap(({ figures }) => figures),
    tables: Object.assign({}, ...parts.map(({ tables }) => tables)),
  };
}
