import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../contract/index.ts';
import { isLoaded, loadedIn, namesOf, nativeBench } from '../testing/fixtures/native-bench.ts';
import { scopeOf } from '../testing/fixtures/request-scope.ts';
import { conversation, TOOL_NAMES, toolIn } from '../testing/fixtures/tool-requests.ts';

const SYSTEM = [{ type: 'text', text: 'Help.', cache_control: { type: 'ephemeral' } }];
const MINUTE_MS = 60_000;

const BEGINNINGS = {
  'anthropic-messages': { system: SYSTEM },
  'openai-responses': { model: 'gpt-5.4' },
} as const;
type Wire = keyof typeof BEGINNINGS;
const WIRES = Object.keys(BEGINNINGS) as Wire[];

const begin = (wire: Wire, text: string, body: object = {}): ChatRequest =>
  conversation(wire, { turns: [], last: text }, { ...BEGINNINGS[wire], ...body });
const toolsOf = ({ tools }: ChatRequest): string => JSON.stringify(tools.map(({ value }) => value));

describe.each(WIRES)('sessions of one account with deferred tools, by %s', (wire) => {
  it('begin with the same tools, so that they read them from one cache', async () => {
    const { send } = nativeBench();
    const first = await send(begin(wire, 'Please send a mail'));
    const second = await send(begin(wire, 'Play me some song from the list'));
    expect(toolsOf(second.sent)).toBe(toolsOf(first.sent));
  });

  it.each([
    ['tenant', scopeOf({ tenant: 'other' }), {}],
    ['upstream', scopeOf({ upstream: 'http://other.invalid' }), {}],
    ['model', scopeOf(), { model: wire === 'openai-responses' ? 'gpt-5.5' : 'claude-opus-4-6' }],
  ])('share nothing with those of another %s', async (_what, scope, body) => {
    const { send } = nativeBench();
    const first = await send(begin(wire, 'Please send a mail'));
    const other = await send(begin(wire, 'Play me some song from the list', body), {}, scope);
    const alone = await nativeBench().send(begin(wire, 'Play me some song from the list', body));
    expect(toolsOf(other.sent)).toBe(toolsOf(alone.sent));
    expect(toolsOf(other.sent)).not.toBe(toolsOf(first.sent));
  });

  it('have what they name, and leave the beginning of the others as it is (INV-T2)', async () => {
    const { send } = nativeBench();
    const first = await send(begin(wire, 'Please send a mail'));
    const named = TOOL_NAMES.find((name) => !isLoaded(first.sent, name)) ?? '';
    const naming = await send(begin(wire, `Use ${named} for it`));
    expect(isLoaded(naming.sent, named)).toBe(true);
    const third = await send(begin(wire, 'Play me some song from the list'));
    expect(toolsOf(third.sent)).toBe(toolsOf(first.sent));
  });

  it('choose anew once the provider has forgotten, and not while any of them keeps it warm', async () => {
    const { send, clock } = nativeBench();
    const first = await send(begin(wire, 'Please send a mail'));
    for (const text of ['Write a file', 'Delete the table', 'List contacts']) {
      clock.advance(4 * MINUTE_MS);
      expect(toolsOf((await send(begin(wire, text))).sent)).toBe(toolsOf(first.sent));
    }
    clock.advance(11 * MINUTE_MS);
    const later = await send(begin(wire, 'Play me some song from the list'));
    expect(toolsOf(later.sent)).not.toBe(toolsOf(first.sent));
  });

  it('choose anew after ten of them, by what was called until then', async () => {
    const { send } = nativeBench();
    const first = await send(begin(wire, 'Please send a mail'));
    const called = TOOL_NAMES.filter((name) => !isLoaded(first.sent, name)).slice(0, 3);
    for (let i = 2; i <= 10; i++) {
      const { sent } = await send(begin(wire, `Do number ${i}`), { calls: called, found: called });
      expect(toolsOf(sent)).toBe(toolsOf(first.sent));
    }
    const next = await send(begin(wire, 'Do number 11'));
    expect(called.filter((name) => isLoaded(next.sent, name))).toEqual(called);
    const after = await send(begin(wire, 'Do number 12'));
    expect(toolsOf(after.sent)).toBe(toolsOf(next.sent));
  });

  it('share no tool that is excluded and was chosen by name for once', async () => {
    const excluded = 'delete_file';
    const { send } = nativeBench({ excluded: [excluded] });
    const choice =
      wire === 'anthropic-messages' ? { type: 'tool', name: excluded } : { type: 'function', name: excluded };
    const first = await send(begin(wire, 'Please send a mail', { tool_choice: choice }));
    expect(isLoaded(first.sent, excluded)).toBe(true);
    const second = await send(begin(wire, 'Play me some song from the list'));
    expect(isLoaded(second.sent, excluded)).toBe(false);
  });
});

describe('sessions of one account', () => {
  it('each choose for themselves where nothing is cached', async () => {
    const { send } = nativeBench();
    const uncached = { system: 'Help.' };
    const first = await send(begin('anthropic-messages', 'Please send a mail', uncached));
    const second = await send(begin('anthropic-messages', 'Play me some song from the list', uncached));
    expect(loadedIn(second.sent)).not.toEqual(loadedIn(first.sent));
  });

  it('each choose for themselves where tools are dropped', async () => {
    const { send } = nativeBench({ mode: 'drop' });
    const first = await send(begin('openai-responses', 'Please send a mail'));
    const second = await send(begin('openai-responses', 'Play me some song from the list'));
    expect(namesOf(second.sent)).not.toEqual(namesOf(first.sent));
  });

  it('list the same tools where they are more than OpenAI takes', async () => {
    const many = Array.from({ length: 200 }, (_, i) => `${TOOL_NAMES[i % TOOL_NAMES.length]}_${i}`);
    const tools = many.map((name) => toolIn('openai-responses', name));
    const { send } = nativeBench();
    const first = await send(begin('openai-responses', 'Please send a mail', { tools }));
    const second = await send(begin('openai-responses', 'Play me some song from the list', { tools }));
    expect(first.sent.tools).toHaveLength(128);
    expect(toolsOf(second.sent)).toBe(toolsOf(first.sent));
  });
});
