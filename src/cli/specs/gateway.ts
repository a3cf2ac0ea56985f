import type { CommandSpec } from '../command.ts';
import { numberBetween, wholeNumber } from '../parse-values.ts';

const GROUP = 'Gateway:';

/** The gateway, its keys, and a demonstration. */
export const GATEWAY_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'serve',
    description: 'run the gateway and its page',
    group: GROUP,
    options: [
      { flags: '--host <host>', description: 'address to listen on', defaultValue: '127.0.0.1' },
      {
        flags: '--port <port>',
        description: 'port to listen on; 0 takes a free one',
        parse: wholeNumber('--port', 0, 65_535),
        defaultValue: 7273,
      },
      { flags: '--preset <preset>', description: 'how bold to be', choices: ['safe', 'balanced', 'max'] },
      { flags: '--upstream-openai <url>', description: 'where OpenAI requests go' },
      { flags: '--upstream-anthropic <url>', description: 'where Anthropic requests go' },
      { flags: '--semantic <mode>', description: 'semantic cache', choices: ['off', 'shadow', 'on'] },
      {
        flags: '--max-false-hit-rate <rate>',
        description: 'bound of the semantic cache',
        parse: numberBetween('--max-false-hit-rate', 0, 1),
      },
    ],
    load: () => import('../commands/serve.ts'),
  },
  {
    name: 'demo',
    description: 'play sample sessions against a simulated provider and show what was saved',
    group: GROUP,
    options: [{ flags: '--keep', description: 'leave the gateway running until Ctrl-C' }],
    load: () => import('../commands/demo.ts'),
  },
  {
    name: 'keys',
    description: 'keys issued by Pare to callers of the gateway',
    group: GROUP,
    commands: [
      {
        name: 'create',
        description: 'issue a key; it is printed once',
        arguments: ['<name>'],
        options: [
          { flags: '--admin', description: 'may also read the page, the API and the metrics' },
          { flags: '--tenant <tenant>', description: 'callers of one tenant share answers (default: NAME)' },
        ],
        load: async () => ({ run: (await import('../commands/keys.ts')).create }),
      },
      {
        name: 'list',
        description: 'keys that are valid; never the keys themselves',
        load: async () => ({ run: (await import('../commands/keys.ts')).list }),
      },
      {
        name: 'revoke',
        description: 'revoke a key by its name or id',
        arguments: ['<id-or-name>'],
        load: async () => ({ run: (await import('../commands/keys.ts')).revoke }),
      },
    ],
  },
];
