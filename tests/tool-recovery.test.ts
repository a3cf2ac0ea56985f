import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import type { SimulatedAnswer, SimulatedRequest } from '../src/testing/index.ts';
import { type Stack, startStack } from './support/gateway.ts';
import { ANTHROPIC_TOOLS, OPENAI_TOOLS, RESPONSES_TOOLS, sentNames, TOOL_NAMES } from './support/tools.ts';

let stack: Stack | undefined;
afterEach(() => stack?.close());

async function start(
  respond: (request: SimulatedRequest) => SimulatedAnswer,
  config: Readonly<Record<string, unknown>> = {},
): Promise<Stack> {
  stack = await startStack({ provider: { respond }, config });
  return stack;
}

const openai = ({ url }: Stack) => new OpenAI({ apiKey: 'k', baseURL: `${url}/v1`, maxRetries: 0 });
const anthropic = ({ url }: Stack) => new Anthropic({ apiKey: 'k', baseURL: url, maxRetries: 0 });
/** Calls it, whether it was sent or not, as some models do. */
const insists = (name: string) => (): SimulatedAnswer => ({ toolCalls: [{ name, arguments: { box: '1' } }] });
/** Calls it where it was sent, else says that there is none. */
const looks =
  (name: string, otherwise: SimulatedAnswer = { text: "I don't have a tool for that." }) =>
  ({ tools }: SimulatedRequest): SimulatedAnswer =>
    tools.some((tool) => tool.name === name) ? insists(name)() : otherwise;
const QUESTION = 'Send an email to Ann about the weather.';
const messages = [{ role: 'user' as const, content: QUESTION }];

async function expectRecovered(gateway: Stack): Promise<void> {
  const records = await gateway.recorded(2);
  const [first = [], again = []] = sentNames(gateway.provider);
  expect(first).not.toContain('crop_image');
  expect(first.length).toBeLessThanOrEqual(11);
  expect(again).toEqual(TOOL_NAMES);
  // The bill of both calls is there, and the first is a cost of the stage (INV-U4).
  expect(records.map(({ usage }) => usage.inputTokens > 0)).toEqual([true, true]);
  expect(records.some(({ id }) => id.endsWith('-first'))).toBe(true);
  const overhead = records
    .flatMap(({ measurements }) => measurements)
    .filter(({ stage }) => stage === 'tool-selection')
    .reduce((sum, measurement) => sum + measurement.overhead, 0);
  expect(overhead).toBeGreaterThan(0);
}

describe('an answer that calls a tool which was left out (INV-T4)', () => {
  it('is asked for again with all tools: chat completions, plain and streamed', async () => {
    const gateway = await start(insists('crop_image'));
    const { data, response } = await openai(gateway)
      .chat.completions.create({ model: 'gpt-4o', messages, tools: OPENAI_TOOLS })
      .withResponse();
    expect(data.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'crop_image' } });
    expect(response.headers.get('x-pare-stages')).toContain('tool-selection=recovered');
    await expectRecovered(gateway);
    await gateway.close();
    const streamed = await start(insists('crop_image'));
    const answer = await openai(streamed)
      .chat.completions.stream({ model: 'gpt-4o', messages, tools: OPENAI_TOOLS })
      .finalChatCompletion();
    expect(answer.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'crop_image' } });
    await expectRecovered(streamed);
  });

  it('is asked for again with all tools: messages, plain and streamed', async () => {
    const body = { model: 'claude-sonnet-4-6', max_tokens: 100, messages, tools: ANTHROPIC_TOOLS };
    const gateway = await start(insists('crop_image'));
    const answer = await anthropic(gateway).messages.create(body);
    expect(answer.content).toMatchObject([{ type: 'tool_use', name: 'crop_image' }]);
    await expectRecovered(gateway);
    await gateway.close();
    const streamed = await start(insists('crop_image'));
    const final = await anthropic(streamed).messages.stream(body).finalMessage();
    expect(final.content).toMatchObject([{ type: 'tool_use', name: 'crop_image' }]);
    await expectRecovered(streamed);
  });

  it('is asked for again with all tools: responses, plain and streamed', async () => {
    const body = { model: 'gpt-4.1', input: QUESTION, tools: RESPONSES_TOOLS };
    const gateway = await start(insists('crop_image'));
    const answer = await openai(gateway).responses.create(body);
    expect(answer.output).toMatchObject([{ type: 'function_call', name: 'crop_image' }]);
    await expectRecovered(gateway);
    await gateway.close();
    const streamed = await start(insists('crop_image'));
    const final = await openai(streamed).responses.stream(body).finalResponse();
    expect(final.output).toMatchObject([{ type: 'function_call', name: 'crop_image' }]);
    await expectRecovered(streamed);
  });
});

describe('an answer that says no tool fits, or looks for one (INV-T4)', () => {
  it('is asked for again with all tools', async () => {
    const gateway = await start(looks('crop_image'));
    const answer = await openai(gateway).chat.completions.create({
      model: 'gpt-4o',
      messages,
      tools: OPENAI_TOOLS,
    });
    expect(answer.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'crop_image' } });
    await expectRecovered(gateway);
  });

  it.each([undefined, 'Let me see what there is.'])(
    'never shows the tool of ours, streamed after %j',
    async (text) => {
      const search = {
        toolCalls: [{ name: 'find_tools', arguments: { query: 'crop' } }],
        ...(text === undefined ? {} : { text }),
      };
      const gateway = await start(looks('crop_image', search), { 'toolSelection.mode': 'search' });
      let seen = '';
      const stream = anthropic(gateway).messages.stream({
        model: 'claude-sonnet-4-6',
        max_tokens: 100,
        messages,
        tools: ANTHROPIC_TOOLS,
      });
      for await (const event of stream) seen += JSON.stringify(event);
      expect(seen).toContain('crop_image');
      expect(seen).not.toContain('find_tools');
      await expectRecovered(gateway);
    },
  );

  it('costs nothing where the tool was there', async () => {
    const gateway = await start(looks('send_email'));
    await openai(gateway).chat.completions.create({ model: 'gpt-4o', messages, tools: OPENAI_TOOLS });
    await gateway.recorded(1);
    expect(gateway.provider.counters.requests).toBe(1);
  });
});
