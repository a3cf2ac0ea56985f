import { describe, expect, it } from 'vitest';
import type { WireFormat } from '../contract/index.ts';
import { codecFor } from '../wire/index.ts';
import { answerBody } from './answer-body.ts';

const WIRES: readonly WireFormat[] = ['openai-chat', 'openai-responses', 'anthropic-messages'];

describe.each(WIRES)('an answer given as text in %s', (wire) => {
  const codec = codecFor(wire);
  const text = 'Grüße, "quoted"\nand a second line \u{1F600}';
  const body = answerBody(text, { wire, model: 'm-1' });
  const parsed = codec.parseResponse(new TextEncoder().encode(JSON.stringify(body)));

  it('is a whole answer of its wire with that text', () => {
    expect(parsed).toMatchObject({ wire, finish: 'complete', text, model: 'm-1', toolCalls: [] });
  });

  it('replays as a stream that reads back to the same text', () => {
    if (parsed === undefined) throw new Error('not an answer');
    const reader = codec.createStreamReader();
    reader.push(codec.replayStream(parsed, { includeUsage: true }));
    expect(reader.end()).toMatchObject({ finish: 'complete', text });
  });

  it('is the same for the same text and model, and another one for another', () => {
    expect(answerBody(text, { wire, model: 'm-1' })).toEqual(body);
    expect(answerBody(text, { wire, model: 'm-2' })['id']).not.toBe(body['id']);
    expect(answerBody('other', { wire, model: 'm-1' })['id']).not.toBe(body['id']);
  });
});
