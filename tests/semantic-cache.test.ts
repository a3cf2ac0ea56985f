import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText } from 'ai';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { createPare } from '../src/index.ts';
import { createSimulatedProvider } from '../src/testing/index.ts';
import { type Stack, type StackOptions, sleep, startStack, temporaryDir, until } from './support/gateway.ts';

let stack: Stack | undefined;
afterEach(() => stack?.close());

/** A gateway that answers by meaning, explores nothing and checks nothing. */
async function start(
  config: Readonly<Record<string, unknown>> = {},
  options: StackOptions = {},
): Promise<Stack> {
  stack = await startStack({
    ...options,
    config: {
      'stages.semantic-cache': 'on',
      'semantic.exploreShare': 0,
      'semantic.verifyShare': 0,
      'semantic.maxFalseHitRate': 0.05,
      ...config,
    },
  });
  return stack;
}

function clientOf(url: string, apiKey = 'key-a'): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });
}

const question = (content: string, model = 'gpt-4o') => ({
  model,
  messages: [{ role: 'user' as const, content }],
});
const cacheOf = (response: Response) => response.headers.get('x-pare-cache');

describe('answers by meaning', () => {
  it('reach the OpenAI client, plain and streamed, as whole answers', async () => {
    const { url, provider } = await start();
    const client = clientOf(url);
    const first = await client.chat.completions.create(question('How do I reset my password?'));
    const second = await client.chat.completions
      .create(question('How can I reset my password?'))
      .withResponse();
    expect(cacheOf(second.response)).toBe('semantic');
    expect(Number(second.response.headers.get('x-pare-similarity'))).toBeGreaterThan(0.8);
    expect(second.data.choices).toEqual(first.choices);
    const stream = await client.chat.completions.create({
      ...question('how could I reset my password'),
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(first.choices[0]?.message.content);
    expect(usage).toEqual(first.usage);
    expect(provider.counters.requests).toBe(1);
  });

  it('reach the AI SDK, plain and streamed', async () => {
    const { url, provider } = await start();
    const openai = createOpenAI({ apiKey: 'key-a', baseURL: `${url}/v1` });
    const model = openai.chat('gpt-4o');
    const first = await generateText({ model, prompt: 'How do I cancel my subscription?' });
    const second = await generateText({ model, prompt: 'How can I cancel my subscription?' });
    expect(second.text).toBe(first.text);
    const stream = streamText({ model, prompt: 'how do i cancel my subscription' });
    let text = '';
    for await (const piece of stream.textStream) text += piece;
    expect(text).toBe(first.text);
    expect(provider.counters.requests).toBe(1);
  });

  it.each([
    ['How do I turn on dark mode?', 'How do I turn off dark mode?'],
    ['How do I convert EUR to USD?', 'How do I convert USD to EUR?'],
    ['What is new in Python 3.11?', 'What is new in Python 3.12?'],
    ['Can I pay 100 dollars in cash?', 'Can I pay 1000 dollars in cash?'],
    ['Why is my card not working?', 'Why is my card working?'],
  ])('never take %j for %j (INV-C7)', async (stored, asked) => {
    const { url, provider } = await start();
    const client = clientOf(url);
    await client.chat.completions.create(question(stored));
    const { response } = await client.chat.completions.create(question(asked)).withResponse();
    expect(cacheOf(response)).toBe('miss');
    expect(provider.counters.requests).toBe(2);
  });

  it('never cross tenants, models or system prompts (INV-C1)', async () => {
    const { url, provider } = await start();
    await clientOf(url).chat.completions.create(question('How do I reset my password?'));
    const paraphrase = 'How can I reset my password?';
    await clientOf(url, 'key-b').chat.completions.create(question(paraphrase));
    await clientOf(url).chat.completions.create(question(paraphrase, 'gpt-4o-mini'));
    await clientOf(url).chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'system', content: 'Be brief.' }, ...question(paraphrase).messages],
    });
    expect(provider.counters.requests).toBe(4);
  });

  it('take a follow-up only for one to the same answer (INV-C2)', async () => {
    const { url, provider } = await start();
    const client = clientOf(url);
    const talk = (answer: string, last: string) => ({
      model: 'gpt-4o',
      messages: [
        { role: 'user' as const, content: 'What is the weather in Rome?' },
        { role: 'assistant' as const, content: answer },
        { role: 'user' as const, content: last },
      ],
    });
    await client.chat.completions.create(talk('Sunny.', 'How do I buy the ticket there?'));
    const same = await client.chat.completions
      .create(talk('Sunny.', 'How can I buy the ticket there?'))
      .withResponse();
    const other = await client.chat.completions
      .create(talk('Rainy.', 'How can I buy the ticket there?'))
      .withResponse();
    const alone = await client.chat.completions
      .create(question('How can I buy the ticket there?'))
      .withResponse();
    expect([same, other, alone].map(({ response }) => cacheOf(response))).toEqual([
      'semantic',
      'miss',
      'miss',
    ]);
    expect(provider.counters.requests).toBe(3);
  });

  it('are not given to texts that tell who asks, nor to agents', async () => {
    const { url, core } = await start();
    const client = clientOf(url);
    for (const email of ['ann@example.com', 'bob@example.com'])
      await client.chat.completions.create(question(`Why was the mail to ${email} not sent?`));
    const tools = [{ type: 'function' as const, function: { name: 'look', parameters: { type: 'object' } } }];
    await client.chat.completions.create({ ...question('What is the time?'), tools });
    const records = await stack?.recorded(3);
    expect(records?.map(({ semanticReason }) => semanticReason)).toEqual([
      'personal',
      'personal',
      'agent_turn',
    ]);
    expect(core.semantic?.cache.status().entries).toBe(0);
  });

  it('are only counted in shadow, where the provider answers all', async () => {
    const { url, provider } = await start({ 'stages.semantic-cache': 'shadow', 'semantic.shadowShare': 1 });
    const client = clientOf(url);
    await client.chat.completions.create(question('How do I reset my password?'));
    const { response } = await client.chat.completions
      .create(question('How can I reset my password?'))
      .withResponse();
    expect(cacheOf(response)).toBe('miss');
    expect(response.headers.get('x-pare-stages')).toContain('semantic-cache=shadow-hit');
    expect(provider.counters.requests).toBe(2);
    const records = await stack?.recorded(2);
    expect(records?.[1]?.semanticReason).toBe('would_hit');
    expect(records?.[1]?.netTokens).toBe(0);
  });

  it('survive a restart', async () => {
    const first = await start();
    const { dataDir, provider } = first;
    await clientOf(first.url).chat.completions.create(question('How do I reset my password?'));
    await first.core.semantic?.cache.flush();
    await first.core.cache.flush();
    const second = await startStack({
      dataDir,
      config: {
        'upstreams.openai.url': provider.url,
        'stages.semantic-cache': 'on',
        'semantic.exploreShare': 0,
        'semantic.maxFalseHitRate': 0.05,
      },
    });
    await second.core.semantic?.cache.ready;
    const { response } = await clientOf(second.url)
      .chat.completions.create(question('How can I reset my password?'))
      .withResponse();
    expect(cacheOf(response)).toBe('semantic');
    await second.close();
  });

  it('are checked in the background, whose cost is charged (net, not gross)', async () => {
    const { url, provider } = await start({ 'semantic.verifyShare': 1 });
    const client = clientOf(url);
    await client.chat.completions.create(question('How do I reset my password?'));
    const { response } = await client.chat.completions
      .create(question('How can I reset my password?'))
      .withResponse();
    expect(cacheOf(response)).toBe('semantic');
    await until(() => provider.counters.requests === 2, 'a check');
    const records = await stack?.recorded(3);
    const check = records?.find(({ semanticReason }) => semanticReason === 'verification');
    expect(check?.usage.outputTokens).toBeGreaterThan(0);
    expect(check?.netTokens).toBeLessThan(0);
    await until(() => (stack?.core.semantic?.cache.status().falseHits.samples ?? 0) === 1, 'a sample');
  });

  it('are deleted by tag, and the texts with them', async () => {
    const { url, core } = await start();
    const client = clientOf(url);
    await client.chat.completions.create(question('How do I reset my password?'), {
      headers: { 'x-pare-tags': 'team=a' },
    });
    await client.chat.completions.create(question('How do I close my account?'));
    const filter = { tags: { team: 'a' } };
    expect(await core.semantic?.cache.invalidate(filter, { isDryRun: true })).toMatchObject({
      entries: 1,
      answers: 1,
    });
    expect(core.semantic?.cache.status().entries).toBe(2);
    expect(await core.semantic?.cache.invalidate(filter)).toMatchObject({ entries: 1, answers: 1 });
    expect(core.semantic?.cache.status().entries).toBe(1);
    const { response } = await client.chat.completions
      .create(question('How can I reset my password?'))
      .withResponse();
    expect(cacheOf(response)).toBe('miss');
  });
});

describe('the comparison of answers', () => {
  it.each([
    ['SAME', 0],
    ['DIFFERENT: the second one lacks a step', 1],
  ])(
    'may be left to a model, whose %j is seen in metrics, reports and on the page',
    async (verdict, rate) => {
      let answers = 0;
      const judged: string[] = [];
      const stack = await start(
        {
          'semantic.maxFalseHitRate': 1,
          'semantic.verifyShare': 1,
          'semantic.judgeModel': 'judge-1',
          'upstreams.openai.apiKey': 'key-o',
        },
        {
          provider: {
            respond: ({ model, turns }) => {
              if (model !== 'judge-1') return { text: `Answer ${++answers}.` };
              judged.push(JSON.stringify(turns));
              return { text: verdict };
            },
          },
        },
      );
      const client = clientOf(stack.url);
      await client.chat.completions.create(question('How do I reset my password?'));
      await client.chat.completions.create(question('How can I reset my password?'));
      await until(() => stack.core.semantic?.cache.status().falseHits.samples === 1, 'a sample');
      expect(judged).toHaveLength(1);
      expect(judged[0]).toContain('Answer 1.');
      expect(judged[0]).toContain('Answer 2.');
      const records = await stack.recorded(4);
      const judging = records.find(({ model }) => model === 'judge-1');
      expect(judging?.netTokens).toBe(
        -((judging?.usage.inputTokens ?? 0) + (judging?.usage.outputTokens ?? 0)),
      );
      expect(judging?.netTokens).toBeLessThan(0);
      const text = async (path: string): Promise<string> => (await fetch(`${stack.url}${path}`)).text();
      const metrics = await text('/metrics');
      expect(metrics).toContain(`pare_semantic_false_hit_rate ${rate}`);
      expect(metrics).toContain('pare_semantic_checked_hits 1');
      expect(metrics).toContain('pare_semantic_decisions_total{decision="semantic_hit"} 1');
      const report = JSON.parse(await text('/api/report')) as { cache: { semantic: object } };
      expect(report.cache.semantic).toMatchObject({
        hits: 1,
        verified: 1,
        live: {
          mode: 'on',
          checked: 1,
          false_hit_rate: rate,
          ci95: [expect.any(Number), expect.any(Number)],
        },
      });
      expect(await text('/')).toContain(`${rate * 100}.0% of 1 checked were wrong (95%:`);
    },
  );

  it('by a model needs a key of the operator', async () => {
    await expect(start({ 'semantic.judgeModel': 'judge-1' })).rejects.toThrow(/PARE_OPENAI_API_KEY/);
    stack = undefined;
  });
});

describe('another embedder', () => {
  const api = (url: string, more = {}) => ({
    'semantic.maxFalseHitRate': 1,
    'semantic.embedder.kind': 'api',
    'semantic.embedder.url': url,
    'semantic.embedder.model': 'text-embedding-3-small',
    'semantic.embedder.dimensions': 1536,
    'semantic.embedder.apiKey': 'key-e',
    ...more,
  });

  it('is asked over its API, and what that costs is charged', async () => {
    await using provider = await createSimulatedProvider();
    const stack = await start(api(provider.url));
    const client = clientOf(stack.url);
    await client.chat.completions.create(question('How do I reset my password?'));
    const { response } = await client.chat.completions
      .create(question('How can I reset my password?'))
      .withResponse();
    expect(cacheOf(response)).toBe('semantic');
    const [first, second] = await stack.recorded(2);
    expect(first?.netTokens).toBeLessThan(0);
    expect(second?.measurements.find(({ stage }) => stage === 'semantic-cache')?.overhead).toBeGreaterThan(0);
  });

  it('may be down: then every request goes to the provider, and the operator is told', async () => {
    const stack = await start(api('http://127.0.0.1:9'));
    const client = clientOf(stack.url);
    for (const content of ['How do I reset my password?', 'How can I reset my password?'])
      expect((await client.chat.completions.create(question(content))).choices).toHaveLength(1);
    expect(stack.provider.counters.requests).toBe(2);
    const records = await stack.recorded(2);
    expect(records.map(({ semanticReason }) => semanticReason)).toEqual([
      'embedding_failed',
      'embedding_failed',
    ]);
    expect(stack.events.map(({ code }) => code)).toContain('semantic_lookup_failed');
  });
});

describe('the library', () => {
  it('takes the texts with the answers that the library deletes', async () => {
    await using pare = await createPare({
      dataDir: temporaryDir(),
      config: { 'stages.semantic-cache': 'on' },
      onEvent: () => undefined,
      upstream: async () => ({
        id: 'x',
        object: 'chat.completion',
        model: 'gpt-4o',
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Yes.' } }],
        usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 },
      }),
    });
    const texts = async () => (await pare.cache.invalidate({ text: 'a' }, { isDryRun: true })).texts;
    const ask = async (content: string) => {
      await pare.chat({ model: 'gpt-4o', messages: [{ role: 'user', content }] });
      for (let i = 0; i < 200 && (await texts()).length === 0; i++) await sleep(5);
    };
    await ask('Can cats swim?');
    expect(await pare.cache.clearOld({ maxAgeSeconds: 3600 })).toBe(0);
    expect(await texts()).toEqual(['Can cats swim?']);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await pare.cache.clearOld({ maxAgeSeconds: 0.01 })).toBe(1);
    expect(await texts()).toEqual([]);
    await ask('Can cats jump?');
    expect(await pare.cache.clear('nobody')).toBe(0);
    expect(await texts()).toEqual(['Can cats jump?']);
    expect(await pare.cache.clear()).toBe(1);
    expect(await texts()).toEqual([]);
    expect((await pare.cache.semantic())?.entries).toBe(0);
  });

  it("takes a caller's comparison of answers, and notices when the world changes", async () => {
    let world = 'old';
    const compared: string[] = [];
    await using pare = await createPare({
      dataDir: temporaryDir(),
      config: {
        'stages.semantic-cache': 'on',
        'stages.exact-cache': 'off',
        'semantic.maxFalseHitRate': 0.5,
        'semantic.exploreShare': 0,
        'semantic.verifyShare': 1,
      },
      semantic: {
        compare: ({ stored, fresh }) => {
          compared.push(`${stored} ${fresh}`);
          return stored === fresh;
        },
      },
      onEvent: () => undefined,
      upstream: async () => ({
        id: 'x',
        object: 'chat.completion',
        model: 'gpt-4o',
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: world } }],
        usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 },
      }),
    });
    const ask = async (content: string) => {
      const { response } = await pare.chat({ model: 'gpt-4o', messages: [{ role: 'user', content }] });
      return (response as { choices: readonly { message: { content: string } }[] }).choices[0]?.message
        .content;
    };
    expect(await ask('How do I reset my password?')).toBe('old');
    expect(await ask('How can I reset my password?')).toBe('old');
    await until(() => compared.length === 1, 'a comparison');
    world = 'new';
    // Served once more, and checked: then it is gone.
    expect(await ask('How could I reset my password?')).toBe('old');
    await until(() => compared.includes('old new'), 'a difference');
    expect((await pare.cache.semantic())?.falseHitRate).toBeGreaterThan(0);
    expect(await ask('how could I reset my password')).toBe('new');
    expect(await pare.cache.invalidate({ text: 'password' }, { isDryRun: true })).toMatchObject({
      texts: expect.arrayContaining(['How could I reset my password?']),
    });
  });
});
