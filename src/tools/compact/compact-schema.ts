import type { JsonObject } from '../../contract/index.ts';
import { Stems } from '../words.ts';
import { dropAnnotations } from './annotations.ts';
import type { Inspection } from './inspect.ts';
import { inlineReferences } from './references.ts';
import { shareTexts } from './share.ts';
import { shorten } from './shorten.ts';
import { simplify } from './simplify.ts';
import { mapSchema, type Place } from './walk.ts';

/** A schema that accepts the same and says it with less. */
export function compactSchema(
  schema: JsonObject,
  { inspection, isStrict }: { readonly inspection: Inspection; readonly isStrict: boolean },
): JsonObject {
  const reshapes = inspection.kind === 'regular' && !isStrict;
  return mapSchema(reshapes ? inlineReferences(schema) : schema, (node, place) => {
    const bare = dropAnnotations(node, place, inspection);
    return reshapes ? simplify(bare) : bare;
  });
}

/** A schema with shorter descriptions. */
export function shortenTexts(schema: JsonObject, toolName: string): JsonObject {
  const stems = new Stems();
  const shortened = mapSchema(schema, (node, place) => {
    const text = node['description'];
    if (typeof text !== 'string') return node;
    const { name, parent } = place;
    const short = shorten(text, {
      schema: node,
      name: name ?? '',
      isRequired: isRequired(place, parent),
      known: [toolName, name ?? ''],
      stems,
    });
    if (short === text) return node;
    if (short !== '') return { ...node, description: short };
    const { description: _description, ...rest } = node;
    return rest;
  });
  return shareTexts(shortened);
}

function isRequired({ name }: Place, parent: JsonObject | undefined): boolean | undefined {
  if (name === undefined || parent?.['properties'] === undefined) return undefined;
  if (!Object.hasOwn(parent['properties'] as JsonObject, name)) return undefined;
  const required = parent['required'];
  return Array.isArray(required) && required.includes(name);
}
