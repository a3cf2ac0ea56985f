/**
 * Fits the weights of `src/cache/semantic/limit/evidence.ts`: what the agreement of neighbours, and words together
 * with it, say of an answer being the right one. Each text of BANKING77 and CLINC150 (CC BY) is looked up among those
 * before it, in random order, one answer an intent.
 *
 *   PARE_BENCH_DATA=/path/to/data node bench/semantic/fit-agreement.ts
 */
import { createPairJudge } from '../../src/cache/semantic/judge/index.ts';
import {
  type AgreementFeatures,
  agreementFeatures,
  agreementValue,
  type SupportFeatures,
  supportFeatures,
  weigh,
} from '../../src/cache/semantic/limit/evidence.ts';
import type { Neighbour } from '../../src/cache/semantic/limit/index.ts';
import { createStaticEmbedder } from '../../src/embeddings/index.ts';
import { DATA_HINT, readDataSets } from './data-sets.ts';
import { fitLogistic, type LabelledRow } from './logistic.ts';
import { createRandom } from './random.ts';
import { answersByIntent, streamSource } from './stream-sources.ts';
import type { StreamSource } from './streams.ts';
import { builtInVectors } from './vectors.ts';

const NEIGHBOURS = 16;
const TEXTS = 4_000;
const ORDERS = 2;

type Row<F> = LabelledRow<F>;

/** Looks every text up among those before it; calls back with its neighbours. */
function lookUpAll(
  source: StreamSource,
  seed: number,
  onLookup: (neighbours: readonly Neighbour[], isRight: (id: number) => boolean) => void,
): void {
  const groups = new Map<number, number>();
  const numbers: number[] = [];
  for (const text of createRandom(seed).shuffle(source.texts.map((_, number) => number))) {
    const stored = { numbers, has: (other: number) => groups.has(other) };
    const neighbours = source.nearest
      .among(text, stored, NEIGHBOURS)
      .map(({ id, similarity }) => neighbourOf(source, { stored: id, asked: text, similarity }, groups));
    const isRight = (id: number) => source.answer(id, 0) === source.answer(text, 0);
    onLookup(neighbours, isRight);
    groups.set(text, neighbours.find(({ id }) => isRight(id))?.answerGroup ?? text);
    numbers.push(text);
  }
}

function neighbourOf(
  source: StreamSource,
  {
    stored,
    asked,
    similarity,
  }: { readonly stored: number; readonly asked: number; readonly similarity: number },
  groups: ReadonlyMap<number, number>,
): Neighbour {
  const judgement = source.judge(stored, asked, similarity);
  return { id: stored, similarity, answerGroup: groups.get(stored) ?? stored, ...judgement };
}

const sets = readDataSets(process.env['PARE_BENCH_DATA']);
if (sets === null) {
  console.error(DATA_HINT);
  process.exit(2);
}
const embedder = createStaticEmbedder();
const judge = createPairJudge({
  embedWord(word) {
    if (embedder.embedNow === undefined) throw new Error('The built-in embedder has no fast path.');
    return embedder.embedNow(word);
  },
});
const tools = { vectors: builtInVectors(), judge };
const agreement: Row<AgreementFeatures>[] = [];
const support: Row<SupportFeatures>[] = [];
for (const texts of [sets.banking77, sets.clinc150]) {
  const source = streamSource(answersByIntent(texts), tools, TEXTS);
  for (let seed = 1; seed <= ORDERS; seed += 1) {
    lookUpAll(source, seed, (neighbours, isRight) => {
      const features = agreementFeatures(neighbours);
      if (features === null) return;
      const { words, agreement: agreed } = weigh(neighbours);
      if (agreed !== null) agreement.push({ features, isTrue: isRight(agreed.id) });
      if (words === null || !words.isSupported) return;
      const evidence = supportFeatures(words.confidence, agreementValue(features));
      support.push({ features: evidence, isTrue: isRight(words.id) });
    });
  }
}
console.log('agreement', agreement.length, fitLogistic(agreement));
console.log('words with agreement', support.length, fitLogistic(support));
