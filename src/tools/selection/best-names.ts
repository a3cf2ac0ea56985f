import type { ChatRequest } from '../../contract/index.ts';
import type { ToolIndex } from '../options.ts';
import { recentFrom, turnsOf } from './conversation.ts';
import { isAlwaysKept } from './rewrite.ts';

/** As many names of tools as the provider takes: the first of `first`, then the best for what is asked now. */
export async function bestNames(
  request: ChatRequest,
  {
    first,
    most,
    index,
    excluded,
  }: {
    readonly first: ReadonlySet<string>;
    /** Tools that the provider takes, those included that are kept whatever is chosen. */
    readonly most: number;
    readonly index: ToolIndex;
    readonly excluded: readonly string[];
  },
): Promise<Set<string>> {
  const { tools } = request;
  const room = most - tools.filter((tool) => isAlwaysKept(tool) && !first.has(tool.name)).length;
  const best = new Set([...first].slice(0, Math.max(0, room)));
  if (best.size >= room) return best;
  const ranking = await index.rank(turnsOf(request, recentFrom(request)), { max: most, excluded });
  for (const { name } of ranking.tools) if (best.size < room) best.add(name);
  // The ranking stops where it is sure that nothing fits any more, but whoever asks again was not served by it.
  for (const tool of tools) if (best.size < room && !isAlwaysKept(tool)) best.add(tool.name);
  return best;
}
