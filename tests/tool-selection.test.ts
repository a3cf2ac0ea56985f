import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { createPare } from '../src/index.ts';
import type { SimulatedAnswer, SimulatedRequest } from '../src/testing/index.ts';
import { postChat, type Stack, type StackOptions, startStack, temporaryDir } from './support/gateway.ts';
import { ANTHROPIC_TOOLS, OPENAI_TOOLS, RESPONSES_TOOLS, sentNames, TOOL_NAMES } from './support/tools.ts';

let stack: Stack | undefined;
afterEach(() => stack?.close());

async function start(
  respond?: (request: SimulatedRequest, index: number) => SimulatedAnswer,
  config: NonNullable<StackOptions['config']> = {},
): Promise<Stack> {
  stack = await startStack({ provider: respond === undefined ? {} : { respond }, config });
  return stack;
}

const openai = ({ url }: Stack) => new OpenAI({ apiKey: 'k', baseURL: `${url}/v1`, maxRetries: 0 });
const anthropic = ({ url }: Stack) => new Anthropic({ apiKey: 'k', baseURL: url, maxRetries: 0 });
const ask = (content: string) => ({
  model: 'gpt-4o',
  messages: [{ role: 'user' as const, content }],
  tools: OPENAI_TOOLS,
});
const stagesOf = (response: Response) => response.headers.get('x-pare-stages') ?? '';

describe('requests with many tools', () => {
  it('go out with the ten that they need, in the order of the caller', async () => {
    const gateway = await start((request) => ({
      toolCalls: [
        { name: request.tools.find(({ name }) => name === 'get_weather')?.name ?? 'none', arguments: {} },
      ],
    }));
    // On a busy machine a new set may be read too late for the request that brings it.
    await openai(gateway).chat.completions.create(ask('Hello.'));
    const { data, response } = await openai(gateway)
      .chat.completions.create(ask('Will it rain in Oslo tomorrow?'))
      .withResponse();
    expect(data.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'get_weather' } });
    expect(stagesOf(response)).toContain('tool-selection=rewritten');
    const [, sent = []] = sentNames(gateway.provider);
    expect(sent.length).toBeLessThanOrEqual(10);
    expect(sent).toEqual(TOOL_NAMES.filter((name) => sent.includes(name)));
    const [, record] = await gateway.recorded(2);
    expect(record?.measurements.find(({ stage }) => stage === 'tool-selection')).toMatchObject({
      mode: 'on',
    });
    expect(record?.netTokens).toBeGreaterThan(100);
  });

  it('are streamed likewise, and through the messages wire', async () => {
    const gateway = await start(() => ({
      toolCalls: [{ name: 'book_flight', arguments: { date: 'May 5' } }],
    }));
    // On a busy machine a new set may be read too late for the request that brings it.
    await anthropic(gateway).messages.create({
      model: 'claude-sonnet-4-6',
      max_tokens: 100,
      tools: ANTHROPIC_TOOLS,
      messages: [{ role: 'user', content: 'Hello.' }],
    });
    const message = await anthropic(gateway)
      .messages.stream({
        model: 'claude-sonnet-4-6',
        max_tokens: 100,
        tools: ANTHROPIC_TOOLS,
        messages: [{ role: 'user', content: 'Book me a flight from Oslo to Rome on May 5.' }],
      })
      .finalMessage();
    expect(message.content).toMatchObject([{ type: 'tool_use', name: 'book_flight' }]);
    expect(sentNames(gateway.provider)[1]).toContain('book_flight');
    expect(sentNames(gateway.provider)[1]?.length).toBeLessThanOrEqual(10);
  });
});

describe('compaction', () => {
  it('makes the tools of small requests smaller too, and its saving stands in the ledger', async () => {
    const gateway = await start(() => ({ text: 'Well.' }), { 'toolSelection.compaction': 'text' });
    const few = ANTHROPIC_TOOLS.slice(0, 3).map((tool) => ({
      ...tool,
      description: `Please note that this tool can be used in order to do the following. ${tool.description}`,
    }));
    const body = {
      model: 'claude-sonnet-4-6',
      max_tokens: 100,
      tools: few,
      messages: [{ role: 'user' as const, content: 'Hi' }],
    };
    // On a busy machine a new set may be read too late for the request that brings it.
    await anthropic(gateway).messages.create({ ...body, messages: [{ role: 'user', content: 'Hello' }] });
    const { response } = await anthropic(gateway).messages.create(body).withResponse();
    expect(stagesOf(response)).toContain('tool-selection=rewritten');
    const { tools } = JSON.parse(String(gateway.provider.requests[1]?.body)) as { tools?: object[] };
    await using pare = await createPare({ dataDir: temporaryDir() });
    expect(tools).toEqual(pare.tools.compact({ tools: few, model: body.model }).tools);
    expect(tools).not.toEqual(few);
    const [, record] = await gateway.recorded(2);
    const measured = record?.measurements.find(({ stage }) => stage === 'tool-selection');
    expect(measured?.tokensAfter).toBeLessThan(measured?.tokensBefore ?? 0);
  });
});

describe('the responses wire', () => {
  it('selects as well, and goes on from an answer that the provider keeps (INV-T2, INV-P4)', async () => {
    const gateway = await start(() => ({ text: 'Well.' }));
    const client = openai(gateway);
    const { id } = await client.responses.create({
      model: 'gpt-4.1',
      input: 'Translate the text to French.',
      tools: RESPONSES_TOOLS,
    });
    await client.responses.create({
      model: 'gpt-4.1',
      input: 'And play some music.',
      previous_response_id: id,
      tools: RESPONSES_TOOLS,
    });
    const [first = [], second = []] = sentNames(gateway.provider);
    expect(first).toContain('translate_text');
    expect(first.length).toBeLessThanOrEqual(10);
    expect(second).toEqual(expect.arrayContaining([...first, 'play_music']));
    expect(second.length).toBeLessThan(TOOL_NAMES.length);
  });
});

/** An agent at work: what it is asked, and which tools it calls one after the other. */
const AGENT_RUN: readonly (readonly [ask: string | null, tool: string, result: string])[] = [
  [
    'Ann wants to know whether invoice 12 was paid. Query the database, and send her an email.',
    'list_payments',
    'none',
  ],
  [null, 'run_query', '[{"invoice": 12, "paid": false}]'],
  [null, 'send_email', 'sent'],
  ['Then write a reminder to a file, reminder.txt.', 'write_file', 'written'],
  [null, 'read_file', 'Please pay invoice 12.'],
  ['Convert the amount, 100 euros, to dollars and set an alarm for nine.', 'convert_currency', '108'],
  [null, 'set_alarm', 'set'],
];

/** Plays the run through a gateway; what was called, and what the provider billed. */
async function playRun(mode: 'on' | 'off') {
  let step = -1;
  await using gateway = await startStack({
    provider: {
      respond: ({ tools }) => {
        step += 1;
        const [, name = ''] = AGENT_RUN[step] ?? [];
        return tools.some((tool) => tool.name === name)
          ? { toolCalls: [{ name, arguments: {}, id: `call_${step}` }] }
          : { text: 'I cannot.' };
      },
    },
    config: { 'stages.tool-selection': mode, 'stages.exact-cache': 'off' },
  });
  const client = openai(gateway);
  const system = 'You are the office agent. '.repeat(200);
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'system', content: system }];
  const called: string[] = [];
  const reads: number[] = [];
  for (const [content, , result] of AGENT_RUN) {
    if (content !== null) messages.push({ role: 'user', content });
    const stream = client.chat.completions.stream({
      model: 'gpt-4o',
      messages,
      tools: OPENAI_TOOLS,
      stream_options: { include_usage: true },
    });
    const answer = await stream.finalChatCompletion();
    const message = answer.choices[0]?.message;
    const [call] = message?.tool_calls ?? [];
    called.push(call?.type === 'function' ? call.function.name : '');
    reads.push(answer.usage?.prompt_tokens_details?.cached_tokens ?? 0);
    messages.push({
      role: 'assistant',
      content: message?.content ?? null,
      ...(call === undefined ? {} : { tool_calls: [call] }),
    });
    if (call !== undefined) messages.push({ role: 'tool', tool_call_id: call.id, content: result });
  }
  const records = await gateway.recorded(AGENT_RUN.length);
  const { inputTokens, outputTokens } = gateway.provider.counters;
  return {
    called,
    reads,
    billed: inputTokens + outputTokens,
    inputs: records.map(({ usage }) => usage.inputTokens),
    net: records.reduce((sum, { netTokens }) => sum + netTokens, 0),
    sent: sentNames(gateway.provider),
    metrics: await fetch(`${gateway.url}/metrics`).then((answer) => answer.text()),
  };
}

describe('an agent that is played with and without selection', () => {
  it('makes the same calls, keeps its prompt cache and spends less (INV-P2, INV-P4)', async () => {
    const off = await playRun('off');
    const on = await playRun('on');
    expect(off.called).toEqual(AGENT_RUN.map(([, tool]) => tool));
    expect(on.called).toEqual(off.called);
    for (const [at, sent] of on.sent.entries()) {
      expect(sent).toEqual(expect.arrayContaining(on.sent[at - 1] ?? []));
      expect(sent.length).toBeLessThan(TOOL_NAMES.length);
    }
    // Of what the request before sent, in steps of 128 tokens: wherever the tools stayed, all was read again.
    const stayed = on.sent.flatMap((sent, at) =>
      at > 0 && sent.length === on.sent[at - 1]?.length ? [at] : [],
    );
    expect(stayed.length).toBeGreaterThanOrEqual(4);
    for (const at of stayed) expect(on.reads[at]).toBeGreaterThan((on.inputs[at - 1] ?? 0) - 256);
    expect(on.billed).toBeLessThan(off.billed * 0.9);
    expect(on.net).toBeGreaterThan(0);
    expect(off.net).toBe(0);
    expect(on.metrics).toMatch(/^pare_tool_selections 7$/m);
    expect(on.metrics).toMatch(/^pare_tool_selection_recall 1$/m);
  });
});

describe('a tool that was left out and called all the same (INV-T4)', () => {
  it('is sent from the next turn on, and counts in the report', async () => {
    const gateway = await start((_, index) =>
      index === 0
        ? { text: 'One moment.', toolCalls: [{ name: 'crop_image', arguments: {} }] }
        : { text: 'Done.' },
    );
    const turn = (messages: object[]) =>
      postChat(
        gateway.url,
        JSON.stringify({ model: 'gpt-4o', stream: true, messages, tools: OPENAI_TOOLS }),
        { 'x-pare-session': 's' },
      ).then((answer) => answer.text());
    const question = { role: 'user', content: 'Send an email to Ann about the weather.' };
    await turn([question]);
    await gateway.recorded(1);
    await turn([question, { role: 'assistant', content: 'One moment.' }, { role: 'user', content: 'Well?' }]);
    await gateway.recorded(2);
    const sent = sentNames(gateway.provider);
    expect(sent[0]).not.toContain('crop_image');
    expect(sent.at(-1)).toContain('crop_image');
    const report = (await fetch(`${gateway.url}/api/report?hours=1`).then((answer) => answer.json())) as {
      tool_selection: object;
    };
    expect(report.tool_selection).toMatchObject({ selections: 2, misses: 1, recall: 0.5, breached: false });
  });
});

describe('pare.chat', () => {
  it('selects as the gateway does', async () => {
    const bodies: { tools: unknown[] }[] = [];
    await using pare = await createPare({
      dataDir: temporaryDir(),
      upstream: async ({ body }) => {
        bodies.push(body as { tools: unknown[] });
        return {
          id: 'c',
          object: 'chat.completion',
          created: 1,
          model: 'gpt-4o',
          choices: [{ index: 0, message: { role: 'assistant', content: 'Rain.' }, finish_reason: 'stop' }],
        };
      },
    });
    const { stages } = await pare.chat(ask('Will it rain in Oslo tomorrow?'));
    expect(stages).toContain('tool-selection=rewritten');
    expect(bodies[0]?.tools.length).toBeLessThanOrEqual(10);
  });
});
