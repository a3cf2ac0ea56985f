import type { JsonObject, JsonValue } from '../../src/contract/index.ts';
import { toMessagesBody } from './messages-wire.ts';
import { isByName, searchBlocksOf } from './native-search.ts';
import type { Replay } from './replay-data.ts';
import { toResponsesBody } from './responses-wire.ts';

/** Where a run knocks. */
export interface Door {
  readonly url: string;
  readonly key: string;
  readonly session: string;
}

/** Sends one request; the names of the tools that the answer calls, and the blocks of its searches. */
// oxlint-disable-next-line max-params
export async function ask(
  { url, key, session }: Door,
  model: string,
  {
    messages,
    kept,
  }: {
    readonly messages: readonly JsonValue[];
    readonly kept: ReadonlyMap<number, readonly JsonObject[]>;
  },
  tools: Replay['tools'],
): Promise<{ made: readonly string[]; searchBlocks: readonly JsonObject[] }> {
  const [path, request] = model.startsWith('claude')
    ? ['messages', toMessagesBody(model, messages, tools, kept)]
    : isByName(model)
      ? ['responses', toResponsesBody(model, { messages, tools, kept })]
      : ['chat/completions', { model, messages, tools }];
  const answer = await fetch(`${url}/v1/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(path === 'messages'
        ? { 'x-api-key': key, 'anthropic-version': '2023-06-01' }
        : { authorization: `Bearer ${key}` }),
      'x-pare-session': session,
    },
    body: JSON.stringify(request),
  });
  const body = (await answer.json()) as {
    choices?: { message: { tool_calls?: { function: { name: string } }[] } }[];
    content?: JsonObject[];
    output?: JsonObject[];
  };
  if (!answer.ok) throw new Error(`${answer.status}: ${JSON.stringify(body).slice(0, 300)}`);
  const content = body.content ?? body.output ?? [];
  const made = [
    ...(body.choices?.[0]?.message.tool_calls ?? []).map((call) => call.function.name),
    ...content
      .filter(({ type }) => type === 'tool_use' || type === 'function_call')
      .flatMap(({ name }) => (typeof name === 'string' ? name : [])),
  ];
  return { made, searchBlocks: searchBlocksOf(content) };
}

/** Sends a request in vain, so that no run is the first to have its tools read. */
export async function warmUp(door: Door, { tools }: Replay, model: string): Promise<void> {
  const messages = [{ role: 'user', content: 'Hello' }];
  for (let i = 0; i < 3; i += 1) {
    await ask(door, model, { messages, kept: new Map() }, tools);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
