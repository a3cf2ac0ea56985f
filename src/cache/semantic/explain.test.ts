import { describe, expect, it } from 'vitest';
import { embedderKey } from '../../contract/index.ts';
import { createStaticEmbedder } from '../../embeddings/index.ts';
import { createSqliteSemanticStore } from '../../stores/index.ts';
import { createLearnedLimit, createPairJudge, explainText, type LearnedLimit } from './index.ts';

const embedder = createStaticEmbedder();
const embedWord = (text: string): Float32Array => embedder.embedNow?.(text) ?? new Float32Array();

async function explain(text: string, limit: LearnedLimit) {
  const store = createSqliteSemanticStore({ path: ':memory:', onEvent: () => undefined });
  const stored = 'How do I reset my password?';
  store.putMany([
    {
      id: 1,
      key: 'k',
      scopeKey: 's',
      tenant: 't',
      model: 'm',
      tags: {},
      text: stored,
      vector: embedWord(stored),
      embedder: embedderKey(embedder.identity),
      answerGroup: 1,
      createdAt: 1,
      expiresAt: Number.MAX_SAFE_INTEGER,
    },
  ]);
  const judge = createPairJudge({ embedWord });
  return explainText(text, { store, embedder, judge, limit, includesPersonal: false });
}

function freshLimit(): LearnedLimit {
  return createLearnedLimit({ maxFalseHitRate: 0.05, coldLimit: 0.7, exploreShare: 0 });
}

/** A limit that has seen so many wrong answers that nothing is served any more. */
function breachedLimit(): LearnedLimit {
  const limit = freshLimit();
  for (let id = 101; id <= 130; id++) {
    const neighbour = { id, similarity: 0.99, answerGroup: id, gate: null, confidence: 0.995 };
    limit.observe(limit.decide({ neighbours: [neighbour] }), false);
  }
  return limit;
}

describe('the explanation of a text', () => {
  it('names the entry that would answer', async () => {
    const found = await explain('How can I reset my password?', freshLimit());
    expect(found).toMatchObject({ decision: 'hit', entry: { entry: { id: 1 } } });
  });

  it('says that nothing is served while too much was wrong', async () => {
    const limit = breachedLimit();
    expect(limit.isBreached).toBe(true);
    const found = await explain('how do I reset my password', limit);
    expect(found).toMatchObject({ decision: 'miss', reason: 'breached', entry: null });
    expect(found.candidates).toHaveLength(1);
  });
});
