import { nearest } from '../../support/index.ts';
import type { Backend } from './backend.ts';
import type { Catalog } from './catalog.ts';
import type { OwnTool } from './tools/own-tool.ts';

/** What is said to one who named a tool that there is not. */
export function hintFor(name: string, catalog: Catalog, own: readonly OwnTool[]): string {
  const alike = catalog.findAll(name).map((tool) => tool.name);
  if (alike.length > 0) return `Several servers have it: ${alike.slice(0, 5).join(', ')}.`;
  const meant = nearestTool(name, catalog, own);
  return meant === undefined
    ? 'Search with find_tools.'
    : `Did you mean "${meant}"? Otherwise search with find_tools.`;
}

/** The name nearest to a mistyped one, where the server's own name may be what was meant. */
function nearestTool(name: string, { known }: Catalog, own: readonly OwnTool[]): string | undefined {
  const names = new Map<string, string>([
    ...known.map((tool): [string, string] => [tool.original.name, tool.name]),
    ...known.map((tool): [string, string] => [tool.name, tool.name]),
    ...own.map(({ definition }): [string, string] => [definition.name, definition.name]),
  ]);
  const found = nearest(name.slice(0, 100), [...names.keys()]);
  return found === undefined ? undefined : names.get(found);
}

/** What a search tells of a server whose tools it could not look through. */
export function noteOn({ name, state, problem }: Backend): string[] {
  if (state === 'starting')
    return [`The server "${name}" is still being started; its tools were not searched.`];
  if (state !== 'failed') return [];
  return [`The server "${name}" is not available (${problem ?? 'it ended'}); its tools were not searched.`];
}

/** What a client is told of the proxy when it begins. */
export function instructionsFor({ backends }: Catalog): string {
  const names = backends.map(({ name }) => name).join(', ');
  return (
    `The tools of these servers are available: ${names}. Only some are in your list. ` +
    'Search for others with find_tools before you say that something cannot be done.'
  );
}
