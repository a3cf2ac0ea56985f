import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatResponse, Stage } from '../src/contract/index.ts';
import { type Gateway, startGateway } from '../src/gateway/index.ts';
import { createRunner, type Runner } from '../src/pipeline/index.ts';
import { ANSWER, answered } from '../src/testing/fixtures/runner-bench.ts';
import { chatBody, postChat, type Stack, startStack, until } from './support/gateway.ts';

let stack: Stack;
let gateway: Gateway;
let runner: Runner;
let learned: (ChatResponse | undefined)[];

/** A stage that answers everything and has everything verified, before the real gateway, upstream and ledger. */
beforeEach(async () => {
  stack = await startStack();
  const { core } = stack;
  learned = [];
  const stage: Stage = {
    name: 'semantic-cache',
    rewrites: [],
    prepare: () => Object.assign(answered(), { isToBeVerified: true }),
    settle: ({ verifies, response }) => void (verifies === 'semantic-cache' && learned.push(response)),
  };
  runner = createRunner({
    stages: [{ stage, mode: 'on' }],
    codecFor: core.codecFor,
    counter: core.counter,
    registry: core.registry,
    record: (record) => core.record(record),
    onEvent: core.events.emit,
  });
  gateway = await startGateway({ ...core, runner });
});
afterEach(async () => {
  runner.close();
  await gateway.close();
  await stack.close();
});

describe('a semantic answer of the gateway that is to be verified', () => {
  it.each([
    ['plain', {}],
    ['streamed', { stream: true }],
  ] as const)("that is %s is asked for again with the caller's own key", async (_kind, more) => {
    const body = chatBody('What is new?', more);
    const response = await postChat(gateway.url, body);
    const text = await response.text();
    expect(response.headers.get('x-pare-cache')).toBe('semantic');
    expect(text).toContain(ANSWER.choices[0]?.message.content);
    await stack.recorded(2);
    expect(stack.provider.requests).toHaveLength(1);
    const [asked] = stack.provider.requests;
    expect(asked?.body.toString()).toBe(body);
    expect(asked?.headers['authorization']).toBe('Bearer test-key');
    expect(learned).toMatchObject([{ finish: 'complete' }]);
    expect(learned[0]?.text).not.toBe('');
  });

  it('is in metrics and report, with what verifying it cost', async () => {
    await (await postChat(gateway.url, chatBody('What is new?'))).text();
    const [hit, verification] = await stack.recorded(2);
    expect(verification?.id).toBe(`${hit?.id}-verification`);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toContain('pare_semantic_decisions_total{decision="semantic_hit"} 1');
    expect(metrics).toContain('pare_semantic_decisions_total{decision="verification"} 1');
    const report = (await (await fetch(`${gateway.url}/api/report`)).json()) as Record<string, object>;
    const { usage, costUsd } = verification ?? {};
    const billed = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
    expect(billed).toBeGreaterThan(0);
    expect(report).toMatchObject({
      cache: { semantic_hits: 1, semantic: { hits: 1, verified: 1, explored: 0, would_hits: 0 } },
      savings: { overhead_tokens: billed, net_tokens: 120 - billed },
      metrics: { total_cost: costUsd },
    });
  });

  it('does not hold up the end: what hangs is aborted at the provider (INV-S2)', async () => {
    const response = await postChat(gateway.url, chatBody('What is new?'), { 'x-simulate': 'latency=60000' });
    expect(response.status).toBe(200);
    await response.text();
    await until(() => stack.provider.counters.requests === 1, 'the verification');
    runner.close();
    const [, verification] = await stack.recorded(2);
    expect(verification).toMatchObject({ status: 499, semanticReason: 'verification' });
    expect(learned).toEqual([undefined]);
    await until(() => stack.provider.counters.aborted === 1, 'the provider to notice');
  });
});
