import { describe, expect, it } from 'vitest';
import { createStaticEmbedder } from '../embeddings/index.ts';
import { createToolIndex } from './index.ts';
import { nearestTools } from './near.ts';

describe('nearestTools', () => {
  const vectors = [Float32Array.of(1, 0), Float32Array.of(0.6, 0.8), Float32Array.of(0.8, 0.6), undefined];
  const vectorOf = (tool: number) => vectors[tool];

  it('gives the others of those named, nearest first, at most as many', () => {
    const near = nearestTools(0, [0, 1, 2, 3], { most: 2, vectorOf });
    expect(near.map(({ tool }) => tool)).toEqual([2, 1]);
    expect(near[0]?.likeness).toBeCloseTo(0.8);
    expect(nearestTools(0, [0, 1, 2, 3], { most: 1, vectorOf }).map(({ tool }) => tool)).toEqual([2]);
  });

  it('gives none without vectors, nor what points elsewhere', () => {
    expect(nearestTools(3, [0, 1, 2], { most: 5, vectorOf })).toEqual([]);
    const opposed = [Float32Array.of(1, 0), Float32Array.of(-1, 0), Float32Array.of(0, 1)];
    expect(nearestTools(0, [1, 2], { most: 5, vectorOf: (tool) => opposed[tool] })).toEqual([]);
  });
});

describe('what was called', () => {
  const tool = (name: string, description: string) => ({
    name,
    description,
    inputSchema: { type: 'object' },
  });
  const notes = [
    tool('search_notes', 'Search the notes of a notebook by words'),
    tool('read_note', 'Read one note of a notebook'),
    tool('tag_note', 'Put a tag on a note of a notebook'),
  ];
  const others = [
    tool('bookTrain', 'Book a seat on a train'),
    tool('budgetReport', 'Show what is left of the budget of a department'),
    tool('budgetPlan', 'Plan the budget of a department for the next year'),
    tool('officeBudget', 'Show what the office spent of its budget'),
    tool('officePrinter', 'Print a page on the printer of the office'),
    tool('meetingRoom', 'Reserve a meeting room for the department'),
    tool('hireStaff', 'Publish an open position of the department'),
  ];
  const request = {
    role: 'user',
    text: 'What did the department agree on for the budget of the office?',
  } as const;
  const call = { role: 'assistant', text: '', calls: ['search_notes'] } as const;
  const answer = { role: 'tool', text: 'budget: 2 results' } as const;

  it('makes likely what is nearest to it, which the request does not name', async () => {
    const index = createToolIndex({ tools: [...others, ...notes], embedder: createStaticEmbedder() });
    const names = async (turns: Parameters<typeof index.rank>[0]) =>
      (await index.rank(turns, { max: 5 })).tools.map(({ name }) => name);
    expect(await names([request])).not.toContain('read_note');
    expect(await names([request, call, answer])).toContain('read_note');
  });

  it('needs no embedder', async () => {
    const index = createToolIndex({ tools: [...others, ...notes] });
    const { tools } = await index.rank([request, call, answer], { max: 4 });
    expect(tools[0]).toMatchObject({ name: 'search_notes', reason: 'used' });
  });
});
