import { describe, expect, it } from 'vitest';
import { anthropicMessages, openaiChat, openaiResponses } from './index.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const error = (status: number) => ({ status, code: 'some_code', message: 'It failed: "x".' });

describe('errors in the caller’s wire', () => {
  it.each([openaiChat, openaiResponses])('has the shape of OpenAI ($wire)', (codec) => {
    expect(JSON.parse(text(codec.renderError(error(400))))).toEqual({
      error: { message: 'It failed: "x".', type: 'invalid_request_error', param: null, code: 'some_code' },
    });
  });

  it.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [413, 'request_too_large'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [502, 'api_error'],
    [529, 'overloaded_error'],
  ])('has the shape of Anthropic, %s is %s', (status, type) => {
    expect(JSON.parse(text(anthropicMessages.renderError(error(status))))).toEqual({
      type: 'error',
      error: { type, message: 'It failed: "x".', code: 'some_code' },
    });
  });

  it.each([openaiChat, openaiResponses, anthropicMessages])('makes a begun stream of $wire fail', (codec) => {
    const event = text(codec.renderStreamError(error(500)));
    expect(event.endsWith('\n\n')).toBe(true);
    expect(event.startsWith('event: error\n')).toBe(codec !== openaiChat);
    const start = {
      'openai-chat': { choices: [{ index: 0, delta: { content: 'x' } }] },
      'openai-responses': { type: 'response.created', response: { object: 'response', output: [] } },
      'anthropic-messages': { type: 'message_start', message: { id: 'm' } },
    }[codec.wire];
    const reader = codec.createStreamReader();
    reader.push(new TextEncoder().encode(`data: ${JSON.stringify(start)}\n\n${event}`));
    expect(reader.end()?.finish).toBe('failed');
  });
});
