/**
 * Measures the semantic cache's decisions: the judge of pairs, the learned limit on streams, and what cosine alone
 * would serve with the same embedders (as GPTCache and RedisVL do).
 *
 *   PARE_BENCH_DATA=/path/to/data [PARE_BENCH_CACHE=/path/to/cache] node bench/semantic.ts [--write-texts | --quick]
 *
 * The teacher's columns need its vectors in PARE_BENCH_CACHE: see bench/semantic/teacher_vectors.py. `--quick` leaves
 * the streams out; `--write-texts` writes the texts that the teacher is to embed.
 */
import { coldLimit, createPairJudge } from '../src/cache/semantic/judge/index.ts';
import { createStaticEmbedder } from '../src/embeddings/index.ts';
import { type Figure, publish } from './harness.ts';
import { answerFigures } from './semantic/answer-figures.ts';
import { makeCases, textsOf } from './semantic/cases.ts';
import { DATA_HINT, readDataSets } from './semantic/data-sets.ts';
import { type PairTables, pairTables } from './semantic/pair-tables.ts';
import { streamFigures } from './semantic/stream-figures.ts';
import { builtInVectors, teacherVectors, writeTexts } from './semantic/vectors.ts';

const BUILT_IN = { duplicates: 0.3, paraphrases: 0.5, streamHits: 0.6 };
/** Rate whose shipped limit is measured on pairs: at most so many of the served duplicates of qqp may be wrong. */
const PAIR_RATE = 0.05;
const TEACHER = { duplicates: 0.45, paraphrases: 0.6, streamHits: 0.7 };

const sets = readDataSets(process.env['PARE_BENCH_DATA']);
if (sets === null) {
  console.error(DATA_HINT);
  process.exit(2);
}
const cache = process.env['PARE_BENCH_CACHE'];
const cases = makeCases(sets);
const texts = textsOf(cases);
if (process.argv.includes('--write-texts')) {
  if (cache === undefined) {
    console.error('Set PARE_BENCH_CACHE to the folder that the texts are to be written to.');
    process.exit(2);
  }
  writeTexts(cache, texts);
  console.log(`${texts.length} texts in ${cache}/texts.jsonl`);
  process.exit(0);
}

const embedder = createStaticEmbedder();
const judge = createPairJudge({
  embedWord(word) {
    if (embedder.embedNow === undefined) throw new Error('The built-in embedder has no fast path.');
    return embedder.embedNow(word);
  },
});
const teacher = teacherVectors(cache, texts);
if (teacher === null)
  console.error("Without the teacher's columns: its vectors are not in PARE_BENCH_CACHE.");

const figures: Figure[] = [];
const answerVectors = builtInVectors();
figures.push(...answerFigures(cases, { judge, embed: (text) => answerVectors.vector(text) }));
const pairs: Record<string, Pick<PairTables, 'tables' | 'kinds'>> = {};
const streams: Record<string, unknown> = {};
for (const vectors of [builtInVectors(), ...(teacher === null ? [] : [teacher])]) {
  const limitOf = (maxFalseHitRate: number) => coldLimit(maxFalseHitRate, vectors.model);
  const targets = vectors.name === 'teacher' ? TEACHER : BUILT_IN;
  const {
    figures: found,
    tables,
    kinds,
  } = pairTables(cases, { vectors, judge, coldLimit: limitOf(PAIR_RATE) }, targets);
  figures.push(...found);
  pairs[vectors.name] = { tables, kinds };
  if (process.argv.includes('--quick')) continue;
  const played = streamFigures(sets, { vectors, judge, coldLimit: limitOf }, targets.streamHits);
  figures.push(...played.figures);
  streams[vectors.name] = played.tables;
}

const isGood = publish('semantic', figures, { minimal_pairs: cases.minimal.length, pairs, streams });
process.exitCode = isGood ? 0 : 1;
