import type { JsonObject } from '../../contract/index.ts';
import { wordsOf } from '../words.ts';
import type { Inspection } from './inspect.ts';
import type { Place } from './walk.ts';

const DROPPED: ReadonlySet<string> = new Set(['title', 'examples', 'example', '$comment']);
/** Words of titles that generators add to a name. */
const FILLING = new Set([
  'arguments',
  'args',
  'schema',
  'input',
  'params',
  'parameters',
  'request',
  'model',
  'the',
]);
/** Longest example that stands in for a description where there is none, in characters. */
const MOST_EXAMPLE = 40;

/**
 * A schema without titles, examples and comments. Where nothing else describes it, a title that says more than
 * the name, or else a short example, becomes its description.
 */
export function dropAnnotations(
  schema: JsonObject,
  place: Place,
  { kind, isDraftNeutral }: Pick<Inspection, 'kind' | 'isDraftNeutral'>,
): JsonObject {
  const isRoot = place.parent === undefined;
  const isDropped = (key: string): boolean =>
    DROPPED.has(key) ||
    (key === 'description' && typeof schema[key] === 'string' && schema[key].trim() === '') ||
    (isRoot && key === '$schema' && isDraftNeutral) ||
    (isRoot && key === '$id' && kind === 'regular');
  const keys = Object.keys(schema);
  if (!keys.some(isDropped)) return schema;
  const description =
    isRoot || hasDescription(schema) ? undefined : (titleOf(schema, place) ?? exampleOf(schema));
  const kept = keys.filter((key) => !isDropped(key)).map((key) => [key, schema[key]] as const);
  return Object.fromEntries(description === undefined ? kept : [...kept, ['description', description]]);
}

function hasDescription({ description }: JsonObject): boolean {
  return typeof description === 'string' && description.trim() !== '';
}

function titleOf(schema: JsonObject, { name }: Place): string | undefined {
  const title = schema['title'];
  if (typeof title !== 'string') return undefined;
  const known = new Set(
    wordsOf([name, schema['const'], schema['type']].filter((text) => typeof text === 'string').join(' ')),
  );
  return wordsOf(title).every((word) => known.has(word) || FILLING.has(word)) ? undefined : title.trim();
}

function exampleOf(schema: JsonObject): string | undefined {
  if ('enum' in schema || 'const' in schema) return undefined;
  const listed = schema['examples'];
  const example = (Array.isArray(listed) ? listed[0] : listed) ?? schema['example'];
  if (typeof example !== 'string' && typeof example !== 'number') return undefined;
  const text = String(example);
  return text === '' || text.length > MOST_EXAMPLE ? undefined : `e.g. ${text}`;
}
