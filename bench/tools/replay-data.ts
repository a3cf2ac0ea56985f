import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../src/contract/index.ts';

/** One request of a recorded run, in the chat completions wire, and the tools that the model then called. */
export interface ReplayTurn {
  readonly messages: readonly JsonValue[];
  readonly calls: readonly string[];
}

/** A recorded run: every request that it made, in order. */
export interface ReplayRun {
  readonly turns: readonly ReplayTurn[];
}

/** Runs over one set of tools. */
export interface Replay {
  readonly name: string;
  /** In the form of chat completions. */
  readonly tools: readonly JsonObject[];
  readonly runs: readonly ReplayRun[];
}

interface Message {
  readonly role: string;
  readonly content: JsonValue;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly Call[] | null;
}
interface Call {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

function rows<T>(...path: readonly string[]): T[] {
  return readFileSync(join(...path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/**
 * LiveMCPBench: agents that found tools with one tool and called them with another. Played as if they had called the
 * tools themselves: what the search said is left out, since it would tell the names that are to be found.
 */
export function livemcpRuns(data: string): Replay {
  const listed = rows<{ name: string; description: string | null; inputSchema: JsonValue }>(
    data,
    'livemcp',
    'tools.jsonl',
  );
  const seen = new Set<string>();
  // Names must be unique in a request; of servers that share one, the first is there.
  const unique = listed.filter(({ name }) => !seen.has(name) && seen.add(name).has(name));
  return {
    name: 'livemcp',
    tools: unique.map(({ name, description, inputSchema }) =>
      asTool({ name, description: description ?? '', parameters: inputSchema }),
    ),
    runs: rows<{ messages: Message[] }>(data, 'livemcp', 'runs.jsonl').map(({ messages }) =>
      toRun(messages, directCall),
    ),
  };
}

/** tau-bench: an agent of an airline, 14 tools, and what else such an agent may have. */
export function tauRuns(data: string): Replay {
  const tools = JSON.parse(readFileSync(join(data, 'tau_bench', 'tools.json'), 'utf8')) as JsonObject[];
  return {
    name: 'tau_bench',
    tools: tools.map((tool) => (tool['type'] === 'function' ? tool : asTool(tool))),
    runs: rows<{ messages: Message[] }>(data, 'tau_bench', 'runs.jsonl').map(({ messages }) =>
      toRun(messages, (call) => call),
    ),
  };
}

function asTool(definition: JsonObject): JsonObject {
  return { type: 'function', function: definition };
}

/** The call that an agent made through `execute-tool`; none for its search. */
function directCall(call: Call): Call | undefined {
  if (call.function.name !== 'execute-tool') return undefined;
  const { tool_name: name, params } = JSON.parse(call.function.arguments) as {
    tool_name: string;
    params?: JsonValue;
  };
  return { id: call.id, function: { name, arguments: JSON.stringify(params ?? {}) } };
}

/** A request before each answer of the model, with all that was said and called until then. */
function toRun(messages: readonly Message[], read: (call: Call) => Call | undefined): ReplayRun {
  const turns: ReplayTurn[] = [];
  const sent: JsonObject[] = [];
  const dropped = new Set<string>();
  for (const message of messages) {
    if (message.role === 'tool') {
      const id = message.tool_call_id ?? '';
      if (!dropped.has(id)) sent.push({ role: 'tool', tool_call_id: id, content: message.content ?? '' });
      continue;
    }
    const { role, content, tool_calls: all } = message;
    if (role !== 'assistant') {
      sent.push({ role, content: content ?? '' });
      continue;
    }
    const calls = (all ?? []).flatMap((call) => read(call) ?? []);
    for (const { id } of all ?? []) if (!calls.some((call) => call.id === id)) dropped.add(id);
    if (calls.length === 0 && (all ?? []).length > 0) continue;
    turns.push({ messages: [...sent], calls: calls.map((call) => call.function.name) });
    sent.push({
      role,
      content: content ?? null,
      ...(calls.length > 0
        ? {
            tool_calls: calls.map(({ id, function: called }) => ({ id, type: 'function', function: called })),
          }
        : {}),
    });
  }
  return { turns };
}
