import { array, assert, asyncProperty, constantFrom, float, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../contract/index.ts';
import { createStaticEmbedder } from '../../embeddings/index.ts';
import { categoriesOf, categoryBoosts, categoryExamples, trainIntentClassifier } from './index.ts';

const embedder = createStaticEmbedder();
const tool = (name: string, description: string): JsonValue => ({ name, description, inputSchema: {} });
const TOOLS: readonly JsonValue[] = [
  tool('mcp__github__create_issue', 'Open a new issue in a repository. Labels may be given.'),
  tool('mcp__github__list_pulls', 'List the pull requests of a repository'),
  tool('calendar_add_event', 'Put an appointment into the calendar'),
  tool('mcp__github__merge', 'Merge a pull request into its base branch'),
  tool('calendar_find_free_time', 'Find a time at which all guests are free for a meeting'),
  tool('calendar_delete_event', 'Remove an appointment from the calendar'),
  tool('get_weather', 'Weather forecast for a city: temperature and rain'),
  tool('weather_alerts', 'Weather alerts for a city: storm, rain and snow'),
  tool('find_climate', 'Weather of past years for a city: mean temperature, rain'),
  tool('play_chess', 'Play a game of chess against an engine'),
];
const namesOf = (categories: readonly { readonly name: string; readonly tools: readonly string[] }[]) =>
  Object.fromEntries(categories.map(({ name, tools }) => [name, tools]));

describe('categories of tools', () => {
  it('follow servers, then what names begin with, then meaning', async () => {
    const found = await categoriesOf(TOOLS, { embedder });
    expect(namesOf(found)).toEqual({
      github: ['mcp__github__create_issue', 'mcp__github__list_pulls', 'mcp__github__merge'],
      calendar: ['calendar_add_event', 'calendar_find_free_time', 'calendar_delete_event'],
      [found[2]?.name as string]: ['get_weather', 'weather_alerts', 'find_climate'],
    });
  });

  it('are those of names alone without an embedder, and of at least so many tools', async () => {
    expect((await categoriesOf(TOOLS)).map(({ name }) => name)).toEqual(['github', 'calendar']);
    expect(await categoriesOf(TOOLS, { embedder, minTools: 4 })).toEqual([]);
  });

  it('are not called after the protocol, of which all tools may be', async () => {
    const names = ['mcp_recipes_all', 'mcp_recipes_today', 'mcp_recipes_by_id', 'mcp_train_times'];
    const found = await categoriesOf(names.map((name) => tool(name, '')));
    expect(namesOf(found)).toEqual({ recipes: names.slice(0, 3) });
  });

  it('hold a tool once at most, and known tools alone, whatever the names', async () => {
    const names = constantFrom(
      'a',
      'a_b',
      'a_c',
      'a.b',
      'mcp__a__b',
      '',
      '__',
      'get_x',
      '工具_一',
      '__proto__',
    );
    await assert(
      asyncProperty(array(record({ name: names, description: names }), { maxLength: 20 }), async (tools) => {
        const found = await categoriesOf(tools, { embedder, minTools: 2 });
        const all = found.flatMap((category) => category.tools);
        expect(new Set(all).size).toBe(all.length);
        expect(new Set(found.map(({ name }) => name)).size).toBe(found.length);
        for (const name of all) expect(tools.map((own) => own.name)).toContain(name);
      }),
      { numRuns: 100 },
    );
  });

  it('can be learned from the texts of their tools', async () => {
    const categories = await categoriesOf(TOOLS, { embedder });
    const examples = categoryExamples(TOOLS, categories);
    expect(new Set(examples.map(({ label }) => label))).toEqual(new Set(categories.map(({ name }) => name)));
    const classifier = await trainIntentClassifier({ examples, embedder });
    const best = async (text: string) => (await classifier.classify(text, { minConfidence: 0 }))[0]?.label;
    expect(await best('when can we all meet next week? put it into my calendar')).toBe('calendar');
    expect(await best('is the pull request of Ann merged into the repository')).toBe('github');
    expect(await best('does it rain in Rome')).toBe(categories[2]?.name);
  });

  it('may be given: names that no tool has are passed over', () => {
    const given = [{ name: 'time', tools: ['calendar_add_event', 'nowhere'] }];
    const texts = categoryExamples(TOOLS, given).map(({ text }) => text);
    expect(texts).toContain('calendar add event');
    expect(texts.every((text) => !text.includes('nowhere'))).toBe(true);
  });

  it('are refused from what is no list', async () => {
    await expect(categoriesOf('tools' as never)).rejects.toMatchObject({ code: 'invalid_tools' });
  });
});

describe('boosts', () => {
  it('are the weight times the confidence; of several categories, the most', () => {
    const categories = [
      { name: 'a', tools: ['x', 'y'] },
      { name: 'b', tools: ['y', 'z'] },
      { name: 'c', tools: ['w'] },
    ];
    const guesses = [
      { label: 'b', confidence: 0.6 },
      { label: 'a', confidence: 0.3 },
    ];
    expect(categoryBoosts(guesses, categories, 0.5)).toEqual(
      new Map([
        ['x', 0.15],
        ['y', 0.3],
        ['z', 0.3],
      ]),
    );
    expect(categoryBoosts([], categories, 0.5).size).toBe(0);
  });

  it('never exceed the weight', () => {
    const confidence = float({ min: 0, max: 1, noNaN: true });
    assert(
      property(array(record({ label: constantFrom('a', 'b'), confidence })), (guesses) => {
        const boosts = categoryBoosts(guesses, [{ name: 'a', tools: ['x'] }], 0.4);
        for (const boost of boosts.values()) expect(boost).toBeLessThanOrEqual(0.4);
      }),
    );
  });
});
