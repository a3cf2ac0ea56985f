import type { JsonObject } from '../../contract/index.ts';
import { readLines, writeLines } from './sentences.ts';
import { mapSchema } from './walk.ts';

/** Shortest text, in characters, for which it pays to point to the parameter that says it. */
const LEAST_CHARS = 40;
const POINTER = /^As for `[^`]+`$/;

/**
 * Says once what several parameters of a tool say in the same words: later ones name the first ("As for `from`").
 * Whole descriptions are shared, and sentences at the end of one.
 */
export function shareTexts(schema: JsonObject): JsonObject {
  const firsts = new Map<string, string>();
  return mapSchema(schema, (node, { path }) => {
    const text = node['description'];
    const at = path.join('.').replaceAll('.[]', '[]');
    if (typeof text !== 'string' || at === '' || text.length < LEAST_CHARS || POINTER.test(text)) return node;
    const whole = firsts.get(text);
    if (whole !== undefined && whole !== at) {
      const pointer = `As for \`${whole}\``;
      return pointer.length < text.length ? { ...node, description: pointer } : node;
    }
    const shared = shareLast(text, at, firsts);
    if (shared !== text) return { ...node, description: shared };
    firsts.set(text, at);
    return node;
  });
}

/** The text with its last sentence told by reference, where another parameter has told it. */
function shareLast(text: string, at: string, firsts: Map<string, string>): string {
  const lines = readLines(text);
  const last = lines.at(-1);
  const sentences = lines.flatMap((line) => (line.isCode ? [] : line.sentences));
  if (last === undefined || last.isCode || sentences.length < 2) return text;
  const sentence = sentences.at(-1) ?? '';
  const first = firsts.get(sentence);
  const pointer = `See \`${first}\`.`;
  if (first !== undefined && first !== at && sentence.length >= LEAST_CHARS + pointer.length) {
    return writeLines([
      ...lines.slice(0, -1),
      { ...last, sentences: [...last.sentences.slice(0, -1), pointer] },
    ]);
  }
  for (const own of sentences) if (own.length >= LEAST_CHARS && !firsts.has(own)) firsts.set(own, at);
  return text;
}
