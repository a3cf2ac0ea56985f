import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { ChatResponse, WireCodec } from '../contract/index.ts';
import { anthropicMessages, openaiChat, openaiResponses } from './index.ts';

/** A `fetch` that answers with the replayed stream of `body`. */
function fetchOf(codec: WireCodec, body: object): typeof fetch {
  const response = codec.parseResponse(new TextEncoder().encode(JSON.stringify(body))) as ChatResponse;
  const stream = codec.replayStream(response, { includeUsage: true });
  return () =>
    Promise.resolve(new Response(Buffer.from(stream), { headers: { 'content-type': 'text/event-stream' } }));
}

describe('replayed streams in the official clients (INV-C5)', () => {
  const request = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };

  it('openai reads a completion with parallel calls', async () => {
    const call = (id: string, text: string) => ({
      id,
      type: 'function',
      function: { name: 'f', arguments: text },
    });
    const body = {
      id: 'c',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Grüße 👋',
            refusal: null,
            tool_calls: [call('a', '{"x":1}'), call('b', '')],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    };
    const client = new OpenAI({ apiKey: 'k', fetch: fetchOf(openaiChat, body) });
    const final = await client.chat.completions
      .stream({ ...request, stream_options: { include_usage: true } })
      .finalChatCompletion();
    expect(final).toMatchObject({ id: 'c', usage: body.usage });
    expect(final.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: body.choices[0]?.message,
    });
  });

  it('openai reads a response with reasoning, text and a call', async () => {
    const output = [
      { id: 'rs', type: 'reasoning', summary: [{ type: 'summary_text', text: 'Think.' }] },
      {
        id: 'm',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'Grüße 👋', annotations: [] }],
      },
      { id: 'f', type: 'function_call', call_id: 'c', name: 'n', arguments: '{"x":1}', status: 'completed' },
    ];
    const body = {
      id: 'r',
      object: 'response',
      created_at: 1,
      status: 'completed',
      model: 'm',
      output,
      usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
    };
    const client = new OpenAI({ apiKey: 'k', fetch: fetchOf(openaiResponses, body) });
    let text = '';
    const stream = client.responses.stream({ model: 'm', input: 'hi' });
    stream.on('response.output_text.delta', (event) => {
      text += event.delta;
    });
    const final = await stream.finalResponse();
    expect(text).toBe('Grüße 👋');
    expect(final).toMatchObject({ id: 'r', status: 'completed', output });
  });

  it('anthropic reads thinking, text and calls', async () => {
    const body = {
      id: 'msg',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [
        { type: 'thinking', thinking: 'Zwei.', signature: 'sig==' },
        { type: 'redacted_thinking', data: 'ZA==' },
        { type: 'text', text: 'Grüße 👋', citations: null },
        { type: 'tool_use', id: 't', name: 'f', input: { x: [1, 'é'] } },
        { type: 'tool_use', id: 'u', name: 'g', input: {} },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: {
        input_tokens: 4,
        output_tokens: 9,
        cache_read_input_tokens: 3,
        cache_creation_input_tokens: 0,
      },
    };
    const client = new Anthropic({ apiKey: 'k', fetch: fetchOf(anthropicMessages, body) });
    const final = await client.messages.stream({ ...request, max_tokens: 9 }).finalMessage();
    expect(final).toMatchObject(body);
  });
});
