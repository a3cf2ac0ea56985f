/**
 * Measures how much smaller tools get, what of their texts is still there, and that their schemas accept the same.
 *
 *   PARE_BENCH_DATA=/path/to/data node bench/tools-compact.ts
 *
 * No package that compacts tool schemas is known to us; two simple ways stand beside: descriptions cut to 100
 * characters, and none at all. The rules were drawn up with part of the descriptions of Suna, livemcp and bfcl in
 * sight.
 */
import { existsSync } from 'node:fs';
import type { JsonObject, JsonValue } from '../src/contract/index.ts';
import { createStaticEmbedder } from '../src/embeddings/index.ts';
import { loadEncoding } from '../src/tokens/index.ts';
import { type CompactionLevel, createToolCompaction, createToolIndex } from '../src/tools/index.ts';
import { mutate, randomOf, sampleOf } from '../tests/support/random-schemas.ts';
import { createValidators } from '../tests/support/validators.ts';
import { type Figure, publish } from './harness.ts';
import { compactSets, REQUESTS } from './tools/compact-data.ts';
import { mean } from './tools/interval.ts';
import { type KeptByKind, KINDS, keptOf, sumKept } from './tools/kept.ts';

const data = process.env['PARE_BENCH_DATA'];
if (data === undefined || !existsSync(data)) {
  console.error(
    'Set PARE_BENCH_DATA to a folder with agent_prompts, livemcp, bfcl and tau_bench (docs/benches.md).',
  );
  process.exit(2);
}
const encoding = await loadEncoding('o200k_base');
const countTokens = (text: string): number => encoding.count(text);
const sets = compactSets(data);
const LEVELS: readonly CompactionLevel[] = ['schema', 'text', 'lazy'];
const compactions = new Map(
  LEVELS.map((level) => [level, createToolCompaction({ countTokens, level })] as const),
);

const tokensOf = (tools: readonly JsonValue[]): number =>
  tools.reduce<number>((sum, tool) => sum + countTokens(JSON.stringify(tool)), 0);

/** The tool with each description replaced. */
function withTexts(value: JsonValue, change: (text: string) => string | undefined): JsonValue {
  if (Array.isArray(value)) return value.map((part) => withTexts(part, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject)
      .map(([key, part]) => [
        key,
        key === 'description' && typeof part === 'string'
          ? change(part)
          : withTexts(part as JsonValue, change),
      ])
      .filter(([, part]) => part !== undefined),
  ) as JsonObject;
}

const share = ({ total, kept }: { readonly total: number; readonly kept: number }): number =>
  total === 0 ? 1 : kept / total;

function describeKept(kept: KeptByKind): string {
  return KINDS.map((kind) => {
    const { binding, anywhere } = kept[kind];
    const isOnce = kind === 'sentences' || kind === 'values';
    return `${kind} ${share(binding).toFixed(3)}${isOnce ? '' : ` (${share(anywhere).toFixed(3)} anywhere)`}`;
  }).join(', ');
}

function saving(name: string, tools: readonly JsonValue[], level: CompactionLevel): Figure {
  const {
    tools: small,
    tokensBefore,
    tokensAfter,
  } = (compactions.get(level) as ReturnType<typeof createToolCompaction>).compact(tools);
  const kept = sumKept(tools.map((tool, i) => keptOf(tool, small[i] as JsonValue)));
  return {
    name: `${name}, ${tools.length} tools, ${level}: tokens saved`,
    reached: 1 - tokensAfter / tokensBefore,
    unit: '',
    note: `${tokensBefore} to ${tokensAfter}; kept: ${describeKept(kept)}`,
  };
}

function simple(
  name: string,
  tools: readonly JsonValue[],
  way: { readonly name: string; readonly change: (text: string) => string | undefined },
): Figure {
  const small = tools.map((tool) => withTexts(tool, way.change));
  const kept = sumKept(tools.map((tool, i) => keptOf(tool, small[i] as JsonValue)));
  return {
    name: `${name}, ${way.name}: tokens saved`,
    reached: 1 - tokensOf(small) / tokensOf(tools),
    unit: '',
    note: `kept: ${describeKept(kept)}`,
  };
}

const WAYS = [
  { name: 'descriptions cut to 100 characters', change: (text: string) => text.slice(0, 100) },
  { name: 'no descriptions', change: () => undefined },
];

/** Literals in binding sentences that are still there at level `text`, of all sets together. */
function literalsKept(): Figure[] {
  const all = Object.values(sets).flatMap((tools) => {
    const { tools: small } = (compactions.get('text') as ReturnType<typeof createToolCompaction>).compact(
      tools,
    );
    return tools.map((tool, i) => keptOf(tool, small[i] as JsonValue));
  });
  const sum = sumKept(all);
  return KINDS.map((kind) => ({
    name: `text, all sets: ${kind}${kind === 'values' ? ' of the schemas' : kind === 'sentences' ? ' that bind' : ' in binding sentences'} kept`,
    target: { atLeast: kind === 'sentences' ? 0.99 : 1 },
    reached: share(sum[kind].binding),
    unit: '',
    note: `${sum[kind].binding.kept} of ${sum[kind].binding.total}`,
  }));
}

async function selection(): Promise<Figure[]> {
  const tools = sets.suna;
  const index = createToolIndex({ tools, embedder: createStaticEmbedder(), countTokens });
  const first = (tool: JsonValue): string =>
    (((tool as JsonObject)['function'] as JsonObject)['description'] as string).split(/(?<=[.!?])\s/)[0] ??
    '';
  const queries = [...REQUESTS, ...tools.map(first)];
  const total = tokensOf(tools);
  const saved = new Map<string, number[]>([
    ['alone', []],
    ...LEVELS.map((level): [string, number[]] => [level, []]),
  ]);
  const counts: number[] = [];
  let describing = 0;
  for (const query of queries) {
    const ranking = await index.rank(query, { max: 10 });
    const chosen = ranking.tools.map(({ index: at }) => tools[at] as JsonValue);
    counts.push(chosen.length);
    saved.get('alone')?.push(1 - tokensOf(chosen) / total);
    for (const [level, compaction] of compactions) {
      const { tokensAfter, describeTool } = compaction.compact(chosen);
      saved.get(level)?.push(1 - tokensAfter / total);
      if (describeTool !== undefined) describing += 1;
    }
  }
  const targets: Record<string, number> = { alone: 0.8, text: 0.88 };
  return [...saved].map(([way, shares]) => ({
    name: `Suna, 74 tools, at most ten selected${way === 'alone' ? '' : `, compacted (${way})`}: tokens saved`,
    ...(targets[way] === undefined ? {} : { target: { atLeast: targets[way] } }),
    reached: mean(shares),
    unit: '',
    note: `mean of ${queries.length} requests, least ${Math.min(...shares).toFixed(3)}; ${mean(counts).toFixed(1)} tools a request${way === 'lazy' ? `; with the definition of describe_tool, which ${describing} requests have` : ''}`,
  }));
}

/** Arguments near each real schema: how many are judged differently after compaction. */
function differences(): Figure {
  let compared = 0;
  let different = 0;
  let accepted = 0;
  let invalid = 0;
  const validatorOf = createValidators('07');
  for (const tools of [sets.livemcp, sets.suna, sets.tau]) {
    const { tools: small } = (compactions.get('lazy') as ReturnType<typeof createToolCompaction>).compact(
      tools,
    );
    for (const [i, tool] of tools.entries()) {
      const schema = schemaOf(tool);
      const before = validatorIn(validatorOf, schema);
      if (before === undefined) {
        invalid += 1;
        continue;
      }
      const after = validatorOf(schemaOf(small[i] as JsonValue));
      const random = randomOf(i);
      for (let n = 0; n < 40; n += 1) {
        const sample = sampleOf(schema, schema, random);
        const value = n % 2 === 0 ? sample : mutate(sample, random);
        const isAccepted = before(value);
        compared += 1;
        if (isAccepted) accepted += 1;
        if (after(value) !== isAccepted) different += 1;
      }
    }
  }
  return {
    name: 'livemcp, Suna, tau: arguments that are judged differently (ajv)',
    target: { atMost: 0 },
    reached: different,
    unit: '',
    note: `of ${compared}, ${accepted} of them accepted; ${invalid} schemas are invalid as they came`,
  };
}

/** The validator of a schema, unless ajv refuses the schema itself. */
function validatorIn(
  validatorOf: ReturnType<typeof createValidators>,
  schema: JsonObject,
): ReturnType<typeof validatorOf> | undefined {
  try {
    return validatorOf(schema);
  } catch {
    // Some published tools have invalid schemas; there is nothing to compare then, and the note tells how many.
    return undefined;
  }
}

function schemaOf(tool: JsonValue): JsonObject {
  const outer = tool as JsonObject;
  const inner = (outer['function'] ?? outer) as JsonObject;
  return (inner['parameters'] ?? inner['inputSchema'] ?? { type: 'object' }) as JsonObject;
}

const isGood = publish('tools-compact', [
  ...(await selection()),
  ...literalsKept(),
  differences(),
  ...Object.entries(sets).flatMap(([name, tools]) => [
    ...LEVELS.map((level) => saving(name, tools, level)),
    ...WAYS.map((way) => simple(name, tools, way)),
  ]),
]);
process.exitCode = isGood ? 0 : 1;
