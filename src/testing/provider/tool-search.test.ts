import Anthropic, { BadRequestError } from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { approximateTokens } from './counting.ts';
import type { SimulatedProviderOptions } from './options.ts';
import { createSimulatedProvider, type SimulatedProvider } from './simulated-provider.ts';
import type { SimulatedAnswer } from './types.ts';

const MODEL = 'claude-sonnet-4-6';
const SEARCH: Anthropic.ToolSearchToolBm25_20251119 = {
  type: 'tool_search_tool_bm25_20251119',
  name: 'tool_search_tool_bm25',
};
const toolOf = (name: string, more: Partial<Anthropic.Tool> = {}): Anthropic.Tool => ({
  name,
  description: `Does ${name}, which is described at some length so that it costs what it would.`,
  input_schema: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  ...more,
});
const later = (name: string): Anthropic.Tool => toolOf(name, { defer_loading: true });
const CACHED = { cache_control: { type: 'ephemeral' as const } };
const SYSTEM: Anthropic.TextBlockParam[] = [{ type: 'text', text: 'Be of use. '.repeat(800), ...CACHED }];
const FOUND: SimulatedAnswer = {
  toolSearches: [{ query: 'look up pages', found: ['fetch_page', 'search'] }],
  toolCalls: [{ name: 'fetch_page', arguments: { query: 'kites' } }],
};

let provider: SimulatedProvider | undefined;
afterEach(() => provider?.close());

async function start(respond?: SimulatedProviderOptions['respond']): Promise<Anthropic> {
  provider = await createSimulatedProvider(respond === undefined ? {} : { respond });
  return new Anthropic({ apiKey: 'key-a', baseURL: provider.url, maxRetries: 0 });
}

const bodyOf = (
  tools: Anthropic.ToolUnion[],
  messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'What is a kite?' }],
): Anthropic.MessageCreateParamsNonStreaming => ({
  model: MODEL,
  max_tokens: 500,
  system: SYSTEM,
  tools,
  messages,
});

const inputOf = ({ usage }: Anthropic.Message): number =>
  usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);

/** The conversation after an answer, as a client sends it on: every block of the answer as it came. */
const goneOn = (answer: Anthropic.Message, result = 'A toy.'): Anthropic.MessageParam[] => [
  { role: 'user', content: 'What is a kite?' },
  { role: 'assistant', content: answer.content as Anthropic.ContentBlockParam[] },
  {
    role: 'user',
    content: answer.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ type: 'tool_result', tool_use_id: block.id, content: result }] : [],
    ),
  },
];

const searchParts = (references: readonly string[], id = 'srvtoolu_1'): Anthropic.ContentBlockParam[] => [
  { type: 'server_tool_use', id, name: 'tool_search_tool_bm25', input: { query: 'pages' } },
  {
    type: 'tool_search_tool_result',
    tool_use_id: id,
    content: {
      type: 'tool_search_tool_search_result',
      tool_references: references.map((name) => ({ type: 'tool_reference', tool_name: name })),
    },
  },
];
const withParts = (parts: Anthropic.ContentBlockParam[]): Anthropic.MessageParam[] => [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: [...parts, { type: 'text', text: 'Well.' }] },
  { role: 'user', content: 'And?' },
];

describe('deferred tools', () => {
  it('cost nothing and are no part of what is cached', async () => {
    const client = await start();
    const without = await client.messages.create(bodyOf([toolOf('ask'), SEARCH]));
    const tools = [later('fetch_page'), toolOf('ask'), SEARCH, later('search')];
    const deferred = await client.messages.create(bodyOf(tools));
    expect(inputOf(deferred)).toBe(inputOf(without));
    expect(deferred.usage.cache_read_input_tokens).toBeGreaterThan(1500);
    expect(deferred.usage.cache_creation_input_tokens).toBe(0);
    const { max_tokens: _, ...counting } = bodyOf(tools);
    const counted = await client.messages.countTokens(counting);
    expect(counted.input_tokens).toBe(inputOf(deferred));
  });

  it('are seen once a reference to them stands in the conversation, where their definitions are counted', async () => {
    const seen: string[][] = [];
    const client = await start(({ tools }) => {
      seen.push(tools.filter(({ isHidden }) => !isHidden).map(({ name }) => name));
      return { text: 'Well.' };
    });
    const tools = [toolOf('ask'), later('fetch_page'), later('search'), SEARCH];
    const none = await client.messages.create(bodyOf(tools, withParts(searchParts([]))));
    const one = await client.messages.create(bodyOf(tools, withParts(searchParts(['fetch_page']))));
    const both = await client.messages.create(
      bodyOf(tools, withParts([...searchParts(['fetch_page']), ...searchParts(['search'], 'srvtoolu_2')])),
    );
    const { defer_loading: _, ...shown } = later('fetch_page');
    expect(inputOf(one) - inputOf(none)).toBe(approximateTokens(JSON.stringify(shown)));
    expect(inputOf(both)).toBeGreaterThan(inputOf(one));
    expect(seen).toEqual([['ask'], ['ask', 'fetch_page'], ['ask', 'fetch_page', 'search']]);
  });

  it("are loaded by the caller's own search as well", async () => {
    const client = await start(({ tools }) => ({
      text: tools.some(({ isHidden }) => isHidden) ? 'Hidden.' : 'Seen.',
    }));
    const own: Anthropic.MessageParam[] = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'ask', input: {} }] },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'toolu_1',
            content: [{ type: 'tool_reference', tool_name: 'fetch_page' }],
          },
        ],
      },
    ];
    const answer = await client.messages.create(bodyOf([toolOf('ask'), later('fetch_page')], own));
    expect(answer.content).toMatchObject([{ type: 'text', text: 'Seen.' }]);
  });
});

describe('a search of the model', () => {
  const TOOLS = [toolOf('ask'), later('fetch_page'), later('search'), SEARCH];

  it('comes with its result before the call, plain and streamed alike, through the official client', async () => {
    const client = await start(() => FOUND);
    const plain = await client.messages.create(bodyOf(TOOLS));
    const [use, result, call] = plain.content;
    expect(use).toMatchObject({
      type: 'server_tool_use',
      name: 'tool_search_tool_bm25',
      input: { query: 'look up pages' },
      caller: { type: 'direct' },
    });
    expect(result).toEqual({
      type: 'tool_search_tool_result',
      tool_use_id: use?.type === 'server_tool_use' ? use.id : '',
      content: {
        type: 'tool_search_tool_search_result',
        tool_references: [
          { type: 'tool_reference', tool_name: 'fetch_page' },
          { type: 'tool_reference', tool_name: 'search' },
        ],
      },
    });
    expect(call).toMatchObject({ type: 'tool_use', name: 'fetch_page', input: { query: 'kites' } });
    expect(plain.stop_reason).toBe('tool_use');
    const streamed = await client.messages.stream(bodyOf(TOOLS)).finalMessage();
    const shapes = (message: Anthropic.Message) =>
      JSON.parse(JSON.stringify(message.content).replaceAll(/"(?:srv)?toolu_\w+"/g, '""')) as unknown;
    expect(shapes(streamed)).toEqual(shapes(plain));
  });

  it('has the prompt read again in the same request, from the cache where it is cached', async () => {
    const client = await start((_, index) => (index === 0 ? FOUND : { text: 'Well.' }));
    const answer = await client.messages.create(bodyOf(TOOLS));
    const { usage } = answer;
    const prefix = usage.cache_creation_input_tokens ?? 0;
    expect(prefix).toBeGreaterThan(1500);
    expect(usage.cache_read_input_tokens).toBe(prefix);
    expect(usage.server_tool_use).toBeUndefined();
    expect(provider?.counters).toMatchObject({ toolSearches: 1, searchCacheReadTokens: prefix });
    expect(provider?.counters.searchInputTokens).toBeGreaterThan(prefix + 40);
  });

  it('is sent on by the client, and the turn after it reads all that was cached', async () => {
    let turn = 0;
    const client = await start(({ tools }) => {
      turn += 1;
      if (turn === 1) return FOUND;
      return { text: `${tools.filter(({ isHidden }) => !isHidden).length} seen.` };
    });
    const first = await client.messages.create(bodyOf(TOOLS));
    const prefix = first.usage.cache_creation_input_tokens ?? 0;
    const second = await client.messages.create(bodyOf(TOOLS, goneOn(first)));
    expect(second.content).toMatchObject([{ text: '3 seen.' }]);
    expect(second.usage.cache_read_input_tokens).toBe(prefix);
    // The tool that is loaded with the others stands before all that was cached.
    const loaded = [toolOf('ask'), toolOf('fetch_page'), later('search'), SEARCH];
    const third = await client.messages.create(bodyOf(loaded, goneOn(first)));
    expect(third.usage.cache_read_input_tokens).toBe(0);
  });

  it('is what the default model does before it calls a deferred tool that is named', async () => {
    const client = await start();
    const answer = await client.messages.create(
      bodyOf(TOOLS, [{ role: 'user', content: 'Please use the tool fetch_page' }]),
    );
    expect(answer.content.map(({ type }) => type)).toEqual([
      'server_tool_use',
      'tool_search_tool_result',
      'tool_use',
    ]);
  });
});

describe('what the API refuses', () => {
  const cases: [string, Anthropic.MessageCreateParamsNonStreaming, string][] = [
    [
      'only deferred tools',
      bodyOf([later('search'), later('fetch_page')]),
      'At least one tool must have defer_loading=false. All tools cannot be deferred.',
    ],
    [
      'a cache marker on a deferred tool',
      bodyOf([toolOf('ask'), { ...later('search'), ...CACHED }]),
      "Tool 'search' cannot have both defer_loading=true and cache_control set. Tools with defer_loading cannot use prompt caching.",
    ],
    [
      'a reference to a tool that is gone',
      bodyOf([toolOf('ask'), SEARCH], withParts(searchParts(['fetch_page']))),
      "Tool reference 'fetch_page' not found in available tools",
    ],
    [
      'a search without its result',
      bodyOf([toolOf('ask'), SEARCH], withParts(searchParts([]).slice(0, 1))),
      'messages.1: tool_search_tool_bm25 tool use with id srvtoolu_1 was found without a corresponding tool_search_tool_bm25_tool_result block',
    ],
    [
      'a result without its search',
      bodyOf([toolOf('ask'), SEARCH], withParts(searchParts([]).slice(1))),
      'messages.1.content.0: unexpected `tool_use_id` found in `tool_search_tool_result` blocks: srvtoolu_1. Each `tool_search_tool_result` block must have a corresponding `server_tool_use` block before it.',
    ],
  ];
  it.each(cases)('is %s, in the form of its errors', async (_, body, message) => {
    const client = await start();
    const failed: unknown = await client.messages.create(body).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(BadRequestError);
    expect((failed as BadRequestError).error).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message },
    });
  });

  it('is no search that still runs while the result of a call comes, nor its result after that', async () => {
    const client = await start();
    const messages: Anthropic.MessageParam[] = [
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [
          ...searchParts([]).slice(0, 1),
          { type: 'tool_use', id: 'toolu_1', name: 'ask', input: { query: 'x' } },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'y' }] },
    ];
    const tools = [toolOf('ask'), later('search'), SEARCH];
    const answer = await client.messages.create(bodyOf(tools, messages));
    expect(answer.stop_reason).toBe('end_turn');
    const [, result] = searchParts(['search']);
    const goesOn: Anthropic.MessageParam[] = [
      { role: 'assistant', content: [result as Anthropic.ContentBlockParam, { type: 'text', text: 'So.' }] },
      { role: 'user', content: 'And?' },
    ];
    const next = await client.messages.create(bodyOf(tools, [...messages, ...goesOn]));
    expect(next.stop_reason).toBe('end_turn');
    const unanswered = bodyOf(tools, [
      ...messages,
      { role: 'assistant', content: 'So.' },
      ...goesOn.slice(1),
    ]);
    await expect(client.messages.create(unanswered)).rejects.toThrow(/without a corresponding/);
  });
});
