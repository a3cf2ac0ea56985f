/** Neighbouring lines that may be kept, in the order of the log. */
export interface Candidates {
  readonly length: number;
  /** Line numbers, ascending. */
  readonly lines: Int32Array;
  /** What each is worth; 0 and less are only kept to close a gap that would cost more. */
  readonly worth: Float64Array;
  /** Tokens of each. */
  readonly cost: Float64Array;
}

export interface PackOptions {
  /** Tokens that the kept lines and the marks of the gaps may have together. */
  readonly budget: number;
  /** Tokens of the mark of one gap. */
  readonly gapCost: number;
  /** Worth per token below which a line is left out although there is room. @default 0 */
  readonly leastPrice?: number;
  /** Lines in the whole log: before, after and between the candidates there may be others. */
  readonly lineCount: number;
}

/** What was chosen: 1 for each candidate that is kept. */
export interface Packed {
  readonly kept: Uint8Array;
  readonly tokens: number;
}

/** Halvings of the price; each makes the bound tighter by half. */
const ROUNDS = 40;

/**
 * Chooses the lines whose worth is largest within a budget of tokens, where every gap costs tokens, too.
 *
 * A knapsack with gaps, solved by Lagrange's relaxation: at a price per token the best choice is a walk
 * through two states (kept, left out), found exactly in one pass; the price is found by halving. What the
 * last step leaves of the budget is filled by the best worth per token (the gap of a relaxed knapsack is at
 * most one piece). Linear in the number of candidates.
 */
export function pack(candidates: Candidates, options: PackOptions): Packed {
  const nothing = new Uint8Array(candidates.length);
  const least = tokensOf(candidates, nothing, options);
  if (least > options.budget) return { kept: nothing, tokens: least };
  const { leastPrice = 0 } = options;
  const whole = choose(candidates, leastPrice, options);
  if (whole.tokens <= options.budget) return fill(candidates, whole, options);
  let low = leastPrice;
  let high = leastPrice + 1;
  let best = choose(candidates, high, options);
  while (best.tokens > options.budget) {
    low = high;
    high *= 4;
    best = choose(candidates, high, options);
  }
  for (let round = 0; round < ROUNDS && high - low > 1e-9 * high; round++) {
    const price = (low + high) / 2;
    const packed = choose(candidates, price, options);
    if (packed.tokens <= options.budget) {
      high = price;
      best = packed;
    } else low = price;
  }
  return fill(candidates, best, options);
}

/** The best choice at a price per token. */
function choose(candidates: Candidates, price: number, options: PackOptions): Packed {
  const { length, lines, worth, cost } = candidates;
  const gap = price * options.gapCost;
  // For each candidate and state (0 left out, 1 kept): whether the best way there came from a kept one.
  const fromKept = new Uint8Array(length * 2);
  let out = 0;
  let kept = Number.NEGATIVE_INFINITY;
  let last = -1;
  for (let i = 0; i < length; i++) {
    const line = lines[i] as number;
    const isAdjacent = line === last + 1;
    last = line;
    // Between two that do not touch there is a gap in any case.
    const stayKept = isAdjacent ? kept : kept - gap;
    const before = i === 0 && line === 0 ? Math.max(out, kept) : out;
    const gain = (worth[i] as number) - price * (cost[i] as number);
    const leave = kept - gap;
    if (stayKept > before) fromKept[i * 2 + 1] = 1;
    const nextKept = Math.max(stayKept, before) + gain;
    if (leave > out) fromKept[i * 2] = 1;
    out = Math.max(out, leave);
    kept = nextKept;
  }
  return trace(candidates, { fromKept, endsKept: kept > out }, options);
}

function trace(
  candidates: Candidates,
  way: { readonly fromKept: Uint8Array; readonly endsKept: boolean },
  options: PackOptions,
): Packed {
  const kept = new Uint8Array(candidates.length);
  let isKept = way.endsKept;
  for (let i = candidates.length - 1; i >= 0; i--) {
    kept[i] = isKept ? 1 : 0;
    isKept = way.fromKept[i * 2 + (isKept ? 1 : 0)] === 1;
  }
  return { kept, tokens: tokensOf(candidates, kept, options) };
}

/** Tokens of a choice, the marks of its gaps included. */
export function tokensOf(candidates: Candidates, kept: Uint8Array, options: PackOptions): number {
  let tokens = 0;
  let last = -1;
  for (let i = 0; i < candidates.length; i++) {
    if (kept[i] === 0) continue;
    const line = candidates.lines[i] as number;
    if (line !== last + 1) tokens += options.gapCost;
    tokens += candidates.cost[i] as number;
    last = line;
  }
  if (last !== options.lineCount - 1) tokens += options.gapCost;
  return tokens;
}

/** Spends what is left on the lines with the best worth per token that still fit. */
function fill(candidates: Candidates, packed: Packed, options: PackOptions): Packed {
  const { length, worth, cost } = candidates;
  const kept = packed.kept;
  let tokens = packed.tokens;
  const density = (i: number): number => (worth[i] as number) / ((cost[i] as number) + 1);
  const open: number[] = [];
  for (let i = 0; i < length; i++) if (kept[i] === 0 && density(i) > (options.leastPrice ?? 0)) open.push(i);
  open.sort((a, b) => density(b) - density(a) || a - b);
  for (const i of open) {
    if (tokens + (cost[i] as number) - options.gapCost > options.budget) continue;
    const added =
      (cost[i] as number) +
      gapChange({ ...candidates, lineCount: options.lineCount }, kept, i) * options.gapCost;
    if (tokens + added > options.budget) continue;
    kept[i] = 1;
    tokens += added;
  }
  return { kept, tokens };
}

/** How many more gaps there are once a candidate is kept: -1, 0 or 1. */
function gapChange(
  { lines, length, lineCount }: Candidates & Pick<PackOptions, 'lineCount'>,
  kept: Uint8Array,
  index: number,
): number {
  const line = lines[index] as number;
  const hasLeft = line === 0 || (index > 0 && kept[index - 1] === 1 && lines[index - 1] === line - 1);
  const hasRight =
    line === lineCount - 1 || (index + 1 < length && kept[index + 1] === 1 && lines[index + 1] === line + 1);
  return 1 - (hasLeft ? 1 : 0) - (hasRight ? 1 : 0);
}
