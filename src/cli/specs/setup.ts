import type { CommandSpec } from '../command.ts';

const GROUP = 'Setup:';

/** Configuration, diagnosis and completion. */
export const SETUP_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'config',
    description: 'the configuration',
    group: GROUP,
    commands: [
      {
        name: 'show',
        description: 'every value and where it came from; secrets are masked',
        load: async () => ({ run: (await import('../commands/config.ts')).show }),
      },
      {
        name: 'validate',
        description: 'check the configuration',
        load: async () => ({ run: (await import('../commands/config.ts')).validate }),
      },
      {
        name: 'schema',
        description: 'the JSON Schema of a configuration file',
        load: async () => ({ run: (await import('../commands/config.ts')).schema }),
      },
    ],
  },
  {
    name: 'doctor',
    description: 'check the installation and say how to mend it',
    group: GROUP,
    options: [{ flags: '--network', description: 'also check that the providers can be reached' }],
    load: () => import('../commands/doctor.ts'),
  },
  {
    name: 'completion',
    description: 'print a completion script for a shell',
    group: GROUP,
    arguments: [{ text: '<shell>', choices: ['bash', 'zsh', 'fish'] }],
    load: () => import('../commands/completion.ts'),
  },
];
