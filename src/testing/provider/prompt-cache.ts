import type { Clock } from '../../contract/index.ts';
import { BoundedMap } from '../../support/index.ts';
import type { PromptBlock } from './types.ts';

const FIVE_MINUTES_MS = 300_000;
const ONE_HOUR_MS = 3_600_000;
const MIN_TOKENS = 1024;
const STEP_TOKENS = 128;
/** Blocks before a breakpoint at which an earlier entry is looked for, the breakpoint's own included. */
const LOOKBACK_BLOCKS = 20;
/** Long texts are cached in pieces about this long, so that a shared beginning is found. */
const PIECE_CHARS = 160;

/** Tokens of one prompt by what the provider's cache did with them. */
export interface PromptCacheResult {
  readonly readTokens: number;
  readonly writeTokens: number;
  readonly write1hTokens: number;
}

const NOTHING: PromptCacheResult = { readTokens: 0, writeTokens: 0, write1hTokens: 0 };

interface Entry {
  expiresAt: number;
  readonly lifeMs: number;
}

interface Prompt {
  /** The key and the model: prompts never share entries across them. */
  readonly owner: string;
  readonly blocks: readonly PromptBlock[];
  /** Tokens of each block. */
  readonly tokens: readonly number[];
}

/** Models the prompt caches of the providers. */
export interface PromptCache {
  /** Automatic prefix caching: from 1024 tokens, in steps of 128, 5 minutes from the last use. */
  automatic(prompt: Prompt, countTokens: (text: string) => number): PromptCacheResult;
  /** Caching at the breakpoints of the blocks: from 1024 tokens, 5 minutes or 1 hour from the last use. */
  atBreakpoints(prompt: Prompt): PromptCacheResult;
}

/** Returns an empty prompt cache that keeps at most `maxEntries` prefixes of all keys together. */
export function createPromptCache(options: {
  readonly now: Clock;
  readonly maxEntries: number;
}): PromptCache {
  const entries = new BoundedMap<number, Entry>(options.maxEntries);

  const use = (prefix: number, now: number): boolean => {
    const entry = entries.get(prefix);
    if (entry === undefined || entry.expiresAt <= now) return false;
    entry.expiresAt = now + entry.lifeMs;
    return true;
  };

  return {
    automatic(prompt, countTokens) {
      const total = prompt.tokens.reduce((sum, tokens) => sum + tokens, 0);
      if (total < MIN_TOKENS) return NOTHING;
      const now = options.now();
      let shared = 0;
      let isShared = true;
      for (const [prefix, tokens] of prefixes(prompt, countTokens)) {
        isShared = isShared && use(prefix, now);
        if (isShared) shared = tokens;
        else entries.set(prefix, { expiresAt: now + FIVE_MINUTES_MS, lifeMs: FIVE_MINUTES_MS });
      }
      // The last token is always computed: a prompt seen before is never read as a whole.
      const readTokens = Math.floor(Math.min(shared, total - 1) / STEP_TOKENS) * STEP_TOKENS;
      return readTokens < MIN_TOKENS ? NOTHING : { ...NOTHING, readTokens };
    },

    atBreakpoints(prompt) {
      const now = options.now();
      const marks = markPositions(prompt);
      const breakpoints = marks.filter((mark) => mark.ttl !== undefined && mark.tokens >= MIN_TOKENS);
      let hit = -1;
      for (const { index } of breakpoints.toReversed()) {
        for (let at = index; at > Math.max(hit, index - LOOKBACK_BLOCKS); at -= 1) {
          if (use((marks[at] as Mark).prefix, now)) hit = at;
        }
      }
      const readTokens = hit < 0 ? 0 : (marks[hit] as Mark).tokens;
      const written = { '5m': 0, '1h': 0 };
      let done = readTokens;
      for (const { index, prefix, tokens, ttl } of breakpoints) {
        if (index <= hit && use(prefix, now)) continue;
        const life = ttl ?? '5m';
        const lifeMs = life === '1h' ? ONE_HOUR_MS : FIVE_MINUTES_MS;
        entries.set(prefix, { expiresAt: now + lifeMs, lifeMs });
        if (index <= hit) continue;
        written[life] += tokens - done;
        done = tokens;
      }
      return { readTokens, writeTokens: written['5m'], write1hTokens: written['1h'] };
    },
  };
}

interface Mark {
  readonly index: number;
  readonly prefix: number;
  /** Tokens of the prompt up to and including this block. */
  readonly tokens: number;
  readonly ttl: '5m' | '1h' | undefined;
}

function markPositions(prompt: Prompt): Mark[] {
  let hash = mix(START, prompt.owner);
  let tokens = 0;
  return prompt.blocks.map((block, index) => {
    hash = mix(mix(hash, block.salt), block.text);
    tokens += prompt.tokens[index] as number;
    return { index, prefix: number(hash), tokens, ttl: block.ttl };
  });
}

/** Every prefix of the prompt that may be shared, shortest first, with its tokens. */
function* prefixes(
  prompt: Prompt,
  countTokens: (text: string) => number,
): Generator<readonly [prefix: number, tokens: number]> {
  let hash = mix(START, prompt.owner);
  let start = 0;
  for (const [index, block] of prompt.blocks.entries()) {
    const end = start + (prompt.tokens[index] as number);
    hash = mix(hash, block.salt);
    let tokens = start;
    const pieces = cut(block.text);
    for (const [at, piece] of pieces.entries()) {
      hash = mix(hash, piece);
      const isLast = at === pieces.length - 1;
      tokens = isLast ? end : Math.min(end, tokens + countTokens(piece));
      yield [number(hash), tokens];
    }
    if (pieces.length === 0) yield [number(hash), end];
    start = end;
  }
}

/** Cuts at blanks where there are any, from the beginning: equal beginnings give equal pieces. */
function cut(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (text.length - from > PIECE_CHARS) {
    const blank = text.indexOf(' ', from + PIECE_CHARS);
    const to = blank < 0 || blank > from + 2 * PIECE_CHARS ? from + PIECE_CHARS : blank;
    pieces.push(text.slice(from, to));
    from = to;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

type Hash = readonly [number, number];
const START: Hash = [0x811c9dc5, 0x1b873593];

/** Mixes a text into a running hash; not cryptographic, the inputs are our own tests. */
function mix(hash: Hash, text: string): Hash {
  let [a, b] = hash;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995) ^ (b >>> 13);
  }
  // A separator after each text, so that "ab" + "c" is not "a" + "bc".
  return [Math.imul(a ^ 0x1ffff, 0x01000193), Math.imul(b ^ 0x1ffff, 0x5bd1e995) ^ (b >>> 15)];
}

function number([a, b]: Hash): number {
  return (a >>> 0) * 0x200000 + ((b >>> 0) & 0x1fffff);
}
