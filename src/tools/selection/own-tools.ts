import type { ChatRequest, JsonValue, ToolDefinition, ToolDialect } from '../../contract/index.ts';
import { DESCRIBE_TOOL, DESCRIBE_TOOL_PARTS } from '../compact/lazy.ts';

/**
 * The tool of ours that models may call where tools were left out. A call of it, or of `describe_tool`, reaches the
 * caller only in an answer that could not be held back to its end (decision 0012).
 */
export const FIND_TOOLS = 'find_tools';

const DESCRIPTION =
  'Looks for more tools. Only some of the available tools are listed here; call this when none of them fits what has to be done.';
const SCHEMA: JsonValue = {
  type: 'object',
  properties: { query: { type: 'string', description: 'What has to be done, in a few words.' } },
  required: ['query'],
};

/** The definition of `find_tools` in a wire's form. */
export function findToolsIn(dialect: ToolDialect): ToolDefinition {
  return dialect.defineTool({ name: FIND_TOOLS, description: DESCRIPTION, schema: SCHEMA });
}

/** The definition of `describe_tool` in a wire's form. */
export function describeToolIn(dialect: ToolDialect): ToolDefinition {
  return dialect.defineTool(DESCRIBE_TOOL_PARTS);
}

/** True when a tool of ours is among those that are sent. */
export function offersOwn({ tools }: ChatRequest, name: typeof FIND_TOOLS | typeof DESCRIBE_TOOL): boolean {
  return tools.some((tool) => tool.name === name && isOwn(tool));
}

/** The tools without ours. */
export function withoutOwn(tools: readonly ToolDefinition[]): readonly ToolDefinition[] {
  return tools.some(isOwn) ? tools.filter((tool) => !isOwn(tool)) : tools;
}

function isOwn({ name, path }: ToolDefinition): boolean {
  return path === undefined && (name === FIND_TOOLS || name === DESCRIBE_TOOL);
}
