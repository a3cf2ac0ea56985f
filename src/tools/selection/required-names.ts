import type { ChatRequest, ToolDialect } from '../../contract/index.ts';
import type { ToolRanking } from '../options.ts';
import { calledNames, calledWithoutNamespace, chosenNames } from './conversation.ts';

/**
 * Tools that must be there, whatever the ranking says (INV-T2). Names that earlier turns called and that no tool has
 * now take no room and are not remembered (INV-S4).
 */
export function requiredNames(request: ChatRequest, ranking: ToolRanking): Set<string> {
  const names = calledOrChosen(request);
  for (const { name, reason } of ranking.tools) if (reason !== 'ranked') names.add(name);
  return names;
}

/**
 * Tools that must be loaded at once where the others are deferred. While the provider's cache is warm these stay as
 * they are, for whatever else is needed can be found: only what was called and cannot be seen any more, because the
 * caller left the search out of the conversation, and what the choice of tools names is added. What was found is not
 * loaded as well, for it stands in the conversation already; unless the provider would look for it in vain, because the
 * caller left out the namespace of a call, or the call was made while the tool was loaded.
 */
export function requiredBesides(
  found: ReadonlySet<string>,
  {
    request,
    ranking,
    isWarm,
    dialect,
  }: {
    readonly request: ChatRequest;
    readonly ranking: ToolRanking;
    readonly isWarm: boolean;
    readonly dialect: Pick<ToolDialect, 'callsFoundInNamespaces'>;
  },
): string[] {
  const names = isWarm ? calledOrChosen(request) : requiredNames(request, ranking);
  const lost = dialect.callsFoundInNamespaces ? calledWithoutNamespace(request) : undefined;
  return [...names].filter((name) => !found.has(name) || lost?.has(name) === true);
}

/** Adds a session's first tools: the best of the ranking, and in place of its tail what sessions usually call. */
export function addFirst(
  names: Set<string>,
  {
    ranking,
    usual,
    besides,
    maxTools,
  }: {
    readonly ranking: ToolRanking;
    readonly usual: readonly string[];
    /** Names that take no place, since the model sees them already. */
    readonly besides: ReadonlySet<string>;
    readonly maxTools: number;
  },
): void {
  const tools = ranking.tools.filter(({ name }) => !besides.has(name));
  const used = tools.filter(({ reason }) => reason === 'used').length;
  // Where much was called before, half a choice is made for what is asked for now.
  const most = Math.max(maxTools, Math.min(used + Math.ceil(maxTools / 2), 2 * maxTools));
  const extra = usual.filter((name) => !names.has(name) && !besides.has(name));
  const room = Math.max(most - extra.length, 0);
  const ranked = tools.map(({ name }) => name);
  for (const name of [...ranked.slice(0, room), ...extra, ...ranked.slice(room)])
    if (names.size < most) names.add(name);
}

function calledOrChosen(request: ChatRequest): Set<string> {
  const known = new Set(request.tools.map(({ name }) => name));
  return new Set([...calledNames(request), ...chosenNames(request)].filter((name) => known.has(name)));
}
