import type { ChatRequest, ToolDialect } from '../../contract/index.ts';
import type { ToolIndex } from '../options.ts';
import { recentFrom, turnsOf } from './conversation.ts';
import { isAlwaysKept, withTools } from './rewrite.ts';

/** What is kept of more tools than the provider takes. */
interface Fitting {
  /** Names that come first. */
  readonly first: ReadonlySet<string>;
  readonly index: ToolIndex;
  readonly excluded: readonly string[];
  readonly dialect: ToolDialect;
}

/** The request with all tools, or with the best where they are more than the provider takes. */
export function fallbackOf(request: ChatRequest, how: Fitting): Promise<ChatRequest> {
  return fitting(request, how.dialect.mostTools, how);
}

/** The same where its search comes on top. */
export function listedOf(request: ChatRequest, how: Fitting): Promise<ChatRequest> {
  return fitting(request, how.dialect.mostTools - 1, how);
}

async function fitting(
  request: ChatRequest,
  most: number,
  { first, index, excluded, dialect }: Fitting,
): Promise<ChatRequest> {
  const { tools } = request;
  if (tools.length <= most) return request;
  const room = most - tools.filter((tool) => isAlwaysKept(tool) && !first.has(tool.name)).length;
  const names = new Set([...first].slice(0, Math.max(0, room)));
  if (names.size < room) {
    const ranking = await index.rank(turnsOf(request, recentFrom(request)), { max: most, excluded });
    for (const { name } of ranking.tools) if (names.size < room) names.add(name);
    // The ranking stops where it is sure that nothing fits any more, but whoever asks again was not served by it.
    for (const tool of tools) if (names.size < room && !isAlwaysKept(tool)) names.add(tool.name);
  }
  return withTools(request, names, { mode: 'drop', dialect });
}
