import type { ChatRequest } from '../../contract/index.ts';
import { DESCRIBE_TOOL } from '../compact/lazy.ts';
import { chosenNames, forbidsTools, isFreeToCall } from './conversation.ts';

/**
 * True when descriptions may be cut, since the model can ask for the rest and is not driven to. The answer must be one
 * that can be asked for again (INV-S3), the caller must have no tool of that name, and where a call is demanded it is one
 * of tools that are named and not cut.
 */
export function mayCut(request: ChatRequest, cutNames: ReadonlySet<string>): boolean {
  if (cutNames.size === 0) return true;
  if (!request.isReplayable || request.tools.some(({ name }) => name === DESCRIBE_TOOL)) return false;
  if (isFreeToCall(request) || forbidsTools(request)) return true;
  const named = chosenNames(request);
  return named.length > 0 && named.every((name) => !cutNames.has(name));
}
