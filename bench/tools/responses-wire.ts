import type { JsonObject, JsonValue } from '../../src/contract/index.ts';

/**
 * A chat completions conversation as a body of the responses wire.
 *
 * @param kept items of answers by the place of the message that they came with: searches are sent on, and calls have the
 * namespace in which they were made
 */
export function toResponsesBody(
  model: string,
  {
    messages,
    tools,
    kept = new Map(),
  }: {
    readonly messages: readonly JsonValue[];
    readonly tools: readonly JsonObject[];
    readonly kept?: ReadonlyMap<number, readonly JsonObject[]>;
  },
): JsonObject {
  const instructions: string[] = [];
  const input: JsonObject[] = [];
  for (const [at, message] of (messages as readonly JsonObject[]).entries()) {
    const { role, content, tool_calls: calls, tool_call_id: id } = message;
    const text = textOf(content);
    if (role === 'system') instructions.push(text);
    else if (role === 'tool') input.push({ type: 'function_call_output', call_id: id ?? '', output: text });
    else if (role === 'assistant') {
      const items = kept.get(at) ?? [];
      input.push(...items.filter(({ type }) => type !== 'function_call'));
      if (text !== '') input.push({ role, content: text });
      input.push(...callItems(calls, items));
    } else input.push({ role: 'user', content: text });
  }
  return {
    model,
    instructions: instructions.join('\n'),
    tools: tools.map(({ function: definition }) => ({ type: 'function', ...(definition as JsonObject) })),
    input,
  };
}

function textOf(content: JsonValue | undefined): string {
  if (content === undefined || content === null) return '';
  return typeof content === 'string' ? content : JSON.stringify(content);
}

function callItems(calls: JsonValue | undefined, items: readonly JsonObject[]): JsonObject[] {
  const made = items.filter(({ type }) => type === 'function_call');
  return ((calls ?? []) as unknown as { id: string; function: { name: string; arguments: string } }[]).map(
    ({ id, function: { name, arguments: text } }) => {
      const namespace = made.find((call) => call['name'] === name)?.['namespace'];
      return {
        type: 'function_call',
        call_id: id,
        name,
        arguments: text,
        ...(namespace === undefined ? {} : { namespace }),
      };
    },
  );
}
