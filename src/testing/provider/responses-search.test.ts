import OpenAI, { BadRequestError } from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { approximateTokens } from './counting.ts';
import type { SimulatedProviderOptions } from './options.ts';
import { createSimulatedProvider, type SimulatedProvider } from './simulated-provider.ts';
import type { SimulatedAnswer } from './types.ts';

type Body = Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, 'stream'>;
type Input = OpenAI.Responses.ResponseInputItem[];

const SEARCH: OpenAI.Responses.ToolSearchTool = { type: 'tool_search' };
const toolOf = (
  name: string,
  more: Partial<OpenAI.Responses.FunctionTool> = {},
): OpenAI.Responses.FunctionTool => ({
  type: 'function',
  name,
  description: `Does ${name}, which is described at some length.`,
  parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  strict: false,
  ...more,
});
const later = (name: string) => toolOf(name, { defer_loading: true });
const TOOLS = [toolOf('ask'), later('fetch_page'), later('search'), SEARCH];
const FOUND: SimulatedAnswer = {
  toolSearches: [{ query: 'look up pages', found: ['fetch_page', 'search'] }],
  toolCalls: [{ name: 'fetch_page', arguments: { query: 'kites' } }],
};

let provider: SimulatedProvider | undefined;
afterEach(() => provider?.close());

async function start(respond?: SimulatedProviderOptions['respond']): Promise<OpenAI> {
  provider = await createSimulatedProvider(respond === undefined ? {} : { respond });
  return new OpenAI({ apiKey: 'key-a', baseURL: `${provider.url}/v1`, maxRetries: 0 });
}

const ASKED: Input = [{ role: 'user', content: 'What is a kite?' }];
const bodyOf = (tools: OpenAI.Responses.Tool[], input: Input = ASKED, more: Partial<Body> = {}): Body => ({
  model: 'gpt-5.4',
  instructions: 'Be of use. '.repeat(800),
  tools,
  input,
  ...more,
});
const inputOf = ({ usage }: OpenAI.Responses.Response): number => usage?.input_tokens ?? 0;
const cachedOf = ({ usage }: OpenAI.Responses.Response): number =>
  usage?.input_tokens_details.cached_tokens ?? 0;

/** The conversation after an answer, as a client sends it on: every item of the answer as it came. */
const goneOn = (answer: OpenAI.Responses.Response): Input => [
  ...ASKED,
  ...(answer.output as Input),
  ...resultsOf(answer),
];
const resultsOf = ({ output }: OpenAI.Responses.Response): Input =>
  output.flatMap((item) =>
    item.type === 'function_call'
      ? [{ type: 'function_call_output', call_id: item.call_id, output: 'A toy.' }]
      : [],
  );
/** As a client sends it on that knows neither searches nor namespaces. */
const stripped = (input: Input): Input =>
  input.flatMap((item): Input => {
    if (item.type === 'tool_search_call' || item.type === 'tool_search_output') return [];
    if (item.type !== 'function_call') return [item];
    const { namespace: _, ...rest } = item;
    return [rest];
  });

describe('deferred tools', () => {
  it('cost their name and description, and their schema once it is found', async () => {
    const client = await start(() => ({ text: 'Well.' }));
    const tool = later('fetch_page');
    const [one, two] = [
      await client.responses.create(bodyOf([toolOf('ask'), later('search'), SEARCH])),
      await client.responses.create(bodyOf([toolOf('ask'), later('search'), SEARCH, tool])),
    ];
    const { type, name, description } = tool;
    expect(inputOf(two) - inputOf(one)).toBe(approximateTokens(JSON.stringify({ type, name, description })));
    const output = (tools: OpenAI.Responses.FunctionTool[]): Input => [
      { type: 'tool_search_output', tools, call_id: null, execution: 'server', status: 'completed' },
    ];
    const tools = [toolOf('ask'), tool, SEARCH];
    const none = await client.responses.create(bodyOf(tools, [...ASKED, ...output([])]));
    const found = await client.responses.create(bodyOf(tools, [...ASKED, ...output([tool])]));
    const { defer_loading: _, ...shown } = tool;
    expect(inputOf(found) - inputOf(none)).toBe(approximateTokens(JSON.stringify(shown)));
  });

  it('are hidden until a search shows them, also in turns that the provider keeps', async () => {
    const seen: string[][] = [];
    const client = await start(({ tools }) => {
      seen.push(tools.filter(({ isHidden }) => !isHidden).map(({ name }) => name));
      return seen.length === 1 ? FOUND : { text: 'Well.' };
    });
    const first = await client.responses.create(bodyOf(TOOLS));
    await client.responses.create(bodyOf(TOOLS, resultsOf(first), { previous_response_id: first.id }));
    await client.responses.create(bodyOf(TOOLS, goneOn(first)));
    const all = ['ask', 'fetch_page', 'search'];
    expect(seen).toEqual([['ask'], all, all]);
  });

  it('of a namespace cost nothing but the name and description of that', async () => {
    const client = await start(() => ({ text: 'Well.' }));
    const space = (tools: OpenAI.Responses.NamespaceTool['tools']): OpenAI.Responses.Tool => ({
      type: 'namespace',
      name: 'web',
      description: 'The web.',
      tools,
    });
    const few = await client.responses.create(bodyOf([space([later('a')]), SEARCH]));
    const many = await client.responses.create(bodyOf([space([later('a'), later('b'), later('c')]), SEARCH]));
    expect(inputOf(many)).toBe(inputOf(few));
  });
});

describe('a search of the model', () => {
  it('comes with what it found before the call, plain and streamed alike, through the official client', async () => {
    const client = await start(() => FOUND);
    const plain = await client.responses.create(bodyOf(TOOLS));
    const [call, output, use] = plain.output;
    expect(call).toEqual({
      id: expect.stringMatching(/^tsc_/),
      type: 'tool_search_call',
      status: 'completed',
      call_id: null,
      execution: 'server',
      arguments: { paths: ['fetch_page', 'search'] },
    });
    expect(output).toMatchObject({
      id: expect.stringMatching(/^tso_/),
      type: 'tool_search_output',
      call_id: null,
      execution: 'server',
      tools: [later('fetch_page'), later('search')],
    });
    expect(use).toMatchObject({ type: 'function_call', name: 'fetch_page', namespace: 'fetch_page' });
    const streamed = await client.responses.stream(bodyOf(TOOLS)).finalResponse();
    const shapes = (items: object[]) =>
      JSON.parse(
        JSON.stringify(items)
          .replaceAll(/"(?:tsc|tso|fc|call)_\w+"/g, '""')
          .replaceAll(/,"parsed_arguments":(?:null|\{.*?\})/g, ''),
      ) as unknown;
    expect(shapes(streamed.output)).toEqual(shapes(plain.output));
  });

  it('streams as two items, the definitions whole in the second', async () => {
    const client = await start(() => FOUND);
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of await client.responses.create({ ...bodyOf(TOOLS), stream: true }))
      events.push(event);
    const items = events.flatMap((event) =>
      event.type === 'response.output_item.added' || event.type === 'response.output_item.done'
        ? [[event.type, event.item] as const]
        : [],
    );
    expect(items.slice(0, 4)).toMatchObject([
      ['response.output_item.added', { type: 'tool_search_call', status: 'in_progress', arguments: {} }],
      ['response.output_item.done', { type: 'tool_search_call', status: 'completed' }],
      ['response.output_item.added', { type: 'tool_search_output', status: 'in_progress', tools: [{}, {}] }],
      ['response.output_item.done', { type: 'tool_search_output', status: 'completed', tools: [{}, {}] }],
    ]);
  });

  it('has the prompt billed again, and from the cache no more than was there before', async () => {
    const client = await start();
    const named: Input = [{ role: 'user', content: 'Please use the tool fetch_page' }];
    const cold = await client.responses.create(bodyOf(TOOLS, named));
    expect(cold.output.map(({ type }) => type)).toEqual([
      'tool_search_call',
      'tool_search_output',
      'function_call',
    ]);
    expect(cachedOf(cold)).toBe(0);
    const { searchInputTokens = 0 } = provider?.counters ?? {};
    expect(searchInputTokens).toBeGreaterThan(inputOf(cold) / 2);
    const warm = await client.responses.create(bodyOf(TOOLS, named));
    expect(cachedOf(warm)).toBeGreaterThan(1024);
    expect(provider?.counters.searchCacheReadTokens).toBe(cachedOf(warm) / 2);
  });

  it('is sent on by the client, and the turn after it reads all that was cached', async () => {
    const client = await start(({ turns }) => (turns.length === 1 ? FOUND : { text: 'Well.' }));
    const first = await client.responses.create(bodyOf(TOOLS));
    const sent = inputOf(first) - (provider?.counters.searchInputTokens ?? 0);
    const second = await client.responses.create(bodyOf(TOOLS, goneOn(first)));
    expect(cachedOf(second)).toBeGreaterThan(sent - 256);
    // The tool that is loaded with the others stands before all that was cached.
    const loaded = [toolOf('ask'), toolOf('fetch_page'), later('search'), SEARCH];
    expect(cachedOf(await client.responses.create(bodyOf(loaded, goneOn(first))))).toBe(0);
  });
});

describe('what the API refuses', () => {
  const item = (callId: string | null): Input => [
    { type: 'tool_search_call', id: 'tsc_1', call_id: callId, arguments: {}, execution: 'client' },
  ];
  const cases: [string, Body, string][] = [
    [
      'a model without the search',
      bodyOf(TOOLS, ASKED, { model: 'gpt-5.4-nano' }),
      "Tool 'tool_search' is not supported with gpt-5.4-nano.",
    ],
    [
      'deferred tools without a search',
      bodyOf([toolOf('ask'), later('search')]),
      "Invalid Value: 'tools.defer_loading'. Deferred tools require tools.tool_search.",
    ],
    [
      'a search without deferred tools',
      bodyOf([toolOf('ask'), SEARCH]),
      "Invalid Value: 'tools.tool_search'. tools.tool_search requires at least one deferred tool.",
    ],
    [
      'an item that comes twice',
      bodyOf(TOOLS, [...ASKED, ...item(null), ...item(null)]),
      'Duplicate item found with id tsc_1. Remove duplicate items from your input and try again.',
    ],
    [
      "a client's search without what it found",
      bodyOf(TOOLS, [...ASKED, ...item('call_1')]),
      'No tool output found for tool search call call_1.',
    ],
  ];
  it.each(cases)('is %s, in the form of its errors', async (_, body, message) => {
    const client = await start();
    const failed: unknown = await client.responses.create(body).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(BadRequestError);
    expect((failed as BadRequestError).error).toMatchObject({ message, type: 'invalid_request_error' });
  });

  it('is a call of what was found without its namespace, unless the tool is loaded', async () => {
    const client = await start(({ turns }) => (turns.length === 1 ? FOUND : { text: 'Well.' }));
    const input = stripped(goneOn(await client.responses.create(bodyOf(TOOLS))));
    const failed: unknown = await client.responses
      .create(bodyOf(TOOLS, input))
      .catch((error: unknown) => error);
    expect((failed as BadRequestError).error).toMatchObject({
      message:
        "Missing namespace for function_call 'fetch_page'. It does not exist in the default namespace. Round-trip the model's function_call item with its namespace field included.",
      param: 'input[1].namespace',
    });
    const loaded = [toolOf('ask'), toolOf('fetch_page'), later('search'), SEARCH];
    const answer = await client.responses.create(bodyOf(loaded, input));
    expect(answer.output_text).toBe('Well.');
  });
});
