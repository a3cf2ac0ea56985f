import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChatRequest,
  type Exchange,
  type JsonObject,
  type JsonValue,
  NO_USAGE,
  type RequestScope,
  type WireFormat,
} from '../contract/index.ts';
import { scopeOf } from '../testing/fixtures/request-scope.ts';
import { exchangeOf } from '../testing/fixtures/tool-exchange.ts';
import { conversation, selectionPolicy, TOOL_NAMES, toolIn } from '../testing/fixtures/tool-requests.ts';
import { createFakeClock } from '../testing/index.ts';
import { createTokenCounter } from '../tokens/index.ts';
import { createModelRegistry } from '../tokens/models/index.ts';
import { codecFor, toolDialectOf } from '../wire/index.ts';
import { createToolCompaction } from './compact/tool-compaction.ts';
import { createToolSelectionStage } from './stage.ts';
import type { ToolSelectionPolicy } from './stage-options.ts';

const WIRES: readonly WireFormat[] = ['openai-chat', 'openai-responses', 'anthropic-messages'];
const registry = createModelRegistry();
const counter = await createTokenCounter({ families: (model) => registry.find(model) });

function bench(policy: Partial<ToolSelectionPolicy> = {}) {
  const clock = createFakeClock();
  const { stage, recall } = createToolSelectionStage({
    policy: selectionPolicy({ compaction: 'lazy', ...policy }),
    counter,
    registry,
    dialectOf: toolDialectOf,
    onEvent: () => {},
    now: clock.now,
    indexWaitMs: 5_000,
  });
  /** One request as the runner does it: the model calls these, and is asked again where the stage wants that. */
  const ask = async (
    request: ChatRequest,
    calls: readonly string[] = [],
    scope = scopeOf({ session: 's' }),
  ) => {
    const outcome = await stage.prepare(request, scope);
    const first = outcome.kind === 'rewritten' ? outcome.request : request;
    const verdict = stage.recover?.(
      { request, sent: first, toolCalls: calls, text: '', hasThinking: false, isWhole: true },
      scope,
    );
    const isRetry = verdict?.kind === 'retry';
    const sent = isRetry ? verdict.request : first;
    const heard = isRetry ? calls.filter((name) => !OURS.includes(name)) : calls;
    const recovered = isRetry ? { reason: verdict.reason } : {};
    await stage.settle?.(exchange(request, sent, { calls: heard, ...recovered }), scope);
    return { first, verdict, sent };
  };
  return { stage, clock, recall, ask };
}

const OURS = ['describe_tool', 'find_tools'];

function exchange(
  request: ChatRequest,
  sent: ChatRequest,
  { calls, reason }: { calls: readonly string[]; reason?: string },
): Exchange {
  const first = { usage: NO_USAGE, usageBasis: 'reported', costUsd: 0 } as const;
  const recovered =
    reason === undefined ? {} : { recovered: { by: 'tool-selection', reason, first } as const };
  return exchangeOf(request, sent, { calls }, recovered);
}

/** Every second tool has documentation of many sentences. */
function wordy(wire: WireFormat, name: string, extra: object = {}): JsonValue {
  const thing = name.replaceAll('_', ' ');
  const long = Array.from({ length: 24 }, (_, i) => `Step ${i} of how to ${thing} concerns item ${i * 7}.`);
  const isLong = TOOL_NAMES.indexOf(name) % 2 === 0;
  const description = `Please use this tool in order to ${thing}.${isLong ? ` ${long.join(' ')}` : ''}`;
  return toolIn(wire, name, { description, extra });
}
const LONG = TOOL_NAMES.filter((_, i) => i % 2 === 0);
const wordyTools = (wire: WireFormat, count = 48) => ({
  tools: TOOL_NAMES.slice(0, count).map((name) => wordy(wire, name)),
});
const ofWire = (wire: WireFormat, body: object = {}, turns: readonly string[][] = []) =>
  conversation(
    wire,
    { turns: turns.map((calls) => ({ user: 'Read the mail', calls })), last: 'Read the mail' },
    { ...wordyTools(wire, 5), ...body },
  );
const namesOf = ({ tools }: ChatRequest): string[] => tools.map(({ name }) => name);
const toolsIn = (request: ChatRequest) => {
  const bytes = codecFor(request.wire).renderRequest(request);
  return (JSON.parse(Buffer.from(bytes).toString('utf8')) as JsonObject)['tools'] as JsonObject[];
};
const nameIn = (tool: JsonObject) => (tool['name'] ?? (tool['function'] as JsonObject)['name']) as string;
const isCut = (request: ChatRequest) => JSON.stringify(request.tools).includes('tokens: describe_tool]');
const offers = (request: ChatRequest) => namesOf(request).includes('describe_tool');
const modelOf = (wire: WireFormat) => (wire === 'anthropic-messages' ? 'claude-sonnet-4-6' : 'gpt-4o');
const compactionOf = (wire: WireFormat, level: 'text' | 'lazy') =>
  createToolCompaction({ level, countTokens: (text) => counter.countText(text, modelOf(wire)).tokens });
const lintSent = (request: ChatRequest) => {
  const codec = codecFor(request.wire);
  return [...codec.lint(request), ...codec.lint(codec.parseRequest(codec.renderRequest(request)))];
};

describe.each(WIRES)('tools with cut descriptions (%s)', (wire) => {
  it('go out as the library makes them, with describe_tool as the last', async () => {
    const request = ofWire(wire);
    const { sent } = await bench().ask(request);
    const { tools, describeTool } = compactionOf(wire, 'lazy').compact(toolsIn(request));
    expect(toolsIn(sent)).toEqual([...tools, describeTool]);
    expect(isCut(sent)).toBe(true);
    expect(lintSent(sent)).toEqual([]);
    const text = await bench({ compaction: 'text' }).ask(request);
    // The definition of describe_tool is counted, and paid for.
    const tokens = (counted: ChatRequest) => Promise.resolve(counter.countRequest(counted));
    expect((await tokens(sent)).tokens).toBeLessThan((await tokens(text.sent)).tokens);
    expect((await tokens(sent)).tools).toBeGreaterThan(
      (await tokens({ ...sent, tools: sent.tools.slice(0, -1) })).tools,
    );
  });

  it('go out uncut once the model calls it, which nobody sees, and stay so (INV-P2, INV-P5)', async () => {
    const { ask } = bench();
    const { verdict, first } = await ask(ofWire(wire), ['describe_tool']);
    expect(offers(first)).toBe(true);
    expect(verdict).toMatchObject({ kind: 'retry', reason: 'describe_tool', isFirstUsable: false });
    const text = compactionOf(wire, 'text').compact(toolsIn(ofWire(wire))).tools;
    expect(verdict?.kind === 'retry' && toolsIn(verdict.request)).toEqual(text);
    expect(toolsIn((await ask(ofWire(wire, {}, [['read_mail']]))).sent)).toEqual(text);
    const other = await ask(ofWire(wire), [], scopeOf({ session: 'other' }));
    expect(isCut(other.sent)).toBe(true);
  });

  it('are held until the answer is whole, unless tools may not be called freely', async () => {
    const { stage } = bench();
    const verdictOf = async (request: ChatRequest, isWhole: boolean) => {
      const scope = scopeOf({ session: String(isWhole) });
      const outcome = await stage.prepare(request, scope);
      const sent = outcome.kind === 'rewritten' ? outcome.request : request;
      const answer = {
        request,
        sent,
        toolCalls: ['read_mail'],
        text: 'Let me see.',
        hasThinking: false,
        isWhole,
      };
      return { offered: offers(sent), verdict: stage.recover?.(answer, scope)?.kind };
    };
    expect(await verdictOf(ofWire(wire), false)).toEqual({ offered: true, verdict: 'wait' });
    expect(await verdictOf(ofWire(wire), true)).toEqual({ offered: true, verdict: 'accept' });
    const none = wire === 'anthropic-messages' ? { type: 'none' } : 'none';
    const forbidden = ofWire(wire, { tool_choice: none });
    expect(await verdictOf(forbidden, false)).toEqual({ offered: true, verdict: 'accept' });
  });

  it('are uncut where a call is demanded of one that would be cut, or of any', async () => {
    const named = (name: string) =>
      wire === 'anthropic-messages'
        ? { type: 'tool', name }
        : wire === 'openai-chat'
          ? { type: 'function', function: { name } }
          : { type: 'function', name };
    const any = wire === 'anthropic-messages' ? { type: 'any' } : 'required';
    const sentWith = async (tool_choice: unknown) => (await bench().ask(ofWire(wire, { tool_choice }))).sent;
    expect(TOOL_NAMES[1] === 'write_mail' && !LONG.includes('write_mail')).toBe(true);
    const short = await sentWith(named('write_mail'));
    expect([isCut(short), offers(short)]).toEqual([true, true]);
    for (const choice of [named('read_mail'), any]) {
      const sent = await sentWith(choice);
      expect([isCut(sent), offers(sent)]).toEqual([false, false]);
      expect(toolsIn(sent)).toEqual(compactionOf(wire, 'text').compact(toolsIn(ofWire(wire))).tools);
    }
  });

  it('are uncut where the caller has a tool of that name', async () => {
    const own = [...wordyTools(wire, 5).tools, toolIn(wire, 'describe_tool')];
    const { verdict, sent } = await bench().ask(ofWire(wire, { tools: own }), ['describe_tool']);
    expect(verdict).toEqual({ kind: 'accept' });
    expect(isCut(sent)).toBe(false);
    expect(namesOf(sent).filter((name) => name === 'describe_tool')).toHaveLength(1);
  });
});

describe('a list of allowed tools', () => {
  it.each([
    ['openai-chat', true, { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } }],
    ['openai-responses', false, { type: 'allowed_tools', mode: 'required', tools: [] }],
  ] as const)('has tools uncut where one of it would be cut (%s)', async (wire, isNested, choice) => {
    const sentWith = async (...names: readonly string[]) => {
      const tools = names.map((name) =>
        isNested ? { type: 'function', function: { name } } : { type: 'function', name },
      );
      const tool_choice = isNested
        ? { ...choice, allowed_tools: { mode: 'auto', tools } }
        : { ...choice, tools };
      return isCut((await bench().ask(ofWire(wire, { tool_choice }))).sent);
    };
    expect(await sentWith('write_mail', 'list_mail')).toBe(true);
    expect(await sentWith('write_mail', 'read_mail')).toBe(false);
    expect(await sentWith('write_mail')).toBe(true);
  });
});

describe('functions of the old form', () => {
  it('have describe_tool beside them, and are whole in the retry', async () => {
    const functions = wordyTools('openai-chat', 5).tools.map((tool) => (tool as JsonObject)['function']);
    const request = ofWire('openai-chat', { functions, tools: undefined });
    const { first, sent, verdict } = await bench().ask(request, ['describe_tool']);
    expect(verdict).toMatchObject({ kind: 'retry', reason: 'describe_tool' });
    const functionsIn = (of: ChatRequest) =>
      (JSON.parse(Buffer.from(codecFor('openai-chat').renderRequest(of)).toString('utf8')) as JsonObject)[
        'functions'
      ] as JsonObject[];
    expect(functionsIn(first).map(({ name }) => name)).toEqual([...TOOL_NAMES.slice(0, 5), 'describe_tool']);
    expect(functionsIn(sent).map(({ name }) => name)).toEqual(TOOL_NAMES.slice(0, 5));
    expect([isCut(first), isCut(sent)]).toEqual([true, false]);
  });
});

describe('a request that cannot be asked again (INV-S3)', () => {
  const hosted = { type: 'web_search_20250305', name: 'web_search' };
  const tools = [...wordyTools('anthropic-messages', 5).tools, hosted];
  it.each([
    ofWire('openai-chat', { store: true }),
    ofWire('openai-responses', { previous_response_id: 'answer-0' }),
    ofWire('anthropic-messages', { tools }),
  ])('has its tools uncut ($wire)', async (request) => {
    const { sent } = await bench().ask(request);
    expect([isCut(sent), offers(sent)]).toEqual([false, false]);
  });
});

describe('a session', () => {
  const marked = { system: [{ type: 'text', text: 'Help.', cache_control: { type: 'ephemeral' } }] };
  const long = 'A long story. '.repeat(3_000);
  const going = (count: number, body: object = {}) => {
    const turns = Array.from({ length: count }, () => ({ user: long, calls: [] }));
    const whole = { ...marked, ...wordyTools('anthropic-messages', 5), ...body };
    return conversation('anthropic-messages', { turns, last: 'Go on' }, whole);
  };

  it('whose tools went out uncut keeps them so while the provider has them cached (INV-P2)', async () => {
    const { ask, clock } = bench();
    const any = { tool_choice: { type: 'any' } };
    expect(isCut((await ask(going(0, any))).sent)).toBe(false);
    expect(isCut((await ask(going(1))).sent)).toBe(false);
    clock.advance(6 * 60_000);
    expect(isCut((await ask(going(2))).sent)).toBe(true);
    expect(isCut((await ask(going(3))).sent)).toBe(true);
    expect(isCut((await ask(going(4, any))).sent)).toBe(false);
  });

  it('that asked has them uncut even when nothing is cached any more', async () => {
    const { ask, clock } = bench();
    await ask(going(0), ['describe_tool']);
    clock.advance(60 * 60_000);
    expect(isCut((await ask(going(1))).sent)).toBe(false);
  });

  it('that asked too late, in an answer that went out, has them uncut from the next turn on', async () => {
    const { stage, ask } = bench();
    const scope: RequestScope = scopeOf({ session: 's' });
    const outcome = await stage.prepare(going(0), scope);
    if (outcome.kind !== 'rewritten') throw new Error(outcome.kind);
    await stage.settle?.(exchange(going(0), outcome.request, { calls: ['describe_tool'] }), scope);
    expect(isCut((await ask(going(1))).sent)).toBe(false);
  });

  it('changes no tool but from cut to uncut, once, when that was asked for (INV-P3, INV-P4, INV-P5, INV-T3)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          wire: fc.constantFrom(...WIRES),
          mode: fc.constantFrom('drop', 'search', 'native'),
          calls: fc.array(fc.uniqueArray(fc.constantFrom(...TOOL_NAMES), { maxLength: 2 }), { maxLength: 5 }),
          askedAt: fc.integer({ min: 0, max: 6 }),
          marked: fc.integer({ min: 0, max: 47 }),
        }),
        async ({ wire, mode, calls, askedAt, marked }) => {
          const { ask } = bench({ mode });
          const marker = wire === 'anthropic-messages' ? { cache_control: { type: 'ephemeral' } } : {};
          const tools = TOOL_NAMES.map((name, i) => wordy(wire, name, i === marked ? marker : {}));
          const [text, lazy] = [compactionOf(wire, 'text'), compactionOf(wire, 'lazy')];
          for (let turn = 0; turn <= calls.length; turn += 1) {
            const turns = calls.slice(0, turn).map((names) => ({ user: 'Read the mail', calls: names }));
            const request = conversation(wire, { turns, last: 'Find a song' }, { tools });
            const { sent, first, verdict } = await ask(request, turn === askedAt ? ['describe_tool'] : []);
            expect(offers(first)).toBe(isCut(first));
            expect(isCut(first) && turn > askedAt).toBe(false);
            expect(namesOf(first).at(-1) === 'describe_tool').toBe(isCut(first));
            // A retry has the same tools, without ours, whose calls would be seen now.
            const isRetry = verdict?.kind === 'retry';
            expect(namesOf(sent)).toEqual(namesOf(first).filter((name) => !isRetry || !OURS.includes(name)));
            for (const [request_, compaction] of [
              [first, turn > askedAt ? text : lazy],
              [sent, turn >= askedAt ? text : lazy],
            ] as const) {
              for (const tool of toolsIn(request_)) {
                const { defer_loading: deferred, cache_control: _, ...bare } = tool;
                if (!TOOL_NAMES.includes(nameIn(tool))) continue;
                const as = deferred === true ? text : compaction;
                expect(bare).toEqual(as.compactTool(wordy(wire, nameIn(tool))));
              }
              const markers = toolsIn(request_).filter((tool) => 'cache_control' in tool);
              expect(markers).toHaveLength(Object.keys(marker).length);
              expect(markers.map(nameIn)).not.toContain('describe_tool');
              expect(lintSent(request_)).toEqual([]);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('beside a selection', () => {
  const request = (body: object = {}) =>
    conversation(
      'openai-chat',
      { turns: [], last: 'Read the mail' },
      { ...wordyTools('openai-chat'), ...body },
    );

  it('a question for documentation is no miss, and one for a tool that was left out is', async () => {
    const { ask, recall } = bench();
    const { sent, first } = await ask(request(), ['describe_tool']);
    expect(first.tools.length).toBeLessThanOrEqual(11);
    expect(namesOf(sent)).toEqual(namesOf(first).slice(0, -1));
    expect(recall()).toMatchObject({ selections: 1, misses: 0 });
    await ask(request(), ['write_song'], scopeOf({ session: 'other' }));
    expect(recall()).toMatchObject({ selections: 2, misses: 1 });
  });

  it('an answer that is asked for again with all tools has none cut, since it is not held (INV-T4)', async () => {
    const { stage, ask } = bench({ mode: 'search' });
    const scope = scopeOf({ session: 's' });
    const outcome = await stage.prepare(request(), scope);
    if (outcome.kind !== 'rewritten') throw new Error(outcome.kind);
    const sent = outcome.request;
    expect(namesOf(sent).slice(-2)).toEqual(['find_tools', 'describe_tool']);
    const recover = (toolCalls: readonly string[]) =>
      stage.recover?.(
        { request: request(), sent, toolCalls, text: '', hasThinking: false, isWhole: false },
        scope,
      );
    for (const [calls, reason, isFirstUsable] of [
      [['find_tools'], 'find_tools', false],
      [['write_song'], 'unsent_tool', undefined],
      [['write_song', 'describe_tool'], 'unsent_tool', false],
    ] as const) {
      const verdict = recover(calls);
      if (verdict?.kind !== 'retry') throw new Error(verdict?.kind);
      expect(verdict).toMatchObject({ reason });
      expect(verdict.isFirstUsable).toBe(isFirstUsable);
      expect(namesOf(verdict.request)).toEqual(TOOL_NAMES);
      expect(isCut(verdict.request)).toBe(false);
    }
    // A session that needed another tool, and no documentation, goes on with those that are cut.
    const missed = await ask(request(), ['write_song'], scopeOf({ session: 'missed' }));
    expect(missed.verdict).toMatchObject({ reason: 'unsent_tool' });
    const next = await ask(request(), [], scopeOf({ session: 'missed' }));
    expect(namesOf(next.sent)).toContain('write_song');
    expect(isCut(next.sent)).toBe(true);
  });
});
