import { z } from 'zod';

const positive = z.number().int().positive();
const stageMode = z.enum(['on', 'shadow', 'off']);

const upstreamAt = (url: string) =>
  z.strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .default(url)
      .describe('Origin and perhaps a path prefix of the provider.'),
    apiKey: z
      .string()
      .min(1)
      .optional()
      .describe("The operator's key. Used only for callers with a key issued by Pare."),
    connectTimeoutMs: positive.default(10_000).describe('Milliseconds to connect.'),
    headTimeoutMs: positive.default(600_000).describe('Milliseconds until the answer begins.'),
    bodyTimeoutMs: positive.default(300_000).describe('Milliseconds between two chunks of an answer.'),
  });

const server = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on. Beyond loopback every caller needs a key.'),
  port: z.number().int().min(0).max(65_535).default(7273).describe('Port to listen on; 0 takes a free one.'),
  maxBodyBytes: positive.default(32 * 1024 * 1024).describe('Longest request body accepted.'),
  allowedHosts: z
    .array(z.string())
    .default([])
    .describe('Host names, besides those of loopback, that requests to a loopback address may carry.'),
  allowedOrigins: z
    .array(z.string())
    .default([])
    .describe('Web origins, such as http://localhost:3000, whose pages may call the gateway.'),
});

const cache = z.strictObject({
  ttlSeconds: positive
    .default(86_400)
    .describe('Seconds an answer may be served. Callers can only shorten it.'),
  maxEntries: positive.default(100_000).describe('Entries kept; the least used go first.'),
  maxBytes: positive.default(1024 * 1024 * 1024).describe('Bytes of answers kept.'),
  maxEntryBytes: positive.default(1024 * 1024).describe('Longest answer kept.'),
  normalize: z
    .enum(['none', 'safe', 'loose'])
    .default('safe')
    .describe('Folding before comparison: safe folds blanks and line ends in prose, loose also case.'),
  replayAgentTurns: z.boolean().default(false).describe('Also replay turns in which tools are at work.'),
});

const ledger = z.strictObject({
  flushMs: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(40)
    .describe('Milliseconds a record may wait before it is written.'),
  retentionDays: positive.default(400).describe('Days records are kept.'),
});

const logs = z.strictObject({
  storeMemory: z
    .boolean()
    .default(true)
    .describe('Remember errors of condensed logs, as digests alone, and tell which were there before.'),
});

const share = z.number().min(0).max(1);

const embedder = z
  .strictObject({
    kind: z
      .enum(['static', 'onnx', 'api'])
      .default('static')
      .describe(
        'static is built in; onnx runs a model by the package @huggingface/transformers; api asks an OpenAI-compatible one.',
      ),
    model: z.string().min(1).optional().describe('The model of onnx (a name or a folder) or api.'),
    dimensions: positive.max(4096).optional().describe('Numbers in a vector of that model.'),
    dtype: z
      .string()
      .min(1)
      .optional()
      .describe('Weights that onnx takes, as the package names them: fp32, where nothing is set, or q8.'),
    pooling: z
      .enum(['mean', 'cls'])
      .optional()
      .describe(
        "How the model of onnx makes one vector of a text's; its card says which. mean, where nothing is set.",
      ),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Where the api is.'),
    apiKey: z.string().min(1).optional().describe('Its key.'),
  })
  .refine(
    ({ kind, model, dimensions }) => kind === 'static' || (model !== undefined && dimensions !== undefined),
    {
      error: 'onnx and api need model and dimensions',
    },
  )
  .refine(({ kind, url }) => kind !== 'api' || url !== undefined, { error: 'api needs url' });

const semantic = z.strictObject({
  maxFalseHitRate: share
    .default(0.01)
    .describe('Share of wrong answers among semantic hits that is tolerated, 0 to 1.'),
  exploreShare: share
    .default(0.05)
    .describe(
      'Share of semantic hits that are asked anew instead of served, to learn; 0 never asks, and the limit that ships is all that holds.',
    ),
  verifyShare: share
    .default(0.02)
    .describe('Share of served semantic hits that are asked anew in the background.'),
  shadowShare: share
    .default(0.01)
    .describe(
      'Share of a core that the semantic cache may take in shadow; beyond it requests are not measured.',
    ),
  maxEntries: positive.default(100_000).describe('Texts that are found by meaning; the oldest go first.'),
  includePersonal: z
    .boolean()
    .default(false)
    .describe('Also texts that hold names, addresses or numbers of whoever asks.'),
  judgeModel: z
    .string()
    .min(1)
    .optional()
    .describe("Model that compares answers in place of the built-in rules, with the operator's key."),
  embedder: embedder.prefault({}),
});

const mcpProxy = z.strictObject({
  servers: z
    .record(z.string().min(1), z.looseObject({}))
    .default({})
    .describe(
      'MCP servers behind `pare mcp-proxy`, as in the files of MCP clients: command, args, env; or url, headers.',
    ),
  maxTools: positive
    .default(10)
    .describe('Tools listed to a client besides pinned ones; the others are found by find_tools.'),
  pinned: z.array(z.string().min(1)).default([]).describe('Tools that are always listed.'),
  startTimeoutMs: positive
    .default(20_000)
    .describe('Milliseconds until a server has started and told its tools.'),
  callTimeoutMs: positive
    .default(120_000)
    .describe('Milliseconds until a call is answered; progress begins them anew, up to an hour.'),
});

const toolNames = z.array(z.string().min(1)).default([]);

const toolSelection = z.strictObject({
  mode: z
    .enum(['drop', 'search', 'native'])
    .default('drop')
    .describe(
      "What becomes of tools that are not chosen: drop leaves them out; search also lets the model ask for them; native marks them for the provider's own tool search where the model has it.",
    ),
  maxTools: positive.default(10).describe("Most tools of a session's first choice."),
  maxToolTokens: positive
    .optional()
    .describe('Most tokens of the chosen tools; those that must be there may be more.'),
  holdThinking: z
    .boolean()
    .default(true)
    .describe(
      "Whether a stream's thinking waits for its first text or call, 30 seconds at most, so that an answer which lacks a tool can be asked for again; false shows it at once, and such an answer only counts as a miss.",
    ),
  minTools: positive.default(20).describe('Requests with fewer tools are left alone.'),
  pinned: toolNames.describe('Tools that are always sent.'),
  excluded: toolNames.describe(
    'Tools that are only sent where the conversation called them or the request chooses them.',
  ),
  minRecall: share
    .default(0.95)
    .describe(
      'Share of selections that must hold the tool that was needed, 0 to 1; below it, all tools are sent.',
    ),
  recallWindow: positive
    .min(20)
    .default(500)
    .describe('Selections, the latest, over which that share is taken.'),
  compaction: z
    .enum(['off', 'schema', 'text', 'lazy'])
    .default('off')
    .describe(
      'Also makes the tools that go out smaller, of requests with fewer than minTools too: schema says the same in less, text shortens descriptions as well, lazy also cuts long ones and lets the model ask for them.',
    ),
});

const stages = z.strictObject({
  'exact-cache': stageMode.optional(),
  'semantic-cache': stageMode.optional(),
  'memory-recall': stageMode.optional(),
  'tool-output': stageMode.optional(),
  context: stageMode.optional(),
  'tool-selection': stageMode.optional(),
  'prompt-compression': stageMode.optional(),
  budget: stageMode.optional(),
});

/** The whole configuration. Every key has a default but `dataDir`, which the environment gives. */
export const configSchema = z.strictObject({
  dataDir: z.string().min(1).describe('Folder of the databases. Default: ~/.pare'),
  preset: z.enum(['safe', 'balanced', 'max']).default('balanced').describe('How bold Pare is by default.'),
  model: z.string().min(1).default('gpt-4o').describe('Model whose tokens the commands count.'),
  server: server.prefault({}),
  upstreams: z
    .strictObject({
      openai: upstreamAt('https://api.openai.com').prefault({}),
      anthropic: upstreamAt('https://api.anthropic.com').prefault({}),
    })
    .prefault({}),
  cache: cache.prefault({}),
  semantic: semantic.prefault({}),
  toolSelection: toolSelection.prefault({}),
  ledger: ledger.prefault({}),
  logs: logs.prefault({}),
  mcpProxy: mcpProxy.prefault({}),
  stages: stages
    .prefault({})
    .describe('Mode of each stage, over the preset: on, shadow (measure only), off.'),
});

/** A complete, validated configuration. */
export type Config = z.output<typeof configSchema>;

/** A configuration as a user writes it: all of it optional. */
export type ConfigInput = Omit<z.input<typeof configSchema>, 'dataDir'> & { readonly dataDir?: string };

/** Returns its argument, typed: for `pare.config.ts`. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
