import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { isObject } from './checks.ts';
import { argumentDeltas, textDeltas, typedEvent } from './deltas.ts';
import { readAnthropic } from './messages-read.ts';
import { signatureOf } from './signature.ts';
import type {
  Completion,
  FinishedAnswer,
  FinishedToolCall,
  FinishedToolSearch,
  SimulatedUsage,
  SimulatedWire,
} from './types.ts';

const STOP: Readonly<Record<FinishedAnswer['finish'], string>> = {
  complete: 'end_turn',
  'stop-sequence': 'stop_sequence',
  'tool-calls': 'tool_use',
  length: 'max_tokens',
  filtered: 'refusal',
};

/** Anthropic messages. */
export const messagesWire: SimulatedWire = {
  wire: 'anthropic-messages',
  read: readAnthropic,
  writeJson,
  writeStream,
};

function writeJson(completion: Completion): JsonObject {
  const answer = completion.answers[0] as FinishedAnswer;
  return {
    ...shell(completion),
    content: contentOf(answer),
    stop_reason: STOP[answer.finish],
    stop_sequence: answer.stopSequence,
    usage: usageOf(completion.usage, completion.usage.outputTokens),
  };
}

function writeStream(completion: Completion): string[] {
  const answer = completion.answers[0] as FinishedAnswer;
  const { usage } = completion;
  const start = {
    ...shell(completion),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: usageOf(usage, 1),
  };
  const [first, ...rest] = [
    ...(answer.thinking === '' ? [] : [thinkingBlock(answer.thinking)]),
    ...answer.toolSearches.flatMap(searchStream),
    ...(answer.text === '' ? [] : [textBlock(answer.text)]),
    ...answer.toolCalls.map(toolBlock),
  ].map((events, index) => events.map((event) => typedEvent({ ...event, index })));
  return [
    typedEvent({ type: 'message_start', message: start }),
    // A ping comes once, after the first block began.
    ...(first ?? []).slice(0, 1),
    typedEvent({ type: 'ping' }),
    ...(first ?? []).slice(1),
    ...rest.flat(),
    typedEvent({
      type: 'message_delta',
      delta: { stop_reason: STOP[answer.finish], stop_sequence: answer.stopSequence },
      usage: deltaUsage(usage),
    }),
    typedEvent({ type: 'message_stop' }),
  ];
}

type Event = JsonObject & { readonly type: string };

function thinkingBlock(thinking: string): Event[] {
  return [
    { type: 'content_block_start', content_block: { type: 'thinking', thinking: '', signature: '' } },
    ...textDeltas(thinking).map((piece): Event => delta({ type: 'thinking_delta', thinking: piece })),
    delta({ type: 'signature_delta', signature: signatureOf(thinking) }),
    { type: 'content_block_stop' },
  ];
}

function textBlock(text: string): Event[] {
  return [
    { type: 'content_block_start', content_block: { type: 'text', text: '' } },
    ...textDeltas(text).map((piece): Event => delta({ type: 'text_delta', text: piece })),
    { type: 'content_block_stop' },
  ];
}

function toolBlock(call: FinishedToolCall): Event[] {
  return [
    {
      type: 'content_block_start',
      content_block: { type: 'tool_use', id: toolId(call), name: call.name, input: {} },
    },
    // The real API begins with an empty piece.
    ...['', ...argumentDeltas(call.argumentsText)].map(
      (piece): Event => delta({ type: 'input_json_delta', partial_json: piece }),
    ),
    { type: 'content_block_stop' },
  ];
}

/** A search streams its input as a call does; what it found comes whole. */
function searchStream(search: FinishedToolSearch): Event[][] {
  const [use, result] = searchContent(search, {});
  return [
    [
      { type: 'content_block_start', content_block: use },
      ...['', ...argumentDeltas(search.inputText)].map(
        (piece): Event => delta({ type: 'input_json_delta', partial_json: piece }),
      ),
      { type: 'content_block_stop' },
    ],
    [{ type: 'content_block_start', content_block: result }, { type: 'content_block_stop' }],
  ];
}

function searchContent(
  { id, name, found }: FinishedToolSearch,
  input: JsonValue,
): [use: JsonObject, result: JsonObject] {
  const references = found.map((tool) => ({ type: 'tool_reference', tool_name: tool }));
  return [
    { type: 'server_tool_use', id, name, input, caller: { type: 'direct' } },
    {
      type: 'tool_search_tool_result',
      tool_use_id: id,
      content: { type: 'tool_search_tool_search_result', tool_references: references },
    },
  ];
}

function delta(value: JsonObject): Event {
  return { type: 'content_block_delta', delta: value };
}

function contentOf(answer: FinishedAnswer): JsonValue[] {
  const { thinking, text } = answer;
  return [
    ...(thinking === '' ? [] : [{ type: 'thinking', thinking, signature: signatureOf(thinking) }]),
    ...answer.toolSearches.flatMap((search) =>
      searchContent(search, JSON.parse(search.inputText) as JsonValue),
    ),
    ...(text === '' ? [] : [{ type: 'text', text }]),
    ...answer.toolCalls.map((call) => ({
      type: 'tool_use',
      id: toolId(call),
      name: call.name,
      input: inputOf(call),
    })),
  ];
}

function toolId(call: FinishedToolCall): string {
  return call.id.startsWith('toolu_') ? call.id : `toolu_${call.id}`;
}

/** A whole answer always holds an object, whatever the model wrote. */
function inputOf(call: FinishedToolCall): JsonObject {
  try {
    const value = JSON.parse(call.argumentsText) as JsonValue;
    return isObject(value) ? value : {};
  } catch {
    // Invalid JSON can only be shown in a stream.
    return {};
  }
}

function shell({ read }: Completion): JsonObject {
  const { seed, model } = read.simulated;
  return { id: `msg_${seed.slice(0, 24)}`, type: 'message', role: 'assistant', model };
}

function deltaUsage(usage: SimulatedUsage): JsonObject {
  const {
    cacheReadTokens,
    cacheWriteTokens,
    cacheWrite1hTokens,
    inputTokens,
    outputTokens,
    reasoningTokens,
  } = usage;
  const written = cacheWriteTokens + cacheWrite1hTokens;
  return {
    input_tokens: inputTokens - cacheReadTokens - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: cacheReadTokens,
    output_tokens: outputTokens,
    ...(reasoningTokens > 0 ? { output_tokens_details: { thinking_tokens: reasoningTokens } } : {}),
  };
}

function usageOf(usage: SimulatedUsage, outputTokens: number): JsonObject {
  return {
    ...deltaUsage({ ...usage, outputTokens }),
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWriteTokens,
      ephemeral_1h_input_tokens: usage.cacheWrite1hTokens,
    },
    service_tier: 'standard',
  };
}
