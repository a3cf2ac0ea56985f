import type { WireCodec } from '../../contract/index.ts';
import { renderOpenAiChatStreamError, renderOpenAiError } from '../error-body.ts';
import { lint } from './lint.ts';
import { parseRequest, scopeParts } from './parse.ts';
import { createStreamReader } from './reader.ts';
import { renderRequest } from './render.ts';
import { replayStream } from './replay.ts';
import { parseResponse, withUsage } from './response.ts';

/** The codec of OpenAI chat completions, which most other providers speak too. Stateless. */
export const openaiChat: WireCodec = Object.freeze({
  wire: 'openai-chat',
  parseRequest,
  renderRequest,
  scopeParts,
  parseResponse,
  createStreamReader,
  replayStream,
  withUsage,
  lint,
  renderError: renderOpenAiError,
  renderStreamError: renderOpenAiChatStreamError,
});
