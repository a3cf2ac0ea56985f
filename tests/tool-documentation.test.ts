import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import type { UsageRecord } from '../src/contract/index.ts';
import type { SimulatedAnswer, SimulatedRequest } from '../src/testing/index.ts';
import { codecFor } from '../src/wire/index.ts';
import { type Stack, startStack } from './support/gateway.ts';
import { ANTHROPIC_TOOLS, OPENAI_TOOLS, RESPONSES_TOOLS, sentNames, TOOL_NAMES } from './support/tools.ts';

let stack: Stack | undefined;
afterEach(() => stack?.close());

const DOCUMENTATION = `Cuts a part out of an image. ${Array.from(
  { length: 30 },
  (_, i) => `Preset ${i} is for pictures of ${i * 40} pixels.`,
).join(' ')}`;
const LAST = 'Preset 29 is for pictures';
const documented = <T extends { description: string }>(tool: T, name: string): T =>
  name === 'crop_image' ? { ...tool, description: DOCUMENTATION } : tool;
const FEW = ['read_file', 'crop_image', 'play_music'];
const isFew = ({ name }: { name: string }) => FEW.includes(name);
const CHAT = OPENAI_TOOLS.filter((tool) => isFew(tool.function)).map((tool) => ({
  ...tool,
  function: documented(tool.function, tool.function.name),
}));
const MESSAGES = ANTHROPIC_TOOLS.filter(isFew).map((tool) => documented(tool, tool.name));
const RESPONSES = RESPONSES_TOOLS.filter(isFew).map((tool) => documented(tool, tool.name));

/** Asks for documentation where it can, and then calls the tool. */
const reads =
  (text?: string) =>
  ({ tools }: SimulatedRequest): SimulatedAnswer =>
    tools.some(({ name }) => name === 'describe_tool')
      ? {
          toolCalls: [{ name: 'describe_tool', arguments: { name: 'crop_image' } }],
          ...(text === undefined ? {} : { text }),
        }
      : { toolCalls: [{ name: 'crop_image', arguments: { path: 'a.png', box: 'preset 3' } }] };

/** A stack that has compacted the tools of a wire before, so that no test depends on how long that takes. */
interface Begun {
  readonly gateway: Stack;
  /** What the provider got since, and what was recorded. */
  readonly bodies: () => string[];
  readonly names: () => string[][];
  readonly recorded: (count: number) => Promise<readonly UsageRecord[]>;
}

const PATHS = { chat: '/v1/chat/completions', messages: '/v1/messages', responses: '/v1/responses' };

async function start(
  path: keyof typeof PATHS,
  body: object,
  respond: (request: SimulatedRequest) => SimulatedAnswer,
): Promise<Begun> {
  const gateway = await startStack({
    provider: { respond },
    config: { 'toolSelection.compaction': 'lazy' },
  });
  stack = gateway;
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'k', authorization: 'Bearer k' },
    body: JSON.stringify({ ...body, [path === 'responses' ? 'input' : 'messages']: BEFORE }),
  };
  let stages = '';
  for (let i = 0; i < 20 && !stages.includes('tool-selection=re'); i += 1) {
    const response = await fetch(`${gateway.url}${PATHS[path]}`, request);
    stages = response.headers.get('x-pare-stages') ?? '';
    await response.arrayBuffer();
  }
  const begun = gateway.provider.requests.length;
  await gateway.recorded(begun);
  return {
    gateway,
    bodies: () => gateway.provider.requests.slice(begun).map((got) => got.body.toString('utf8')),
    names: () => sentNames(gateway.provider).slice(begun),
    recorded: async (count) => (await gateway.recorded(begun + count)).slice(begun),
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const toolsOf = (body: string) => (JSON.parse(body) as { tools: unknown }).tools;
const openai = ({ gateway: { url } }: Begun) =>
  new OpenAI({ apiKey: 'k', baseURL: `${url}/v1`, maxRetries: 0 });
const anthropic = ({ gateway: { url } }: Begun) =>
  new Anthropic({ apiKey: 'k', baseURL: url, maxRetries: 0 });
const QUESTION = 'Crop the picture a.png.';
const BEFORE = [{ role: 'user', content: 'Good morning.' }];
const messages = [{ role: 'user' as const, content: QUESTION }];

async function expectAskedAgain({ gateway, ...got }: Begun, seen: unknown): Promise<void> {
  const records = await got.recorded(2);
  expect(JSON.stringify(seen)).toContain('crop_image');
  expect(JSON.stringify(seen)).not.toContain('describe_tool');
  const sent = [...FEW].toSorted((a, b) => TOOL_NAMES.indexOf(a) - TOOL_NAMES.indexOf(b));
  expect(got.names()).toEqual([[...sent, 'describe_tool'], sent]);
  expect(got.bodies().map((body) => body.includes(LAST))).toEqual([false, true]);
  // The bill of both calls is there, and the first is a cost of the stage (INV-U4).
  const first = records.find(({ id }) => id.endsWith('-first'));
  const second = records.find(({ id }) => !id.endsWith('-first'));
  expect(records.map(({ usage }) => usage.inputTokens > 0)).toEqual([true, true]);
  const spent = (first?.usage.inputTokens ?? 0) + (first?.usage.outputTokens ?? 0);
  // One that was cut off is counted up to where it was, not reported.
  expect(first?.measurements).toMatchObject([{ stage: 'tool-selection', overhead: spent, tokensBefore: 0 }]);
  expect(first?.netTokens).toBe(-spent);
  const measured = second?.measurements.find(({ stage }) => stage === 'tool-selection');
  // What was cut was sent after all.
  expect(measured?.tokensAfter).toBeGreaterThan((measured?.tokensBefore ?? 0) * 0.9);
  // None of it is a miss of the selection.
  expect((await gateway.core.toolRecall())?.misses).toBe(0);
}

describe.each([undefined, 'Let me look that up.'])(
  'an answer that asks for documentation after %j',
  (text) => {
    it('is asked for again with whole descriptions: chat completions, plain and streamed', async () => {
      const tools = { model: 'gpt-4o', tools: CHAT };
      const begun = await start('chat', tools, reads(text));
      const { data, response } = await openai(begun)
        .chat.completions.create({ ...tools, messages })
        .withResponse();
      expect(data.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'crop_image' } });
      expect(response.headers.get('x-pare-stages')).toContain('tool-selection=recovered');
      await expectAskedAgain(begun, data);
      await begun.gateway.close();
      const streamed = await start('chat', tools, reads(text));
      const chunks = await openai(streamed).chat.completions.create({ ...tools, messages, stream: true });
      await expectAskedAgain(streamed, await all(chunks));
    });

    it('is asked for again with whole descriptions: messages, plain and streamed', async () => {
      const tools = { model: 'claude-sonnet-4-6', max_tokens: 100, tools: MESSAGES };
      const begun = await start('messages', tools, reads(text));
      const answer = await anthropic(begun).messages.create({ ...tools, messages });
      expect(answer.content).toMatchObject([{ type: 'tool_use', name: 'crop_image' }]);
      await expectAskedAgain(begun, answer);
      await begun.gateway.close();
      const streamed = await start('messages', tools, reads(text));
      await expectAskedAgain(
        streamed,
        await all(anthropic(streamed).messages.stream({ ...tools, messages })),
      );
    });

    it('is asked for again with whole descriptions: responses, plain and streamed', async () => {
      const tools = { model: 'gpt-4.1', tools: RESPONSES };
      const begun = await start('responses', tools, reads(text));
      const answer = await openai(begun).responses.create({ ...tools, input: QUESTION });
      expect(answer.output).toMatchObject([{ type: 'function_call', name: 'crop_image' }]);
      await expectAskedAgain(begun, answer);
      await begun.gateway.close();
      const streamed = await start('responses', tools, reads(text));
      const events = await openai(streamed).responses.create({ ...tools, input: QUESTION, stream: true });
      await expectAskedAgain(streamed, await all(events));
    });
  },
);

describe('an answer that needs no documentation', () => {
  it('goes out as it came, and what is saved is net of describe_tool', async () => {
    const tools = { model: 'gpt-4o', tools: CHAT };
    const begun = await start('chat', tools, () => ({ text: 'Well.' }));
    const client = openai(begun);
    const plain = await client.chat.completions.create({ ...tools, messages });
    expect(plain.choices[0]?.message.content).toBe('Well.');
    const stream = await client.chat.completions.create({
      ...tools,
      messages: [...messages, { role: 'assistant', content: 'Well.' }, { role: 'user', content: 'And?' }],
      stream: true,
    });
    expect(JSON.stringify(await all(stream))).toContain('Well.');
    const records = await begun.recorded(2);
    expect(begun.bodies()).toHaveLength(2);
    for (const [i, { measurements, netTokens }] of records.entries()) {
      const measured = measurements.find(({ stage }) => stage === 'tool-selection');
      const saved = (measured?.tokensBefore ?? 0) - (measured?.tokensAfter ?? 0);
      expect(netTokens).toBe(saved);
      const body = begun.bodies()[i] ?? '';
      const sent = codecFor('openai-chat').parseRequest(Buffer.from(body));
      // What was sent is counted with the tool of ours.
      expect(sent.tools.at(-1)?.name).toBe('describe_tool');
      expect(measured?.tokensAfter).toBe((await begun.gateway.core.counter.countRequest(sent)).tokens);
      expect(saved).toBeGreaterThan(100);
    }
    // The tools of a session stay the same bytes (INV-P5).
    const [one, two] = begun.bodies().map(toolsOf);
    expect(two).toEqual(one);
  });
});

describe('a session that asked for documentation', () => {
  it('has whole descriptions in the next turn too (INV-P2)', async () => {
    const tools = { model: 'claude-sonnet-4-6', max_tokens: 100, tools: MESSAGES };
    const begun = await start('messages', tools, reads());
    const { content } = await anthropic(begun).messages.create({ ...tools, messages });
    const [call] = content;
    if (call?.type !== 'tool_use') throw new Error('no call');
    const result = { type: 'tool_result' as const, tool_use_id: call.id, content: 'done' };
    await anthropic(begun).messages.create({
      ...tools,
      messages: [...messages, { role: 'assistant', content }, { role: 'user', content: [result] }],
    });
    const [, again, next] = begun.bodies().map(toolsOf);
    expect(next).toEqual(again);
    expect(begun.bodies()).toHaveLength(3);
  });
});
