import { oneLine } from '../definition.ts';
import { ProxyError } from '../errors.ts';
import type { OwnTool } from './own-tool.ts';

const MOST_FOUND = 50;

/** `find_tools`: the tools of all servers that a request needs, with what a call of each must hold. */
export const findTools: OwnTool = {
  definition: {
    name: 'find_tools',
    description:
      'Finds tools for a task among those of all connected servers; most are not in your list until you search. ' +
      'Describe what you want to do. Answers names, descriptions and input schemas; what is found can be called ' +
      'by its name, or with call_tool.',
    inputSchema: {
      type: 'object',
      properties: {
        query: { type: 'string', description: 'What you want to do, in plain words.' },
        max: { type: 'integer', minimum: 1, maximum: MOST_FOUND, description: 'Most tools. Default: 5.' },
      },
      required: ['query'],
    },
    annotations: { title: 'Find tools', readOnlyHint: true, openWorldHint: false },
  },
  async run({ query, max }, context) {
    if (typeof query !== 'string' || query.trim() === '') {
      throw new ProxyError(
        'invalid_arguments',
        'find_tools needs "query", a text that says what you want to do.',
      );
    }
    const most = max === undefined || max === null ? undefined : Number(max);
    if (most !== undefined && !(Number.isInteger(most) && most >= 1)) {
      throw new ProxyError(
        'invalid_arguments',
        `"max" must be a whole number of at least 1, got ${JSON.stringify(max)}.`,
      );
    }
    const { tools, notes } = await context.search(
      query,
      most === undefined ? undefined : Math.min(most, MOST_FOUND),
    );
    const found = tools.map((tool) => ({
      name: tool.name,
      description: oneLine(tool.original),
      ...tool.brief(),
    }));
    const cut = found.filter(({ isCut }) => isCut).map(({ name }) => name);
    const all = [
      ...notes,
      ...(cut.length === 0
        ? []
        : [`Too long to show here, ask describe_tool for the schema of: ${cut.join(', ')}.`]),
    ];
    return context.answer({
      tools: found.map(({ name, description, schema }) => ({ name, description, inputSchema: schema })),
      ...(all.length === 0 ? {} : { notes: all }),
    });
  },
};
