import { describe, expect, it } from 'vitest';
import { createStaticEmbedder } from '../../../embeddings/index.ts';
import { createPairJudge } from './pair-judge.ts';

const embedder = createStaticEmbedder();
const judge = createPairJudge({
  embedWord: (text) => embedder.embedNow?.(text) ?? new Float32Array(embedder.identity.dimensions),
});

describe('who does it and to whom', () => {
  it.each([
    ['What depends on React?', 'What does React depend on?'],
    ['Which bank owns Chase?', 'Which bank does Chase own?'],
    ['What is Google owned by?', 'What does Google own?'],
    ['Who can adopt?', 'Who can be adopted?'],
    ['How do I get hired?', 'How do I hire?'],
    ['Can I pay with PayPal?', 'Can I be paid with PayPal?'],
    ['How do I block someone?', 'How do I get blocked by someone?'],
    ['Does A imply B?', 'Does B imply A?'],
    ['How do I keep my account active?', 'How do I keep my account from being active?'],
    ['How do I delete a branch and its tag?', 'How do I delete a branch or its tag?'],
    ['How do I bake bread that is sourdough?', 'How do I bake bread that is anything but sourdough?'],
    ['Continue: one two three', 'Continue: three two one'],
    ['Is it cheaper to fly than to drive?', 'Is it cheaper to drive than to fly?'],
    ['Why does my family avoid my neighbours?', 'Why do my neighbours avoid my family?'],
    ['Did Molly invite Sally?', 'Did Sally invite Molly?'],
    ['Does supply follow demand?', 'Does demand follow supply?'],
    ['Should I apply and then wait?', 'Should I wait and then apply?'],
    ['Is HTTP secure?', 'Is HTTPS secure?'],
    ['Is he faster than she is?', 'Is she faster than he is?'],
    ['How do I write to all instead of one?', 'How do I write to one instead of all?'],
    ['Can somebody else drive my van?', "Can I drive somebody else's van?"],
  ])('must be the same: %s | %s (INV-C7)', (a, b) => {
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const)
      expect(judge.judge(x, y, 1).gate).not.toBeNull();
  });

  it.each([
    ['How can my card be used if I lost my phone?', 'How do I use my card if I lost my phone?'],
    ['How do I get started with Python?', 'How do I start with Python?'],
    ['How can a tank be emptied?', 'How can I empty a tank?'],
    ['What do you like or dislike about Rome?', 'What do you like and dislike about Rome?'],
    ['How long are twenty one days?', 'How long are 21 days?'],
    ['What does a CEO do?', 'what does the CEO do?'],
    ['If they call me, what do I say?', 'What do I say if they call me?'],
  ])('may be said otherwise: %s | %s', (a, b) => {
    expect(judge.judge(a, b, 0.95).gate).toBeNull();
  });
});

describe('words that look alike', () => {
  it.each([
    ['What is a morale issue?', 'What is a moral issue?'],
    ['What is economic policy?', 'What is economical policy?'],
    ['What is a desert like?', 'What is a dessert like?'],
    ['What is a panda?', 'What is pandas?'],
  ])('are two words: %s | %s (INV-C7)', (a, b) => {
    expect(judge.judge(a, b, 0.95).gate).toBe('unmatched_words');
  });
});
