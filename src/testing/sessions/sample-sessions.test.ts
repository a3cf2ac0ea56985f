import { expect, it } from 'vitest';
import { createSimulatedProvider } from '../provider/simulated-provider.ts';
import { sampleSessions } from './sample-sessions.ts';

const PATHS = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  'anthropic-messages': '/v1/messages',
} as const;

it('has valid requests throughout: the simulated provider accepts every one', async () => {
  await using provider = await createSimulatedProvider();
  for (const session of sampleSessions()) {
    for (const { wire, body, headers } of session.requests) {
      const answer = await fetch(provider.url + PATHS[wire], {
        method: 'POST',
        headers: { authorization: 'Bearer demo', ...headers },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      expect([session.name, answer.status, answer.status === 200 ? '' : text]).toEqual([
        session.name,
        200,
        '',
      ]);
    }
  }
  expect(provider.counters.requests).toBeGreaterThanOrEqual(60);
  expect(provider.counters.requests).toBeLessThanOrEqual(100);
  // The agent's history and the handbook's system prompt are long enough for the provider's own cache.
  expect(provider.counters.cacheReadTokens).toBeGreaterThan(10_000);
});

it('is an honest mix: most requests are new, and a fair share comes again', () => {
  const requests = sampleSessions().flatMap((session) => session.requests);
  const folded = requests.map(
    ({ wire, body }) =>
      `${wire} ${JSON.stringify(body)
        .replaceAll(/(?:\\[rn]| )+/g, ' ')
        .replaceAll(/ "/g, '"')}`,
  );
  const repeated = requests.length - new Set(folded).size;
  expect(repeated / requests.length).toBeGreaterThan(0.15);
  expect(repeated / requests.length).toBeLessThan(0.35);
});

it('returns the same sessions each time, with names that differ', () => {
  const names = sampleSessions().map((session) => session.name);
  expect(new Set(names).size).toBe(names.length);
  expect(sampleSessions()).toEqual(sampleSessions());
});

it('sends an agent history that only grows at its end', () => {
  const agent = sampleSessions().find((session) => session.name === 'coding-agent');
  const histories = (agent?.requests ?? []).map(({ body }) =>
    (body['messages'] as readonly object[]).map((message) =>
      JSON.stringify(message).replaceAll(',"cache_control":{"type":"ephemeral"}', ''),
    ),
  );
  expect(histories).toHaveLength(13);
  for (const [at, history] of histories.entries()) {
    const before = histories[at - 1] ?? [];
    expect(history.slice(0, before.length)).toEqual(before);
  }
});
