// Writes src/tokens/models/registry.gen.ts and the table in docs/prices.md from two public price lists.
//
//   node scripts/generate-models.ts --models-dev FILE --portkey FILE [--check]
//
// The lists never enter the repository. `--check` writes nothing and exits 1 when the files would change.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ModelInfo } from '../src/contract/index.ts';
import { encodingFromName } from '../src/tokens/models/families.ts';
import { type ParsedPriceList, parsePriceList } from '../src/tokens/models/price-list.ts';
import { assemble, MAKERS, OPENROUTER_MAKERS, PROVIDERS } from './models/assemble.ts';
import { DROPPED, UNPRICED } from './models/corrections.data.ts';
import { type Decision, type Disagreement, decide, type Statements } from './models/decide.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const REGISTRY = join(root, 'src/tokens/models/registry.gen.ts');
const DOCS = join(root, 'docs/prices.md');
const MARKS = ['<!-- generated: start -->', '<!-- generated: end -->'] as const;

const { values } = parseArgs({
  options: { 'models-dev': { type: 'string' }, portkey: { type: 'string' }, check: { type: 'boolean' } },
});
if (values['models-dev'] === undefined || values.portkey === undefined) {
  console.error('usage: node scripts/generate-models.ts --models-dev FILE --portkey FILE [--check]');
  process.exit(2);
}

const modelsDev = read(values['models-dev'], 'models.dev');
const portkey = read(values.portkey, 'Portkey');
const decisions = decideAll(modelsDev, portkey);
const models = [...assemble(decisions), ...unpriced()];
const outputs = [
  [REGISTRY, renderRegistry(models)],
  [DOCS, renderDocs(readFileSync(DOCS, 'utf8'), models, decisions)],
] as const;

let isStale = false;
for (const [path, text] of outputs) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  isStale = true;
  if (values.check === true) console.error(`${path} is not what the lists give; run the generator.`);
  else writeFileSync(path, text);
}
console.error(
  `${models.length} models, ${models.reduce((sum, { aliases }) => sum + aliases.length, 0)} aliases`,
);
if (values.check === true && isStale) process.exit(1);

function read(path: string, format: ParsedPriceList['format']): ParsedPriceList {
  const list = parsePriceList(readFileSync(path, 'utf8'), { date: '' });
  if (list.format !== format) throw new Error(`${path} is a ${list.format} list, expected ${format}`);
  return list;
}

function decideAll(older: ParsedPriceList, newer: ParsedPriceList): readonly Decision[] {
  const names = new Map<string, { older?: ModelInfo; newer?: ModelInfo }>();
  for (const [key, list] of [
    ['older', older],
    ['newer', newer],
  ] as const) {
    for (const model of list.models) {
      if (isDropped(model)) continue;
      const name = `${model.provider}\n${model.id}`;
      const known = names.get(name) ?? {};
      known[key] ??= model;
      names.set(name, known);
    }
  }
  const routed = routedPrices(newer);
  const openRouter = new Map(
    older.models.filter(({ provider }) => provider === 'openrouter').map((model) => [model.id, model]),
  );
  return [...names].map(([key, { older: modelsDevRow, newer: portkeyRow }]) => {
    const [provider = '', name = ''] = key.split('\n');
    const passedOn = routed.get(key);
    const statements: Statements = {
      provider,
      name,
      ...(modelsDevRow === undefined ? {} : { modelsDev: modelsDevRow }),
      ...(portkeyRow === undefined ? {} : { portkey: portkeyRow }),
      ...(passedOn === undefined ? {} : { passedOn: passedOn.prices }),
    };
    return decide(statements, (id) => openRouter.get(id));
  });
}

function unpriced(): readonly ModelInfo[] {
  return UNPRICED.map(({ id, ...limits }) => {
    const encoding = encodingFromName(id);
    if (encoding === undefined) throw new Error(`${id} is kept for its encoding and has none`);
    const source = "OpenAI's tokenizer table";
    return {
      id,
      provider: 'openai',
      family: 'gpt',
      encoding,
      ...limits,
      prices: {},
      source,
      sourceDate: portkey.sourceDate,
      aliases: [],
    };
  });
}

function isDropped({ provider, id, source }: ModelInfo): boolean {
  if (!PROVIDERS.some((known) => known === provider)) return true;
  return DROPPED.some(
    ({ provider: host, name, list }) => host === provider && name.test(id) && (list ?? source) === source,
  );
}

/** What OpenRouter charges for a maker's model, where it passes the maker's prices on. */
function routedPrices(list: ParsedPriceList): ReadonlyMap<string, ModelInfo> {
  const routed = new Map<string, ModelInfo>();
  const passing = new Set(['openai', 'anthropic', 'google', 'mistral', 'xai', 'cohere']);
  for (const model of list.models) {
    if (model.provider !== 'openrouter') continue;
    const slash = model.id.indexOf('/');
    const maker = OPENROUTER_MAKERS[model.id.slice(0, slash)];
    if (maker === undefined || !passing.has(maker)) continue;
    const name = model.id.slice(slash + 1);
    const spellings = [
      name,
      name.replaceAll('.', '-'),
      ...(maker === 'xai' ? grokSnapshots(name) : []),
      ...mistralLatest(maker, name),
    ];
    for (const spelling of spellings) {
      if (!routed.has(`${maker}\n${spelling}`)) routed.set(`${maker}\n${spelling}`, model);
    }
  }
  return routed;
}

/** OpenRouter has one name for the snapshots of Grok 4.20. */
function grokSnapshots(name: string): readonly string[] {
  if (name === 'grok-4.20') return ['grok-4.20-0309-reasoning', 'grok-4.20-0309-non-reasoning'];
  if (name === 'grok-4.20-multi-agent') return ['grok-4.20-multi-agent-0309'];
  return [`${name}-latest`, name.replace('grok-4.1', 'grok-4-1')];
}

/** Mistral's `-latest` is its newest snapshot; models.dev dates it. */
function mistralLatest(maker: string, name: string): readonly string[] {
  const latest: Readonly<Record<string, string>> = {
    'mistral-small-2603': 'mistral-small-latest',
    'mistral-large-2512': 'mistral-large-latest',
    'ministral-3b-2512': 'ministral-3b-latest',
    'ministral-8b-2512': 'ministral-8b-latest',
  };
  const alias = maker === 'mistral' ? latest[name] : undefined;
  return alias === undefined ? [] : [alias];
}

function renderRegistry(rows: readonly ModelInfo[]): string {
  const lines = rows.map((row) => JSON.stringify(row));
  const unsafe = lines.find((line) => /[`\\]|\$\{/.test(line));
  if (unsafe !== undefined) throw new Error(`a row needs escaping: ${unsafe}`);
  return `// Generated by scripts/generate-models.ts from models.dev (${modelsDev.sourceDate}) and Portkey-AI/models (${portkey.sourceDate}). Do not edit.

/** The packaged models: a JSON array of ModelInfo, one a line, parsed on first use. */
export const REGISTRY_JSON = \`[
${lines.join(',\n')}
]\`;
`;
}

function renderDocs(text: string, rows: readonly ModelInfo[], all: readonly Decision[]): string {
  const [start, end] = [text.indexOf(MARKS[0]), text.indexOf(MARKS[1])];
  if (start < 0 || end < start) throw new Error(`docs/prices.md lacks the marks ${MARKS.join(' and ')}`);
  const disagreements = all.flatMap((decision) => decision.disagreements);
  const firstParty = disagreements.filter(({ provider }) => MAKERS.has(provider));
  const table = groupRows(firstParty).map(
    (group) =>
      `| ${group.provider} | ${group.models.join(', ')} | ${group.field} | ${group.modelsDev ?? 'none'} | ${group.portkey ?? 'none'} | ${group.taken ?? 'unknown'} | ${group.reason} |`,
  );
  const generated = [
    MARKS[0],
    '',
    `Lists: models.dev of ${modelsDev.sourceDate}, Portkey-AI/models of ${portkey.sourceDate}. ${rows.length} models, ` +
      `${rows.reduce((sum, { aliases }) => sum + aliases.length, 0)} aliases, ${rows.filter(({ prices }) => prices.input === undefined).length} of them without a known price. ` +
      `${disagreements.length} values disagree or were refused, ${firstParty.length} of them on the makers' own models:`,
    '',
    '| provider | model | price | models.dev | Portkey | taken | why |',
    '|---|---|---|---|---|---|---|',
    ...table,
    '',
  ].join('\n');
  return text.slice(0, start) + generated + text.slice(end);
}

/** One line for all snapshots of a model that disagree in the same way. */
function groupRows(
  rows: readonly Disagreement[],
): readonly (Disagreement & { readonly models: readonly string[] })[] {
  const groups = new Map<string, Disagreement & { models: string[] }>();
  for (const row of rows.toSorted((a, b) =>
    `${a.provider} ${a.model}` < `${b.provider} ${b.model}` ? -1 : 1,
  )) {
    const key = [row.provider, row.field, row.modelsDev, row.portkey, row.taken, row.reason].join('|');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ...row, models: [row.model] });
    else group.models.push(row.model);
  }
  return [...groups.values()];
}
