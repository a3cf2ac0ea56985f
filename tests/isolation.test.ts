import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './support/gateway.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
afterEach(() => stack.core.cache.clear());

interface Call {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

const TOOL = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } };
const BASE: Call = {
  path: '/v1/chat/completions',
  headers: { authorization: 'Bearer tenant-a' },
  body: {
    model: 'gpt-4o',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Yes' },
    ],
    tools: [TOOL],
    temperature: 0.5,
  },
};

async function outcomeOf(call: Call, url = stack.url): Promise<string | null> {
  const answer = await fetch(url + call.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...call.headers },
    body: JSON.stringify(call.body),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
  return answer.headers.get('x-pare-cache');
}

const withBody = (more: Readonly<Record<string, unknown>>): Call => ({
  ...BASE,
  body: { ...BASE.body, ...more },
});
const withHeaders = (more: Readonly<Record<string, string>>): Call => ({
  ...BASE,
  headers: { ...BASE.headers, ...more },
});

/** Each differs from the base in one thing that can change the answer. */
const DIFFERENCES: Readonly<Record<string, Call>> = {
  'the tenant': withHeaders({ authorization: 'Bearer tenant-b' }),
  'the model': withBody({ model: 'gpt-4o-mini' }),
  'the system prompt': withBody({
    messages: [
      { role: 'system', content: 'Be verbose.' },
      { role: 'user', content: 'Yes' },
    ],
  }),
  'the role of the system prompt': withBody({
    messages: [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'Yes' },
    ],
  }),
  'the history before the same last message (INV-C2)': withBody({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Delete it?' },
      { role: 'assistant', content: 'Sure?' },
      { role: 'user', content: 'Yes' },
    ],
  }),
  'the letters of the message': withBody({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'YES' },
    ],
  }),
  'the name of a tool': withBody({ tools: [{ ...TOOL, function: { ...TOOL.function, name: 'see' } }] }),
  'the schema of a tool': withBody({
    tools: [{ ...TOOL, function: { name: 'look', parameters: { type: 'object', required: ['a'] } } }],
  }),
  'the choice of tools': withBody({ tool_choice: 'none' }),
  'parallel calls': withBody({ parallel_tool_calls: false }),
  'the response format': withBody({ response_format: { type: 'json_object' } }),
  'the temperature': withBody({ temperature: 0.6 }),
  'an absent temperature': withBody({ temperature: undefined }),
  'the seed': withBody({ seed: 7 }),
  'the length limit': withBody({ max_tokens: 900 }),
  'a stop sequence': withBody({ stop: ['END'] }),
  'an unknown field': withBody({ brand_new_option: true }),
  'the organization': withHeaders({ 'openai-organization': 'org-2' }),
  'the project': withHeaders({ 'openai-project': 'proj-2' }),
  'a beta header': withHeaders({ 'openai-beta': 'assistants=v2' }),
};

describe('answers are never shared across a difference (INV-C1)', () => {
  it.each(Object.entries(DIFFERENCES))('in %s', async (_name, other) => {
    expect(await outcomeOf(BASE)).toBe('miss');
    expect(await outcomeOf(other)).toBe('miss');
    expect(await outcomeOf(BASE)).toBe('hit');
    expect(await outcomeOf(other)).toBe('hit');
  });

  it('in the wire', async () => {
    const body = { model: 'shared-name', max_tokens: 100, messages: [{ role: 'user', content: 'Wire' }] };
    const chat: Call = { path: '/v1/chat/completions', headers: BASE.headers, body };
    const messages: Call = {
      path: '/v1/messages',
      headers: { 'x-api-key': 'tenant-a', 'anthropic-version': '2023-06-01' },
      body,
    };
    expect(await outcomeOf(chat)).toBe('miss');
    expect(await outcomeOf(messages)).toBe('miss');
    const beta = { ...messages, headers: { ...messages.headers, 'anthropic-beta': 'x-2030' } };
    expect(await outcomeOf(beta)).toBe('miss');
    expect([await outcomeOf(chat), await outcomeOf(messages), await outcomeOf(beta)]).toEqual([
      'hit',
      'hit',
      'hit',
    ]);
  });

  it('in the upstream', async () => {
    expect(await outcomeOf(BASE)).toBe('miss');
    await stack.core.cache.flush();
    await using other = await startStack({ dataDir: stack.dataDir });
    expect(await outcomeOf(BASE, other.url)).toBe('miss');
    expect(other.provider.counters.requests).toBe(1);
  });

  it('whatever tenants ask, in any order', async () => {
    const ask = fc.record({
      tenant: fc.constantFrom('a', 'b', 'c'),
      field: fc.constantFrom<Readonly<Record<string, unknown>>>(
        {},
        { seed: 1 },
        { user: 'u' },
        { top_p: 0.5 },
      ),
      content: fc.constantFrom('Yes', 'No', 'yes'),
      isStream: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(ask, { minLength: 2, maxLength: 10 }), async (asks) => {
        await stack.core.cache.clear();
        const seen = new Set<string>();
        for (const { tenant, field, content, isStream } of asks) {
          const identity = JSON.stringify([tenant, field, content]);
          const outcome = await outcomeOf({
            path: BASE.path,
            headers: { authorization: `Bearer ${tenant}` },
            body: { model: 'gpt-4o', messages: [{ role: 'user', content }], ...field, stream: isStream },
          });
          expect([identity, outcome]).toEqual([identity, seen.has(identity) ? 'hit' : 'miss']);
          seen.add(identity);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('though tenants ask the same, byte for byte, at the same time', async () => {
    const ask = async (tenant: string, more: Readonly<Record<string, string>> = {}) => {
      const answer = await fetch(stack.url + BASE.path, {
        method: 'POST',
        headers: { authorization: `Bearer ${tenant}`, 'x-simulate': 'latency=40', ...more },
        body: JSON.stringify({ ...BASE.body, messages: [{ role: 'user', content: 'Same bytes' }] }),
      });
      await answer.text();
      return answer.headers.get('x-pare-cache');
    };
    // Bodies that repeat are remembered; what is remembered must not tie callers together.
    for (let i = 0; i < 3; i++) await ask('warm', { 'x-pare-cache': 'off' });
    const tenants = ['a', 'b', 'c'];
    const keep = tenants.slice(0, 2);
    await Promise.all([...keep.map((tenant) => ask(tenant)), ask('c', { 'cache-control': 'no-store' })]);
    await stack.core.cache.flush();
    const owners: unknown[] = [];
    for await (const line of stack.core.cache.export()) {
      const { tenant } = JSON.parse(line) as { tenant?: unknown };
      if (tenant !== undefined) owners.push(tenant);
    }
    expect(new Set(owners).size).toBe(2);
    const calls = stack.provider.counters.requests;
    expect(await Promise.all(tenants.map((tenant) => ask(tenant)))).toEqual(['hit', 'hit', 'miss']);
    expect(stack.provider.counters.requests).toBe(calls + 1);
  });

  it('but only the travel of the answer does not count as one', async () => {
    expect(await outcomeOf(BASE)).toBe('miss');
    expect(await outcomeOf(withBody({ stream: true }))).toBe('hit');
    expect(await outcomeOf(withBody({ stream: true, stream_options: { include_usage: true } }))).toBe('hit');
    expect(await outcomeOf(withHeaders({ 'user-agent': 'other', 'x-pare-tags': 'a=b' }))).toBe('hit');
  });
});

describe('callers can only be stricter than the operator (INV-C12)', () => {
  it('when they refuse storing, reading, or both', async () => {
    expect(await outcomeOf(withHeaders({ 'cache-control': 'no-store' }))).toBe('miss');
    expect(await outcomeOf(withHeaders({ 'x-pare-cache': 'off' }))).toBe('bypassed');
    expect(await outcomeOf(BASE)).toBe('miss');
    expect(await outcomeOf(withHeaders({ 'cache-control': 'no-store' }))).toBe('hit');
    expect(await outcomeOf(withHeaders({ 'cache-control': 'no-cache' }))).toBe('bypassed');
    expect(await outcomeOf(withHeaders({ 'x-pare-cache': 'refresh' }))).toBe('bypassed');
    expect(await outcomeOf(withHeaders({ 'x-pare-cache': 'on', 'cache-control': 'no-cache' }))).toBe(
      'bypassed',
    );
    expect(await outcomeOf(BASE)).toBe('hit');
  });

  it('when they name an age', async () => {
    await using aging = await startStack({ config: { 'cache.ttlSeconds': 1 } });
    const asked = (age: number) => outcomeOf(withHeaders({ 'cache-control': `max-age=${age}` }), aging.url);
    expect(await asked(86_400)).toBe('miss');
    expect(await asked(86_400)).toBe('hit');
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect(await asked(86_400)).toBe('miss');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await asked(0)).toBe('miss');
  });

  it('when they name stages: what the operator switched off stays off', async () => {
    await using off = await startStack({ config: { 'stages.exact-cache': 'off' } });
    const eager = withHeaders({ 'x-pare-stages': 'exact-cache=on', 'x-pare-cache': 'on' });
    for (let i = 0; i < 2; i++) expect(await outcomeOf(eager, off.url)).toBe('bypassed');
    const shy = withHeaders({ 'x-pare-stages': 'exact-cache=off' });
    expect(await outcomeOf(BASE)).toBe('miss');
    expect(await outcomeOf(shy)).toBe('bypassed');
    const shadow = withHeaders({ 'x-pare-stages': 'exact-cache=shadow' });
    const calls = stack.provider.counters.requests;
    for (let i = 0; i < 2; i++) expect(await outcomeOf(shadow)).not.toBe('hit');
    expect(stack.provider.counters.requests).toBe(calls + 2);
  });

  it('when they ask for a stored answer only', async () => {
    const only = withHeaders({ 'x-pare-cache': 'only-if-cached' });
    const before = stack.provider.counters.requests;
    await expect(outcomeOf(only)).rejects.toThrow(/^504: .*not_cached/);
    expect(stack.provider.counters.requests).toBe(before);
    await outcomeOf(BASE);
    expect(await outcomeOf(only)).toBe('hit');
  });
});
