export { anthropicMessages } from './anthropic-messages/codec.ts';
export { codecFor } from './codecs.ts';
export { openaiChat } from './openai-chat/codec.ts';
export { openaiResponses } from './openai-responses/codec.ts';
export { toolDialectOf } from './tool-dialects.ts';
