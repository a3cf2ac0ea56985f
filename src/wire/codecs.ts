import type { WireCodec, WireFormat } from '../contract/index.ts';
import { anthropicMessages } from './anthropic-messages/codec.ts';
import { openaiChat } from './openai-chat/codec.ts';
import { openaiResponses } from './openai-responses/codec.ts';

const CODECS: Readonly<Record<WireFormat, WireCodec>> = Object.freeze({
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
});

/** The codec of a wire format. */
export function codecFor(wire: WireFormat): WireCodec {
  return CODECS[wire];
}
