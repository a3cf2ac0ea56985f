import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { embedMany, generateText, type LanguageModel, Output, stepCountIs, streamText, tool } from 'ai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Stack, startStack, until } from './support/gateway.ts';

let stack: Stack;
let models: Readonly<Record<'openai chat' | 'openai responses' | 'anthropic messages', LanguageModel>>;

beforeEach(async () => {
  stack = await startStack();
  const openai = createOpenAI({ apiKey: 'key-a', baseURL: `${stack.url}/v1` });
  const anthropic = createAnthropic({ apiKey: 'key-a', baseURL: `${stack.url}/v1` });
  models = {
    'openai chat': openai.chat('gpt-4o'),
    'openai responses': openai.responses('gpt-4o'),
    'anthropic messages': anthropic('claude-sonnet-4-6'),
  };
});
afterEach(() => stack.close());

describe.each(['openai chat', 'openai responses', 'anthropic messages'] as const)('ai with %s', (wire) => {
  const ask = (prompt: string, headers: Record<string, string> = {}) =>
    generateText({ model: models[wire], prompt, headers, maxRetries: 0 });

  it('generates text, and the same from the cache', async () => {
    const [first, second] = [await ask('What is a gnomon?'), await ask('What is a gnomon?')];
    expect(first.text).toContain('What is a gnomon?');
    expect(second.text).toBe(first.text);
    expect(second.usage).toMatchObject({
      inputTokens: first.usage.inputTokens,
      outputTokens: first.usage.outputTokens,
    });
    expect(second.response.headers?.['x-pare-cache']).toBe('hit');
    expect(stack.provider.counters.requests).toBe(1);
  });

  it('streams text, and the same from the cache (INV-C5)', async () => {
    const stream = async () => {
      const result = streamText({ model: models[wire], prompt: 'Stream a gnomon 🙂', maxRetries: 0 });
      const text = await result.text;
      return { text, usage: await result.usage, reason: await result.finishReason };
    };
    const [first, second] = [await stream(), await stream()];
    expect(first.text).toContain('Stream a gnomon 🙂');
    expect(first.reason).toBe('stop');
    expect(second).toEqual(first);
    expect(stack.provider.counters.requests).toBe(1);
  });

  it('runs tools over several steps', async () => {
    const result = await generateText({
      model: models[wire],
      prompt: 'use tool lookup with {"word":"kite"}',
      tools: {
        lookup: tool({
          description: 'Looks a word up.',
          inputSchema: z.object({ word: z.string() }),
          execute: ({ word }) => Promise.resolve(`${word} is a toy`),
        }),
      },
      stopWhen: stepCountIs(3),
      maxRetries: 0,
    });
    expect(result.steps[0]?.toolCalls).toMatchObject([{ toolName: 'lookup', input: { word: 'kite' } }]);
    expect(result.text).toContain('kite is a toy');
    expect(stack.provider.counters.requests).toBe(2);
  });

  it('generates an object of a schema', async () => {
    const result = await generateText({
      model: models[wire],
      prompt: 'Describe a kite',
      output: Output.object({ schema: z.object({ name: z.string(), wings: z.number() }) }),
      maxRetries: 0,
    });
    expect(typeof result.output.name).toBe('string');
    expect(typeof result.output.wings).toBe('number');
  });

  it('retries what may be retried, and shows errors of the provider', async () => {
    stack.provider.failNext({ kind: 'status', status: 503, retryAfterSeconds: 0 });
    const answer = await generateText({ model: models[wire], prompt: 'Retry me', maxRetries: 1 });
    expect(answer.text).toContain('Retry me');
    expect(stack.provider.counters.requests).toBe(2);
    stack.provider.failNext({ kind: 'status', status: 400 });
    await expect(ask('Refuse me')).rejects.toMatchObject({ statusCode: 400, isRetryable: false });
  });

  it('stops the provider on abort (INV-S2)', async () => {
    const abort = new AbortController();
    const result = streamText({
      model: models[wire],
      prompt: 'A long story',
      headers: { 'x-simulate': 'delay=30' },
      abortSignal: abort.signal,
      maxRetries: 0,
    });
    for await (const part of result.textStream) if (part.length > 0) abort.abort();
    await until(() => stack.provider.counters.aborted === 1, 'the provider to see the abort');
    const [record] = await stack.recorded(1);
    expect(record).toMatchObject({ status: 499, errorCode: 'client_closed' });
  });
});

describe('ai embeddings', () => {
  it('embeds texts', async () => {
    const openai = createOpenAI({ apiKey: 'key-a', baseURL: `${stack.url}/v1` });
    const { embeddings, usage } = await embedMany({
      model: openai.embedding('text-embedding-3-small'),
      values: ['a kite', 'a bridge'],
      maxRetries: 0,
    });
    expect(embeddings).toHaveLength(2);
    const [record] = await stack.recorded(1);
    expect(record?.usage.inputTokens).toBe(usage.tokens);
  });
});
