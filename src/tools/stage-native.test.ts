import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChatRequest, NO_USAGE, type StageOutcome } from '../contract/index.ts';
import { isLoaded, loadedIn, namesOf, nativeBench, valueOf } from '../testing/fixtures/native-bench.ts';
import { counter } from '../testing/fixtures/runner-bench.ts';
import { exchangeOf } from '../testing/fixtures/tool-exchange.ts';
import { conversation, TOOL_NAMES, toolIn } from '../testing/fixtures/tool-requests.ts';
import { codecFor } from '../wire/index.ts';

const WIRE = 'anthropic-messages';
const SEARCH_TOOL = { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' };

const reasonOf = (outcome: StageOutcome): string =>
  outcome.kind === 'bypassed' ? outcome.reason : outcome.kind;
const lintSent = (request: ChatRequest) => codecFor(request.wire).lint(request);

interface Turn {
  readonly user: string;
  readonly calls?: readonly string[];
  /** What a search in this turn found. */
  readonly found?: readonly string[];
}

const searchBlocks = (found: readonly string[], at: number): object[] => [
  { type: 'server_tool_use', id: `srvtoolu_${at}`, name: SEARCH_TOOL.name, input: { query: 'it' } },
  {
    type: 'tool_search_tool_result',
    tool_use_id: `srvtoolu_${at}`,
    content: {
      type: 'tool_search_tool_search_result',
      tool_references: found.map((name) => ({ type: 'tool_reference', tool_name: name })),
    },
  },
];

/** A conversation with its searches, cached after the system prompt. */
function talk(turns: readonly Turn[], last: string, body: object = {}): ChatRequest {
  const messages = turns.flatMap(({ user, calls = [], found }, at) => {
    const uses = calls.map((name, i) => ({ type: 'tool_use', id: `toolu_${at}_${i}`, name, input: {} }));
    const answer = [...(found === undefined ? [] : searchBlocks(found, at)), ...uses];
    return [
      { role: 'user', content: user },
      { role: 'assistant', content: answer.length > 0 ? answer : 'So.' },
      ...(uses.length === 0
        ? []
        : [
            {
              role: 'user',
              content: uses.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'done' })),
            },
            { role: 'assistant', content: 'Done.' },
          ]),
    ];
  });
  const system = [{ type: 'text', text: 'Help.', cache_control: { type: 'ephemeral' } }];
  const all = [...messages, { role: 'user', content: last }];
  return conversation(WIRE, { turns: [], last }, { system, messages: all, ...body });
}

describe("a request with the provider's own tool search", () => {
  it('has all tools, those that were not chosen deferred, and markers on none of them', async () => {
    const tools = TOOL_NAMES.map((name, i) =>
      toolIn(WIRE, name, i === 47 ? { extra: { cache_control: { type: 'ephemeral' } } } : {}),
    );
    const request = talk([], 'Send a mail', { tools });
    const { sent } = await nativeBench().send(request);
    const values = sent.tools.map(valueOf);
    expect(values.at(-1)).toEqual(SEARCH_TOOL);
    expect(namesOf(sent).slice(0, -1)).toEqual(TOOL_NAMES);
    const deferred = values.filter((value) => value['defer_loading'] === true);
    expect(deferred.length).toBeGreaterThanOrEqual(38);
    expect(deferred.every((value) => value['cache_control'] === undefined)).toBe(true);
    expect(values.filter((value) => value['cache_control'] !== undefined)).toHaveLength(1);
    expect(lintSent(sent)).toEqual([]);
    const [before, after] = await Promise.all([counter.countRequest(request), counter.countRequest(sent)]);
    expect(after.tools).toBeLessThan(before.tools / 2);
  });

  it('is made where the model is known to have it, else tools are dropped', async () => {
    const { send } = nativeBench();
    const responsesOf = (model: string) =>
      conversation('openai-responses', { turns: [], last: 'Send a mail' }, { model });
    expect((await send(responsesOf('gpt-5.4'))).sent.tools.at(-1)?.value).toEqual({ type: 'tool_search' });
    for (const model of ['gpt-4.1', 'gpt-5', 'gpt-5.1'])
      expect((await send(responsesOf(model))).sent.tools.length).toBeLessThanOrEqual(10);
    const old = await send(talk([], 'Send a mail', { model: 'claude-3-5-haiku-latest' }));
    expect(old.sent.tools.length).toBeLessThanOrEqual(10);
  });
});

describe('the tools that a session has loaded', () => {
  const turn = fc.record({
    user: fc.oneof(
      fc.constantFrom(...TOOL_NAMES).map((name) => `Use \`${name}\` now.`),
      fc.constantFrom('Find the song of May.', 'Delete all pictures.', 'And then?'),
    ),
    called: fc.option(fc.constantFrom(...TOOL_NAMES)),
  });

  const levels = fc.constantFrom('off' as const, 'text' as const);

  it('stay as they began, in their bytes, whatever is named, likely or found (INV-P2, INV-P4)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 2, maxLength: 5 }), levels, async (plan, compaction) => {
        const { send } = nativeBench({ compaction });
        const turns: Turn[] = [];
        let begun: string[] | undefined;
        for (const { user, called } of plan) {
          const request = talk(turns, user);
          const calls = called === null ? [] : [called];
          const { sent } = await send(request, { calls, found: calls });
          begun ??= loadedIn(sent);
          expect(loadedIn(sent)).toEqual(begun);
          expect(namesOf(sent).slice(0, -1)).toEqual(TOOL_NAMES);
          expect(lintSent(sent)).toEqual([]);
          // The client sends the search on; a tool that is loaded is not searched for.
          const isFound = called !== null && !isLoaded(sent, called);
          turns.push({ user, calls, ...(isFound ? { found: [called, 'list_contact'] } : {}) });
        }
      }),
      { numRuns: 25 },
    );
  });

  it('gain what was called and cannot be seen, since the client left the search out (INV-T2)', async () => {
    const { send } = nativeBench();
    const first = await send(talk([], 'Send a mail'), { calls: ['write_song'], found: ['write_song'] });
    expect(isLoaded(first.sent, 'write_song')).toBe(false);
    const asked = { user: 'Send a mail', calls: ['write_song'] };
    const kept = await send(talk([{ ...asked, found: ['write_song'] }], 'And?'));
    expect(loadedIn(kept.sent)).toEqual(loadedIn(first.sent));
    const stripped = await send(talk([asked], 'And?'));
    expect(isLoaded(stripped.sent, 'write_song')).toBe(true);
    expect(loadedIn(stripped.sent)).toHaveLength(loadedIn(first.sent).length + 1);
  });

  it('gain what the choice of tools names (INV-T2)', async () => {
    const { send } = nativeBench();
    await send(talk([], 'Send a mail'));
    const tool_choice = { type: 'tool', name: 'delete_song' };
    const { sent } = await send(talk([{ user: 'Send a mail' }], 'Now.', { tool_choice }));
    expect(isLoaded(sent, 'delete_song')).toBe(true);
  });

  it("gain what is named once the provider's cache is cold, and never what was found", async () => {
    const { send, clock } = nativeBench();
    await send(talk([], 'Send a mail'));
    const turns = [{ user: 'Send a mail', calls: ['write_song'], found: ['write_song'] }];
    const ask = () => send(talk(turns, 'Use `delete_song` and `write_song`.'));
    expect(isLoaded((await ask()).sent, 'delete_song')).toBe(false);
    clock.advance(6 * 60_000);
    const { sent } = await ask();
    expect(isLoaded(sent, 'delete_song')).toBe(true);
    expect(isLoaded(sent, 'write_song')).toBe(false);
  });
});

describe('a conversation with searches in it', () => {
  const turns = [{ user: 'Send a mail', calls: ['write_song'], found: ['write_song', 'read_song'] }];
  const holdsFound = (sent: ChatRequest) =>
    ['write_song', 'read_song'].every((name) => namesOf(sent).includes(name) && !isLoaded(sent, name));

  it('goes on with deferred tools where this process did not see it begin, or does so no more', async () => {
    for (const mode of ['native', 'drop'] as const) {
      const { sent } = await nativeBench({ mode }).send(talk(turns, 'And?'));
      expect(holdsFound(sent)).toBe(true);
      expect(sent.tools.at(-1)?.value).toEqual(SEARCH_TOOL);
    }
  });

  it('keeps what it refers to where the model has no such search', async () => {
    const { sent } = await nativeBench().send(talk(turns, 'And?', { model: 'claude-3-5-haiku-latest' }));
    expect(namesOf(sent)).toEqual(expect.arrayContaining(['write_song', 'read_song']));
    expect(sent.tools.every((tool) => valueOf(tool)['defer_loading'] === undefined)).toBe(true);
  });

  it('keeps its tools where nothing may be called for once', async () => {
    const { send } = nativeBench();
    const begun = await send(talk([], 'Send a mail'));
    const none = await send(talk(turns, 'And?', { tool_choice: { type: 'none' } }));
    expect(loadedIn(none.sent)).toEqual(loadedIn(begun.sent));
    const unseen = await send(talk([{ user: 'Hi' }], 'Well?', { tool_choice: { type: 'none' } }));
    expect(reasonOf(unseen.outcome)).toBe('nothing_to_do');
  });

  it('counts what was found where it stands, and the searches as a cost of the stage (INV-U4)', async () => {
    const { send } = nativeBench();
    const { outcome, sent } = await send(talk(turns, 'And?'));
    const none = await send(talk([{ ...turns[0], user: 'Send a mail', found: [] }], 'And?'));
    const [found, empty] = await Promise.all([counter.countRequest(sent), counter.countRequest(none.sent)]);
    const [tool] = sent.tools.filter(({ name }) => name === 'write_song');
    const definition = counter.countText(JSON.stringify(tool?.value), sent.model).tokens;
    expect(found.messages - empty.messages).toBeGreaterThan(1.5 * definition);
    expect(outcome).toMatchObject({ kind: 'rewritten', receipt: { overheadTokens: expect.any(Number) } });
    const begun = await nativeBench().send(talk([], 'Send a mail'));
    expect(begun.outcome).toMatchObject({ receipt: {} });
  });
});

describe('an answer to deferred tools', () => {
  it('that found what it calls is no miss', async () => {
    const { send, recall } = nativeBench();
    const { recovery } = await send(talk([], 'Send a mail'), {
      calls: ['write_song'],
      found: ['write_song'],
    });
    expect(recovery).toEqual({ kind: 'accept' });
    const turns = [{ user: 'Send a mail', calls: ['write_song'], found: ['write_song'] }];
    const next = await send(talk(turns, 'Again'), { calls: ['write_song'] });
    expect(next.recovery).toEqual({ kind: 'accept' });
    expect(recall()).toMatchObject({ selections: 2, misses: 0 });
  });

  it('that calls what it cannot see is asked for again with all tools, and counts (INV-T4)', async () => {
    const { send, recall } = nativeBench();
    const request = talk([], 'Send a mail');
    const { recovery } = await send(request, { calls: ['write_song'], found: ['read_song'] });
    expect(recovery).toMatchObject({
      kind: 'retry',
      reason: 'unsent_tool',
      request: { tools: request.tools },
    });
    expect(recall()).toMatchObject({ selections: 1, misses: 1 });
  });

  it('that says no tool fits after a search in vain is asked for again with all tools (INV-T4)', async () => {
    const { recovery } = await nativeBench().send(talk([], 'Send a mail'), {
      found: [],
      text: "I don't have a tool for that.",
    });
    expect(recovery).toMatchObject({ kind: 'retry', reason: 'no_tool_fits' });
  });

  it('costs the stage what reading the prompt again took (INV-U4)', async () => {
    const { send, stage } = nativeBench();
    const request = talk([], 'Send a mail');
    const { sent } = await send(request);
    const usage = { ...NO_USAGE, inputTokens: 3_000 };
    const searched = exchangeOf(request, sent, { calls: ['write_song'], found: ['write_song'] }, { usage });
    expect(stage.overheadOf?.(searched)).toBe(1_500);
    expect(stage.overheadOf?.({ ...searched, usageBasis: 'estimated' })).toBe(0);
    expect(stage.overheadOf?.(exchangeOf(request, sent, { calls: ['write_song'] }, { usage }))).toBe(0);
    // With a search tool of the caller's own, the caller wanted it so.
    expect(stage.overheadOf?.({ ...searched, request: sent })).toBe(0);
  });
});
