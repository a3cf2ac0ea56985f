import { expect, it } from 'vitest';
import { NO_USAGE } from '../contract/index.ts';
import { openaiChat } from './index.ts';

const COUNTED = { ...NO_USAGE, inputTokens: 12, outputTokens: 3 };

function streamed(usage: string): Uint8Array {
  const head = '{"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-4o"';
  return new TextEncoder().encode(
    `data: ${head},"choices":[{"index":0,"delta":{"role":"assistant","content":"Hi é"},"finish_reason":null}]}\n\n` +
      `data: ${head},"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n${usage}data: [DONE]\n\n`,
  );
}

function read(bytes: Uint8Array) {
  const reader = openaiChat.createStreamReader();
  reader.push(bytes);
  const response = reader.end();
  if (response === undefined) throw new Error('no answer');
  return response;
}

it('gives a streamed answer without usage the counted one, so that a replay has it (INV-C5)', () => {
  const completed = openaiChat.withUsage(read(streamed('')), COUNTED);
  expect(completed.usage).toEqual(COUNTED);
  expect(openaiChat.parseResponse(completed.bytes)?.usage).toEqual(COUNTED);
  const replayed = Buffer.from(openaiChat.replayStream(completed, { includeUsage: true })).toString();
  expect(replayed).toContain('"total_tokens":15');
});

it('never replaces what the provider reported', () => {
  const usage =
    'data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}\n\n';
  const reported = read(streamed(usage));
  expect(openaiChat.withUsage(reported, COUNTED)).toBe(reported);
});
