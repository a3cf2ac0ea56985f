import type { ChatResponse, WireCodec } from '../../contract/index.ts';
import { renderAnthropicError, renderAnthropicStreamError } from '../error-body.ts';
import { lint } from './lint.ts';
import { parseRequest, scopeParts } from './parse.ts';
import { createStreamReader } from './reader.ts';
import { renderRequest } from './render.ts';
import { replayStream } from './replay.ts';
import { parseResponse } from './response.ts';

/** The codec of the Anthropic messages API. Stateless. */
export const anthropicMessages: WireCodec = Object.freeze({
  wire: 'anthropic-messages',
  parseRequest,
  renderRequest,
  scopeParts,
  parseResponse,
  createStreamReader,
  replayStream,
  // Every whole answer of this wire carries its usage.
  withUsage: (response: ChatResponse) => response,
  lint,
  renderError: renderAnthropicError,
  renderStreamError: renderAnthropicStreamError,
});
