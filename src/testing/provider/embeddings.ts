import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { isArray, optionalNumber, refuse, requireArray, requireString } from './checks.ts';

const DEFAULT_DIMENSIONS = 1536;
const MAX_DIMENSIONS = 4096;
const MAX_INPUTS = 2048;
/** Positions of a vector that one word touches. */
const TOUCHES = 12;

/**
 * A vector of unit length that depends on the words of the text alone: texts that share words are near
 * each other. Simulated: it knows no meaning.
 */
export function simulatedEmbedding(text: string, dimensions = DEFAULT_DIMENSIONS): Float32Array {
  const vector = new Float32Array(dimensions);
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text];
  for (const word of words) {
    let state = 0x9e3779b9;
    for (let i = 0; i < word.length; i += 1) state = Math.imul(state ^ word.charCodeAt(i), 0x01000193);
    for (let i = 0; i < TOUCHES; i += 1) {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
      const at = (state >>> 1) % dimensions;
      vector[at] = (vector[at] as number) + ((state & 1) === 0 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector);
  if (length === 0) vector[0] = 1;
  else for (let i = 0; i < dimensions; i += 1) vector[i] = (vector[i] as number) / length;
  return vector;
}

/** Answers a body of `POST /v1/embeddings`. @throws ApiProblem */
export function answerEmbeddings(body: JsonObject, countTokens: (text: string) => number): JsonObject {
  const model = requireString(body['model'], 'model');
  const inputs = readInputs(body['input']);
  const dimensions =
    optionalNumber(body, 'dimensions', { min: 1, max: MAX_DIMENSIONS, isInteger: true }) ??
    DEFAULT_DIMENSIONS;
  const format = body['encoding_format'] ?? 'float';
  if (format !== 'float' && format !== 'base64') refuse('encoding_format', "Expected 'float' or 'base64'.");
  const tokens = inputs.reduce((sum, input) => sum + input.tokens(countTokens), 0);
  return {
    object: 'list',
    data: inputs.map((input, index) => {
      const vector = simulatedEmbedding(input.text, dimensions);
      const embedding =
        format === 'float' ? Array.from(vector) : Buffer.from(vector.buffer).toString('base64');
      return { object: 'embedding', index, embedding };
    }),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

interface EmbeddingInput {
  readonly text: string;
  tokens(countTokens: (text: string) => number): number;
}

/** A string, strings, token ids, or lists of them. */
function readInputs(input: JsonValue | undefined): EmbeddingInput[] {
  if (typeof input === 'string') return [textInput(requireString(input, 'input'))];
  const list = requireArray(input, 'input');
  if (list.length > MAX_INPUTS) refuse('input', `Expected at most ${MAX_INPUTS} inputs, got ${list.length}.`);
  if (list.every((item) => typeof item === 'number')) return [idsInput(list)];
  return list.map((item, index) => {
    if (isArray(item) && item.every((id) => typeof id === 'number')) return idsInput(item);
    return textInput(requireString(item, `input[${index}]`));
  });
}

function textInput(text: string): EmbeddingInput {
  return { text, tokens: (countTokens) => countTokens(text) };
}

function idsInput(ids: readonly number[]): EmbeddingInput {
  return { text: ids.map((id) => `t${id}`).join(' '), tokens: () => ids.length };
}
