import { describe, expect, it } from 'vitest';
import type { Embedder, ToolDefinition } from '../../contract/index.ts';
import { createFakeEmbedder } from '../../testing/index.ts';
import { hashOfTools, ToolIndexes } from './indexes.ts';

const WORDS = [
  'invoice',
  'weather',
  'song',
  'flight',
  'ticket',
  'photo',
  'meeting',
  'recipe',
  'parcel',
  'note',
];

function toolNamed(name: string, description = `Handles one ${name}.`): ToolDefinition {
  const value = { type: 'function', function: { name, description, parameters: { type: 'object' } } };
  return { name, description, schema: { type: 'object' }, isHosted: false, value };
}

/** An embedder that writes down what it is given. */
function recording(): { readonly embedder: Embedder; readonly texts: string[] } {
  const inner = createFakeEmbedder();
  const texts: string[] = [];
  const embedder: Embedder = {
    identity: inner.identity,
    embed: (given, options) => {
      texts.push(...given);
      return inner.embed(given, options);
    },
  };
  return { embedder, texts };
}

async function build(indexes: ToolIndexes, tools: readonly ToolDefinition[]) {
  return indexes.of({ hash: hashOfTools(tools), tools, model: 'gpt-4o' }).ready;
}

describe('indexes of sets of tools', () => {
  it('read only what changed of a set that is nearly known', async () => {
    const { embedder, texts } = recording();
    const indexes = new ToolIndexes({ embedder, countTokens: undefined, onEvent: () => undefined });
    const tools = WORDS.map((word) => toolNamed(word));
    const first = await build(indexes, tools);
    texts.length = 0;
    const changed = tools.with(3, toolNamed('flight', 'Books a seat on a plane.'));
    const second = await build(indexes, changed);
    expect(texts.join(' ')).toContain('plane');
    expect(texts.join(' ')).not.toContain('weather');
    expect(second.size).toBe(first.size);
    const { tools: found } = await second.rank('a seat on a plane', { max: 1 });
    expect(found[0]?.name).toBe('flight');
  });

  it('read a set anew that shares little with those that are known', async () => {
    const { embedder, texts } = recording();
    const indexes = new ToolIndexes({ embedder, countTokens: undefined, onEvent: () => undefined });
    await build(
      indexes,
      WORDS.map((word) => toolNamed(word)),
    );
    texts.length = 0;
    await build(
      indexes,
      WORDS.slice(0, 5)
        .concat('camera', 'garden', 'kettle')
        .map((word) => toolNamed(word)),
    );
    expect(texts.join(' ')).toContain('weather');
  });
});
