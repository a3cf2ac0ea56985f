import type { SimulatedProvider } from '../../src/testing/index.ts';

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
/** Their names, in the order of the lists below. */
export const TOOL_NAMES = Object.keys(CATALOG);

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
/** For chat completions. */
export const OPENAI_TOOLS = TOOL_NAMES.map((name) => ({
  type: 'function' as const,
  function: { name, description: CATALOG[name]?.[0] ?? '', parameters: schemaOf(name) },
}));
/** For the messages wire. */
export const ANTHROPIC_TOOLS = TOOL_NAMES.map((name) => ({
  name,
  description: CATALOG[name]?.[0] ?? '',
  input_schema: schemaOf(name),
}));

/** For the responses wire. */
export const RESPONSES_TOOLS = OPENAI_TOOLS.map(({ type, function: definition }) => ({
  type,
  ...definition,
  strict: false,
}));

/** Names of the tools of each request that the provider got. */
export const sentNames = (provider: SimulatedProvider): string[][] =>
  provider.requests.map(({ body }) => {
    const { tools = [] } = JSON.parse(body.toString('utf8')) as {
      tools?: { name?: string; function?: { name: string } }[];
    };
    return tools.map((tool) => tool.function?.name ?? tool.name ?? '');
  });
