import { ProxyError } from '../errors.ts';
import type { OwnTool } from './own-tool.ts';

/** `describe_tool`: a tool's definition as its server tells it, under the name that calls it here. */
export const describeTool: OwnTool = {
  definition: {
    name: 'describe_tool',
    description: 'Shows the full definition of a tool: its whole description and input schema.',
    inputSchema: {
      type: 'object',
      properties: { name: { type: 'string', description: 'As find_tools gave it.' } },
      required: ['name'],
    },
    annotations: { title: 'Describe tool', readOnlyHint: true, openWorldHint: false },
  },
  async run({ name }, context) {
    if (typeof name !== 'string' || name === '') {
      throw new ProxyError('invalid_arguments', 'describe_tool needs "name", the name of a tool.');
    }
    const tool = await context.find(name);
    return context.answer({ ...tool.original, name: tool.name });
  },
};
