import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { createPare } from '../src/index.ts';
import type { SimulatedAnswer, SimulatedRequest } from '../src/testing/index.ts';
import { type Stack, type StackOptions, startStack, temporaryDir } from './support/gateway.ts';

/** A tool by its name: what it does and what it takes. */
const CATALOG: Readonly<Record<string, readonly [description: string, ...parameters: string[]]>> = {
  get_weather: ['Tells the weather forecast of a city.', 'city', 'days'],
  book_flight: ['Books a flight between two airports.', 'origin', 'destination', 'date'],
  cancel_flight: ['Cancels a booked flight.', 'booking'],
  send_email: ['Sends an email to a person.', 'recipient', 'subject', 'body'],
  read_inbox: ['Lists the latest emails of the inbox.', 'limit'],
  create_invoice: ['Writes an invoice for a customer.', 'customer', 'amount'],
  refund_payment: ['Pays a customer back.', 'payment', 'reason'],
  list_payments: ['Lists the payments of a customer.', 'customer'],
  search_files: ['Finds files by a pattern.', 'pattern', 'folder'],
  read_file: ['Reads a file from disk.', 'path'],
  write_file: ['Writes text to a file.', 'path', 'text'],
  delete_file: ['Deletes a file.', 'path'],
  run_query: ['Runs a SQL query on the database.', 'sql'],
  describe_table: ['Describes the columns of a table.', 'table'],
  translate_text: ['Translates a text to another language.', 'text', 'language'],
  resize_image: ['Changes the size of an image.', 'path', 'width', 'height'],
  crop_image: ['Cuts a part out of an image.', 'path', 'box'],
  play_music: ['Plays a song.', 'title', 'artist'],
  set_alarm: ['Sets an alarm clock.', 'time'],
  start_timer: ['Starts a timer of some minutes.', 'minutes'],
  convert_currency: ['Converts an amount of money to another currency.', 'amount', 'currency'],
  get_stock_price: ['Tells the price of a stock.', 'symbol'],
  find_restaurant: ['Finds restaurants near a place.', 'place', 'cuisine'],
  reserve_table: ['Reserves a table in a restaurant.', 'restaurant', 'people'],
};
const NAMES = Object.keys(CATALOG);

const schemaOf = (name: string) => {
  const [, ...parameters] = CATALOG[name] ?? [''];
  return {
    type: 'object' as const,
    properties: Object.fromEntries(
      parameters.map((key) => [key, { type: 'string', description: `The ${key} to use.` }]),
    ),
    required: parameters,
  };
};
const OPENAI_TOOLS = NAMES.map((name) => ({
  type: 'function' as const,
  function: { name, description: CATALOG[name]?.[0] ?? '', parameters: schemaOf(name) },
}));
const ANTHROPIC_TOOLS = NAMES.map((name) => ({
  name,
  description: CATALOG[name]?.[0] ?? '',
  input_schema: schemaOf(name),
}));

let stack: Stack | undefined;
afterEach(() => stack?.close());

async function start(
  respond?: (request: SimulatedRequest, index: number) => SimulatedAnswer,
  config: NonNullable<StackOptions['config']> = {},
): Promise<Stack> {
  stack = await startStack({ provider: respond === undefined ? {} : { respond }, config });
  return stack;
}

const openai = ({ url }: Stack) => new OpenAI({ apiKey: 'k', baseURL: `${url}/v1`, maxRetries: 0 });
const anthropic = ({ url }: Stack) => new Anthropic({ apiKey: 'k', baseURL: url, maxRetries: 0 });
const ask = (content: string) => ({
  model: 'gpt-4o',
  messages: [{ role: 'user' as const, content }],
  tools: OPENAI_TOOLS,
});
const stagesOf = (response: Response) => response.headers.get('x-pare-stages') ?? '';

/** Names of the tools of each request that the provider got. */
const sentNames = ({ provider }: Stack): string[][] =>
  provider.requests.map(({ body }) => {
    const { tools = [] } = JSON.parse(body.toString('utf8')) as {
      tools?: { name?: string; function?: { name: string } }[];
    };
    return tools.map((tool) => tool.function?.name ?? tool.name ?? '');
  });

describe('requests with many tools', () => {
  it('go out with the ten that they need, in the order of the caller', async () => {
    const gateway = await start((request) => ({
      toolCalls: [
        { name: request.tools.find(({ name }) => name === 'get_weather')?.name ?? 'none', arguments: {} },
      ],
    }));
    const { data, response } = await openai(gateway)
      .chat.completions.create(ask('Will it rain in Oslo tomorrow?'))
      .withResponse();
    expect(data.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'get_weather' } });
    expect(stagesOf(response)).toContain('tool-selection=rewritten');
    const [sent = []] = sentNames(gateway);
    expect(sent.length).toBeLessThanOrEqual(10);
    expect(sent).toEqual(NAMES.filter((name) => sent.includes(name)));
    const [record] = await gateway.recorded(1);
    expect(record?.measurements.find(({ stage }) => stage === 'tool-selection')).toMatchObject({
      mode: 'on',
    });
    expect(record?.netTokens).toBeGreaterThan(100);
  });

  it('are streamed likewise, and through the messages wire', async () => {
    const gateway = await start(() => ({
      toolCalls: [{ name: 'book_flight', arguments: { date: 'May 5' } }],
    }));
    const message = await anthropic(gateway)
      .messages.stream({
        model: 'claude-sonnet-4-6',
        max_tokens: 100,
        tools: ANTHROPIC_TOOLS,
        messages: [{ role: 'user', content: 'Book me a flight from Oslo to Rome on May 5.' }],
      })
      .finalMessage();
    expect(message.content).toMatchObject([{ type: 'tool_use', name: 'book_flight' }]);
    expect(sentNames(gateway)[0]).toContain('book_flight');
    expect(sentNames(gateway)[0]?.length).toBeLessThanOrEqual(10);
  });
});

describe('pare.chat', () => {
  it('selects as the gateway does', async () => {
    const bodies: { tools: unknown[] }[] = [];
    await using pare = await createPare({
      dataDir: temporaryDir(),
      upstream: async ({ body }) => {
        bodies.push(body as { tools: unknown[] });
        return {
          id: 'c',
          object: 'chat.completion',
          created: 1,
          model: 'gpt-4o',
          choices: [{ index: 0, message: { role: 'assistant', content: 'Rain.' }, finish_reason: 'stop' }],
        };
      },
    });
    const { stages } = await pare.chat(ask('Will it rain in Oslo tomorrow?'));
    expect(stages).toContain('tool-selection=rewritten');
    expect(bodies[0]?.tools.length).toBeLessThanOrEqual(10);
  });
});
