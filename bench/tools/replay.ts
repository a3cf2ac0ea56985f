import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolIndex, ToolTurn } from '../../src/tools/index.ts';

/** A recorded run: the request, and the turns that followed it with the tools that they called. */
export interface Run {
  readonly question: string;
  readonly turns: readonly RunTurn[];
}

interface RunTurn extends ToolTurn {
  /** What the model asked its retriever for in this turn. */
  readonly searches?: readonly string[];
}

interface Message {
  readonly role: string;
  readonly content?: string | null;
  readonly tool_calls?: readonly {
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

/**
 * LiveMCPBench's runs. The agent there has a retriever of its own (`route`); what it answers is left out, for it
 * would tell which tools there are, and so are calls of tools that are not in the list.
 */
export function runs(data: string, known: ReadonlySet<string>): Run[] {
  return readFileSync(join(data, 'livemcp', 'runs.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { question: string; messages: readonly Message[] })
    .map(({ question, messages }) => ({ question, turns: turnsOf(messages, known) }))
    .filter(({ turns }) => turns.some(({ calls }) => (calls?.length ?? 0) > 0));
}

function turnsOf(messages: readonly Message[], known: ReadonlySet<string>): RunTurn[] {
  const turns: RunTurn[] = [];
  let isRouted = false;
  for (const { role, content, tool_calls: called = [] } of messages) {
    if (role === 'assistant') {
      const calls = called.flatMap(({ function: { name, arguments: text } }) =>
        name === 'execute-tool' ? fieldOf(text, 'tool_name') : [],
      );
      const searches = called.flatMap(({ function: { name, arguments: text } }) =>
        name === 'route' ? fieldOf(text, 'query') : [],
      );
      isRouted = searches.length > 0;
      turns.push({ role, text: content ?? '', calls: calls.filter((name) => known.has(name)), searches });
    } else if (role === 'tool' && !isRouted) turns.push({ role, text: content ?? '' });
  }
  return turns;
}

function fieldOf(json: string, field: string): string[] {
  try {
    const value = (JSON.parse(json) as Readonly<Record<string, unknown>>)[field];
    return typeof value === 'string' ? [value] : [];
  } catch {
    // The recorded model's own mistake: nothing was called.
    return [];
  }
}

/** How a replay went. */
export interface Replay {
  /** For each call, 1 where its tool was in the set that it was made with. */
  readonly hits: readonly number[];
  /** The same for the first call of each tool of a run. */
  readonly firstHits: readonly number[];
  /** Tools in the set at the end of each run. */
  readonly sizes: readonly number[];
}

/**
 * Plays runs with a set that is chosen from the question and only grows: by a tool that was called though it was
 * not there (the call is repeated with all tools, so that it is there from then on), and by the `more` best for
 * each turn, ranked from what was said and answered before it. With `found`, what the model asked its retriever is
 * answered as a `find_tools` call would be, and so many tools are added.
 */
export async function replay(
  index: ToolIndex,
  all: readonly Run[],
  { max, more, found }: { readonly max: number; readonly more: number; readonly found: number },
): Promise<Replay> {
  const hits: number[] = [];
  const firstHits: number[] = [];
  const sizes: number[] = [];
  for (const { question, turns } of all) {
    const set = new Set((await index.rank(question, { max })).tools.map(({ name }) => name));
    const called = new Set<string>();
    const before: ToolTurn[] = [{ role: 'user', text: question }];
    for (const turn of turns) {
      if (more > 0 && turn.role === 'assistant' && before.length > 1) {
        const { tools } = await index.rank(before, { max: more + called.size });
        for (const { name } of tools) set.add(name);
      }
      for (const name of turn.calls ?? []) {
        const hit = set.has(name) ? 1 : 0;
        hits.push(hit);
        if (!called.has(name)) firstHits.push(hit);
        called.add(name);
        set.add(name);
      }
      for (const query of found > 0 ? (turn.searches ?? []) : []) {
        for (const { name } of (await index.rank(query, { max: found })).tools) set.add(name);
      }
      before.push(turn);
    }
    sizes.push(set.size);
  }
  return { hits, firstHits, sizes };
}
