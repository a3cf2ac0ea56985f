import type { JsonObject, JsonValue, ToolDefinition } from '../../contract/index.ts';

const MARKER = 'cache_control';

/**
 * The kept tools with the cache markers of those that were dropped: each moves to the last kept tool before it, in
 * the same order, none lost and none twice (INV-P3). A tool whose marker does not change stays the same object.
 *
 * @param kept places in `tools`, ascending
 */
export function keepMarkers(tools: readonly ToolDefinition[], kept: readonly number[]): ToolDefinition[] {
  const marked = tools.flatMap(({ value }, index) => {
    const marker = markerOf(value);
    return marker === undefined ? [] : [{ index, marker }];
  });
  const result = kept.map((index) => tools[index] as ToolDefinition);
  if (marked.every(({ index }) => kept.includes(index))) return result;
  const places = placesFor(
    marked.map(({ index }) => index),
    kept,
  );
  const markerAt = new Map(places.map((place, i) => [place, (marked[i] as { marker: JsonValue }).marker]));
  return result.map((tool, place) => withMarker(tool, markerAt.get(place)));
}

/** The marker of a tool's own JSON. */
function markerOf(value: JsonValue): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as JsonObject)[MARKER] ?? undefined;
}

/** Places among the kept tools, ascending and each once. */
function placesFor(marked: readonly number[], kept: readonly number[]): number[] {
  const places = marked.map((index) => kept.findLastIndex((place) => place <= index));
  for (let i = places.length - 2; i >= 0; i -= 1)
    places[i] = Math.min(places[i] as number, (places[i + 1] as number) - 1);
  // Before the first kept tool there is no place: what stands there moves up, and pushes on what follows.
  for (let i = 0; i < places.length; i += 1)
    places[i] = Math.max(places[i] as number, i === 0 ? 0 : (places[i - 1] as number) + 1);
  return places;
}

function withMarker(tool: ToolDefinition, marker: JsonValue | undefined): ToolDefinition {
  if (markerOf(tool.value) === marker) return tool;
  const { [MARKER]: _, ...rest } = tool.value as JsonObject;
  return { ...tool, value: marker === undefined ? rest : { ...rest, [MARKER]: marker } };
}
