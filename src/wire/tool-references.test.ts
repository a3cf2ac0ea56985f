import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatRequest, Part, WireFormat } from '../contract/index.ts';
import { codecFor } from './index.ts';

const bytesOf = (value: object) => Buffer.from(JSON.stringify(value));
const found = (...names: readonly string[]) => ({
  type: 'tool_search_tool_result',
  tool_use_id: 'srvtoolu_1',
  content: {
    type: 'tool_search_tool_search_result',
    tool_references: names.map((name) => ({ type: 'tool_reference', tool_name: name })),
  },
});
const SEARCH = {
  type: 'server_tool_use',
  id: 'srvtoolu_1',
  name: 'tool_search_tool_bm25',
  input: { query: 'x' },
};
const FAILED = {
  ...found(),
  content: { type: 'tool_search_tool_result_error', error_code: 'unavailable' },
};
const CALL = { type: 'tool_use', id: 'toolu_1', name: 'crop', input: { path: 'ä.png' } };
const OUTPUT = {
  type: 'tool_search_output',
  id: 'tso_1',
  call_id: null,
  execution: 'server',
  status: 'completed',
  tools: [
    { type: 'function', name: 'crop', parameters: {} },
    { type: 'namespace', name: 'images', tools: [{ type: 'function', name: 'resize', parameters: {} }] },
  ],
};

const loadedIn = ({ messages }: ChatRequest): (readonly string[])[] =>
  messages.flatMap(({ parts }) =>
    parts.flatMap((part: Part) => (part.kind === 'other' ? [part.loadedTools ?? []] : [])),
  );
const requestOf = (wire: WireFormat, body: object) => codecFor(wire).parseRequest(bytesOf(body));

describe('the tools that a conversation loads', () => {
  it('are those that a search found, and those that the caller refers to', () => {
    const request = requestOf('anthropic-messages', {
      model: 'claude-sonnet-4-6',
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: [SEARCH, found('crop', 'resize'), CALL] },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'toolu_1',
              content: [{ type: 'tool_reference', tool_name: 'rotate' }],
            },
          ],
        },
        { role: 'assistant', content: [FAILED] },
      ],
    });
    expect(loadedIn(request)).toEqual([[], ['crop', 'resize'], ['rotate'], []]);
  });

  it("are those that OpenAI's search defines, below namespaces as well", () => {
    const request = requestOf('openai-responses', { model: 'gpt-5.4', input: [OUTPUT] });
    expect(loadedIn(request)).toEqual([['crop', 'images', 'resize']]);
  });
});

describe('an answer with a search', () => {
  const message = (content: readonly object[]) => ({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-6',
    content,
    stop_reason: 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 1 },
  });

  it('tells how often was searched and what was found', () => {
    const read = (content: readonly object[]) =>
      codecFor('anthropic-messages').parseResponse(bytesOf(message(content)));
    expect(read([SEARCH, found('crop'), SEARCH, FAILED, CALL])?.toolSearch).toEqual({
      times: 2,
      found: ['crop'],
    });
    expect(read([CALL])).not.toHaveProperty('toolSearch');
    const response = codecFor('openai-responses').parseResponse(
      bytesOf({ object: 'response', id: 'r', status: 'completed', output: [OUTPUT] }),
    );
    expect(response?.toolSearch).toEqual({ times: 1, found: ['crop', 'images', 'resize'] });
  });

  it('tells it of a stream under any split, and what was found before what is called', () => {
    const codec = codecFor('anthropic-messages');
    const whole = codec.parseResponse(bytesOf(message([SEARCH, found('crop'), CALL])));
    const stream = codec.replayStream(whole as NonNullable<typeof whole>, { includeUsage: true });
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(stream.length), { maxLength: 6 }), (cuts) => {
        const reader = codec.createStreamReader();
        const ends = [...cuts.toSorted((a, b) => a - b), stream.length];
        let from = 0;
        for (const end of ends) {
          reader.push(stream.subarray(from, end));
          from = end;
          const seen = reader.peek();
          expect(seen.foundTools ?? []).toEqual(expect.arrayContaining([...seen.toolCalls]));
        }
        expect(reader.end()?.toolSearch).toEqual({ times: 1, found: ['crop'] });
      }),
    );
  });
});
