import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { readChat } from './chat-read.ts';
import { argumentDeltas, dataEvent, textDeltas } from './deltas.ts';
import type { Completion, FinishedAnswer, FinishedToolCall, SimulatedUsage, SimulatedWire } from './types.ts';

const FINISH: Readonly<Record<FinishedAnswer['finish'], string>> = {
  complete: 'stop',
  'stop-sequence': 'stop',
  'tool-calls': 'tool_calls',
  length: 'length',
  filtered: 'content_filter',
};

/** OpenAI chat completions. */
export const chatWire: SimulatedWire = { wire: 'openai-chat', read: readChat, writeJson, writeStream };

function writeJson(completion: Completion): JsonObject {
  return {
    ...head(completion, 'chat.completion'),
    choices: completion.answers.map((answer, index) => ({
      index,
      message: {
        role: 'assistant',
        content: answer.toolCalls.length > 0 && answer.text === '' ? null : answer.text,
        refusal: null,
        annotations: [],
        ...(answer.toolCalls.length > 0 ? { tool_calls: answer.toolCalls.map(toolCall) } : {}),
      },
      logprobs: null,
      finish_reason: FINISH[answer.finish],
    })),
    usage: usageOf(completion.usage),
    ...tail(),
  };
}

function writeStream(completion: Completion): string[] {
  const withUsage = completion.read.includesStreamUsage;
  const shared = head(completion, 'chat.completion.chunk');
  const chunk = (choices: JsonValue[], usage: JsonObject | null = null): string =>
    dataEvent({ ...shared, ...tail(), choices, ...(withUsage ? { usage } : {}) });
  const events = completion.answers.flatMap((answer, index) =>
    answerDeltas(answer)
      .map((delta) => chunk([{ index, delta, logprobs: null, finish_reason: null }]))
      .concat(chunk([{ index, delta: {}, logprobs: null, finish_reason: FINISH[answer.finish] }])),
  );
  if (withUsage) events.push(chunk([], usageOf(completion.usage)));
  return [...events, dataEvent('[DONE]')];
}

function answerDeltas(answer: FinishedAnswer): JsonObject[] {
  const content = answer.toolCalls.length > 0 && answer.text === '' ? null : '';
  return [
    { role: 'assistant', content, refusal: null },
    ...textDeltas(answer.text).map((piece): JsonObject => ({ content: piece })),
    ...answer.toolCalls.flatMap((call, index): JsonObject[] => [
      { tool_calls: [{ index, ...toolCall({ ...call, argumentsText: '' }) }] },
      ...argumentDeltas(call.argumentsText).map(
        (piece): JsonObject => ({
          tool_calls: [{ index, function: { arguments: piece } }],
        }),
      ),
    ]),
  ];
}

function toolCall(call: FinishedToolCall): JsonObject {
  const id = call.id.startsWith('call_') ? call.id : `call_${call.id}`;
  return { id, type: 'function', function: { name: call.name, arguments: call.argumentsText } };
}

function head({ read, created }: Completion, object: string): JsonObject {
  const { seed, model } = read.simulated;
  return { id: `chatcmpl-${seed.slice(0, 29)}`, object, created, model };
}

function tail(): JsonObject {
  return { service_tier: 'default', system_fingerprint: 'fp_simulated' };
}

function usageOf(usage: SimulatedUsage): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
