import { array, assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../contract/index.ts';
import { joinTurns, splitTurns, takeApart } from './conversation.ts';

const user = (content: JsonValue): JsonValue => ({ role: 'user', content });
const assistant = (content: JsonValue): JsonValue => ({ role: 'assistant', content });

describe('a conversation taken apart', () => {
  it('holds what the user wrote in turns, and all else in the frame', () => {
    const { turns, frame } = takeApart([
      user('Weather in Rome?'),
      assistant('Sunny.'),
      user(' and for Berlin? '),
    ]);
    expect(turns).toEqual(['Weather in Rome?', 'and for Berlin?']);
    expect(frame).toEqual([user(null), assistant('Sunny.'), user(null)]);
  });

  it('reads a bare text and blocks of text, and leaves images in the frame', () => {
    expect(takeApart('Hello')).toEqual({ turns: ['Hello'], frame: null });
    const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };
    const { turns, frame } = takeApart([
      user([{ type: 'text', text: 'What is' }, image, { type: 'input_text', text: 'this?' }]),
    ]);
    expect(turns).toEqual(['What is\nthis?']);
    expect(frame).toEqual([user([{ type: 'text', text: null }, image, { type: 'input_text', text: null }])]);
  });

  it('has another frame for another answer, name or number of turns (INV-C2)', () => {
    const frames = [
      [user('a'), assistant('x'), user('b')],
      [user('a'), assistant('y'), user('b')],
      [user('a'), user('b')],
      [{ role: 'user', name: 'ann', content: 'a' }, assistant('x'), user('b')],
    ].map((messages) => JSON.stringify(takeApart(messages).frame));
    expect(new Set(frames).size).toBe(frames.length);
  });

  it('gives the turns back from one text, whatever users write (INV-C3)', () => {
    assert(
      property(array(string({ unit: 'binary' }), { minLength: 1 }), (texts) => {
        const { turns } = takeApart(texts.map((text) => user(`${text}\n\u001E\n`)));
        expect(splitTurns(joinTurns(turns))).toEqual(turns);
      }),
    );
  });

  it('takes messages of no known form as they are', () => {
    for (const messages of [null, 7, [7, null, 'text'], [{ role: 'user' }], [user(7)]]) {
      expect(takeApart(messages)).toEqual({ turns: [], frame: messages });
    }
  });
});
