import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, ToolDefinition } from '../../contract/index.ts';
import { keepMarkers } from './cache-markers.ts';

const SHORT = { type: 'ephemeral' };
const LONG = { type: 'ephemeral', ttl: '1h' };

/** Tools of which some carry a marker. */
const toolsWith = (markers: Readonly<Record<number, JsonObject>>, count = 10): ToolDefinition[] =>
  Array.from({ length: count }, (_, i) => {
    const marker = markers[i];
    const value: JsonObject = { name: `t${i}`, ...(marker === undefined ? {} : { cache_control: marker }) };
    return { name: `t${i}`, description: '', isHosted: false, value, path: ['tools', i] };
  });
const markersOf = (tools: readonly ToolDefinition[]) =>
  tools.flatMap(({ name, value }) => {
    const marker = (value as JsonObject)['cache_control'];
    return marker === undefined ? [] : [[name, marker]];
  });

describe('cache markers of tools that are dropped (INV-P3)', () => {
  it('move to the last kept tool before them', () => {
    const tools = toolsWith({ 9: SHORT });
    const kept = keepMarkers(tools, [1, 4, 6]);
    expect(markersOf(kept)).toEqual([['t6', SHORT]]);
    expect(kept[0]).toBe(tools[1]);
    expect(kept[2]).toMatchObject({ path: ['tools', 6] });
  });

  it('stay where their tools stay, which remain the same objects', () => {
    const tools = toolsWith({ 4: SHORT });
    expect(keepMarkers(tools, [1, 4, 6])).toEqual([tools[1], tools[4], tools[6]]);
    expect(keepMarkers(tools, [1, 4, 6])[1]).toBe(tools[4]);
  });

  it('keep apart and in order where two come to one tool, and move up where none is before them', () => {
    expect(markersOf(keepMarkers(toolsWith({ 5: LONG, 9: SHORT }), [0, 1, 4]))).toEqual([
      ['t1', LONG],
      ['t4', SHORT],
    ]);
    expect(markersOf(keepMarkers(toolsWith({ 0: LONG }), [3, 4]))).toEqual([['t3', LONG]]);
  });

  it('are as many as before, in the same order, each once', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(19), { maxLength: 4 }),
        fc.uniqueArray(fc.nat(19), { minLength: 4, maxLength: 20 }),
        (marked, chosen) => {
          const markers = Object.fromEntries(marked.map((at) => [at, { type: 'ephemeral', id: at }]));
          const kept = chosen.toSorted((a, b) => a - b);
          const result = keepMarkers(toolsWith(markers, 20), kept);
          expect(result.map(({ name }) => name)).toEqual(kept.map((at) => `t${at}`));
          expect(markersOf(result).map(([, marker]) => marker)).toEqual(
            marked.toSorted((a, b) => a - b).map((at) => ({ type: 'ephemeral', id: at })),
          );
        },
      ),
    );
  });
});
