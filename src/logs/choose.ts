import type { Priority } from '../contract/index.ts';
import { type Candidate, readCandidates } from './candidates.ts';
import type { ShapeClasses } from './judge/shape-classes.ts';
import { worthOfLines } from './judge/worth.ts';
import { ordinalsOf } from './ordinals.ts';
import { anchoredWorths } from './pack/anchored.ts';
import { type Candidates, pack } from './pack/pack.ts';
import type { LineRole } from './recognise/index.ts';
import { gapContents } from './render/gap-contents.ts';
import { type KeptLine, type Rendered, render } from './render/render.ts';
import type { ScannedLog } from './scan/index.ts';
import type { Turns } from './scan/turns.ts';

/** Tokens of the mark of a gap, about. */
const GAP_TOKENS = 16;
const LINE_END_TOKENS = 1;
/** A line that is worth less per token is left out although there is room. */
const LEAST_PRICE = 0.012;
/** How often the choice is made anew because the text came out longer or shorter than thought. */
const ATTEMPTS = 8;
/** By how much critical lines count more, in turn, until they have what is reserved for them. */
const URGENCIES = [1, 3, 10] as const;

export interface ChooseOptions {
  readonly budget: number;
  readonly count: (text: string) => number;
  readonly header: string;
  /** Tokens that critical lines get first, as far as there are any. */
  readonly reserve: number;
  /** Tokens that the lines of a priority may have at most. */
  readonly maxByPriority: Readonly<Partial<Record<Priority, number>>>;
  /** The least urgent priority that is kept. */
  readonly lowest: Priority;
  /** By how much a role counts more or less. */
  readonly factors: Readonly<Record<LineRole, number>>;
}

/** The lines that were chosen and the text they make. */
export interface Chosen extends Rendered {
  readonly kept: readonly KeptLine[];
  readonly tokens: number;
}

/** What lines are chosen from. */
export interface ChooseSources {
  readonly log: ScannedLog;
  readonly classes: ShapeClasses;
  readonly turns: Turns;
}

/**
 * Chooses the lines to keep and writes them; the text never has more tokens than the budget.
 *
 * @throws AbortedError
 */
export async function choose(sources: ChooseSources, options: ChooseOptions): Promise<Chosen> {
  const { log, turns } = sources;
  const worths = await worthOfLines(sources, options.budget);
  const read = await readCandidates(sources, worths, options);
  const ordinals = await ordinalsOf(
    sources,
    read.map(({ line }) => line),
  );
  const cost = await costsOf(read, { turns, count: options.count });
  const contentOf = gapContents(sources);
  const write = async (kept: readonly KeptLine[]): Promise<Chosen> => {
    const rendered = await render(kept, { header: options.header, lineCount: log.lineCount, contentOf });
    return { ...rendered, kept, tokens: options.count(rendered.text) };
  };
  const sizes = { length: read.length, lines: ordinals.numbers, cost, anchors: anchorsOf(read) };
  const packed = async (target: number): Promise<KeptLine[]> => {
    const kept = await packUrgent(read, sizes, { ...options, target, lineCount: ordinals.count, turns });
    return read.filter((_, i) => kept[i] === 1);
  };
  return fitted(packed, write, options);
}

async function costsOf(
  read: readonly Candidate[],
  { turns, count }: { readonly turns: Turns; readonly count: (text: string) => number },
): Promise<Float64Array> {
  const cost = new Float64Array(read.length);
  for (const [i, { text }] of read.entries()) {
    cost[i] = count(text) + LINE_END_TOKENS;
    if (turns.isDue) await turns.take();
  }
  return cost;
}

/** Packs to a target that is corrected until the written text fits the budget and fills it well. */
async function fitted(
  packed: (target: number) => Promise<readonly KeptLine[]>,
  write: (kept: readonly KeptLine[]) => Promise<Chosen>,
  { budget, count, header }: ChooseOptions,
): Promise<Chosen> {
  let target = budget - count(header) - LINE_END_TOKENS;
  let best: Chosen | undefined;
  for (let attempt = 0; attempt < ATTEMPTS && target > 0; attempt++) {
    const next = await write(await packed(target));
    const spare = budget - next.tokens;
    const isMore = best === undefined || next.kept.length > best.kept.length;
    if (spare >= 0 && isMore) best = next;
    if (spare >= 0 && (spare < budget * 0.02 || !isMore)) break;
    target += spare > 0 ? Math.floor(spare * 0.8) : spare;
  }
  return best ?? (await smallest(write, budget));
}

/** A budget too small for any line and its gaps. */
async function smallest(
  write: (kept: readonly KeptLine[]) => Promise<Chosen>,
  budget: number,
): Promise<Chosen> {
  const bare = await write([]);
  if (bare.tokens <= budget) return bare;
  return { text: '', gaps: bare.gaps, kept: [], tokens: 0 };
}

/** For each candidate the index of the one for whose sake it may be kept; -1 for none. */
function anchorsOf(read: readonly Candidate[]): Int32Array {
  const indexes = new Map(read.map(({ line }, index) => [line, index]));
  return Int32Array.from(read, ({ anchor }) => indexes.get(anchor) ?? -1);
}

interface Sizes extends Pick<Candidates, 'length' | 'lines' | 'cost'> {
  readonly anchors: Int32Array;
}

interface PackTarget {
  readonly target: number;
  readonly reserve: number;
  readonly lineCount: number;
  readonly turns: Turns;
}

/** Packs; when critical lines do not get what is reserved for them, they count for more. */
async function packUrgent(
  read: readonly Candidate[],
  sizes: Sizes,
  { target, reserve, lineCount, turns }: PackTarget,
): Promise<Uint8Array> {
  let kept: Uint8Array = new Uint8Array(sizes.length);
  for (const urgency of URGENCIES) {
    const worth = Float64Array.from(read, (candidate, i) => {
      const factor = candidate.priority === 'critical' ? urgency : 1;
      // A long line says more, though not in proportion.
      return candidate.worth * factor * (0.5 + Math.sqrt(sizes.cost[i] as number) / 6);
    });
    kept = pack(
      { ...sizes, worth: anchoredWorths({ ...sizes, worth }) },
      { budget: target, gapCost: GAP_TOKENS, lineCount, leastPrice: LEAST_PRICE },
    ).kept;
    if (turns.isDue) await turns.take();
    if (hasReserve(read, { kept, cost: sizes.cost, reserve })) break;
  }
  return kept;
}

/** True when critical lines have the tokens that are reserved for them, or none is left out. */
function hasReserve(
  read: readonly Candidate[],
  {
    kept,
    cost,
    reserve,
  }: { readonly kept: Uint8Array; readonly cost: Float64Array; readonly reserve: number },
): boolean {
  let tokens = 0;
  let isComplete = true;
  for (const [i, { priority }] of read.entries()) {
    if (priority !== 'critical') continue;
    if (kept[i] === 1) tokens += cost[i] as number;
    else isComplete = false;
  }
  return isComplete || tokens >= reserve;
}
