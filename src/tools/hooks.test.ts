import { array, assert, asyncProperty, constantFrom, integer, property, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPareError, type JsonValue } from '../contract/index.ts';
import { createStaticEmbedder } from '../embeddings/index.ts';
import { createToolIndex, createToolTransitions, type ToolReranker } from './index.ts';

const embedder = createStaticEmbedder();
const tool = (name: string, description: string): JsonValue => ({ name, description });
const TOOLS: readonly JsonValue[] = [
  tool('get_weather', 'Forecast of temperature and rain for a city'),
  tool('send_email', 'Send an e-mail message to a recipient'),
  tool('search', 'Search the web'),
  tool('play_song', 'Play music'),
  tool('translate', 'Translate text into another language'),
  tool('load', 'Load a project'),
  tool('run_sql', 'Run a query on the database'),
  tool('list_issues', 'List open issues of a repository'),
];
const many = Array.from({ length: 60 }, (_, i) => tool(`tool_${i}_act`, `Does thing number ${i}`));
const all = [...TOOLS, ...many];
const namesOf = ({ tools }: { readonly tools: readonly { readonly name: string }[] }): string[] =>
  tools.map(({ name }) => name);

describe('tools that are named by a plain word', () => {
  const WORDS = ['search', 'translate', 'load'] as const;

  it('INV-T2: are always chosen when the word is written as a name', async () => {
    const index = createToolIndex({ tools: all, embedder });
    await assert(
      asyncProperty(
        constantFrom(...WORDS),
        constantFrom(
          (name: string) => `use \`${name}\` now`,
          (name: string) => `with "${name}", please`,
          (name: string) => `run the ${name} tool on thing number 3`,
          (name: string) => `call the function ${name} for thing 9`,
          (name: string) => `${name}(4)`,
        ),
        integer({ min: 1, max: 12 }),
        async (name, write, max) => {
          const { tools } = await index.rank(write(name), { max });
          expect(tools[0]).toMatchObject({ name, reason: 'named' });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('INV-T2: are chosen in prose too, as long as they are at most half of max', async () => {
    const index = createToolIndex({ tools: all, embedder });
    await assert(
      asyncProperty(
        uniqueArray(constantFrom(...WORDS), { minLength: 1 }),
        array(constantFrom('thing', 'number', 'rain', 'mail', 'and then', '天气'), { maxLength: 12 }),
        async (names, noise) => {
          const query = [...noise, ...names, ...noise].join(' ');
          const chosen = namesOf(await index.rank(query, { max: 2 * names.length }));
          for (const name of names) expect(chosen).toContain(name);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('INV-T2: are chosen beyond maxTokens, with a note', async () => {
    const index = createToolIndex({ tools: all, embedder, countTokens: (text) => text.length });
    const { tools, notes } = await index.rank('use `load`', { maxTokens: 1, used: ['run_sql'] });
    expect(namesOf({ tools }).toSorted()).toEqual(['load', 'run_sql']);
    expect(notes.filter(({ code }) => code === 'over_max_tokens').map(({ name }) => name)).toEqual([
      'load',
      'run_sql',
    ]);
  });
});

describe('a reranker', () => {
  const last: ToolReranker = async (_query, tools) => tools.map((_, i) => i);

  it('is given the likeliest tools and decides their order, not their number', async () => {
    let seen = 0;
    const reranker: ToolReranker = (query, tools, options) => {
      seen = tools.length;
      return last(query, tools, options);
    };
    const plain = await createToolIndex({ tools: all, embedder }).rank('weather in Oslo', { max: 5 });
    const ranked = await createToolIndex({ tools: all, embedder, reranker, rerankCount: 5 }).rank(
      'weather in Oslo',
      { max: 5 },
    );
    expect(seen).toBe(5);
    expect(namesOf(ranked)).toEqual(namesOf(plain).toReversed());
    expect(ranked.notes).toEqual([]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('down'))],
    [
      'throws at once',
      () => {
        throw new Error('down');
      },
    ],
    ['answers too few', async () => [1]],
    [
      'answers what is no number',
      async (_: string, tools: readonly unknown[]) => tools.map(() => Number.NaN),
    ],
  ] as [string, ToolReranker][])('that %s is passed over with a note', async (_, reranker) => {
    const plain = await createToolIndex({ tools: all, embedder }).rank('weather in Oslo');
    const ranking = await createToolIndex({ tools: all, embedder, reranker }).rank('weather in Oslo');
    expect(ranking.tools).toEqual(plain.tools);
    expect(ranking.notes).toContainEqual({ code: 'reranker_failed', name: '' });
  });

  it('does not keep a caller waiting that has left', async () => {
    const controller = new AbortController();
    const reranker: ToolReranker = async () => {
      controller.abort();
      throw new Error('aborted');
    };
    const index = createToolIndex({ tools: all, embedder, reranker });
    await expect(index.rank('rain', { signal: controller.signal })).rejects.toSatisfy((error) =>
      isPareError(error, 'aborted'),
    );
  });
});

describe('categories', () => {
  it('raise the tools of what the request speaks of, by confidence', async () => {
    const place = async (confidence: number): Promise<number> => {
      const index = createToolIndex({
        tools: TOOLS,
        embedder,
        categories: [
          { name: 'leisure', tools: ['play_song'] },
          { name: 'sound', tools: ['play_song'] },
        ],
        categoryOf: () => [{ label: 'leisure', confidence }],
      });
      return namesOf(await index.rank('a few ideas for tonight', { max: TOOLS.length })).indexOf('play_song');
    };
    expect(await place(1)).toBeGreaterThan(-1);
    expect(await place(1)).toBeLessThan(await place(0));
  });
});

describe('none needed', () => {
  it.each(['hello there, thanks a lot!', 'why did the romans like poetry so much'])(
    'is said, and nothing is left out for it: %s',
    async (query) => {
      const { isNoneNeeded, notes, tools } = await createToolIndex({ tools: TOOLS, embedder }).rank(query);
      expect(isNoneNeeded).toBe(true);
      expect(notes).toContainEqual({ code: 'none_needed', name: '' });
      expect(tools.length).toBeGreaterThanOrEqual(5);
    },
  );

  it('is not said of a request that a tool was made for', async () => {
    const { isNoneNeeded } = await createToolIndex({ tools: TOOLS, embedder }).rank(
      'send a message to Ann by e-mail',
    );
    expect(isNoneNeeded).toBe(false);
  });
});

describe('how many', () => {
  it('fewer where one tool is clearly meant, as many as may be where none is', async () => {
    const index = createToolIndex({ tools: all, embedder });
    const sure = await index.rank('Forecast of temperature and rain for a city', { max: 20 });
    const flat = await index.rank('does thing', { max: 20 });
    expect(sure.tools.length).toBeLessThan(10);
    expect(flat.tools).toHaveLength(20);
  });
});

describe('learned transitions', () => {
  const calls = array(constantFrom('a', 'b', 'c', '__proto__', 'constructor'), { maxLength: 30 });

  it('give shares below 1 that grow with what is seen', () => {
    const transitions = createToolTransitions();
    transitions.learn(['a', 'b']);
    const once = transitions.get('a')?.get('b') ?? 0;
    for (let i = 0; i < 20; i += 1) transitions.learn(['a', 'b']);
    expect(once).toBeCloseTo(1 / 4);
    expect(transitions.get('a')?.get('b')).toBeCloseTo(21 / 24);
    expect(transitions.get('b')).toBeUndefined();
  });

  it('are the same after a snapshot, whatever the names', () => {
    assert(
      property(array(calls), (sessions) => {
        const learned = createToolTransitions();
        for (const session of sessions) learned.learn(session);
        const snapshot = JSON.parse(JSON.stringify(learned.snapshot())) as JsonValue;
        const restored = createToolTransitions({ snapshot });
        for (const name of ['a', 'b', 'c', '__proto__', 'constructor']) {
          const own = new Map(learned.get(name));
          expect(new Map(restored.get(name))).toEqual(own);
          expect([...own.values()].reduce((sum, share) => sum + share, 0)).toBeLessThan(1);
        }
      }),
    );
  });

  it('INV-S4: forget what was learned longest ago beyond 1,000 tools and 32 followers', () => {
    const transitions = createToolTransitions();
    for (let i = 0; i < 1_200; i += 1) transitions.learn([`from_${i}`, 'to']);
    for (let i = 0; i < 50; i += 1) transitions.learn(['hub', `to_${i}`]);
    expect(transitions.get('from_0')).toBeUndefined();
    expect(transitions.get('from_1199')?.size).toBe(1);
    expect(transitions.get('hub')?.size).toBe(32);
    expect(transitions.get('hub')?.has('to_49')).toBe(true);
  });

  it.each([[7], [['a']], [{ a: 1 }], [{ a: { b: 'x' } }], [{ a: { b: -1 } }]] as JsonValue[][])(
    'refuse a snapshot that is none: %j',
    (snapshot) => {
      expect(() => createToolTransitions({ snapshot })).toThrow(/snapshot/u);
    },
  );

  it('bring in what usually follows the last call', async () => {
    const transitions = createToolTransitions();
    for (let i = 0; i < 10; i += 1) transitions.learn(['run_sql', 'play_song']);
    const ranking = await createToolIndex({ tools: all, embedder, transitions }).rank('thing number 7', {
      max: 3,
      used: ['run_sql'],
    });
    expect(namesOf(ranking)).toContain('play_song');
  });

  it('of one selection stand in for those of the index', async () => {
    const transitions = createToolTransitions();
    for (let i = 0; i < 10; i += 1) transitions.learn(['run_sql', 'play_song']);
    const index = createToolIndex({ tools: all, embedder });
    const options = { max: 3, used: ['run_sql'] };
    expect(namesOf(await index.rank('thing number 7', { ...options, transitions }))).toContain('play_song');
    expect(namesOf(await index.rank('thing number 7', options))).not.toContain('play_song');
    const learned = createToolIndex({ tools: all, embedder, transitions });
    const ranking = await learned.rank('thing number 7', { ...options, transitions: new Map() });
    expect(namesOf(ranking)).not.toContain('play_song');
  });
});
