import type { JsonObject, JsonValue } from '../../src/contract/index.ts';

/** A block of content, which may get a marker. */
type Block = Record<string, JsonValue | undefined>;

/**
 * A chat completions conversation as a body of the messages wire, with cache markers where agents set them: after the
 * system prompt, and after the newest content.
 *
 * @param kept blocks that stood before what the model said and called, by the place of its message
 */
// oxlint-disable-next-line max-params
export function toMessagesBody(
  model: string,
  messages: readonly JsonValue[],
  tools: readonly JsonObject[],
  kept: ReadonlyMap<number, readonly JsonObject[]> = new Map(),
): JsonObject {
  const system: Block[] = [];
  const turns: { role: 'user' | 'assistant'; content: Block[] }[] = [];
  const add = (role: 'user' | 'assistant', blocks: readonly Block[]): void => {
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else if (blocks.length > 0) turns.push({ role, content: [...blocks] });
  };
  for (const [at, message] of (messages as readonly JsonObject[]).entries()) {
    const { role, content, tool_calls: calls, tool_call_id: id } = message;
    const texts = textBlocks(content);
    if (role === 'system') system.push(...texts);
    else if (role === 'tool') add('user', [{ type: 'tool_result', tool_use_id: id ?? '', content: texts }]);
    else if (role === 'assistant')
      add('assistant', [...(kept.get(at) ?? []), ...texts, ...callBlocks(calls)]);
    else add('user', texts);
  }
  mark(system);
  mark(turns.at(-1)?.content);
  return {
    model,
    max_tokens: 1024,
    system,
    tools: tools.map(({ function: definition }) => {
      const { name, description, parameters } = definition as JsonObject;
      return { name, description, input_schema: parameters };
    }),
    messages: turns,
  };
}

function textBlocks(content: JsonValue | undefined): Block[] {
  const text = typeof content === 'string' ? content : JSON.stringify(content ?? '');
  return text.trim() === '' || text === '""' ? [] : [{ type: 'text', text }];
}

function callBlocks(calls: JsonValue | undefined): Block[] {
  return ((calls ?? []) as unknown as { id: string; function: { name: string; arguments: string } }[]).map(
    ({ id, function: { name, arguments: text } }) => ({
      type: 'tool_use',
      id,
      name,
      input: JSON.parse(text) as JsonValue,
    }),
  );
}

function mark(blocks: Block[] | undefined): void {
  const last = blocks?.at(-1);
  if (last !== undefined) last['cache_control'] = { type: 'ephemeral' };
}
