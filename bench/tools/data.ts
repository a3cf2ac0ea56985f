import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../src/contract/index.ts';

/** A request and the names of the tools it needs. */
export interface Task {
  readonly query: string;
  readonly gold: readonly string[];
}

/** Tools with the requests that are made of them. */
export interface ToolSet {
  readonly tools: readonly JsonValue[];
  readonly tasks: readonly Task[];
}

function rows<T>(data: string, ...path: readonly string[]): T[] {
  return readFileSync(join(data, ...path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** The rows that nothing was fitted on. */
function held<T>(all: readonly T[]): T[] {
  return all.filter((_, i) => i % 2 === 1);
}

/** MetaTool: indirect requests, one right tool. */
export function metatool(data: string): ToolSet {
  const tools = rows<{ name: string; description: string | null }>(data, 'metatool', 'tools.jsonl');
  const tasks = rows<{ query: string; tool: string }>(data, 'metatool', 'single.jsonl');
  return {
    tools: tools.map(({ name, description }) => ({ name, description: description ?? '' })),
    tasks: held(tasks).map(({ query, tool }) => ({ query, gold: [tool] })),
  };
}

/** Seal-Tools: one to several tools of 4,076. */
export function sealtools(data: string): ToolSet {
  const tools = rows<{ api_name: string; api_description: string; parameters: JsonValue }>(
    data,
    'sealtools',
    'tools.jsonl',
  );
  const tasks = rows<{ query: string; calling: { api: string }[] }>(data, 'sealtools', 'dev.jsonl');
  return {
    tools: tools.map(({ api_name: name, api_description: description, parameters }) => ({
      name,
      description,
      parameters: { type: 'object', properties: parameters },
    })),
    tasks: held(tasks).map(({ query, calling }) => ({
      query,
      gold: [...new Set(calling.map(({ api }) => api))],
    })),
  };
}

/** LiveMCPBench: real MCP tools, tasks of several steps; all of them. */
export function livemcp(data: string): ToolSet {
  const tools = rows<{ name: string; description: string | null; inputSchema: JsonValue }>(
    data,
    'livemcp',
    'tools.jsonl',
  );
  const tasks = rows<{ question: string; tools_known: string[] }>(data, 'livemcp', 'tasks.jsonl');
  return {
    tools: tools.map(({ name, description, inputSchema }) => ({
      name,
      description: description ?? '',
      inputSchema,
    })),
    tasks: tasks
      .filter(({ tools_known: gold }) => gold.length > 0)
      .map(({ question, tools_known: gold }) => ({ query: question, gold })),
  };
}

/** BFCL live_multiple: each request has functions of its own. */
export function bfcl(data: string): ToolSet[] {
  type Row = {
    function: { name: string; description: string; parameters: JsonValue }[];
    question: { role: string; content: string }[][];
    ground_truth: Record<string, JsonValue>[];
  };
  return held(rows<Row>(data, 'bfcl', 'live_multiple.jsonl')).map((row) => ({
    tools: row.function,
    tasks: [
      {
        query: row.question.flat().findLast(({ role }) => role === 'user')?.content ?? '',
        gold: [...new Set(row.ground_truth.flatMap((call) => Object.keys(call)))],
      },
    ],
  }));
}
