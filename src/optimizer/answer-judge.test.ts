import { describe, expect, it } from 'vitest';
import type { Upstream } from '../contract/index.ts';
import { createModelComparison } from './answer-judge.ts';

/** A comparison by a model that says SAME to everything, and how often it was asked. */
function agreeable() {
  let asked = 0;
  const upstream: Upstream = {
    name: 'openai',
    baseUrl: 'https://judge.example',
    close: async () => undefined,
    send: (_request, sink) => {
      asked++;
      const message = { role: 'assistant', content: 'SAME' };
      const body = {
        id: 'x',
        object: 'chat.completion',
        model: 'm',
        choices: [{ index: 0, finish_reason: 'stop', message }],
      };
      sink.onHead(200, ['content-type', 'application/json']);
      sink.onData(Buffer.from(JSON.stringify(body)));
      sink.onEnd();
      return { abort: () => undefined, pause: () => undefined, resume: () => undefined };
    },
  };
  const compare = createModelComparison({
    model: 'm',
    upstream,
    apiKey: 'key',
    registry: { price: () => ({ costUsd: null }) },
    record: () => undefined,
    newId: () => 'id',
    now: () => 0,
  });
  return { compare, count: () => asked };
}

describe('the comparison of answers by a model', () => {
  it('goes by what the model says', async () => {
    const { compare, count } = agreeable();
    expect(await compare({ question: 'How?', stored: 'So.', fresh: 'Like so.' })).toBe(true);
    expect(count()).toBe(1);
  });

  it('cannot tell of answers whose ends the model would not see', async () => {
    const { compare, count } = agreeable();
    const long = 'and so on. '.repeat(1200);
    expect(
      await compare({ question: 'How?', stored: `${long}It is safe.`, fresh: `${long}It is deadly.` }),
    ).toBeNull();
    expect(await compare({ question: 'How?', stored: long, fresh: long })).toBe(true);
    expect(count()).toBe(0);
  });
});
