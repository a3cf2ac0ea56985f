import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChatRequest,
  NO_USAGE,
  type PareEvent,
  type RequestScope,
  type StageOutcome,
  type WireFormat,
} from '../contract/index.ts';
import { createStaticEmbedder } from '../embeddings/index.ts';
import { scopeOf } from '../testing/fixtures/request-scope.ts';
import { exchangeOf } from '../testing/fixtures/tool-exchange.ts';
import { conversation, selectionPolicy, TOOL_NAMES, toolIn } from '../testing/fixtures/tool-requests.ts';
import { createFakeClock } from '../testing/index.ts';
import { createTokenCounter } from '../tokens/index.ts';
import { createModelRegistry } from '../tokens/models/index.ts';
import { codecFor, toolDialectOf } from '../wire/index.ts';
import { createToolSelectionStage } from './stage.ts';
import type { ToolSelectionPolicy } from './stage-options.ts';

const WIRES: readonly WireFormat[] = ['openai-chat', 'openai-responses', 'anthropic-messages'];
const registry = createModelRegistry();
const counter = await createTokenCounter({ families: (model) => registry.find(model) });
const embedder = createStaticEmbedder();

/** A stage, and what it did to each request. */
function bench(policy: Partial<ToolSelectionPolicy> = {}, isShadow = false) {
  const events: PareEvent[] = [];
  const clock = createFakeClock();
  const selection = createToolSelectionStage({
    policy: selectionPolicy(policy),
    embedder,
    counter,
    registry,
    dialectOf: toolDialectOf,
    onEvent: (event) => void events.push(event),
    now: clock.now,
    isShadow,
    indexWaitMs: 5_000,
  });
  const { stage } = selection;
  /** Prepares and settles; the answer calls these tools. */
  const send = async (request: ChatRequest, scope = scopeOf(), calls: readonly string[] = []) => {
    const outcome = await stage.prepare(request, scope);
    const sent = outcome.kind === 'rewritten' ? outcome.request : request;
    await stage.settle?.(exchangeOf(request, sent, { calls }), scope);
    return { outcome, sent, names: namesOf(sent) };
  };
  return { ...selection, events, clock, send };
}

const namesOf = ({ tools }: ChatRequest): string[] => tools.map(({ name }) => name);
const reasonOf = (outcome: StageOutcome): string =>
  outcome.kind === 'bypassed' ? outcome.reason : outcome.kind;
const first = (wire: WireFormat, last: string, body: object = {}): ChatRequest =>
  conversation(wire, { turns: [], last }, { ...body });
/** Everything that the wire's own linter finds wrong with the bytes that would go out. */
const lintSent = (request: ChatRequest) => {
  const codec = codecFor(request.wire);
  return [...codec.lint(request), ...codec.lint(codec.parseRequest(codec.renderRequest(request)))];
};

describe.each(WIRES)('a request with 48 tools (%s)', (wire) => {
  it('goes out with at most ten, in the order of the caller, each in its own bytes', async () => {
    const request = first(wire, 'Send a mail to Ann and find the invoice of May');
    const { sent, names } = await bench().send(request);
    expect(names.length).toBeLessThanOrEqual(10);
    expect(names).toEqual(TOOL_NAMES.filter((name) => names.includes(name)));
    expect(names).toEqual(expect.arrayContaining(['send_mail', 'find_invoice']));
    expect(sent.tools.every((tool) => request.tools.includes(tool))).toBe(true);
    const text = Buffer.from(codecFor(wire).renderRequest(sent)).toString('utf8');
    for (const tool of sent.tools) expect(text).toContain(JSON.stringify(tool.value));
    expect(lintSent(sent)).toEqual([]);
  });

  it('keeps what the caller names, in whichever way (INV-T2)', async () => {
    const choice = {
      'openai-chat': { type: 'function', function: { name: 'delete_song' } },
      'openai-responses': { type: 'function', name: 'delete_song' },
      'anthropic-messages': { type: 'tool', name: 'delete_song' },
    }[wire];
    const { send } = bench({ pinned: ['list_table'], excluded: ['find_mail'] });
    const chosen = await send(first(wire, 'What is new?', { tool_choice: choice }));
    expect(chosen.names).toEqual(expect.arrayContaining(['delete_song', 'list_table']));
    const named = await send(first(wire, 'Use `write_picture`, then delete the song by `delete_song`.'));
    expect(named.names).toEqual(expect.arrayContaining(['write_picture', 'delete_song', 'list_table']));
    const called = conversation(wire, { turns: [{ user: 'Go', calls: ['find_mail'] }], last: 'Fly' });
    expect((await send(called)).names).toContain('find_mail');
  });
});

describe('allowed tools', () => {
  it.each([
    [
      'openai-chat',
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'list_song' } }] },
      },
    ],
    [
      'openai-responses',
      { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'list_song' }] },
    ],
  ] as const)('are all sent (INV-T2, %s)', async (wire, tool_choice) => {
    const { names } = await bench().send(first(wire, 'Read the mail', { tool_choice }));
    expect(names).toContain('list_song');
  });
});

describe('a request is left alone', () => {
  const reasonFor = async (request: ChatRequest, policy: Partial<ToolSelectionPolicy> = {}) => {
    const { outcome, sent } = await bench(policy).send(request);
    expect(sent).toBe(request);
    return reasonOf(outcome);
  };

  it('below the least number of tools, and where no tool may be called', async () => {
    const few = { tools: TOOL_NAMES.slice(0, 19).map((name) => toolIn('openai-chat', name)) };
    expect(await reasonFor(first('openai-chat', 'Hi', few))).toBe('nothing_to_do');
    expect(await reasonFor(first('openai-chat', 'Hi', { tool_choice: 'none' }))).toBe('nothing_to_do');
    const none = { tool_choice: { type: 'none' } };
    expect(await reasonFor(first('anthropic-messages', 'Hi', none))).toBe('nothing_to_do');
  });

  it('where the caller defers tools by itself, and where all are pinned', async () => {
    const tools = TOOL_NAMES.map((name) =>
      toolIn('anthropic-messages', name, { extra: { defer_loading: true } }),
    );
    expect(await reasonFor(first('anthropic-messages', 'Hi', { tools }))).toBe('nothing_to_do');
    expect(await reasonFor(first('openai-chat', 'Hi'), { pinned: TOOL_NAMES })).toBe('nothing_to_do');
  });

  it('where no tool would be left: a choice among none is no choice', async () => {
    const required = first('openai-chat', 'Send a mail', { tool_choice: 'required' });
    expect(await reasonFor(required, { maxToolTokens: 5 })).toBe('nothing_to_do');
  });

  it('where the turns before are hidden and were not seen here', async () => {
    const { send } = bench();
    const going = { previous_response_id: 'resp_unknown' };
    expect(reasonOf((await send(first('openai-responses', 'Hi', going))).outcome)).toBe('not_eligible');
    const begun = await send(first('openai-responses', 'Read the mail'));
    const goneOn = await send(first('openai-responses', 'And now?', { previous_response_id: 'answer-1' }));
    expect(goneOn.names).toEqual(expect.arrayContaining(begun.names));
    const other = scopeOf({ tenant: 'other' });
    const stolen = await send(first('openai-responses', 'x', { previous_response_id: 'answer-1' }), other);
    expect(reasonOf(stolen.outcome)).toBe('not_eligible');
  });

  it('where they are hidden, though another conversation began with the same words (INV-T2)', async () => {
    const { send } = bench();
    await send(first('openai-responses', 'Read the mail'));
    const going = first('openai-responses', 'Read the mail', { previous_response_id: 'resp_unknown' });
    expect(reasonOf((await send(going)).outcome)).toBe('not_eligible');
  });

  it('where they are hidden and had other tools', async () => {
    const { send } = bench();
    await send(first('openai-responses', 'Read the mail'));
    const tools = TOOL_NAMES.map((name) => toolIn('openai-responses', `${name}_anew`));
    const going = first('openai-responses', 'Go on', { previous_response_id: 'answer-1', tools });
    expect(reasonOf((await send(going)).outcome)).toBe('not_eligible');
  });
});

const anyTurns = fc.array(
  fc.record({
    user: fc.constantFrom(
      'Read my mail',
      'Find the invoice',
      'What a day',
      'Write a table, then list songs',
      'Delete it with delete_contact',
      '',
    ),
    calls: fc.uniqueArray(fc.constantFrom(...TOOL_NAMES), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('the tools of a session', () => {
  it('only grow, in the order of the caller, whatever is said and called (INV-P4)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...WIRES), anyTurns, async (wire, turns) => {
        const { send } = bench();
        let before: string[] = [];
        for (const [at, { user }] of turns.entries()) {
          const request = conversation(wire, { turns: turns.slice(0, at), last: user });
          const { outcome, names } = await send(request, scopeOf(), turns[at]?.calls);
          expect(names).toEqual(TOOL_NAMES.filter((name) => names.includes(name)));
          // All tools are sent where changing them back would cost more: that holds every set.
          expect(names).toEqual(expect.arrayContaining(before));
          if (outcome.kind === 'rewritten') before = names;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('hold what was called and named, and break no rule of the wire (INV-T1, INV-T2)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...WIRES), anyTurns, fc.boolean(), async (wire, turns, isSearch) => {
        const { send } = bench({ mode: isSearch ? 'search' : 'drop' });
        const request = conversation(wire, { turns, last: 'Use delete_contact' });
        const { sent, names } = await send(request);
        expect(names).toEqual(expect.arrayContaining(turns.flatMap(({ calls }) => calls)));
        expect(names).toContain('delete_contact');
        expect(lintSent(sent)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('do not change with words alone, where the provider has cached the conversation', async () => {
    const { send } = bench();
    const mark = { system: [{ type: 'text', text: 'Help.', cache_control: { type: 'ephemeral' } }] };
    const long = 'Read the mail of Ann. '.repeat(6_000);
    const begun = await send(conversation('anthropic-messages', { turns: [], last: long }, mark));
    const turns = [{ user: long, calls: ['read_mail'] }];
    const next = conversation('anthropic-messages', { turns, last: 'Something about a picture' }, mark);
    const { names } = await send(next);
    expect(names).toEqual(begun.names);
  });

  it('gain what a new request surely asks for, where the conversation is short', async () => {
    const { send } = bench();
    const begun = await send(conversation('openai-chat', { turns: [], last: 'Read the mail' }));
    expect(begun.names).not.toContain('delete_flight');
    const turns = [{ user: 'Read the mail', calls: ['read_mail'] }];
    const next = await send(conversation('openai-chat', { turns, last: 'Please do delete my flight' }));
    expect(next.names).toEqual(expect.arrayContaining([...begun.names, 'delete_flight']));
  });

  it('gain more at once where nothing is cached than where that is broken', async () => {
    const added = async (idleMs: number) => {
      const { send, clock } = bench({ maxTools: 10 });
      const begun = await send(conversation('openai-chat', { turns: [], last: 'Read the mail' }));
      clock.advance(idleMs);
      const turns = [{ user: 'Read the mail', calls: ['read_mail'] }];
      const last =
        'Delete the flight, write an invoice, list songs, find a table, send the picture, read a contact';
      const next = await send(conversation('openai-chat', { turns, last }));
      return next.names.filter((name) => !begun.names.includes(name)).length;
    };
    const warm = await added(0);
    expect(warm).toBeGreaterThan(0);
    expect(warm).toBeLessThanOrEqual(3);
    expect(await added(11 * 60_000)).toBeGreaterThan(3);
  });

  it('are of one tenant, one session, one model', async () => {
    const { send } = bench();
    const ask = (last: string, body: object, scope: RequestScope) =>
      send(first('openai-chat', last, body), scope);
    const one = await ask('Send a mail', {}, scopeOf({ session: 's' }));
    const same = await ask('Write a song', {}, scopeOf({ session: 's' }));
    expect(same.names).toEqual(expect.arrayContaining(one.names));
    for (const [body, scope] of [
      [{}, scopeOf({ session: 'other' })],
      [{}, scopeOf({ session: 's', tenant: 'other' })],
      [{ model: 'gpt-4.1' }, scopeOf({ session: 's' })],
    ] as const) {
      const { names } = await ask('Write a song', body, scope);
      expect(names.length).toBeLessThanOrEqual(10);
    }
  });

  it('are chosen as ever where earlier turns called tools that are gone (INV-S4)', async () => {
    const { send } = bench();
    const gone = Array.from({ length: 25 }, (_, i) => `gone_${i}`);
    const turns = [{ user: 'Go', calls: gone }];
    const scope = () => scopeOf({ session: 's' });
    const begun = await send(conversation('openai-chat', { turns, last: 'Send a mail to Ann' }), scope());
    expect(begun.names).toContain('send_mail');
    expect(begun.names.length).toBeGreaterThanOrEqual(5);
    const goneOn = conversation('openai-chat', { turns, last: 'Find the invoice of May' });
    expect((await send(goneOn, scope())).names).toContain('find_invoice');
  });

  it.each([false, true])(
    'hold what is asked for now, however many were called before (session known: %s)',
    async (isKnown) => {
      const { send } = bench();
      const calls = TOOL_NAMES.filter((name) => !/invoice|mail/.test(name)).slice(0, 10);
      const scope = () => scopeOf({ session: 's' });
      const begun = (last: string) => conversation('openai-chat', { turns: [{ user: 'Go', calls }], last });
      if (isKnown) await send(begun('Thank you'), scope());
      const { names } = await send(begun('Find the invoice of May'), scope());
      expect(names).toEqual(expect.arrayContaining([...calls, 'find_invoice']));
      expect(names.length).toBeLessThanOrEqual(20);
    },
  );

  it('are forgotten after a day of silence (INV-S4)', async () => {
    const { send, clock } = bench();
    const scope = () => scopeOf({ session: 's' });
    await send(first('openai-chat', 'Send a mail'), scope());
    clock.advance(86_400_001);
    const { names } = await send(first('openai-chat', 'Write a song'), scope());
    expect(names.length).toBeLessThanOrEqual(10);
  });
});

describe('what the sessions of a tenant usually call', () => {
  it('is there from the start of the next, whatever it asks for, and of no other tenant', async () => {
    const { send } = bench();
    const ask = (session: string, tenant = 't') =>
      send(first('openai-chat', 'Send a mail'), scopeOf({ session, tenant }), ['list_song']);
    expect((await ask('s0')).names).not.toContain('list_song');
    for (let i = 1; i < 5; i += 1) await ask(`s${i}`);
    const { names } = await ask('s5');
    expect(names).toEqual(expect.arrayContaining(['list_song', 'send_mail']));
    expect(names.length).toBeLessThanOrEqual(10);
    expect((await ask('s0', 'other')).names).not.toContain('list_song');
  });
});

describe('what the sessions of a tenant call next', () => {
  it('is added once they have called it after the last call, and in no other session of others', async () => {
    const { send } = bench({ maxTools: 5, minRecall: 0 });
    // Two places are for what is usual, and five tools are equally so.
    const steps = ['send_mail', 'list_table', 'find_song', 'write_invoice', 'read_picture'];
    const run = async (session: string, tenant: string, upTo: number) => {
      const turns: { user: string; calls: string[] }[] = [];
      let names: string[] = [];
      for (const name of steps.slice(0, upTo)) {
        const request = conversation('openai-chat', { turns, last: 'Go on' });
        names = (await send(request, scopeOf({ session, tenant }), [name])).names;
        turns.push({ user: 'Go on', calls: [name] });
      }
      return names;
    };
    expect(await run('s', 't', 4)).not.toContain('write_invoice');
    for (let i = 0; i < 30; i += 1) await run(`s${i}`, 't', 5);
    expect(await run('new', 't', 4)).toContain('write_invoice');
    expect(await run('new', 'other', 4)).not.toContain('write_invoice');
  });
});

describe('a conversation that began elsewhere', () => {
  const body = { system: [{ type: 'text', text: 'Help.', cache_control: { type: 'ephemeral' } }] };
  const going = (user: string, count = 1) => {
    const turns = Array.from({ length: count }, () => ({ user, calls: ['read_mail'] }));
    return conversation('anthropic-messages', { turns, last: 'Go on' }, body);
  };

  it('keeps all tools where the provider has cached more than the rest of it would save (INV-P2)', async () => {
    const { send } = bench();
    const { outcome } = await send(going('A long story. '.repeat(3_000)));
    expect(reasonOf(outcome)).toBe('breaks_prompt_cache');
  });

  it('is selected for where little is cached, or nothing any more', async () => {
    expect(reasonOf((await bench().send(going('Short.', 10))).outcome)).toBe('rewritten');
    const { send, clock } = bench();
    await send(going('A long story. '.repeat(3_000)));
    clock.advance(6 * 60_000);
    expect(reasonOf((await send(going('A long story. '.repeat(3_000)))).outcome)).toBe('rewritten');
  });
});

describe('a request that needs no tool', () => {
  it('is counted, and nothing is left out for it', async () => {
    const { send, noneNeeded } = bench();
    const { names } = await send(first('openai-chat', 'Why?'));
    expect(noneNeeded()).toBe(1);
    expect(names.length).toBeGreaterThan(0);
    await send(first('openai-chat', 'Send a mail with send_mail'));
    expect(noneNeeded()).toBe(1);
  });
});

describe('in shadow', () => {
  it('a session goes on as if it had been sent what was chosen, and misses are counted', async () => {
    const { stage, recall } = bench({}, true);
    const outcomes: string[] = [];
    const turns: { user: string; calls: string[] }[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const request = conversation('openai-chat', { turns, last: 'Read the mail '.repeat(2_000) });
      const scope = scopeOf({ session: 's' });
      outcomes.push(reasonOf(await stage.prepare(request, scope)));
      const calls = [turn === 2 ? 'crop_nothing' : 'read_mail'];
      await stage.settle?.(exchangeOf(request, request, { calls }), scope);
      turns.push({ user: 'Read the mail '.repeat(2_000), calls: ['read_mail'] });
    }
    expect(outcomes).toEqual(['rewritten', 'rewritten', 'rewritten']);
    const request = conversation('openai-chat', { turns: [], last: 'Read the mail' });
    const scope = scopeOf({ session: 'other' });
    await stage.prepare(request, scope);
    await stage.settle?.(exchangeOf(request, request, { calls: ['delete_song'] }), scope);
    expect(recall()).toMatchObject({ selections: 4, misses: 1 });
  });
});

describe('an answer that needed a tool which was left out (INV-T4)', () => {
  const prepare = async (policy: Partial<ToolSelectionPolicy> = {}, wire: WireFormat = 'openai-chat') => {
    const made = bench(policy);
    const request = first(wire, 'Send a mail');
    const scope = scopeOf({ session: 's' });
    const outcome = await made.stage.prepare(request, scope);
    if (outcome.kind !== 'rewritten') throw new Error('Nothing was left out.');
    const sent = outcome.request;
    const unsent = TOOL_NAMES.find((name) => !namesOf(sent).includes(name)) as string;
    const recover = (toolCalls: readonly string[], text = '', isWhole = false) =>
      made.stage.recover?.({ request, sent, toolCalls, text, hasThinking: false, isWhole }, scope);
    const recoverThinking = () =>
      made.stage.recover?.(
        { request, sent, toolCalls: [], text: '', hasThinking: true, isWhole: false },
        scope,
      );
    return { ...made, request, scope, sent, unsent, recover, recoverThinking };
  };

  it('is asked for again with all tools', async () => {
    const { recover, request, sent, unsent } = await prepare();
    expect(recover([unsent])).toEqual({
      kind: 'retry',
      reason: 'unsent_tool',
      request: { ...sent, tools: request.tools },
    });
    expect(recover([], "I don't have a tool for that.", true)).toMatchObject({ reason: 'no_tool_fits' });
    expect(recover(['made_up'])).toEqual({ kind: 'accept' });
    expect(recover(['send_mail'])).toEqual({ kind: 'accept' });
    expect(recover([], "I don't have a tool")).toEqual({ kind: 'accept' });
    expect(recover([], 'Done.', true)).toEqual({ kind: 'accept' });
  });

  it('is waited for while it thinks, unless thinking is to flow', async () => {
    expect((await prepare()).recoverThinking()).toEqual({ kind: 'wait' });
    expect((await prepare({ holdThinking: false })).recoverThinking()).toEqual({ kind: 'accept' });
    // Where it may call a tool of ours, no beginning of it may go out.
    expect((await prepare({ holdThinking: false, mode: 'search' })).recoverThinking()).toEqual({
      kind: 'wait',
    });
  });

  it('adds the tool to the session and counts, recovered or seen too late', async () => {
    const { stage, send, request, scope, sent, unsent, recall } = await prepare();
    const all = { ...sent, tools: request.tools };
    const recovered = {
      by: 'tool-selection',
      reason: 'unsent_tool',
      first: { usage: NO_USAGE, usageBasis: 'reported', costUsd: 0 },
    } as const;
    await stage.settle?.(exchangeOf(request, all, { calls: [unsent] }, { recovered }), scope);
    expect(recall()).toMatchObject({ selections: 1, misses: 1, recall: 0 });
    const next = await send(first('openai-chat', 'Write a song'), scopeOf({ session: 's' }), ['send_mail']);
    expect(next.names).toContain(unsent);
    expect(recall()).toMatchObject({ selections: 2, misses: 1 });
    const late = TOOL_NAMES.findLast(
      (name) => !next.names.includes(name) && !/song|write/.test(name),
    ) as string;
    await send(first('openai-chat', 'Write a song'), scopeOf({ session: 's' }), [late]);
    expect(recall()).toMatchObject({ selections: 3, misses: 2 });
    const after = await send(first('openai-chat', 'Write a song'), scopeOf({ session: 's' }));
    expect(after.names).toContain(late);
  });

  it('leaves all tools in while too much was missed, and says so', async () => {
    const { send, events, recall } = bench({ recallWindow: 20 });
    let n = 0;
    const ask = (calls: (names: readonly string[]) => string) => {
      n += 1;
      const request = first('openai-chat', 'Send a mail');
      return send(request, scopeOf({ session: `s${n}` }), [calls(TOOL_NAMES)]);
    };
    for (let i = 0; i < 6; i += 1) await ask(() => 'write_song');
    expect(events.map(({ code }) => code)).toContain('tool_selection_low_recall');
    const { outcome } = await ask(() => 'send_mail');
    expect(reasonOf(outcome)).toBe('low_recall');
    for (let i = 0; i < 20; i += 1) await ask(() => 'send_mail');
    expect(recall().isBreached).toBe(false);
    expect(reasonOf((await ask(() => 'send_mail')).outcome)).toBe('rewritten');
  });

  it.each(WIRES)('may be asked for by the model with find_tools, which no caller sees (%s)', async (wire) => {
    const { recover, sent, request } = await prepare({ mode: 'search' }, wire);
    expect(namesOf(sent).at(-1)).toBe('find_tools');
    expect(lintSent(sent)).toEqual([]);
    expect(recover([], 'Let me look.')).toEqual({ kind: 'wait' });
    expect(recover(['send_mail'])).toEqual({ kind: 'wait' });
    expect(recover(['send_mail', 'find_tools'])).toEqual({
      kind: 'retry',
      reason: 'find_tools',
      request: { ...sent, tools: request.tools },
      isFirstUsable: false,
    });
    expect(recover(['send_mail'], '', true)).toEqual({ kind: 'accept' });
  });

  it('has no tool of ours where an answer cannot be asked for again', async () => {
    const request = first('openai-chat', 'Send a mail', { store: true });
    const { sent } = await bench({ mode: 'search' }).send(request);
    expect(sent).not.toBe(request);
    expect(namesOf(sent)).not.toContain('find_tools');
  });

  it('is a function of the old form beside such, since the provider takes one of the two alone', async () => {
    const functions = TOOL_NAMES.map((name) => ({ name, description: `Does ${name}.`, parameters: {} }));
    const request = first('openai-chat', 'Send a mail', { functions, tools: undefined });
    const { sent } = await bench({ mode: 'search' }).send(request);
    const body = JSON.parse(Buffer.from(codecFor('openai-chat').renderRequest(sent)).toString('utf8'));
    expect(body.functions.at(-1)).toMatchObject({ name: 'find_tools', parameters: { type: 'object' } });
    expect(body.functions.length).toBeLessThanOrEqual(11);
    expect(body.tools).toBeUndefined();
  });

  it('counts a search for tools that was seen too late', async () => {
    const { send, recall } = bench({ mode: 'search' });
    await send(first('openai-chat', 'Send a mail'), scopeOf(), ['find_tools']);
    expect(recall()).toMatchObject({ selections: 1, misses: 1 });
  });

  it('has no tool of ours where the caller has one of that name', async () => {
    const tools = [...TOOL_NAMES, 'find_tools'].map((name) => toolIn('openai-chat', name));
    const { sent } = await bench({ mode: 'search' }).send(first('openai-chat', 'Send a mail', { tools }));
    expect(namesOf(sent).filter((name) => name === 'find_tools').length).toBeLessThanOrEqual(1);
    expect(sent.tools.every(({ path }) => path !== undefined)).toBe(true);
  });
});

describe('more tools than the provider takes', () => {
  const tools = Array.from({ length: 300 }, (_, i) => toolIn('openai-chat', `${TOOL_NAMES[i % 48]}_${i}`));

  it('are never sent all, not even when the answer is asked for again', async () => {
    const { stage } = bench();
    const scope = scopeOf();
    const request = first('openai-chat', 'Send a mail', { tools });
    const outcome = await stage.prepare(request, scope);
    const sent = outcome.kind === 'rewritten' ? outcome.request : request;
    expect(sent.tools.length).toBeLessThanOrEqual(10);
    const unsent = namesOf(request).find((name) => !namesOf(sent).includes(name)) ?? '';
    const again = stage.recover?.(
      { request, sent, toolCalls: [unsent], text: '', hasThinking: false, isWhole: false },
      scope,
    );
    const names = again?.kind === 'retry' ? namesOf(again.request) : [];
    expect(names).toHaveLength(128);
    expect(names).toEqual(expect.arrayContaining(namesOf(sent)));
    expect(names).toEqual(namesOf(request).filter((name) => names.includes(name)));
  });

  it('are not spared where the provider would have refused them (INV-U4)', async () => {
    const { stage } = bench();
    const request = first('openai-chat', 'Send a mail', { tools });
    const outcome = await stage.prepare(request, scopeOf());
    const baseline = outcome.kind === 'rewritten' ? outcome.baseline : undefined;
    expect(baseline?.tools).toHaveLength(128);
    const fewer = await stage.prepare(first('openai-chat', 'Send a mail'), scopeOf());
    expect(fewer).not.toHaveProperty('baseline');
  });

  it('are not asked for again without the tool that was called', async () => {
    const { stage } = bench();
    const scope = scopeOf();
    const request = first('openai-chat', 'Send a mail', { tools });
    const outcome = await stage.prepare(request, scope);
    const sent = outcome.kind === 'rewritten' ? outcome.request : request;
    const again = namesOf(request).flatMap((called) => {
      const answer = { request, sent, toolCalls: [called], text: '', hasThinking: false, isWhole: false };
      const recovery = stage.recover?.(answer, scope);
      return recovery?.kind === 'retry' ? [{ called, names: namesOf(recovery.request) }] : [];
    });
    expect(again).toHaveLength(128 - sent.tools.length);
    expect(again.filter(({ called, names }) => !names.includes(called))).toEqual([]);
  });

  it('are not sent all for the sake of a cache either, nor while too much was missed', async () => {
    const { send } = bench({ recallWindow: 20 });
    const user = 'A long story. '.repeat(3_000);
    const going = conversation('openai-chat', { turns: [{ user, calls: [] }], last: 'Go on' }, { tools });
    expect((await send(going)).names.length).toBeLessThanOrEqual(10);
    for (let i = 0; i < 6; i += 1)
      await send(first('openai-chat', 'Hi', { tools }), scopeOf({ session: `s${i}` }), [
        namesOf(going).at(-1) ?? '',
      ]);
    const { names } = await send(first('openai-chat', 'Hi', { tools }), scopeOf({ session: 'last' }));
    expect(names).toHaveLength(128);
  });
});

describe('odd tools and questions', () => {
  it('are taken as they are, with a note, and never make a request invalid (INV-T1)', async () => {
    const wire = 'openai-chat';
    const odd = [
      toolIn(wire, 'read_mail'),
      toolIn(wire, 'empty', { description: '' }),
      toolIn(wire, 'wetter', { description: 'Sagt, wie das Wetter in einer Stadt wird.' }),
      toolIn(wire, 'schema', { schema: 'none' }),
      toolIn(wire, 'large', { description: 'x'.repeat(200_000) }),
      { type: 'function', function: { description: 'No name.' } },
      { type: 'web_search' },
    ];
    const tools = [...TOOL_NAMES.map((name) => toolIn(wire, name)), ...odd];
    const { send, events } = bench();
    const request = first(wire, 'Wie wird das Wetter in Berlin?', { tools });
    const { sent, names } = await send(request);
    const known = new Set(
      codecFor(wire)
        .lint(request)
        .map(({ rule }) => rule),
    );
    expect(lintSent(sent).filter(({ rule }) => !known.has(rule))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['wetter', '']));
    expect(events.find(({ code }) => code === 'tool_set_notes')?.details).toMatchObject({
      duplicate_name: 1,
    });
    for (const question of ['', 'mail '.repeat(100_000)]) {
      const asked = await send(first(wire, question, { tools }));
      expect(asked.outcome.kind).toBe('rewritten');
    }
  });

  it('may be 5,000 tools, which are read in the background', async () => {
    const tools = Array.from({ length: 5_000 }, (_, i) =>
      toolIn('openai-chat', `${TOOL_NAMES[i % 48]}_${i}`),
    );
    const events: PareEvent[] = [];
    const { stage } = createToolSelectionStage({
      policy: selectionPolicy(),
      embedder,
      counter,
      registry,
      dialectOf: toolDialectOf,
      onEvent: (event) => void events.push(event),
      indexWaitMs: 1,
    });
    const request = first('openai-chat', 'Send a mail', { tools });
    expect(await stage.prepare(request, scopeOf())).toEqual({ kind: 'bypassed', reason: 'indexing' });
    let outcome: StageOutcome | undefined;
    const deadline = Date.now() + 5_000;
    do {
      await new Promise((resolve) => setTimeout(resolve, 20));
      outcome = await stage.prepare(request, scopeOf());
    } while (outcome.kind === 'bypassed' && Date.now() < deadline);
    expect(outcome.kind).toBe('rewritten');
  });
});
