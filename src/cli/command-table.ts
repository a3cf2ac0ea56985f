import type { CommandSpec } from './command.ts';
import { numberBetween, wholeNumber } from './parse-values.ts';

/** Every command, in the order of the help. Code is loaded when a command runs, so that the help is fast. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'serve',
    description: 'run the gateway and its page',
    options: [
      { flags: '--host <host>', description: 'address to listen on', defaultValue: '127.0.0.1' },
      {
        flags: '--port <port>',
        description: 'port to listen on; 0 takes a free one',
        parse: wholeNumber('--port'),
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
    load: () => import('./commands/serve.ts'),
  },
];
