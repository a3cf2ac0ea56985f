import { canonicalProvider } from './providers.ts';

/** One way to read a name, tried against ids and aliases. */
export interface NameCandidate {
  /** Lower case; `provider/name` when a host's prefix or the caller settled the provider. */
  readonly key: string;
  /** True when the place of the model differs, so that its price may: the row counts, its prices do not. */
  readonly isPriceUnsure: boolean;
}

const DATE =
  /[-@](20[2-3]\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])|20[2-3]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))$/;
const VERTEX_VERSION = /@([a-z0-9-]+)$/;
const BEDROCK_REGION = /^(us|global|eu|apac|au|jp|ca|sa|in|us-gov)\.(?=[a-z0-9]+\.)/;
const BEDROCK_MODEL =
  /^(?:amazon|ai21|anthropic|cohere|deepseek|google|meta|minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen|writer|xai|zai)\./;
/** Regions of Bedrock that cost what the model's base name costs in both price lists. */
const BASE_PRICE_REGIONS: ReadonlySet<string> = new Set(['us', 'global']);

/**
 * Every reading of a model's name, most literal first. Each step drops something that never tells two
 * models apart: letter case, the path of a resource, a host's prefix, a snapshot's date, Bedrock's
 * region and version. Nothing else is dropped, so `gpt-4o-mini` is never read as `gpt-4o`.
 *
 * @param provider the host that serves the model, when known: its own row comes first
 */
export function nameCandidates(model: string, provider?: string): readonly NameCandidate[] {
  const found = new Map<string, boolean>();
  const host = provider === undefined ? undefined : canonicalProvider(provider);
  const name = bareResource(model.trim().toLowerCase());
  for (const [reading, isPriceUnsure] of readings(name)) {
    if (host !== undefined) add(found, `${host}/${reading}`, isPriceUnsure);
    add(found, reading, isPriceUnsure);
    const slash = reading.indexOf('/');
    if (slash < 0) continue;
    const prefix = canonicalProvider(reading.slice(0, slash));
    if (prefix === undefined) continue;
    const rest = reading.slice(slash + 1);
    for (const [inner, isInnerUnsure] of readings(rest)) {
      add(found, `${prefix}/${inner}`, isPriceUnsure || isInnerUnsure);
      // What stands behind OpenRouter's prefix is its own name: `openrouter/openai/gpt-4o`.
      if (prefix === 'openrouter' && inner.includes('/')) add(found, inner, isPriceUnsure || isInnerUnsure);
    }
  }
  return [...found].map(([key, isPriceUnsure]) => ({ key, isPriceUnsure }));
}

function add(found: Map<string, boolean>, key: string, isPriceUnsure: boolean): void {
  if (!found.has(key)) found.set(key, isPriceUnsure);
}

/** `models/x`, `publishers/google/models/x` and `arn:...:foundation-model/x` name `x`. */
function bareResource(name: string): string {
  if (name.startsWith('arn:aws')) return name.slice(name.lastIndexOf('/') + 1);
  if (name.startsWith('models/')) return name.slice('models/'.length);
  const published = /(?:^|\/)publishers\/[^/]+\/models\/([^/]+)$/.exec(name);
  return published?.[1] ?? name;
}

function* readings(name: string): Generator<readonly [string, boolean]> {
  yield [name, false];
  yield* bedrockReadings(name);
  const undated = name.replace(DATE, '');
  if (undated !== name) {
    // Vertex has rows `name@default` where its price differs from the maker's own.
    if (name[undated.length] === '@') {
      yield [`${undated}@default`, false];
      yield [`${undated}-${name.slice(undated.length + 1)}`, false];
    }
    yield [undated, false];
  } else if (VERTEX_VERSION.test(name)) {
    const version = VERTEX_VERSION.exec(name)?.[1];
    if (version === 'default' || version === 'latest') {
      yield [name.replace(VERTEX_VERSION, '@default'), false];
      yield [name.replace(VERTEX_VERSION, ''), false];
    }
  }
}

function* bedrockReadings(name: string): Generator<readonly [string, boolean]> {
  const region = BEDROCK_REGION.exec(name)?.[1];
  const inRegion = region === undefined ? name : name.slice(region.length + 1);
  if (!BEDROCK_MODEL.test(inRegion)) return;
  const versions = bedrockVersions(inRegion);
  if (region !== undefined) for (const version of versions) yield [`${region}.${version}`, false];
  const isPriceUnsure = region !== undefined && !BASE_PRICE_REGIONS.has(region);
  for (const version of versions) yield [version, isPriceUnsure];
}

/** `x-v1:0`, `x-v1`, `x:0` and `x` are one model; `:200k` and the like name a throughput. */
function bedrockVersions(name: string): readonly string[] {
  const withoutThroughput = name.replace(/:\d+k$/, '');
  const base = withoutThroughput.replace(/:0$/, '').replace(/-v1$/, '');
  return [withoutThroughput, `${base}-v1:0`, `${base}-v1`, base];
}
