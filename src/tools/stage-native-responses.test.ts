import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChatRequest, NO_USAGE } from '../contract/index.ts';
import { isLoaded, loadedIn, namesOf, nativeBench, valueOf } from '../testing/fixtures/native-bench.ts';
import { scopeOf } from '../testing/fixtures/request-scope.ts';
import { exchangeOf } from '../testing/fixtures/tool-exchange.ts';
import { conversation, TOOL_NAMES, toolIn } from '../testing/fixtures/tool-requests.ts';
import { codecFor } from '../wire/index.ts';

const WIRE = 'openai-responses';
const SEARCH_TOOL = { type: 'tool_search' };
const lintSent = (request: ChatRequest) => codecFor(request.wire).lint(request);

interface Turn {
  readonly user: string;
  readonly calls?: readonly string[];
  /** What a search in this turn found. */
  readonly found?: readonly string[];
}

/** What clients leave out of later turns. */
interface Stripped {
  readonly searches?: boolean;
  readonly namespaces?: boolean;
}

const searchItems = (found: readonly string[], at: number): object[] => [
  {
    type: 'tool_search_call',
    id: `tsc_${at}`,
    call_id: null,
    execution: 'server',
    status: 'completed',
    arguments: { paths: found },
  },
  {
    type: 'tool_search_output',
    id: `tso_${at}`,
    call_id: null,
    execution: 'server',
    status: 'completed',
    tools: found.map((name) => toolIn(WIRE, name, { extra: { defer_loading: true } })),
  },
];

/** A conversation with its searches; what they found is called in a namespace of its own name. */
function talk(turns: readonly Turn[], last: string, body: object = {}, stripped: Stripped = {}): ChatRequest {
  const known = new Set<string>();
  const items = turns.flatMap(({ user, calls = [], found }, at) => {
    for (const name of found ?? []) known.add(name);
    const made = calls.flatMap((name, i) => {
      const call_id = `call_${at}_${i}`;
      const namespace = known.has(name) && stripped.namespaces !== true ? { namespace: name } : {};
      return [
        { type: 'function_call', call_id, name, arguments: '{}', ...namespace },
        { type: 'function_call_output', call_id, output: 'done' },
      ];
    });
    const searched = found === undefined || stripped.searches === true ? [] : searchItems(found, at);
    return [{ role: 'user', content: user }, ...searched, ...made, { role: 'assistant', content: 'So.' }];
  });
  const input = [...items, { role: 'user', content: last }];
  return conversation(WIRE, { turns: [], last }, { model: 'gpt-5.4', input, ...body });
}

const ALL = { searches: true, namespaces: true };

describe("a request with OpenAI's own tool search", () => {
  it.each(['gpt-5.4', 'gpt-5.4-mini', 'gpt-5.6-sol', 'openai/gpt-5.4-pro'])(
    'is made of one for %s',
    async (model) => {
      const { sent } = await nativeBench().send(talk([], 'Send a mail', { model }));
      expect(sent.tools.at(-1)?.value).toEqual(SEARCH_TOOL);
      expect(namesOf(sent).slice(0, -1)).toEqual(TOOL_NAMES);
      expect(loadedIn(sent).length).toBeLessThanOrEqual(11);
      expect(lintSent(sent)).toEqual([]);
    },
  );

  it.each(['gpt-5.4-nano', 'gpt-5.4-nano-2026-03-17', 'gpt-5', 'gpt-5.1', 'gpt-4.1'])(
    'is not made for %s, which has no such search',
    async (model) => {
      const { sent } = await nativeBench().send(talk([], 'Send a mail', { model }));
      expect(sent.tools.length).toBeLessThanOrEqual(10);
    },
  );

  it('is not made where the caller searches by itself', async () => {
    const tools = [
      ...TOOL_NAMES.map((name) => toolIn(WIRE, name)),
      { type: 'tool_search', execution: 'client', description: 'Finds tools.', parameters: {} },
    ];
    const { outcome } = await nativeBench().send(talk([], 'Send a mail', { tools }));
    expect(outcome).toEqual({ kind: 'bypassed', reason: 'nothing_to_do' });
  });
});

describe('more tools than OpenAI takes', () => {
  const MANY = Array.from({ length: 200 }, (_, i) => `${TOOL_NAMES[i % TOOL_NAMES.length]}_${i}`);
  const tools = MANY.map((name) => toolIn(WIRE, name));

  it('are cut down, the search included, and stay the same ones through the session (INV-P4)', async () => {
    const { send } = nativeBench();
    const first = await send(talk([], 'Send a mail', { tools }));
    expect(first.sent.tools).toHaveLength(128);
    expect(first.sent.tools.at(-1)?.value).toEqual(SEARCH_TOOL);
    const found = first.sent.tools.find((tool) => valueOf(tool)['defer_loading'] === true)?.name ?? '';
    const turns = [{ user: 'Send a mail', calls: [found], found: [found] }];
    const next = await send(talk(turns, 'Now find a picture and a song.', { tools }));
    expect(next.sent.tools).toEqual(first.sent.tools);
    expect(next.outcome).toMatchObject({ kind: 'rewritten', baseline: { tools: { length: 128 } } });
  });
});

describe('the tools that a session of OpenAI has loaded', () => {
  const turn = fc.record({
    user: fc.oneof(
      fc.constantFrom(...TOOL_NAMES).map((name) => `Use \`${name}\` now.`),
      fc.constantFrom('Find the song of May.', 'Delete all pictures.', 'And then?'),
    ),
    called: fc.option(fc.constantFrom(...TOOL_NAMES)),
  });

  it('stay as they began, in their bytes, whatever is named, likely or found (INV-P2, INV-P4)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 2, maxLength: 5 }), async (plan) => {
        const { send } = nativeBench();
        const turns: Turn[] = [];
        let begun: ChatRequest['tools'] | undefined;
        for (const { user, called } of plan) {
          const calls = called === null ? [] : [called];
          const { sent } = await send(talk(turns, user), { calls, found: calls });
          begun ??= sent.tools;
          expect(sent.tools.map(valueOf)).toEqual(begun.map(valueOf));
          expect(lintSent(sent)).toEqual([]);
          const isFound = called !== null && !isLoaded(sent, called);
          turns.push({ user, calls, ...(isFound ? { found: [called] } : {}) });
        }
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ['the search', { searches: true }],
    ['the namespace of the call', { namespaces: true }],
    ['both', ALL],
  ] as const)('gain what was called where the client leaves out %s (INV-T1, INV-T2)', async (_, left) => {
    const { send } = nativeBench();
    const first = await send(talk([], 'Send a mail'), { calls: ['write_song'], found: ['write_song'] });
    expect(isLoaded(first.sent, 'write_song')).toBe(false);
    const turns = [{ user: 'Send a mail', calls: ['write_song'], found: ['write_song'] }];
    const kept = await send(talk(turns, 'And?'));
    expect(loadedIn(kept.sent)).toEqual(loadedIn(first.sent));
    const stripped = await send(talk(turns, 'And?', {}, left));
    expect(isLoaded(stripped.sent, 'write_song')).toBe(true);
    expect(loadedIn(stripped.sent)).toHaveLength(loadedIn(first.sent).length + 1);
    expect(lintSent(stripped.sent)).toEqual([]);
    // Once it is loaded it stays, so the prefix is broken but once.
    const again = await send(talk([...turns, { user: 'And?' }], 'Well?', {}, left));
    expect(loadedIn(again.sent)).toEqual(loadedIn(stripped.sent));
  });

  it('hold what was called while all were loaded, found later or not (INV-T1)', async () => {
    const { send, clock } = nativeBench();
    await send(talk([], 'Send a mail'));
    clock.advance(11 * 60_000);
    const plain = [{ user: 'Send a mail', calls: ['write_song', 'read_table'] }];
    const { sent } = await send(talk([...plain, { user: 'And?', found: ['write_song'] }], 'Well?'));
    expect(sent.tools.at(-1)?.value).toEqual(SEARCH_TOOL);
    expect(['write_song', 'read_table'].every((name) => isLoaded(sent, name))).toBe(true);
    expect(lintSent(sent)).toEqual([]);
  });
});

describe('a client that leaves out what it must send on', () => {
  const turns = [{ user: 'Send a mail', calls: ['write_song'], found: ['write_song'] }];
  const begin = { calls: ['write_song'], found: ['write_song'] };
  const isDeferring = (request: ChatRequest) => namesOf(request).includes('tool_search');

  it.each([{ searches: true }, { namespaces: true }, ALL])(
    'has nothing deferred in the sessions that it begins later: %o',
    async (left) => {
      const { send } = nativeBench();
      await send(talk([], 'Send a mail'), begin);
      const next = await send(talk(turns, 'And?', {}, left));
      expect(isDeferring(next.sent)).toBe(true);
      const other = await send(talk([], 'Find a picture'));
      expect(isDeferring(other.sent)).toBe(false);
      expect(other.sent.tools.length).toBeLessThanOrEqual(10);
      // What began with deferred tools goes on like that.
      expect(isDeferring((await send(talk(turns, 'Well?', {}, left))).sent)).toBe(true);
    },
  );

  it('is none that sends on all, has the provider keep it, or belongs to others', async () => {
    const { send } = nativeBench();
    const scope = (tenant: string) => scopeOf({ tenant });
    await send(talk([], 'Send a mail'), begin, scope('a'));
    await send(talk(turns, 'And?'), {}, scope('a'));
    await send(talk([], 'Read a mail'), begin, scope('a'));
    await send(talk([], 'And?', { previous_response_id: 'answer-1' }), {}, scope('a'));
    await send(talk([], 'Send a mail'), begin, scope('b'));
    await send(talk(turns, 'And?', {}, ALL), {}, scope('b'));
    expect(isDeferring((await send(talk([], 'Find a picture'), {}, scope('a'))).sent)).toBe(true);
    expect(isDeferring((await send(talk([], 'Find a picture'), {}, scope('b'))).sent)).toBe(false);
  });
});

describe('a conversation that the provider keeps', () => {
  const kept = (last: string, more: object = {}) =>
    talk([], last, { previous_response_id: 'answer-1', ...more });

  it('has what was found in its hidden turns, and its tools as they began', async () => {
    const { send, recall } = nativeBench();
    const first = await send(talk([], 'Send a mail'), { calls: ['write_song'], found: ['write_song'] });
    const { sent, recovery } = await send(kept('Use `delete_song` and sing again'), {
      calls: ['write_song'],
    });
    expect(sent.tools.map(valueOf)).toEqual(first.sent.tools.map(valueOf));
    expect(recovery).toEqual({ kind: 'accept' });
    expect(recall()).toMatchObject({ selections: 2, misses: 0 });
  });

  it('is left alone where nobody here saw it begin', async () => {
    const { outcome } = await nativeBench().send(kept('And again'));
    expect(outcome).toEqual({ kind: 'bypassed', reason: 'not_eligible' });
  });
});

describe('an answer to tools that OpenAI deferred', () => {
  it('that calls what it saw by name alone, without a search, is asked for again (INV-T4)', async () => {
    const { send, recall } = nativeBench();
    const request = talk([], 'Send a mail');
    const { recovery } = await send(request, { calls: ['write_song'] });
    expect(recovery).toMatchObject({
      kind: 'retry',
      reason: 'unsent_tool',
      request: { tools: request.tools },
    });
    expect(recall()).toMatchObject({ selections: 1, misses: 1 });
  });

  it('costs the stage what was billed beyond one reading, and no reading that was not billed (INV-U4)', async () => {
    const { send, stage } = nativeBench();
    const request = talk([], 'Send a mail');
    const { sent } = await send(request);
    const billed = (inputTokens: number, more: object = {}) =>
      stage.overheadOf?.(
        exchangeOf(
          request,
          sent,
          { calls: ['write_song'], found: ['write_song'] },
          { usage: { ...NO_USAGE, inputTokens }, sentTokens: 1_000, ...more },
        ),
      );
    expect(billed(2_120)).toBe(1_120);
    expect(billed(1_060)).toBe(60);
    expect(billed(990)).toBe(0);
    expect(billed(2_120, { usageBasis: 'estimated' })).toBe(0);
    // Uncounted, the dearest reading holds.
    expect(billed(2_120, { sentTokens: undefined })).toBe(1_060);
  });
});
