import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../clock.ts';
import { createSimulatedProvider, type SimulatedProvider } from './simulated-provider.ts';

// One token a word, so that every sum below can be made by hand: a message costs 3 more, the priming 3.
const countTokens = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;
const words = (count: number, word = 'word'): string =>
  Array.from({ length: count }, (_, at) => `${word}${at}`).join(' ');
const MINUTE = 60_000;

const clock = createFakeClock();
let provider: SimulatedProvider;

beforeEach(async () => {
  provider = await createSimulatedProvider({ countTokens, now: clock.now, respond: () => ({ text: 'ok' }) });
});
afterEach(() => provider.close());

async function post(path: string, body: unknown, key = 'key-a'): Promise<Record<string, unknown>> {
  const headers = { 'x-api-key': key, 'anthropic-version': '2023-06-01' };
  const answer = await fetch(provider.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { usage: Record<string, unknown> }).usage;
}

describe('automatic prefix caching', () => {
  const chat = (system: string, question: string, more: { key?: string; model?: string } = {}) =>
    post(
      '/v1/chat/completions',
      {
        model: more.model ?? 'gpt-4o',
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: question },
        ],
      },
      more.key,
    ).then((usage) => [
      usage['prompt_tokens'],
      (usage['prompt_tokens_details'] as { cached_tokens: number }).cached_tokens,
    ]);

  it('reads the shared prefix in steps of 128 tokens', async () => {
    const system = words(1300);
    // 3 + 1300 + 3 + 5 + 3 = 1314
    expect(await chat(system, words(5, 'first'))).toEqual([1314, 0]);
    // The prefix is 3 + 1300 = 1303 tokens; 1303 = 10 * 128 + 23, so 1280.
    expect(await chat(system, words(7, 'second'))).toEqual([1316, 1280]);
  });

  it('does nothing below 1024 tokens and starts exactly there', async () => {
    // 3 + 1014 + 3 + 0... the user's one word: 3 + 1013 + 3 + 1 + 3 = 1023
    await chat(words(1013), 'x');
    expect(await chat(words(1013), 'x')).toEqual([1023, 0]);
    // A prefix of 3 + 1021 = 1024 tokens is the shortest that is read.
    await chat(words(1021, 'y'), 'a b');
    expect(await chat(words(1021, 'y'), 'c d')).toEqual([1032, 1024]);
    await chat(words(1020, 'z'), 'a b c');
    expect(await chat(words(1020, 'z'), 'd e f')).toEqual([1032, 0]);
  });

  it('finds a prefix that ends inside a message', async () => {
    await chat('sys', `${words(2000)} ${words(100, 'tail')}`);
    const [total, cached] = (await chat('sys', `${words(2000)} ${words(100, 'other')}`)) as [number, number];
    expect(total).toBe(3 + 1 + 3 + 2100 + 3);
    // Shared: 4 + 3 + 2000 tokens, known to the piece of some 30 words: 1920 is the step below either way.
    expect(cached).toBe(1920);
  });

  it('never reads the last token of a prompt that was seen before', async () => {
    // 3 + 1273 + 3 + 1 + 3 = 1283: floor(1282 / 128) * 128 = 1280; and 1280 = 10 * 128 reads only 1152.
    await chat(words(1273), 'x');
    expect(await chat(words(1273), 'x')).toEqual([1283, 1280]);
    await chat(words(1270, 'q'), 'x');
    expect(await chat(words(1270, 'q'), 'x')).toEqual([1280, 1152]);
  });

  it('lives 5 minutes from the last use, per key and model (INV-P1)', async () => {
    const system = words(1300, 'life');
    await chat(system, 'a');
    clock.advance(4 * MINUTE);
    expect((await chat(system, 'b'))[1]).toBe(1280);
    clock.advance(4 * MINUTE);
    expect((await chat(system, 'c'))[1]).toBe(1280);
    clock.advance(5 * MINUTE);
    expect((await chat(system, 'd'))[1]).toBe(0);
    expect((await chat(system, 'd', { key: 'key-b' }))[1]).toBe(0);
    expect((await chat(system, 'd', { model: 'gpt-4.1' }))[1]).toBe(0);
    expect((await chat(` ${system}`, 'd'))[1]).toBe(0);
  });
});

describe('breakpoints', () => {
  const mark = (ttl?: string) => ({
    cache_control: { type: 'ephemeral', ...(ttl === undefined ? {} : { ttl }) },
  });
  const text = (value: string, marker: object = {}) => ({ type: 'text', text: value, ...marker });
  const send = async (body: Record<string, unknown>) => {
    const usage = await post('/v1/messages', { model: 'claude-sonnet-4-6', max_tokens: 10, ...body });
    const made = usage['cache_creation'] as Record<string, number>;
    return {
      input: usage['input_tokens'],
      read: usage['cache_read_input_tokens'],
      created: usage['cache_creation_input_tokens'],
      short: made['ephemeral_5m_input_tokens'],
      long: made['ephemeral_1h_input_tokens'],
    };
  };
  const user = (...content: object[]) => ({ role: 'user', content });
  const assistant = (...content: object[]) => ({ role: 'assistant', content });

  it('writes up to the breakpoint, then reads it', async () => {
    const body = (question: string) => ({
      system: [text(words(1500), mark())],
      messages: [user(text(question))],
    });
    // System: 3 + 1500 = 1503. Rest: 3 + 2 words + 3 priming = 8.
    expect(await send(body('one two'))).toEqual({ input: 8, read: 0, created: 1503, short: 1503, long: 0 });
    expect(await send(body('one two three'))).toEqual({
      input: 9,
      read: 1503,
      created: 0,
      short: 0,
      long: 0,
    });
  });

  it('ignores a breakpoint below 1024 tokens and takes one of exactly 1024', async () => {
    const body = (count: number) => ({
      system: [text(words(count, 'edge'), mark())],
      messages: [user(text('x'))],
    });
    expect(await send(body(1020))).toMatchObject({ input: 1030, created: 0 });
    expect(await send(body(1021))).toMatchObject({ input: 7, created: 1024 });
  });

  it('extends a growing conversation from the last breakpoint', async () => {
    const system = [text(words(1500, 'grow'), mark())];
    const first = user(text(words(100), mark()));
    expect(await send({ system, messages: [first] })).toMatchObject({ input: 3, read: 0, created: 1606 });
    const unmarked = user(text(words(100)));
    const next = [unmarked, assistant(text(words(50))), user(text(words(20), mark()))];
    // New: 3 + 50 and 3 + 20 = 76 tokens; the entry at the old breakpoint is found by looking back.
    expect(await send({ system, messages: next })).toMatchObject({ input: 3, read: 1606, created: 76 });
  });

  it('looks back at most 20 blocks', async () => {
    const filler = (count: number) => Array.from({ length: count }, (_, at) => text(`filler${at}`));
    const start = text(words(1500, 'back'), mark());
    await send({ messages: [user(start)] });
    const bare = text(words(1500, 'back'));
    expect(await send({ messages: [user(bare, ...filler(18), text('end', mark()))] })).toMatchObject({
      read: 1503,
    });
    await send({ messages: [user(text(words(1500, 'far'), mark()))] });
    const far = text(words(1500, 'far'));
    expect(await send({ messages: [user(far, ...filler(19), text('end', mark()))] })).toMatchObject({
      read: 0,
    });
  });

  it('bills 1-hour and 5-minute writes apart (INV-U1)', async () => {
    const body = (question: string) => ({
      system: [text(words(2000, 'hour'), mark('1h'))],
      messages: [user(text(words(200, 'doc'), mark())), assistant(text('fine')), user(text(question))],
    });
    // 1 h: 3 + 2000. 5 min: 3 + 200. Rest: 3 + 1 + 3 + 1 + 3 = 11.
    expect(await send(body('a'))).toEqual({ input: 11, read: 0, created: 2206, short: 203, long: 2003 });
    clock.advance(6 * MINUTE);
    expect(await send(body('b'))).toEqual({ input: 11, read: 2003, created: 203, short: 203, long: 0 });
    clock.advance(61 * MINUTE);
    expect(await send(body('c'))).toMatchObject({ read: 0, long: 2003 });
  });

  it('is refreshed by a read and gone 5 minutes after the last one', async () => {
    const body = { system: [text(words(1100, 'fresh'), mark())], messages: [user(text('x'))] };
    await send(body);
    clock.advance(4 * MINUTE);
    expect(await send(body)).toMatchObject({ read: 1103 });
    clock.advance(5 * MINUTE - 1);
    expect(await send(body)).toMatchObject({ read: 1103 });
    clock.advance(5 * MINUTE);
    expect(await send(body)).toMatchObject({ read: 0, created: 1103 });
  });

  it('misses when a tool, the system prompt or the tool choice changed', async () => {
    const tool = (name: string) => ({ name, input_schema: { type: 'object', properties: {} } });
    const body = (name: string, choice: string) => ({
      tools: [tool(name)],
      tool_choice: { type: choice },
      system: [text(words(1100, 'sys'), mark())],
      messages: [user(text(words(1100, 'msg'), mark()))],
    });
    // The tool's JSON text is one word: 1 + 3 + 1100 = 1104; the message 3 + 1100 = 1103.
    expect(await send(body('alpha', 'auto'))).toMatchObject({ read: 0, created: 2207 });
    expect(await send(body('alpha', 'none'))).toMatchObject({ read: 1104, created: 1103 });
    expect(await send(body('beta', 'auto'))).toMatchObject({ read: 0, created: 2207 });
  });

  it('marks the last block for cache_control of the whole request', async () => {
    const body = { ...mark(), messages: [user(text(words(1100, 'auto')))] };
    expect(await send(body)).toMatchObject({ input: 3, created: 1103 });
    expect(await send(body)).toMatchObject({ input: 3, read: 1103 });
  });
});

it('keeps a bounded number of prefixes (INV-S4)', async () => {
  await provider.close();
  provider = await createSimulatedProvider({ countTokens, promptCache: { maxEntries: 2 } });
  const body = (word: string) => ({
    model: 'm',
    max_tokens: 10,
    system: [{ type: 'text', text: words(1100, word), cache_control: { type: 'ephemeral' } }],
    messages: [{ role: 'user', content: 'x' }],
  });
  for (const word of ['a', 'b', 'c']) await post('/v1/messages', body(word));
  expect((await post('/v1/messages', body('c')))['cache_read_input_tokens']).toBe(1103);
  expect((await post('/v1/messages', body('a')))['cache_read_input_tokens']).toBe(0);
});
