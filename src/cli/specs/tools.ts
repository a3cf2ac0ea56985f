import type { CommandSpec } from '../command.ts';
import { wholeNumber } from '../parse-values.ts';

/** Tool selection. */
export const TOOL_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'select-tools',
    description: 'rank tool schemas by what a request needs',
    group: 'Tools:',
    options: [
      {
        flags: '--tools <file>',
        description: 'the tools as JSON or JSON lines: OpenAI, Anthropic or MCP form; - is stdin',
        isRequired: true,
      },
      { flags: '--query <text>', description: 'the request' },
      {
        flags: '--queries <file>',
        description: 'requests as JSON lines, {"query": "..."} each; one JSON line answers each',
      },
      {
        flags: '--max <n>',
        description: 'most tools; what must stay may be more',
        parse: wholeNumber('--max', 1),
        defaultValue: 10,
      },
      {
        flags: '--max-tokens <n>',
        description: 'most tokens of the tools together',
        parse: wholeNumber('--max-tokens', 1),
      },
      {
        flags: '--compact',
        description: 'with smaller schemas that accept the same, and shorter descriptions',
      },
    ],
    load: () => import('../commands/select-tools.ts'),
  },
];
