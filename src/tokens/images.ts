import type { JsonValue } from '../contract/index.ts';
import { isRecentClaude } from './families.ts';
import { type ImageSize, imageSize } from './image-size.ts';

/** Tokens of an image and how sure they are. */
export interface ImageTokens {
  readonly tokens: number;
  /** Half-width of the 95% band in tokens. */
  readonly uncertainty: number;
}

/** Counts the images that one model is sent. */
export type ImageRule = (size: ImageSize, detail: string) => number;

/** Assumed for an image whose size cannot be read: a URL, a file id, an unknown format. */
const DEFAULT_SIZE: ImageSize = { width: 1024, height: 1024 };
/** Share by which such an image may be off. */
const UNKNOWN_SIZE_BAND = 0.75;

const TILE = 512;
const TILE_BOX = 2048;
const TILE_SHORT_SIDE = 768;
const PATCH = 32;

function scaled(size: ImageSize, factor: number): ImageSize {
  return factor >= 1 ? size : { width: size.width * factor, height: size.height * factor };
}

/** Fit into 2048 x 2048, shortest side down to 768, then so many tokens for each tile of 512 begun. */
function tiles(base: number, perTile: number): ImageRule {
  return (size, detail) => {
    if (detail === 'low') return base;
    const boxed = scaled(size, TILE_BOX / Math.max(size.width, size.height));
    const short = scaled(boxed, TILE_SHORT_SIDE / Math.min(boxed.width, boxed.height));
    return base + perTile * Math.ceil(short.width / TILE) * Math.ceil(short.height / TILE);
  };
}

/** Patches of 32 x 32 pixels, at most `most` of them (the image is scaled down to that), times a multiplier. */
function patches(multiplier: number, most: number): ImageRule {
  const count = (size: ImageSize): number => Math.ceil(size.width / PATCH) * Math.ceil(size.height / PATCH);
  return (size) => {
    if (count(size) <= most) return Math.ceil(count(size) * multiplier);
    const shrink = Math.sqrt((PATCH * PATCH * most) / (size.width * size.height));
    const wide = (size.width * shrink) / PATCH;
    const high = (size.height * shrink) / PATCH;
    // A second step makes both sides whole patches, as documented.
    const fit = Math.min(Math.floor(wide) / wide, Math.floor(high) / high);
    const final = scaled(size, shrink * fit);
    return Math.ceil(Math.min(most, count(final)) * multiplier);
  };
}

const CLAUDE_PATCH = 28;

/** Patches of 28 x 28 pixels (about width x height / 750); larger images are scaled down first. */
function claude(longEdge: number, most: number): ImageRule {
  return (size) => {
    const edged = scaled(size, longEdge / Math.max(size.width, size.height));
    const fit = scaled(edged, Math.sqrt((most * CLAUDE_PATCH * CLAUDE_PATCH) / (edged.width * edged.height)));
    return Math.min(most, Math.ceil(fit.width / CLAUDE_PATCH) * Math.ceil(fit.height / CLAUDE_PATCH));
  };
}

const GEMINI_SMALL = 384;
const GEMINI_TILE = 768;
const GEMINI_TOKENS = 258;

/** 258 tokens for an image of at most 384 x 384, else for each tile of 768 begun. */
const gemini: ImageRule = (size) => {
  if (size.width <= GEMINI_SMALL && size.height <= GEMINI_SMALL) return GEMINI_TOKENS;
  return GEMINI_TOKENS * Math.ceil(size.width / GEMINI_TILE) * Math.ceil(size.height / GEMINI_TILE);
};

/**
 * OpenAI's documented rules; the first expression that fits counts. Multipliers of the patch models
 * after gpt-4.1 are those that usage reports show, where they differ from the documentation.
 */
const OPENAI_RULES: readonly (readonly [RegExp, ImageRule])[] = [
  [/gpt-4o-mini/, tiles(2833, 5667)],
  [/gpt-4\.1-mini/, patches(1.62, 1536)],
  [/gpt-4\.1-nano/, patches(2.46, 1536)],
  [/o4-mini|codex-mini/, patches(1.72, 1536)],
  [/gpt-5-mini/, patches(1.2, 1536)],
  [/gpt-5-nano/, patches(1.5, 1536)],
  [/gpt-5\.[23]|gpt-5\.\d+-codex/, patches(1.2, 1536)],
  [/gpt-(?:5\.\d|[6-9])/, patches(1.2, 2500)],
  [/gpt-5/, tiles(70, 140)],
  [/(?:^|\/)o[13]/, tiles(75, 150)],
  [/computer-use/, tiles(65, 129)],
];

const OPENAI_DEFAULT = tiles(85, 170);

/** The rule by which a model's images are counted. */
export function imageRule(family: string, model: string): ImageRule {
  if (family === 'claude') return isRecentClaude(model) ? claude(2576, 4784) : claude(1568, 1568);
  if (family === 'gemini' || family === 'gemma') return gemini;
  return OPENAI_RULES.find(([test]) => test.test(model))?.[1] ?? OPENAI_DEFAULT;
}

function field(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as Readonly<Record<string, JsonValue>>)[name];
}

function textField(value: JsonValue | undefined, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === 'string' ? found : undefined;
}

/** The base64 text of an inline image, in whichever wire's form. */
function inlineData(image: JsonValue): string | undefined {
  const source = field(image, 'source');
  if (source !== undefined) return textField(source, 'data');
  const url = textField(image, 'image_url') ?? textField(field(image, 'image_url'), 'url');
  if (url === undefined || !url.startsWith('data:')) return undefined;
  const comma = url.indexOf(',');
  return comma < 0 ? undefined : url.slice(comma + 1);
}

/** Tokens of one image, from its size where the request holds the image itself. */
export function countImage(image: JsonValue, rule: ImageRule): ImageTokens {
  const detail = textField(image, 'detail') ?? textField(field(image, 'image_url'), 'detail') ?? 'auto';
  const data = inlineData(image);
  const size = data === undefined ? undefined : imageSize(data);
  const tokens = rule(size ?? DEFAULT_SIZE, detail);
  // An image that is billed the same at any size needs no size.
  const isSure = size !== undefined || rule({ width: 64, height: 64 }, detail) === rule(DEFAULT_SIZE, detail);
  return { tokens, uncertainty: isSure ? 0 : tokens * UNKNOWN_SIZE_BAND };
}
