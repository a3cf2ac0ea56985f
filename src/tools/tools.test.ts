import {
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  integer,
  property,
  record,
  string,
  uniqueArray,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Embedder, isPareError, type JsonValue } from '../contract/index.ts';
import { createStaticEmbedder } from '../embeddings/index.ts';
import { createToolIndex, type ToolIndexOptions } from './index.ts';
import { splitSteps } from './steps.ts';
import { wordsOf } from './words.ts';

const embedder = createStaticEmbedder();
const countTokens = (text: string): number => Math.ceil(text.length / 4);

const schema = (...names: readonly string[]): JsonValue => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string', description: `the ${name}` }])),
});
const mcp = (name: string, description: string, ...parameters: readonly string[]): JsonValue => ({
  name,
  description,
  inputSchema: schema(...parameters),
});
const OFFICE: readonly JsonValue[] = [
  mcp('get_weather', 'Forecast of temperature and rain for a city', 'city'),
  mcp('send_email', 'Send an e-mail message to a recipient', 'recipient', 'body'),
  mcp('search_flights', 'Find flights between two airports', 'origin', 'destination'),
  mcp('bookHotelRoom', 'Reserve a room in a hotel', 'hotel', 'nights'),
  mcp('create_invoice', 'Make an invoice for a customer', 'customer', 'amount'),
  mcp('translate', 'Translate text into another language', 'text', 'language'),
  mcp('list_issues', 'List open issues of a repository', 'repository'),
  mcp('run_sql', 'Run a query on the database', 'statement'),
];
const many = (count: number): JsonValue[] =>
  Array.from({ length: count }, (_, i) =>
    mcp(
      `tool_${i}_act`,
      `Does thing number ${i} with ${['files', 'mail', 'maps', 'money'][i % 4]}`,
      `input${i % 50}`,
    ),
  );
const index = (tools: readonly JsonValue[], options: Partial<ToolIndexOptions> = {}) =>
  createToolIndex({ tools, embedder, countTokens, ...options });
const namesOf = ({ tools }: { readonly tools: readonly { readonly name: string }[] }) =>
  tools.map(({ name }) => name);

describe('ranking', () => {
  it.each([
    ['will it rain in Oslo tomorrow', 'get_weather'],
    ['I need a bed for two nights in Rome', 'bookHotelRoom'],
    ['say this in French', 'translate'],
    ['bill the customer 200 euros', 'create_invoice'],
  ])('puts first what is asked for: %s', async (query, name) => {
    expect(namesOf(await index(OFFICE).rank(query))[0]).toBe(name);
  });

  it('covers every step of a request before it gives one step a second tool', async () => {
    const { tools, steps } = await index(OFFICE).rank(
      'Find flights from Oslo to Rome. Reserve a hotel room there for two nights, and then send an e-mail message to Ann.',
      { max: 3 },
    );
    expect(steps).toHaveLength(3);
    expect(tools.map(({ name }) => name).toSorted()).toEqual([
      'bookHotelRoom',
      'search_flights',
      'send_email',
    ]);
  });

  it('works by words alone without an embedder', async () => {
    const { tools } = await createToolIndex({ tools: OFFICE }).rank('open issues of the repository');
    expect(tools[0]).toMatchObject({ name: 'list_issues', similarity: 0, index: 6, rank: 1 });
  });

  it('reads the recent turns: a short answer is read with the request it answers', async () => {
    const ranking = await index(OFFICE).rank(
      [
        { role: 'user', text: 'Could you reserve a hotel room in Rome?' },
        { role: 'assistant', text: 'For how many nights?' },
        { role: 'user', text: 'two, please' },
      ],
      { max: 2 },
    );
    expect(namesOf(ranking)).toContain('bookHotelRoom');
  });

  it('prefers what usually follows the last call', async () => {
    const tools = [mcp('step_a', 'does a part'), mcp('step_b', 'does a part'), mcp('step_c', 'does a part')];
    const transitions = new Map([['step_a', new Map([['step_c', 1]])]]);
    const ranking = await index(tools, { transitions }).rank('go on', { max: 2, used: ['step_a'] });
    expect(namesOf(ranking)).toEqual(['step_a', 'step_c']);
  });

  it('does not fill the slots with copies of one name', async () => {
    const copies = Array.from({ length: 12 }, (_, i) =>
      mcp(i % 2 ? 'getWeather' : 'get_weather', `Weather of a city, source ${i}`),
    );
    const ranking = await index([...copies, ...OFFICE.slice(1)]).rank('weather in Rome and flights to Rome', {
      max: 10,
    });
    expect(namesOf(ranking)).toContain('search_flights');
  });
});

describe('tools that must stay', () => {
  const anyNames = uniqueArray(constantFrom(...Array.from({ length: 60 }, (_, i) => `tool_${i}_act`)), {
    maxLength: 9,
  });

  it('INV-T2: a tool that is named, used or pinned is chosen, whatever the request says', async () => {
    const set = index(many(60));
    await assert(
      asyncProperty(
        anyNames,
        anyNames,
        string(),
        integer({ min: 1, max: 12 }),
        async (named, used, noise, max) => {
          const query = `${noise} ${named.map((name) => `please use \`${name}\``).join(' and ')}`;
          const chosen = namesOf(await set.rank(query, { max, used, pinned: ['tool_7_act'] }));
          for (const name of [...named, ...used, 'tool_7_act']) expect(chosen).toContain(name);
          expect(chosen.length).toBeLessThanOrEqual(Math.max(max, named.length + used.length + 1));
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(['Use Book Hotel Room now', 'use book_hotel_room', 'call bookhotelroom(...)'])(
    'INV-T2: a name is known in other spelling: %s',
    async (query) => {
      expect((await index([...many(40), ...OFFICE]).rank(query, { max: 1 })).tools[0]).toMatchObject({
        name: 'bookHotelRoom',
        reason: 'named',
      });
    },
  );

  it('INV-T2: a name deep in a text of 100,000 words is found', async () => {
    const query = `${'lorem ipsum '.repeat(25_000)} run_sql ${'dolor sit '.repeat(25_000)}`;
    const ranking = await index([...many(40), ...OFFICE]).rank(query, { max: 2 });
    expect(namesOf(ranking)).toContain('run_sql');
    expect(ranking.notes).toContainEqual({ code: 'query_cut', name: '' });
  });

  it('leaves out what is excluded, even if it is named', async () => {
    expect(namesOf(await index(OFFICE).rank('use run_sql', { excluded: ['run_sql'] }))).not.toContain(
      'run_sql',
    );
  });

  it('keeps tools that the provider runs and what cannot be read, with a note', async () => {
    const odd: JsonValue[] = [
      { type: 'web_search_20250305', name: 'web_search' },
      { description: 'nameless' },
      7,
      null,
    ];
    const ranking = await index([...many(40), ...odd]).rank('thing number 3', { max: 4 });
    expect(ranking.tools.map(({ index: at, reason }) => [at, reason])).toEqual([
      [40, 'hosted'],
      [41, 'unreadable'],
      [42, 'unreadable'],
      [43, 'unreadable'],
    ]);
    expect(ranking.notes.filter(({ code }) => code === 'unreadable_tool')).toHaveLength(3);
  });
});

describe('limits', () => {
  it('INV-T2: only tools that must stay pass maxTokens, each with a note; never more than max by ranking, no tool twice', async () => {
    const set = index([...OFFICE, ...many(30)]);
    await assert(
      asyncProperty(
        record({ max: integer({ min: 1, max: 20 }), maxTokens: integer({ min: 1, max: 600 }) }),
        array(constantFrom('weather', 'mail to Ann.', 'and then', 'tool_3_act', 'money', '请翻译')),
        boolean(),
        async (limits, words, isPinned) => {
          const ranking = await set.rank(words.join(' '), {
            ...limits,
            ...(isPinned ? { pinned: ['translate'] } : {}),
          });
          const over = ranking.notes.filter(({ code }) => code === 'over_max_tokens');
          const must = ranking.tools.filter(({ reason }) => reason !== 'ranked');
          expect((ranking.tokensAfter ?? Number.NaN) > limits.maxTokens).toBe(over.length > 0);
          for (const { name } of over) expect(must.map((tool) => tool.name)).toContain(name);
          expect(must.some(({ name }) => name === 'translate')).toBe(isPinned);
          expect(new Set(ranking.tools.map(({ index: at }) => at)).size).toBe(ranking.tools.length);
          expect(ranking.tools.filter(({ reason }) => reason === 'ranked').length).toBeLessThanOrEqual(
            limits.max,
          );
          expect(ranking.tools.map(({ rank }) => rank)).toEqual(ranking.tools.map((_, i) => i + 1));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('chooses fewer when the ranking is sure', async () => {
    const ranking = await index([...OFFICE, ...many(30)]).rank(
      'Forecast of temperature and rain for a city',
      { max: 20 },
    );
    expect(ranking.tools.length).toBeLessThan(10);
    expect(ranking.tools[0]?.name).toBe('get_weather');
  });

  it.each([
    [{ max: 0 }, 'invalid_max'],
    [{ max: 1.5 }, 'invalid_max'],
    [{ maxTokens: -1 }, 'invalid_max_tokens'],
  ])('refuses %o with a stable code', async (options, code) => {
    await expect(index(OFFICE).rank('x', options)).rejects.toSatisfy((error) => isPareError(error, code));
  });

  it('refuses maxTokens without a counter, and tools that are no list', async () => {
    const set = createToolIndex({ tools: OFFICE });
    await expect(set.rank('x', { maxTokens: 9 })).rejects.toSatisfy((error) =>
      isPareError(error, 'invalid_max_tokens'),
    );
    expect(() => createToolIndex({ tools: {} as never })).toThrow(
      expect.objectContaining({ code: 'invalid_tools' }),
    );
  });
});

describe('bad input', () => {
  it('notes two tools of one name, a schema that is none, and a name that no tool has', async () => {
    const set = index([mcp('a_b', 'one'), mcp('a_b', 'two'), { name: 'c_d', inputSchema: 'nonsense' }]);
    const { notes, tools } = await set.rank('a_b', { pinned: ['zz'] });
    expect(notes.map(({ code, name }) => `${code} ${name}`).toSorted()).toEqual([
      'duplicate_name a_b',
      'invalid_schema c_d',
      'unknown_name zz',
    ]);
    expect(tools.slice(0, 2).map(({ reason }) => reason)).toEqual(['named', 'named']);
  });

  it('reads a schema of 200 KB and one that is nested without end', async () => {
    const big = mcp('big_one', 'Handles orders', ...Array.from({ length: 5000 }, (_, i) => `parameter_${i}`));
    let deep: JsonValue = { type: 'string' };
    for (let i = 0; i < 200; i += 1) deep = { type: 'object', properties: { inner: deep } };
    const { notes, tools } = await index([
      big,
      { name: 'deep_one', description: '', input_schema: deep },
    ]).rank('orders');
    expect(tools[0]?.name).toBe('big_one');
    expect(notes.map(({ code }) => code)).toContain('schema_cut');
  });

  it('reads a tool that is nested deeper than JSON can be written, and tells it from others', async () => {
    const nested = (name: string): JsonValue =>
      JSON.parse(
        `{"name":"${name}","description":"Handles orders","input_schema":${'{"items":'.repeat(60_000)}{}${'}'.repeat(60_000)}}`,
      ) as JsonValue;
    const { notes, tools } = await index([nested('one'), nested('other')]).rank('orders');
    expect(tools.map(({ name }) => name).toSorted()).toEqual(['one', 'other']);
    expect(notes.filter(({ code }) => code === 'schema_deep').map(({ name }) => name)).toEqual([
      'one',
      'other',
    ]);
  });

  it('takes any text for a query and any value for a tool', async () => {
    await assert(
      asyncProperty(
        array(record({ name: string(), description: string() })),
        string({ unit: 'binary' }),
        async (tools, query) => {
          const ranking = await index(tools).rank(query);
          expect(ranking.tools.length).toBeLessThanOrEqual(Math.max(10, tools.length));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says that there was no request, and still chooses', async () => {
    const ranking = await index(OFFICE).rank('   ', { max: 3 });
    expect(ranking.notes).toEqual([{ code: 'query_empty', name: '' }]);
    expect(ranking.tools).toHaveLength(3);
    expect((await index([]).rank('x')).tools).toEqual([]);
  });

  it('finds a tool by a description in a script without spaces', async () => {
    const set = index([
      mcp('t_one', '查询火车票的余票信息'),
      mcp('t_two', '获取城市的天气预报'),
      mcp('t_three', '发送电子邮件'),
    ]);
    expect(namesOf(await set.rank('帮我查询火车票'))[0]).toBe('t_one');
  });
});

describe('forms and updates', () => {
  it('ranks the same tools the same in every form', async () => {
    const parameters = schema('city');
    const forms: readonly ((name: string, description: string) => JsonValue)[] = [
      (name, description) => ({ type: 'function', function: { name, description, parameters } }),
      (name, description) => ({ type: 'function', name, description, parameters }),
      (name, description) => ({ name, description, input_schema: parameters }),
      (name, description) => ({ name, description, inputSchema: parameters }),
    ];
    const rankings = await Promise.all(
      forms.map((form) =>
        index([form('x_y', 'Forecast of rain'), form('v_w', 'Send mail')]).rank('rain in the city'),
      ),
    );
    for (const { tools } of rankings) expect(tools).toEqual(rankings[0]?.tools);
  });

  it('an updated index ranks as one made anew, and embeds only what changed', async () => {
    const seen: string[] = [];
    const listening: Embedder = {
      identity: embedder.identity,
      embed: (texts, options) => {
        seen.push(...texts);
        return embedder.embed(texts, options);
      },
      embedNow: (text) => (embedder.embedNow as (text: string) => Float32Array)(text),
    };
    const before = createToolIndex({ tools: OFFICE, embedder: listening, countTokens });
    await before.rank('rain');
    seen.length = 0;
    const tools = OFFICE.with(1, mcp('send_fax', 'Send a fax to a number', 'number'));
    const after = await before.update(tools).rank('send a fax', { max: 5 });
    expect(seen.every((text) => text.startsWith('send fax'))).toBe(true);
    expect(after).toEqual(await index(tools).rank('send a fax', { max: 5 }));
  });
});

describe('words and steps', () => {
  it('splits names at case, signs and digits', () => {
    expect(wordsOf('getHTTPResponse_by-id2')).toEqual(['get', 'http', 'response', 'by', 'id', '2']);
  });

  it('does not split at the point of a file name, and drops pieces that say nothing', () => {
    expect(
      splitSteps('Read report.csv in the folder. Additionally, thank you. Plot the sales by month!'),
    ).toEqual(['Read report.csv in the folder.', 'Plot the sales by month!']);
  });

  it('every step is part of the text', () => {
    assert(property(string(), (text) => splitSteps(text).every((step) => text.includes(step))));
  });
});
