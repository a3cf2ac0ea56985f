import type { ChatRequest, JsonObject, JsonValue, Message } from '../../contract/index.ts';
import { sha256Hex } from '../../support/index.ts';
import type { ToolTurn } from '../options.ts';

/** Fields that name a conversation whose earlier turns the provider keeps. */
const HIDDEN_HISTORY = ['previous_response_id', 'conversation'] as const;

/** The conversation as the ranking reads it, from a message on. The system prompt is no request and is left out. */
export function turnsOf({ messages }: ChatRequest, from = 0): readonly ToolTurn[] {
  const turns: ToolTurn[] = [];
  for (let i = from; i < messages.length; i += 1) addTurns(messages[i] as Message, turns);
  return turns;
}

function addTurns({ role, parts }: Message, turns: ToolTurn[]): void {
  const texts: string[] = [];
  const calls: string[] = [];
  for (const part of parts) {
    if (part.kind === 'text') texts.push(part.text);
    else if (part.kind === 'tool-call') calls.push(part.name);
    else if (part.kind === 'tool-result') turns.push({ role: 'tool', text: part.text });
  }
  const text = texts.join('\n');
  if (role === 'assistant') {
    if (text !== '' || calls.length > 0) turns.push({ role, text, calls });
  } else if (role === 'user' && text !== '') turns.push({ role, text });
}

/**
 * Where the ranking must begin to read so that it sees the latest request of the user, the one before it, and all
 * since: what came earlier was read in its own time.
 */
export function recentFrom({ messages }: ChatRequest): number {
  let requests = 0;
  for (let i = messages.length - 1; i >= 0; i -= 1) {
    const { role, parts } = messages[i] as Message;
    if (role !== 'user' || !parts.some((part) => part.kind === 'text')) continue;
    requests += 1;
    if (requests === 2) return i;
  }
  return 0;
}

/** True when the user said something since the model's last words; false where only its calls were answered. */
export function saysSomethingNew({ messages, liveFrom }: ChatRequest): boolean {
  for (let i = liveFrom; i < messages.length; i += 1) {
    const { role, parts } = messages[i] as Message;
    if (role === 'user' && parts.some((part) => part.kind === 'text')) return true;
  }
  return false;
}

/** Names of the tools that the conversation called before, oldest first. */
export function calledNames({ messages }: ChatRequest): string[] {
  const names = new Set<string>();
  for (const { role, parts } of messages) {
    if (role !== 'assistant') continue;
    for (const part of parts) if (part.kind === 'tool-call' && part.name !== '') names.add(part.name);
  }
  return [...names];
}

/** Names of the tools that the conversation called without saying in which namespace. */
export function calledWithoutNamespace({ messages }: Pick<ChatRequest, 'messages'>): Set<string> {
  const calls = messages.flatMap(({ parts }) => parts.filter((part) => part.kind === 'tool-call'));
  return new Set(calls.filter(({ namespace }) => namespace === undefined).map(({ name }) => name));
}

/** The tool that was called last; undefined where none was. */
export function lastCalled({ messages }: ChatRequest): string | undefined {
  for (let i = messages.length - 1; i >= 0; i -= 1) {
    const { role, parts } = messages[i] as Message;
    if (role !== 'assistant') continue;
    const call = parts.findLast((part) => part.kind === 'tool-call');
    if (call?.kind === 'tool-call') return call.name;
  }
  return undefined;
}

/** Names of the tools that the request's choice of tools speaks of, whichever wire it is. */
export function chosenNames({ source }: ChatRequest): string[] {
  const names: string[] = [];
  for (const choice of [source.value['tool_choice'], source.value['function_call']]) {
    const object = asObject(choice);
    if (object === undefined) continue;
    addName(object, names);
    const allowed = asObject(object['allowed_tools']) ?? object;
    const list = allowed['tools'];
    if (Array.isArray(list)) for (const tool of list as readonly JsonValue[]) addName(asObject(tool), names);
  }
  return names;
}

function addName(object: JsonObject | undefined, names: string[]): void {
  const inner = asObject(object?.['function']) ?? asObject(object?.['custom']) ?? object;
  const name = inner?.['name'];
  if (typeof name === 'string' && name !== '') names.push(name);
}

/** True when the caller forbids every call of a tool. */
export function forbidsTools({ source }: ChatRequest): boolean {
  const choice = source.value['tool_choice'] ?? source.value['function_call'];
  return choice === 'none' || asObject(choice)?.['type'] === 'none';
}

/**
 * True when the model may call any tool, or none: neither is a call demanded, nor are tools named that alone may be
 * called.
 */
export function isFreeToCall({ source }: ChatRequest): boolean {
  const choice = source.value['tool_choice'] ?? source.value['function_call'] ?? 'auto';
  return choice === 'auto' || asObject(choice)?.['type'] === 'auto';
}

/** True when earlier turns are the provider's to know: the body does not show which tools they called. */
export function hasHiddenHistory({ source }: ChatRequest): boolean {
  return HIDDEN_HISTORY.some((field) => source.value[field] !== undefined && source.value[field] !== null);
}

/** The answer that this request goes on from, where the provider keeps the conversation. */
export function previousResponse({ source }: ChatRequest): string | undefined {
  const id = source.value['previous_response_id'];
  return typeof id === 'string' ? id : undefined;
}

/** True when the model has answered in this conversation before. */
export function hasHistory(request: ChatRequest): boolean {
  return request.messages.some(({ role }) => role === 'assistant');
}

/** How often the model was asked in this conversation before. */
export function turnsBefore({ messages }: ChatRequest): number {
  let turns = 0;
  for (const [i, { role }] of messages.entries()) {
    if (role === 'assistant' && messages[i + 1]?.role !== 'assistant') turns += 1;
  }
  return turns;
}

/**
 * What tells conversations apart that name no session: the system prompt, the first message of the user, and the
 * names that callers give conversations for the provider's sake.
 */
export function conversationDigest({ system, messages, source }: ChatRequest): string {
  const first = messages.find(({ role }) => role === 'user');
  return sha256Hex(
    JSON.stringify([
      system.map(textsOf),
      first === undefined ? [] : textsOf(first),
      source.value['prompt_cache_key'] ?? null,
      source.value['conversation'] ?? null,
      asObject(source.value['metadata'])?.['user_id'] ?? null,
    ]),
  );
}

function textsOf({ parts }: Message): string[] {
  return parts.map((part) => (part.kind === 'text' ? part.text : part.kind));
}

function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}
