import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../contract/index.ts';
import { createSchemaCompactor } from '../../optimizer/tool-search.ts';
import type { Backend } from './backend.ts';
import { briefSchema } from './brief-schema.ts';
import type { CatalogTool } from './catalog.ts';
import { listedDefinition, oneLine, readDefinitions, shorten, type ToolDefinition } from './definition.ts';
import { publicName, serverPrefixes } from './names.ts';
import { starters } from './starters.ts';

const someName = fc.oneof(
  fc.string({ minLength: 1, maxLength: 90, unit: 'grapheme' }),
  fc.stringMatching(/^[a-b_]{1,8}$/),
  fc.constantFrom('a', 'a_', 'a__b', '_', '__', 'a-2', 'a.b', 'a b', 'é'.repeat(70), 'x'.repeat(64)),
);

describe('names of tools', () => {
  it('are valid for every API, and differ for different tools of different servers', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(someName, { minLength: 1, maxLength: 6 }),
        fc.uniqueArray(someName, { minLength: 1, maxLength: 6 }),
        (servers, tools) => {
          const names = serverPrefixes(servers).flatMap((prefix) =>
            tools.map((tool) => publicName(prefix, tool)),
          );
          expect(new Set(names).size).toBe(servers.length * tools.length);
          for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
        },
      ),
    );
  });

  it('are plain where they can be', () => {
    expect(serverPrefixes(['github', 'my files', 'github_'])).toEqual([
      'github',
      expect.stringMatching(/^my_files_[0-9a-f]{8}$/),
      'github-2',
    ]);
    expect(publicName('github', 'create_issue')).toBe('github__create_issue');
  });
});

describe('schemas for search results', () => {
  const compact = createSchemaCompactor();

  it('accept what the original accepts, in fewer words, and leave nothing out in silence (INV-T3)', () => {
    const limit = 'The address. It must not be longer than 64 characters, and no server gets it twice.';
    let deep: JsonObject = { type: 'integer', minimum: 3 };
    for (let i = 0; i < 20; i += 1) deep = { type: 'array', title: 'Array', items: deep };
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      title: 'Arguments',
      properties: {
        title: { type: 'string', title: 'Title', description: limit },
        kind: { enum: ['a', 'b'], default: 'a', examples: ['a'] },
        deep,
      },
      required: ['title'],
      additionalProperties: false,
    };
    const { schema: brief, isCut } = briefSchema({ name: 'write', inputSchema: schema }, compact);
    const text = JSON.stringify(brief);
    expect(isCut).toBe(false);
    expect(text.length).toBeLessThan(JSON.stringify(schema).length);
    expect(text).toContain('64 characters');
    expect(text).toContain('"minimum":3');
    expect(text).not.toMatch(/Arguments|Array|examples/);
    expect(brief).toMatchObject({ required: ['title'], additionalProperties: false });
  });

  it('are short whatever the schema, and say when parts are left out', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [
        `p${i}`,
        { enum: Array.from({ length: 50 }, (__, j) => `value ${j}`) },
      ]),
    );
    const named = briefSchema(
      { name: 'write', inputSchema: { type: 'object', properties, required: ['p1'] } },
      compact,
    );
    expect(named.isCut).toBe(true);
    expect(Object.keys(named.schema['properties'] as object)).toHaveLength(100);
    let deep: JsonObject = {};
    for (let i = 0; i < 2_000; i += 1) deep = { type: 'object', properties: { a: deep } };
    for (const schema of [deep, { type: 'object', properties: { ['x'.repeat(200_000)]: {} } }, 7, null]) {
      expect(
        JSON.stringify(briefSchema({ name: 'write', inputSchema: schema }, compact).schema).length,
      ).toBeLessThanOrEqual(4_000);
    }
  });
});

describe('definitions', () => {
  const isUsable = (): boolean => true;

  it('are left as they are but for the name', () => {
    const tool = {
      name: 'a',
      title: 'A',
      description: 'Does.',
      inputSchema: { type: 'object', properties: { x: { type: 'string' } } },
      outputSchema: { type: 'object' },
      annotations: { readOnlyHint: true },
      _meta: { x: 1 },
    };
    expect(listedDefinition(tool, 's__a', isUsable)).toEqual({ ...tool, name: 's__a' });
  });

  it('lose a schema that clients would refuse the whole list for', () => {
    const tool = {
      name: 'a',
      description: 7,
      inputSchema: { type: 'string' },
      outputSchema: { type: 'object' },
    };
    expect(listedDefinition(tool, 'a', () => false)).toEqual({ name: 'a', inputSchema: { type: 'object' } });
  });

  it('that are nested too deep to be written are left out: a client could be told of no tool else', () => {
    const deep = JSON.parse(`${'{"items":'.repeat(60_000)}{}${'}'.repeat(60_000)}`) as JsonObject;
    expect(readDefinitions([{ name: 'deep', inputSchema: deep }, { name: 'plain' }])).toEqual([
      { name: 'plain' },
    ]);
  });

  it('without a name are left out', () => {
    expect(readDefinitions([null, 1, {}, { name: '' }, { name: 'a' }])).toEqual([{ name: 'a' }]);
    expect(readDefinitions(undefined)).toEqual([]);
  });

  it('are told in one line', () => {
    expect(oneLine({ name: 'a', description: '\n  Reads a file from disk. It is fast.\nMore.' })).toBe(
      'Reads a file from disk.',
    );
    expect(oneLine({ name: 'a', title: 'Reader' })).toBe('Reader');
    expect(shorten('word '.repeat(100), 50).length).toBeLessThanOrEqual(51);
  });
});

describe('the tools of a session that asked for nothing yet', () => {
  it('are the most general of each server in turn', () => {
    const tool = (server: Backend, name: string, required: readonly string[] = []): CatalogTool => {
      const original: ToolDefinition = { name, inputSchema: { type: 'object', required } };
      const brief = { schema: {}, isCut: false };
      return { name, backend: server, original, listed: () => original, brief: () => brief };
    };
    const [files, mail] = [{} as Backend, {} as Backend];
    const tools = [
      tool(files, 'format_disk'),
      tool(files, 'edit_file', ['path', 'edits']),
      tool(files, 'readFile', ['path']),
      tool(mail, 'mail'),
    ];
    expect(starters(tools, 3).map(({ name }) => name)).toEqual(['readFile', 'mail', 'edit_file']);
    expect(starters(tools, 10)).toHaveLength(4);
    expect(starters([], 3)).toEqual([]);
  });
});
