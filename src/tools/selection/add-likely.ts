import type { ChatRequest } from '../../contract/index.ts';
import type { ToolRanking, ToolTransitions } from '../options.ts';
import { lastCalled, saysSomethingNew } from './conversation.ts';
import type { ChangeCosts } from './cost.ts';
import { likelyCalled } from './likely-called.ts';

/**
 * Most tools that are added to a session's at once because they are likely called: where they break what is cached, and
 * where it is written anew as it is, so that it is done in one go.
 */
const MOST_ADDED = { warm: 3, cold: 8 } as const;

/**
 * How many times as likely as the sums say a tool must be to break what is cached. They know one session; others of
 * the account read the same beginning, and the retry that they fear reads what an earlier one wrote. Replayed runs.
 */
const DOUBT = 1.5;

/** Adds to a session's tools those that the ranking wants now, where a miss would be dearer. */
export async function addLikely(
  names: Set<string>,
  {
    request,
    ranking,
    transitions,
    ...how
  }: {
    readonly request: ChatRequest;
    readonly ranking: ToolRanking;
    readonly transitions: ToolTransitions | undefined;
    /** Whether the provider has the tools of the session, as they are now, in its cache. */
    readonly isWarm: boolean;
    /** A session has at most twice so many tools. */
    readonly maxTools: number;
    readonly costs: ChangeCosts;
    readonly withTools: (names: ReadonlySet<string>) => ChatRequest;
  },
): Promise<void> {
  let { isWarm } = how;
  const room = Math.min(isWarm ? MOST_ADDED.warm : MOST_ADDED.cold, 2 * how.maxTools - names.size);
  const isNewRequest = saysSomethingNew(request);
  // What sessions did is surer than what the words say.
  const followers = transitions?.get(lastCalled(request) ?? '');
  const wanted = ranking.tools
    .filter(({ reason }) => reason === 'ranked')
    .map((tool, place) => ({
      ...tool,
      likely: Math.max(likelyCalled({ ...tool, place, isNewRequest }), followers?.get(tool.name) ?? 0),
    }))
    .filter(({ name }) => !names.has(name))
    .slice(0, Math.max(0, room));
  if (wanted.length === 0) return;
  const sent = how.withTools(names);
  for (const { name, index, likely } of wanted) {
    const toolJson = JSON.stringify(request.tools[index]?.value ?? null);
    const worthFrom = await how.costs.worthAddingFrom(request, sent, { toolJson, isWarm });
    if (likely < (isWarm ? DOUBT : 1) * worthFrom) continue;
    names.add(name);
    // What the first one breaks, the next does not break again.
    isWarm = false;
  }
}
