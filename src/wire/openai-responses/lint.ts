import type { ChatRequest, LintFinding } from '../../contract/index.ts';
import { isObject } from '../decode.ts';
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
  lintDeferred(request, findings);
  return findings.list;
}

/**
 * Deferred tools and the provider's search need each other, and what only a search shows is called in a namespace.
 * Sources: those of the simulated provider (testing/provider/responses-search.ts).
 */
function lintDeferred({ tools, messages }: ChatRequest, findings: Findings): void {
  const values = tools.map(({ value }) => value).filter(isObject);
  const search = values.find(({ type }) => type === 'tool_search');
  // Members of namespaces and tools of servers may be deferred as well, by no mark of the tool's own.
  const mayHideMore = values.some(({ type }) => type === 'namespace' || type === 'mcp');
  const deferred = new Set(
    tools.flatMap(({ name, value }) => (isObject(value) && value.defer_loading === true ? [name] : [])),
  );
  if (deferred.size > 0 && search === undefined)
    findings.add('deferred_tools_without_search', 'Tools are deferred, and there is no tool search.', [
      'tools',
    ]);
  if (deferred.size === 0 && search !== undefined && search.execution !== 'client' && !mayHideMore)
    findings.add('search_without_deferred_tools', 'There is a tool search, and no tool is deferred.', [
      'tools',
    ]);
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.kind !== 'tool-call' || part.namespace !== undefined || !deferred.has(part.name)) continue;
      const message = `The call of the deferred tool "${part.name}" names no namespace.`;
      findings.add('deferred_call_without_namespace', message, part.path);
    }
  }
}
