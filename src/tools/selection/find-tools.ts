import type { JsonValue, ToolDefinition, ToolDialect } from '../../contract/index.ts';

/**
 * The tool of ours that models may call where tools were left out. A call of it reaches the caller only in an answer
 * that could not be held back to its end (decision 0012).
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
