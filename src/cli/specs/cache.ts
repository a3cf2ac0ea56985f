import type { CommandSpec, OptionSpec } from '../command.ts';
import {
  headerPairs,
  notEmpty,
  numberBetween,
  positiveNumber,
  tagPairs,
  time,
  wholeNumber,
} from '../parse-values.ts';

const GROUP = 'Cache:';
/** Ten years. */
const MAX_HOURS = 24 * 366 * 10;
const WIRES = ['openai-chat', 'openai-responses', 'anthropic-messages'];

const REQUEST_OPTIONS: readonly OptionSpec[] = [
  { flags: '--prompt <text>', description: 'the request: one message of the user' },
  { flags: '--system <text>', description: 'a system prompt before it' },
  {
    flags: '--wire <wire>',
    description: 'format of the request',
    choices: WIRES,
    defaultValue: 'openai-chat',
  },
  { flags: '--tenant <tenant>', description: 'whose answers', defaultValue: 'local' },
  {
    flags: '--header <header>',
    description: 'a header of the request that changes answers, as "name: value" (repeatable)',
    parse: headerPairs('--header'),
  },
];

const MAX_FALSE_HIT_RATE: OptionSpec = {
  flags: '--max-false-hit-rate <rate>',
  description: 'share of wrong answers that is tolerated (default: semantic.maxFalseHitRate)',
  parse: numberBetween('--max-false-hit-rate', 0, 1),
};

const EMBEDDER_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--embedder <embedder>',
    description: 'static, onnx:MODEL, or the address of an API (default: semantic.embedder)',
    parse: notEmpty('--embedder', 'an embedder'),
  },
  { flags: '--embedder-model <model>', description: 'model of the API' },
  {
    flags: '--dimensions <n>',
    description: 'numbers in a vector of that model',
    parse: wholeNumber('--dimensions', 1, 4096),
    defaultValue: 384,
  },
];

/** The response cache by hand, and its upkeep. */
export const CACHE_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'cache',
    description: 'the response cache by hand',
    group: GROUP,
    commands: [
      {
        name: 'stats',
        description: 'entries, hits and savings',
        load: async () => ({ run: (await import('../commands/cache.ts')).stats }),
      },
      {
        name: 'get',
        description: 'print the stored answer to a request; exits 1 when there is none',
        arguments: ['[request]'],
        options: REQUEST_OPTIONS,
        load: async () => ({ run: (await import('../commands/cache-entry.ts')).get }),
      },
      {
        name: 'set',
        description: 'store an answer to a request',
        arguments: ['[request]'],
        options: [
          ...REQUEST_OPTIONS,
          { flags: '--answer <text>', description: 'the answer as text' },
          { flags: '--body <file>', description: "the answer as the API's JSON body" },
          {
            flags: '--ttl-seconds <n>',
            description: 'life of the answer, at most cache.ttlSeconds',
            parse: wholeNumber('--ttl-seconds', 1),
          },
        ],
        load: async () => ({ run: (await import('../commands/cache-entry.ts')).set }),
      },
      {
        name: 'clear',
        description: 'delete expired answers, or those that are named',
        options: [
          { flags: '--all', description: 'every answer' },
          { flags: '--tenant <tenant>', description: 'every answer of one tenant' },
          {
            flags: '--tag <name=value>',
            description: 'answers to requests with this tag (repeatable)',
            parse: tagPairs('--tag'),
          },
          { flags: '--text <text>', description: 'answers to questions that hold this' },
          {
            flags: '--since <time>',
            description: 'answers made at this time or later',
            parse: time('--since'),
          },
          { flags: '--until <time>', description: 'answers made before this time', parse: time('--until') },
          { flags: '--dry-run', description: 'say what would be deleted' },
          {
            flags: '--max-age-hours <hours>',
            description: 'answers older than this',
            parse: positiveNumber('--max-age-hours', MAX_HOURS),
          },
        ],
        load: async () => ({ run: (await import('../commands/cache-clear.ts')).clear }),
      },
      {
        name: 'eval',
        description: 'judge labelled pairs of texts as the semantic cache would, each pair alone',
        arguments: ['<pairs>'],
        options: [MAX_FALSE_HIT_RATE, ...EMBEDDER_OPTIONS],
        load: async () => ({ run: (await import('../commands/cache-semantic.ts')).evaluate }),
      },
      {
        name: 'explain',
        description: 'why a text would be answered by meaning, or would not',
        arguments: ['<text>'],
        options: [
          { flags: '--tenant <tenant>', description: 'only answers of one tenant' },
          MAX_FALSE_HIT_RATE,
          ...EMBEDDER_OPTIONS,
        ],
        load: async () => ({ run: (await import('../commands/cache-semantic.ts')).explain }),
      },
      {
        name: 'export',
        description: 'write all answers as JSON lines',
        arguments: ['[file]'],
        load: async () => ({ run: (await import('../commands/cache-transfer.ts')).exportEntries }),
      },
      {
        name: 'import',
        description: 'read what export wrote',
        arguments: ['<file>'],
        load: async () => ({ run: (await import('../commands/cache-transfer.ts')).importEntries }),
      },
    ],
  },
  {
    name: 'cleanup',
    description: 'delete expired and old answers, and usage records past their retention',
    group: GROUP,
    options: [
      {
        flags: '--max-age-hours <hours>',
        description: 'oldest answer that stays',
        parse: positiveNumber('--max-age-hours', MAX_HOURS),
        defaultValue: 24,
      },
    ],
    load: () => import('../commands/cleanup.ts'),
  },
];
