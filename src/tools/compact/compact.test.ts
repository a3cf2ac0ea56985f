import { describe, expect, it } from 'vitest';
import { isPareError, type JsonObject, type JsonValue } from '../../contract/index.ts';
import { createToolCompaction } from '../index.ts';
import type { ToolCompactionOptions } from './options.ts';

const countTokens = (text: string): number => Math.ceil(text.length / 4);
const compaction = (options: Partial<ToolCompactionOptions> = {}) =>
  createToolCompaction({ countTokens, ...options });
const tool = (properties: JsonObject, more: JsonObject = {}, description = 'Acts.'): JsonObject => ({
  name: 'act_on',
  description,
  input_schema: { type: 'object', properties, ...more },
});
const schemaOf = (value: JsonValue): JsonObject => (value as JsonObject)['input_schema'] as JsonObject;
const compactSchema = (properties: JsonObject, more: JsonObject = {}): JsonObject =>
  schemaOf(compaction({ level: 'schema' }).compactTool(tool(properties, more)));
const compactPart = (part: JsonObject): JsonValue =>
  (compactSchema({ x: part })['properties'] as JsonObject)['x'] as JsonValue;
/** The description of the parameter `user_id`, or of the tool, after compaction. */
const compactText = (description: string, more: JsonObject = {}, required: readonly string[] = []): string =>
  (
    (
      schemaOf(
        compaction().compactTool(tool({ user_id: { type: 'string', ...more, description } }, { required })),
      )['properties'] as JsonObject
    )['user_id'] as JsonObject
  )['description'] as string;
const compactOwnText = (description: string): string =>
  (compaction().compactTool(tool({}, {}, description)) as JsonObject)['description'] as string;

describe('schemas', () => {
  it('lose titles, examples, comments and the name of the draft, and keep defaults', () => {
    const part = {
      title: 'Id',
      type: 'string',
      examples: ['a'],
      $comment: 'x',
      default: 'd',
      description: 'The one.',
    };
    expect(
      compactSchema(
        { id: part },
        { title: 'actArguments', $schema: 'http://json-schema.org/draft-07/schema#' },
      ),
    ).toEqual({
      type: 'object',
      properties: { id: { type: 'string', default: 'd', description: 'The one.' } },
    });
  });

  it('keep properties that are named like keywords, and the caller’s values', () => {
    const properties = {
      title: { type: 'string' },
      examples: { type: 'array', items: {} },
      $ref: { const: { title: 'a' } },
    };
    expect(compactSchema({ ...properties, x: { minItems: 0 } })['properties']).toEqual({
      ...properties,
      x: {},
    });
  });

  it('say by a description what only a title or an example said', () => {
    const properties = {
      q: { type: 'string', title: 'Search query' },
      day: { type: 'string', examples: ['2024-01-01', 'b'] },
    };
    expect(compactSchema(properties, { title: 'Arguments of the act' })['properties']).toEqual({
      q: { type: 'string', description: 'Search query' },
      day: { type: 'string', description: 'e.g. 2024-01-01' },
    });
  });

  it.each<[string, JsonObject, JsonObject]>([
    [
      'a nullable type',
      { anyOf: [{ type: 'string', minLength: 2 }, { type: 'null' }] },
      { type: ['string', 'null'], minLength: 2 },
    ],
    [
      'a nullable enum',
      { oneOf: [{ enum: ['a'], type: 'string' }, { type: 'null' }] },
      { enum: ['a', null], type: ['string', 'null'] },
    ],
    ['constants', { anyOf: [{ const: 'a' }, { const: 'b' }] }, { enum: ['a', 'b'] }],
    ['types', { anyOf: [{ type: 'string' }, { type: 'integer' }] }, { type: ['string', 'integer'] }],
    [
      'one member',
      { allOf: [{ type: 'string', title: 'X' }], default: 'a' },
      { type: 'string', default: 'a' },
    ],
    ['equal members', { anyOf: [{ type: 'string' }, { type: 'string' }] }, { type: 'string' }],
    [
      'parts of an object',
      { allOf: [{ required: ['a'] }, { required: ['a', 'b'] }] },
      { required: ['a', 'b'] },
    ],
    ['what holds anyway', { type: ['array'], minItems: 0, uniqueItems: false }, { type: 'array' }],
  ])('say %s with less', (_name, part, expected) => {
    expect(compactPart(part)).toEqual(expected);
  });

  it.each<[string, JsonObject]>([
    [
      'members that both say more',
      {
        anyOf: [
          { type: 'string', minLength: 1 },
          { type: 'array', minItems: 1 },
        ],
      },
    ],
    ['overlapping types', { oneOf: [{ type: 'integer' }, { type: 'number' }] }],
    ['members that overlap exclusively', { oneOf: [{ const: 'a' }, { enum: ['a', 'b'] }] }],
    ['keywords of others', { anyOf: [{ type: 'string', 'x-hint': 1 }, { type: 'null' }] }],
    [
      'described members',
      {
        anyOf: [
          { const: 'a', description: 'One.' },
          { const: 'b', description: 'Two.' },
        ],
      },
    ],
    ['a long enum', { enum: Array.from({ length: 300 }, (_, i) => `value_${i}`) }],
    ['what is not evaluated elsewhere', { anyOf: [{ type: 'null' }], unevaluatedProperties: false }],
  ])('keep %s', (_name, part) => {
    expect(compactPart(part)).toEqual(part);
  });

  it('put definitions where they are used once, keep those used often or recursively, drop those of no use', () => {
    const $defs = {
      Once: { type: 'object', properties: { a: { type: 'string', pattern: '^[a-z]+$' } } },
      Often: { type: 'string', enum: ['alpha', 'beta', 'gamma', 'delta', 'epsilon'] },
      Tree: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/$defs/Tree' } } } },
      Unused: { type: 'string' },
    };
    const ref = (name: string): JsonObject => ({ $ref: `#/$defs/${name}` });
    expect(
      compactSchema(
        { once: { ...ref('Once'), description: 'Here.' }, a: ref('Often'), b: ref('Often'), c: ref('Tree') },
        { $defs },
      ),
    ).toEqual({
      type: 'object',
      properties: {
        once: { ...$defs.Once, description: 'Here.' },
        a: ref('Often'),
        b: ref('Often'),
        c: ref('Tree'),
      },
      $defs: { Often: $defs.Often, Tree: $defs.Tree },
    });
  });

  it('keep their shape where the provider holds the model to it, and lose titles there', () => {
    const parameters = {
      type: 'object',
      properties: { x: { title: 'X', anyOf: [{ type: 'string' }, { type: 'null' }] } },
      required: ['x'],
      additionalProperties: false,
    };
    const expected = { ...parameters, properties: { x: { anyOf: [{ type: 'string' }, { type: 'null' }] } } };
    const strict: JsonObject[] = [
      { type: 'function', function: { name: 'a', strict: true, parameters } },
      { type: 'function', name: 'a', parameters },
      { name: 'a', strict: true, input_schema: parameters },
    ];
    for (const given of strict) {
      expect(JSON.stringify(compaction().compactTool(given))).toContain(JSON.stringify(expected));
    }
  });
});

describe('descriptions', () => {
  it.each<[string, string]>([
    ['The ID of the user to be charged', 'ID of user to be charged'],
    ['This parameter specifies the account that the charge is made to.', 'Account that charge is made to.'],
    ['The account.  In order to   be charged, it must exist.', 'Account. To be charged, it must exist.'],
    ['(Optional) Name, e.g., "a the b", of the account', 'Name, e.g. "a the b", of account'],
    ['Account of a kind (e.g., "red", "blue", "gold", "grey")', 'Account of kind (e.g. "red", "blue")'],
    ['the https://x.example/a is called', 'https://x.example/a is called'],
    ['The my-tool.exe is called', 'my-tool.exe is called'],
    ['From a to b, or the plan a', 'From a to b, or plan a'],
  ])('%j is said with less', (given, expected) => {
    expect(compactText(given)).toBe(expected);
  });

  it('lose what the schema says itself, and nothing where it says another thing', () => {
    expect(compactText('Kind of account. Default is "basic".', { default: 'basic' })).toBe(
      'Kind of account.',
    );
    expect(compactText('Kind of account. Default is "basic".', { default: 'full' })).toBe(
      'Kind of account. Default is "basic".',
    );
    expect(compactText('Kind of account. One of: "a", "b".', { enum: ['a', 'b'] })).toBe('Kind of account.');
    expect(compactText('Kind of account. One of: "a", "b".', { enum: ['a', 'b', 'c'] })).toContain('One of');
    expect(compactText('The user ID')).toBeUndefined();
    expect(compactText('Most accounts. Default: 5.', { default: 50 })).toBe('Most accounts. Default: 5.');
  });

  it('lose praise and what was said before, and keep what binds', () => {
    expect(
      compactOwnText(
        'Charge an account of a shop. This tool is useful for shops. Perfect for merchants! It charges the account of the shop. It charges the account of the bank. ' +
          'This helps you but must never be called twice. Amounts are in cents.',
      ),
    ).toBe(
      'Charge account of shop. It charges account of bank. This helps you but must never be called twice. Amounts are in cents.',
    );
  });

  it('keep every line of code and every sentence of other languages', () => {
    const code = 'Run it.\n```py\nfor  a  in the:\n    pass\n```';
    expect(compactOwnText(code)).toBe(code);
    const french =
      'Facture un compte. Ceci aide beaucoup. Le montant ne doit pas dépasser le solde. Elle facture un compte.';
    expect(compactOwnText(french)).toBe(french);
    const chinese = '查询余额。请勿重复调用。金额不能超过余额。';
    expect(compactOwnText(chinese)).toBe(chinese);
  });

  it('are said once where several parameters say the same', () => {
    const same = 'Paths relative to /workspace that are read in order, separated by commas';
    const last = 'Always use relative paths below the directory /workspace of the sandbox.';
    const parts = {
      a: { description: same },
      b: { description: same },
      c: { description: `First files. ${last}` },
      d: { description: `Last files. ${last}` },
    };
    const { properties } = schemaOf(compaction().compactTool(tool(parts)));
    expect((properties as JsonObject)['b']).toEqual({ description: 'As for `a`' });
    expect((properties as JsonObject)['d']).toEqual({ description: 'Last files. See `c`.' });
  });
});

describe('lazy', () => {
  const long = [
    'Charge an account.',
    ...['shops', 'banks', 'farms', 'mills', 'mines', 'docks'].map(
      (place) =>
        `It tells a story of ${place} that were charged, and of poets who wrote about ${place} in verse.`,
    ),
    'Amounts must be below 500 USD.',
  ].join(' ');

  it('cuts what is long to what binds, says how much is missing, and tells it by describe_tool', () => {
    const given = tool({ user_id: { type: 'string', description: long } });
    const compacted = compaction({ level: 'lazy' }).compact([given]);
    const [first] = compacted.tools;
    const { description } = (schemaOf(first as JsonValue)['properties'] as JsonObject)['user_id'] as {
      description: string;
    };
    expect(description).toMatch(
      /^Charge account\. .*Amounts must be below 500 USD\. \[\+\d+ tokens: describe_tool\]$/s,
    );
    expect(compacted.describeTool).toMatchObject({
      name: 'describe_tool',
      input_schema: { required: ['name'] },
    });
    expect(compacted.describe('act_on')).toBe(given);
    expect(compacted.describe('nothing')).toBeUndefined();
    expect(compacted.tokensAfter).toBeLessThan(compacted.tokensBefore);
  });

  it('cuts nothing where describe_tool is another tool, or would cost more than it saves', () => {
    const other = { name: 'describe_tool', description: 'Mine.', input_schema: { type: 'object' } };
    const { tools, describeTool, notes } = compaction({ level: 'lazy' }).compact([
      tool({ a: { description: long } }),
      other,
    ]);
    expect(JSON.stringify(tools)).not.toContain('tokens: describe_tool');
    expect(describeTool).toBeUndefined();
    expect(notes).toContainEqual({ code: 'describe_tool_taken', name: 'describe_tool' });
    const short = compaction({ level: 'lazy' }).compact([tool({ a: { description: long.slice(0, 280) } })]);
    expect(short.describeTool).toBeUndefined();
  });
});

describe('lists of tools', () => {
  const part = { title: 'X', type: 'string', description: 'The name of the thing that is asked for' };
  const schema = { type: 'object', properties: { x: part } };

  it('keep their order, their forms and the fields that are none of ours', () => {
    const given: JsonObject[] = [
      { type: 'function', function: { name: 'a', parameters: schema } },
      { type: 'function', name: 'b', strict: false, parameters: schema },
      { name: 'c', input_schema: schema, cache_control: { type: 'ephemeral' } },
      { name: 'd', title: 'D', inputSchema: schema, annotations: { title: 'D', readOnlyHint: true } },
      { type: 'custom', name: 'e', description: 'The free text of the answer', format: { type: 'grammar' } },
    ];
    const { tools, notes } = compaction().compact(given);
    const small = {
      type: 'object',
      properties: { x: { type: 'string', description: 'Name of thing that is asked for' } },
    };
    expect(tools).toEqual([
      { type: 'function', function: { name: 'a', parameters: small } },
      { type: 'function', name: 'b', strict: false, parameters: small },
      { name: 'c', input_schema: small, cache_control: { type: 'ephemeral' } },
      { name: 'd', title: 'D', inputSchema: small, annotations: { title: 'D', readOnlyHint: true } },
      { type: 'custom', name: 'e', description: 'Free text of answer', format: { type: 'grammar' } },
    ]);
    expect(notes).toEqual([]);
  });

  it('leave alone what the provider runs, what cannot be read and what is invalid, with notes', () => {
    const given: JsonValue[] = [
      { type: 'web_search_20250305', name: 'web_search', max_uses: 3 },
      { type: 'mcp', server_label: 'x', server_url: 'https://x.example' },
      null,
      { name: 'bad', input_schema: { type: 'object', properties: [{ title: 'x' }] } },
      { name: 'worse', input_schema: { title: 'x', properties: { a: { $ref: '#/$defs/None' } } } },
      { name: 'text', input_schema: 'none' },
      { name: 'empty', description: '', input_schema: {} },
    ];
    const { tools, notes, tokensBefore, tokensAfter } = compaction().compact(given);
    for (const [i, value] of tools.entries()) expect(value).toBe(given[i]);
    expect(tokensAfter).toBe(tokensBefore);
    expect(notes.map(({ code, name }) => `${code}:${name}`)).toEqual([
      'unreadable_tool:',
      'invalid_schema:bad',
      'invalid_schema:worse',
      'invalid_schema:text',
    ]);
  });

  it('name unknown types and shorten the texts around them', () => {
    const { tools, notes } = compaction().compact([
      {
        name: 'a',
        parameters: {
          type: 'dict',
          properties: { x: { type: 'float', anyOf: [{ type: 'null' }], description: part.description } },
        },
      },
    ]);
    expect(notes).toEqual([{ code: 'invalid_schema', name: 'a' }]);
    expect(tools[0]).toEqual({
      name: 'a',
      parameters: {
        type: 'dict',
        properties: {
          x: { type: 'float', anyOf: [{ type: 'null' }], description: 'Name of thing that is asked for' },
        },
      },
    });
  });

  it('INV-P5: give the same bytes whatever stands beside, from any compaction', () => {
    const given = tool({ x: part });
    const alone = JSON.stringify(compaction().compactTool(given));
    const shared = compaction();
    shared.compact([tool({ y: part }), { ...given, name: 'other' }]);
    expect(JSON.stringify(shared.compact([{ ...given }, tool({ z: part }), given]).tools[2])).toBe(alone);
  });

  it('note tools of one name and describe the first', () => {
    const [first, second] = [tool({ x: part }), tool({ y: part })];
    const { notes, describe: tell } = compaction().compact([first, second]);
    expect(notes).toEqual([{ code: 'duplicate_name', name: 'act_on' }]);
    expect(tell('act_on')).toBe(first);
  });

  it('INV-X6: a schema ten times as long takes about ten times as long', () => {
    const large = (count: number): JsonObject =>
      tool(
        Object.fromEntries(
          Array.from({ length: count }, (_, i) => [
            `field_${i}`,
            { ...part, description: `${part.description} ${i}. ${'It must be kept (so far. '.repeat(5)}` },
          ]),
        ),
      );
    const time = (value: JsonObject): number => {
      const started = performance.now();
      compaction().compactTool(value);
      return performance.now() - started;
    };
    const [short, long] = [large(100), large(1_000)];
    expect(JSON.stringify(long).length).toBeGreaterThan(200_000);
    time(short);
    const small = Math.min(...[1, 2, 3].map(() => time(short)));
    expect(Math.min(...[1, 2, 3].map(() => time(long)))).toBeLessThan(40 * Math.max(small, 1));
  });

  it('leave alone what is nested without end', () => {
    let schema: JsonObject = { type: 'string', title: 'x' };
    for (let i = 0; i < 20_000; i += 1) schema = { type: 'array', items: schema };
    const given = { name: 'deep', input_schema: schema };
    const { tools, notes } = compaction().compact([given]);
    expect(tools[0]).toBe(given);
    expect(notes).toEqual([{ code: 'schema_deep', name: 'deep' }]);
  });

  it.each([{ level: 'most' }, { level: 'lazy', maxDocTokens: 3 }])('refuse %j', (options) => {
    const make = () => compaction(options as unknown as ToolCompactionOptions);
    expect(make).toThrow(expect.toSatisfy(isPareError));
  });
});
