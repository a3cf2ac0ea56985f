import type { ChatRequest, LintFinding } from '../../contract/index.ts';
import { Findings, lintOrder, lintPairs, lintTools } from '../lint-core.ts';

const PAIRING = { isImmediate: true, hasUniqueIds: false, hasHiddenCalls: false };

/** Checks the rules of turns and tools of chat completions (INV-T1). */
export function lint(request: ChatRequest): readonly LintFinding[] {
  const findings = new Findings();
  lintPairs(request.messages, PAIRING, findings);
  lintOrder(request, findings);
  lintTools(request, findings);
  return findings.list;
}
