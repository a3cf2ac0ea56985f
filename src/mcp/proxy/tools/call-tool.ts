import type { JsonObject, JsonValue } from '../../../contract/index.ts';
import { isObject } from '../definition.ts';
import { ProxyError } from '../errors.ts';
import type { OwnTool } from './own-tool.ts';

/** `call_tool`: passes a call on to a tool's server and its result back as it came. */
export const callTool: OwnTool = {
  definition: {
    name: 'call_tool',
    description: 'Calls any tool of the connected servers by name, whether or not it is in your list.',
    inputSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', description: 'As find_tools gave it.' },
        arguments: { type: 'object', description: "What the tool's input schema asks for." },
      },
      required: ['name'],
    },
    annotations: { title: 'Call tool' },
  },
  async run({ name, arguments: args }, context) {
    if (typeof name !== 'string' || name === '') {
      throw new ProxyError('invalid_arguments', 'call_tool needs "name", the name of a tool.');
    }
    const tool = await context.find(name);
    return context.forward(tool, readArguments(args));
  },
};

/** Some models write the arguments as the text of an object. */
function readArguments(value: JsonValue | undefined): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  const read = typeof value === 'string' ? parse(value) : value;
  if (isObject(read)) return read;
  throw new ProxyError(
    'invalid_arguments',
    `"arguments" must be an object, got ${JSON.stringify(value).slice(0, 100)}.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // No JSON: refused below with the text itself.
    return text;
  }
}
