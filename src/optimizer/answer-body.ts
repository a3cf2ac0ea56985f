import type { JsonObject, WireFormat } from '../contract/index.ts';
import { sha256Hex } from '../support/index.ts';

const ID_DIGITS = 24;

/**
 * Returns a complete answer with the given text, as a provider of the wire would send it, but without
 * usage: nobody was billed for it. The same text and model give the same body.
 */
export function answerBody(
  text: string,
  request: { readonly wire: WireFormat; readonly model: string },
): JsonObject {
  const { wire, model } = request;
  const id = `pare_${sha256Hex(JSON.stringify([model, text])).slice(0, ID_DIGITS)}`;
  return BODIES[wire]({ id, model, text });
}

interface Written {
  readonly id: string;
  readonly model: string;
  readonly text: string;
}

const BODIES: Readonly<Record<WireFormat, (written: Written) => JsonObject>> = {
  'openai-chat': ({ id, model, text }) => ({
    id: `chatcmpl-${id}`,
    object: 'chat.completion',
    created: 0,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
  }),
  'openai-responses': ({ id, model, text }) => ({
    id: `resp_${id}`,
    object: 'response',
    created_at: 0,
    status: 'completed',
    error: null,
    incomplete_details: null,
    model,
    output: [
      {
        id: `msg_${id}`,
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text, annotations: [] }],
      },
    ],
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
  }),
  'anthropic-messages': ({ id, model, text }) => ({
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    // The official clients read these without looking whether they are there.
    usage: { input_tokens: 0, output_tokens: 0 },
  }),
};
