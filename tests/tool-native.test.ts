import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../src/contract/index.ts';
import { codecFor } from '../src/wire/index.ts';
import { type Stack, startStack } from './support/gateway.ts';
import { ANTHROPIC_TOOLS, RESPONSES_TOOLS, TOOL_NAMES } from './support/tools.ts';

let stack: Stack | undefined;
afterEach(() => stack?.close());

const CACHED = { cache_control: { type: 'ephemeral' } };
const QUESTION = { role: 'user', content: 'Send an email to Ann. Then use the tool crop_image.' };
const system = [{ type: 'text', text: 'You are the office agent. '.repeat(400), ...CACHED }];

/** Through a gateway that defers what it does not choose: one or two tools of 24 are loaded. */
async function start(): Promise<Stack> {
  stack = await startStack({
    config: { 'toolSelection.mode': 'native', 'toolSelection.maxTools': 2, 'stages.exact-cache': 'off' },
    provider: {
      respond: ({ turns, tools }) => {
        const last = turns.at(-1);
        if (last === undefined || last.toolResults.length > 0) return { text: 'Done.' };
        const crop = { toolCalls: [{ name: 'crop_image', arguments: { path: 'a.png', box: '1' } }] };
        const isHidden = tools.some(({ name, isHidden: is }) => name === 'crop_image' && is);
        if (!isHidden) return crop;
        return { toolSearches: [{ query: 'crop image', found: ['crop_image', 'resize_image'] }], ...crop };
      },
    },
  });
  return stack;
}

const bodyOf = (messages: readonly object[], isStream: boolean) => ({
  model: 'claude-sonnet-4-6',
  max_tokens: 300,
  ...(isStream ? { stream: true } : {}),
  system,
  tools: ANTHROPIC_TOOLS,
  messages,
});

async function post({ url }: Stack, body: object): Promise<Buffer> {
  const answer = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'k', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

/** The content of an answer, plain or streamed. */
function contentOf(bytes: Buffer, isStream: boolean): readonly JsonObject[] {
  let whole: Uint8Array | undefined = bytes;
  if (isStream) {
    const reader = codecFor('anthropic-messages').createStreamReader();
    reader.push(bytes);
    whole = reader.end()?.bytes;
  }
  return (JSON.parse(Buffer.from(whole ?? []).toString()) as { content: JsonObject[] }).content;
}

const sentBody = (gateway: Stack, at: number) =>
  JSON.parse(String(gateway.provider.requests[at]?.body)) as { tools: JsonObject[]; messages: object[] };

describe.each([false, true])("an answer with the provider's own tool search (streamed: %s)", (isStream) => {
  it('reaches the caller byte for byte, and its blocks the provider in the next turn', async () => {
    const gateway = await start();
    // Named in the text, it would be loaded: what it is called is only said once the session has begun.
    const begun = [{ role: 'user', content: 'Send an email to Ann.' }];
    const first = await post(gateway, bodyOf([...begun], isStream));
    expect(first.equals(gateway.provider.requests[0]?.sent ?? Buffer.alloc(0))).toBe(true);
    const content = contentOf(first, isStream);
    expect(content.map(({ type }) => type)).toEqual([
      'server_tool_use',
      'tool_search_tool_result',
      'tool_use',
    ]);
    const result = { type: 'tool_result', tool_use_id: content[2]?.['id'], content: 'cropped', ...CACHED };
    const messages = [...begun, { role: 'assistant', content }, { role: 'user', content: [result] }];
    const second = await post(gateway, bodyOf(messages, isStream));
    expect(second.equals(gateway.provider.requests[1]?.sent ?? Buffer.alloc(0))).toBe(true);
    const [one, two] = [sentBody(gateway, 0), sentBody(gateway, 1)];
    expect(two.messages).toEqual(messages);
    expect(two.tools).toEqual(one.tools);
    expect(one.tools.filter((tool) => tool['defer_loading'] === true).length).toBeGreaterThan(15);
    expect(one.tools.map(({ name }) => name)).toEqual([...TOOL_NAMES, 'tool_search_tool_bm25']);
    expect(gateway.provider.counters.toolSearches).toBe(1);
  });

  it('is accounted: both readings of the prompt, what is read from the cache, and no miss', async () => {
    const gateway = await start();
    const begun = { role: 'user', content: 'Send an email to Ann.' };
    const content = contentOf(await post(gateway, bodyOf([begun], isStream)), isStream);
    const [record] = await gateway.recorded(1);
    const { inputTokens, searchInputTokens, cacheReadTokens } = gateway.provider.counters;
    expect(record?.usage).toMatchObject({ inputTokens, cacheReadTokens });
    expect(cacheReadTokens).toBeGreaterThan(1_000);
    const measured = record?.measurements.find(({ stage }) => stage === 'tool-selection');
    expect(measured?.overhead).toBe(Math.round(inputTokens / 2));
    expect(Math.abs((measured?.overhead ?? 0) - searchInputTokens)).toBeLessThan(inputTokens * 0.1);
    const result = { type: 'tool_result', tool_use_id: content[2]?.['id'], content: 'cropped' };
    await post(
      gateway,
      bodyOf([begun, { role: 'assistant', content }, { role: 'user', content: [result] }], isStream),
    );
    const [, next] = await gateway.recorded(2);
    expect(next?.usage.cacheReadTokens).toBe(cacheReadTokens);
    const blocks = next?.measurements.find(({ stage }) => stage === 'tool-selection')?.overhead ?? 0;
    expect(blocks).toBeGreaterThan(20);
    expect(blocks).toBeLessThan(300);
    const metrics = await fetch(`${gateway.url}/metrics`).then((answer) => answer.text());
    expect(metrics).toMatch(/^pare_tool_selections 2$/m);
    expect(metrics).toMatch(/^pare_tool_selection_recall 1$/m);
  });
});

it('a tool that is named at once is loaded at once, and nothing is searched for (INV-T2)', async () => {
  const gateway = await start();
  const content = contentOf(await post(gateway, bodyOf([QUESTION], false)), false);
  expect(content.map(({ type }) => type)).toEqual(['tool_use']);
  expect(sentBody(gateway, 0).tools.find(({ name }) => name === 'crop_image')).not.toHaveProperty(
    'defer_loading',
  );
});

describe.each([false, true])("an answer with OpenAI's own tool search (streamed: %s)", (isStream) => {
  const asked = { role: 'user', content: 'Send an email to Ann.' };
  const responsesBody = (input: readonly object[], more: object = {}) => ({
    model: 'gpt-5.4',
    ...(isStream ? { stream: true } : {}),
    instructions: 'You are the office agent. '.repeat(400),
    tools: RESPONSES_TOOLS,
    input,
    ...more,
  });
  const resultOf = (output: readonly JsonObject[]) => ({
    type: 'function_call_output',
    call_id: output[2]?.['call_id'],
    output: 'cropped',
  });
  const ask = async (
    gateway: Stack,
    body: object,
  ): Promise<{ bytes: Buffer; id: string; output: JsonObject[] }> => {
    const answer = await fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
      body: JSON.stringify(body),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect([answer.status, answer.ok ? '' : bytes.toString()]).toEqual([200, '']);
    let whole: Uint8Array = bytes;
    if (isStream) {
      const reader = codecFor('openai-responses').createStreamReader();
      reader.push(bytes);
      whole = reader.end()?.bytes ?? bytes;
    }
    const { id, output } = JSON.parse(Buffer.from(whole).toString()) as { id: string; output: JsonObject[] };
    return { bytes, id, output };
  };
  const sentAt = (gateway: Stack, at: number) =>
    JSON.parse(String(gateway.provider.requests[at]?.body)) as { tools: JsonObject[]; input: object[] };

  it('reaches the caller byte for byte, and its items the provider in the next turn', async () => {
    const gateway = await start();
    const first = await ask(gateway, responsesBody([asked]));
    expect(first.bytes.equals(gateway.provider.requests[0]?.sent ?? Buffer.alloc(0))).toBe(true);
    expect(first.output.map(({ type }) => type)).toEqual([
      'tool_search_call',
      'tool_search_output',
      'function_call',
    ]);
    expect(first.output[2]).toMatchObject({ name: 'crop_image', namespace: 'crop_image' });
    const input = [asked, ...first.output, resultOf(first.output)];
    const second = await ask(gateway, responsesBody(input));
    expect(second.bytes.equals(gateway.provider.requests[1]?.sent ?? Buffer.alloc(0))).toBe(true);
    const [one, two] = [sentAt(gateway, 0), sentAt(gateway, 1)];
    expect(two.input).toEqual(input);
    expect(two.tools).toEqual(one.tools);
    expect(one.tools.filter((tool) => tool['defer_loading'] === true).length).toBeGreaterThan(15);
    expect(one.tools.at(-1)).toEqual({ type: 'tool_search' });
    expect(gateway.provider.counters.toolSearches).toBe(1);
  });

  it('is accounted: what was billed, what is read from the cache, and no miss', async () => {
    const gateway = await start();
    const { output } = await ask(gateway, responsesBody([asked]));
    const [record] = await gateway.recorded(1);
    const { inputTokens, searchInputTokens } = gateway.provider.counters;
    expect(record?.usage).toMatchObject({ inputTokens, cacheReadTokens: 0 });
    const measured = record?.measurements.find(({ stage }) => stage === 'tool-selection');
    expect(Math.abs((measured?.overhead ?? 0) - searchInputTokens)).toBeLessThan(inputTokens * 0.1);
    await ask(gateway, responsesBody([asked, ...output, resultOf(output)]));
    const [, next] = await gateway.recorded(2);
    expect(next?.usage.cacheReadTokens).toBeGreaterThan(1_000);
    const items = next?.measurements.find(({ stage }) => stage === 'tool-selection')?.overhead ?? 0;
    expect(items).toBeGreaterThan(5);
    expect(items).toBeLessThan(100);
    const metrics = await fetch(`${gateway.url}/metrics`).then((answer) => answer.text());
    expect(metrics).toMatch(/^pare_tool_selections 2$/m);
    expect(metrics).toMatch(/^pare_tool_selection_recall 1$/m);
  });

  it('goes on from its id with the same tools, and without its search with the tool loaded (INV-T2)', async () => {
    const gateway = await start();
    const { id, output } = await ask(gateway, responsesBody([asked]));
    await ask(gateway, responsesBody([resultOf(output)], { previous_response_id: id }));
    expect(sentAt(gateway, 1).tools).toEqual(sentAt(gateway, 0).tools);
    // A client that knows neither searches nor namespaces.
    const { namespace: _, ...call } = output[2] ?? {};
    await ask(gateway, responsesBody([asked, call, resultOf(output)], { store: false }));
    const crop = sentAt(gateway, 2).tools.find(({ name }) => name === 'crop_image');
    expect(crop).not.toHaveProperty('defer_loading');
    expect(gateway.provider.counters.toolSearches).toBe(1);
  });
});
