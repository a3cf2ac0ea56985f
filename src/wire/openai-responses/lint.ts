import type { ChatRequest, LintFinding } from '../../contract/index.ts';
import { Findings, lintOrder, lintPairs, lintTools } from '../lint-core.ts';
import { hasProviderState } from './parse.ts';

/** Checks the rules of turns and tools of the responses wire (INV-T1). */
export function lint(request: ChatRequest): readonly LintFinding[] {
  const findings = new Findings();
  const hasReference = request.messages.some((message) =>
    message.parts.some((part) => part.kind === 'other' && part.type === 'item_reference'),
  );
  const hasHiddenCalls = hasReference || hasProviderState(request.source.value);
  lintPairs(request.messages, { isImmediate: false, hasUniqueIds: true, hasHiddenCalls }, findings);
  lintOrder(request, findings);
  lintTools(request, findings);
  return findings.list;
}
