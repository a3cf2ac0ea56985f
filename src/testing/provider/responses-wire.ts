import type { JsonArray, JsonObject, JsonValue } from '../../contract/index.ts';
import { isArray, isObject } from './checks.ts';
import { argumentDeltas, textDeltas, typedEvent } from './deltas.ts';
import { readResponses } from './responses-read.ts';
import { isDeferred, searchItems } from './responses-search.ts';
import type { Completion, FinishedAnswer, FinishedToolCall, SimulatedUsage, SimulatedWire } from './types.ts';

/** OpenAI responses. */
export const responsesWire: SimulatedWire = {
  wire: 'openai-responses',
  read: readResponses,
  writeJson,
  writeStream,
};

function writeJson(completion: Completion): JsonObject {
  const { usage } = completion;
  const answer = answerOf(completion);
  return {
    ...shell(completion),
    status: statusOf(answer),
    completed_at: completion.created,
    incomplete_details: incompleteDetails(answer),
    output: outputOf(completion),
    usage: usageOf(usage),
  };
}

/** Makes the events and gives each the next sequence number. */
function writeStream(completion: Completion): string[] {
  const begun = { ...shell(completion), status: 'in_progress', completed_at: null, output: [], usage: null };
  const answer = answerOf(completion);
  const last = statusOf(answer) === 'incomplete' ? 'response.incomplete' : 'response.completed';
  const events: (JsonObject & { readonly type: string })[] = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...outputOf(completion).flatMap((item, index) => itemEvents(item as JsonObject, index)),
    { type: last, response: writeJson(completion) },
  ];
  return events.map((event, index) => typedEvent({ ...event, sequence_number: index }));
}

type Event = JsonObject & { readonly type: string };

function itemEvents(item: JsonObject, index: number): Event[] {
  const place = { item_id: item['id'], output_index: index };
  const inner =
    item['type'] === 'message'
      ? messageEvents(item, place)
      : item['type'] === 'reasoning'
        ? reasoningEvents(item, place)
        : isSearch(item)
          ? []
          : argumentEvents(item, place);
  return [
    { type: 'response.output_item.added', output_index: index, item: begun(item) },
    ...inner,
    { type: 'response.output_item.done', output_index: index, item },
  ];
}

/** The item as it stands before its content. */
function begun(item: JsonObject): JsonObject {
  if (item['type'] === 'message') return { ...item, status: 'in_progress', content: [] };
  if (item['type'] === 'reasoning') return { ...item, summary: [] };
  // Neither streams in pieces: the call begins empty, and what was found is there at once.
  if (item['type'] === 'tool_search_output') return { ...item, status: 'in_progress' };
  return { ...item, status: 'in_progress', arguments: isSearch(item) ? {} : '' };
}

function isSearch({ type }: JsonObject): boolean {
  return type === 'tool_search_call' || type === 'tool_search_output';
}

function messageEvents(item: JsonObject, place: JsonObject): Event[] {
  const part = (item['content'] as JsonArray)[0] as JsonObject;
  const text = part['text'] as string;
  const at = { ...place, content_index: 0 };
  return [
    { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
    ...textDeltas(text).map(
      (delta): Event => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] }),
    ),
    { type: 'response.output_text.done', ...at, text, logprobs: [] },
    { type: 'response.content_part.done', ...at, part },
  ];
}

function reasoningEvents(item: JsonObject, place: JsonObject): Event[] {
  const part = (item['summary'] as JsonArray)[0] as JsonObject;
  const text = part['text'] as string;
  const at = { ...place, summary_index: 0 };
  return [
    { type: 'response.reasoning_summary_part.added', ...at, part: { ...part, text: '' } },
    ...textDeltas(text).map(
      (delta): Event => ({ type: 'response.reasoning_summary_text.delta', ...at, delta }),
    ),
    { type: 'response.reasoning_summary_text.done', ...at, text },
    { type: 'response.reasoning_summary_part.done', ...at, part },
  ];
}

function argumentEvents(item: JsonObject, place: JsonObject): Event[] {
  const text = item['arguments'] as string;
  return [
    ...argumentDeltas(text).map(
      (delta): Event => ({ type: 'response.function_call_arguments.delta', ...place, delta }),
    ),
    { type: 'response.function_call_arguments.done', ...place, arguments: text },
  ];
}

function outputOf(completion: Completion): JsonArray {
  const answer = answerOf(completion);
  const { seed } = completion.read.simulated;
  const items: JsonValue[] = [];
  if (answer.thinking !== '') {
    items.push({
      id: `rs_${seed}`,
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: answer.thinking }],
    });
  }
  const deferred = deferredIn(completion);
  items.push(...answer.toolSearches.flatMap((search) => searchItems(search, { deferred })));
  if (answer.text !== '' || answer.toolCalls.length === 0) {
    const status = statusOf(answer);
    const content = [{ type: 'output_text', text: answer.text, annotations: [], logprobs: [] }];
    items.push({ id: `msg_${seed}`, type: 'message', status, role: 'assistant', content });
  }
  return [...items, ...answer.toolCalls.map((call) => functionCall(call, deferred.has(call.name)))];
}

function deferredIn({ read }: Completion): Map<string, JsonObject> {
  const { tools } = read.simulated.body;
  const values = isArray(tools) ? tools.filter(isObject).filter(isDeferred) : [];
  return new Map(values.flatMap((tool) => (typeof tool['name'] === 'string' ? [[tool['name'], tool]] : [])));
}

/** What was deferred is called in a namespace of its own name. */
function functionCall(call: FinishedToolCall, wasDeferred: boolean): JsonObject {
  const id = call.id.startsWith('call_') ? call.id : `call_${call.id}`;
  const itemId = `fc_${id.slice('call_'.length)}`;
  return {
    id: itemId,
    type: 'function_call',
    status: 'completed',
    call_id: id,
    name: call.name,
    arguments: call.argumentsText,
    ...(wasDeferred ? { namespace: call.name } : {}),
  };
}

function shell({ read, created }: Completion): JsonObject {
  const { body, model, seed, maxTokens } = read.simulated;
  const text = isObject(body['text']) ? body['text'] : {};
  return {
    id: `resp_${seed}`,
    object: 'response',
    created_at: created,
    status: 'in_progress',
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: maxTokens,
    model,
    output: [],
    parallel_tool_calls: read.simulated.allowsParallelTools,
    previous_response_id: body['previous_response_id'] ?? null,
    reasoning: { effort: null, summary: null, ...(isObject(body['reasoning']) ? body['reasoning'] : {}) },
    service_tier: 'default',
    store: body['store'] ?? true,
    temperature: body['temperature'] ?? 1,
    text: { format: { type: 'text' }, ...text },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_p: body['top_p'] ?? 1,
    truncation: body['truncation'] ?? 'disabled',
    usage: null,
    user: body['user'] ?? null,
    metadata: body['metadata'] ?? {},
  };
}

function answerOf(completion: Completion): FinishedAnswer {
  return completion.answers[0] as FinishedAnswer;
}

function statusOf(answer: FinishedAnswer): 'completed' | 'incomplete' {
  return answer.finish === 'length' || answer.finish === 'filtered' ? 'incomplete' : 'completed';
}

function incompleteDetails(answer: FinishedAnswer): JsonObject | null {
  if (answer.finish === 'length') return { reason: 'max_output_tokens' };
  return answer.finish === 'filtered' ? { reason: 'content_filter' } : null;
}

function usageOf(usage: SimulatedUsage): JsonObject {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cacheReadTokens, cache_write_tokens: 0 },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
