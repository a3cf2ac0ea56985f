import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStaticEmbedder } from '../embeddings/index.ts';
import { impliedSteps } from './implied.ts';
import { createToolIndex } from './index.ts';
import { readQuery } from './query.ts';
import { Stems, wordsOf } from './words.ts';

const embedder = createStaticEmbedder();
const tool = (name: string, description: string) => ({ name, description, inputSchema: { type: 'object' } });
const index = createToolIndex({
  embedder,
  tools: [
    tool('find_trains', 'Find train connections between two stations'),
    tool('refresh_token', 'Renew an expired access token'),
    tool('plot_chart', 'Draw a chart of numbers'),
    tool('delete_user', 'Remove an account'),
    tool('convert_audio', 'Convert a sound file to another format'),
    tool('list_printers', 'List the printers of an office'),
    tool('water_plants', 'Start the irrigation of a garden'),
  ],
});
const first = async (query: Parameters<typeof index.rank>[0], max = 3): Promise<string[]> =>
  (await index.rank(query, { max })).tools.map(({ name }) => name);

describe('the query', () => {
  it('is more than the last request: what the model set out to do next has its tool', async () => {
    const request = { role: 'user', text: 'Take care of the garden, please.' } as const;
    const next = 'I have the figures. Next I will draw a chart of the numbers.';
    expect(await first([request], 1)).toEqual(['water_plants']);
    expect(await first([request], 2)).not.toContain('plot_chart');
    expect(await first([request, { role: 'assistant', text: next }], 2)).toContain('plot_chart');
  });

  it('hears what failed last, wherever in the answer it stands', async () => {
    const turns = [
      { role: 'user', text: 'Find train connections from Oslo to Bergen.' },
      { role: 'assistant', text: 'Searching.', calls: ['find_trains'] },
      { role: 'tool', text: `${'row of data\n'.repeat(60)}Error: the access token has expired` },
    ] as const;
    expect(await first(turns, 2)).toEqual(['find_trains', 'refresh_token']);
    const weights = readQuery(turns).parts.filter(({ kind }) => kind === 'context');
    expect(weights.map(({ text }) => text)).toContain('Error: the access token has expired');
  });

  it('counts the last subgoal more than an older one', () => {
    const { parts } = readQuery([
      { role: 'user', text: 'Do the monthly work for the office in Rome.' },
      { role: 'assistant', text: 'First the charts.' },
      { role: 'tool', text: 'done' },
      { role: 'assistant', text: 'Now the printers.' },
    ]);
    const weight = (text: string): number => parts.find((part) => part.text === text)?.weight ?? 0;
    expect(weight('Now the printers.')).toBeGreaterThan(weight('First the charts.'));
  });

  it('leaves out data that stands in the request, and keeps its addresses and paths', () => {
    const data = 'iVBORw0KGgoAAAANSUhEUgAAAgAAAAIACAYAAAD0'.repeat(500);
    const { text, isCut } = readQuery(`What is this image? ${data}`);
    expect(text.trim()).toBe('What is this image?');
    expect(isCut).toBe(true);
    const path = '/srv/reports/2026/quarterly/figures/very-long-name-of-a-report.csv';
    expect(readQuery(`Read ${path}`).text).toContain(path);
    expect(readQuery(`Open https://example.org/${'a/'.repeat(100)}`).text).toContain('https://example.org/');
    expect(
      readQuery(
        '请帮我查询明天从上海虹桥站到北京南站的所有高铁车次以及二等座的余票信息谢谢你们了真的非常感谢',
      ).text,
    ).not.toBe(' ');
  });

  it('asks for no tool to read the file that is to be written, nor for one to list its folder', () => {
    expect(impliedSteps('Save the summary to /srv/notes/summary.md.')).toEqual(['write a file']);
    expect(impliedSteps('Put it into /srv/notes/summary.docx')).toEqual(['create a word document']);
    expect(impliedSteps('Read all files in /srv/notes and save a list to ~/list.txt')).toEqual([
      'write a file',
      'list files of a directory',
    ]);
    expect(impliedSteps('Sum up /srv/notes/summary.md')).toContain('read the text of a file');
  });

  it('has a part with weight for any text', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        const { parts } = readQuery(text);
        expect(parts[0]?.kind).toBe('whole');
        for (const { weight } of parts) expect(weight).toBeGreaterThan(0);
      }),
    );
  });
});

describe('words of other scripts', () => {
  it.each([
    ['Café À LA CARTE', ['cafe', 'a', 'la', 'carte']],
    ['Файл отчёта', ['фаил', 'отчета']],
    ['用Python写代码', ['用', 'python', '写代', '代码']],
    ['날씨를', ['날씨', '씨를']],
    ['קובץ חדש', ['קובץ', 'חדש']],
    ['ﬁle２', ['file', '2']],
  ])('%s', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('finds a tool by a word with another ending, in Korean and with accents', async () => {
    const set = createToolIndex({
      tools: [tool('t_a', '도시의 날씨 예보'), tool('t_b', 'Prévisions météo'), tool('t_c', '이메일 보내기')],
    });
    expect((await set.rank('오늘 날씨를 알려줘')).tools[0]?.name).toBe('t_a');
    expect((await set.rank('meteo')).tools[0]?.name).toBe('t_b');
  });

  it('INV-S4: stems are the same after more words than are remembered', () => {
    const stems = new Stems();
    const before = stems.of('renaming documents');
    for (let i = 0; i < 45_000; i += 1) stems.of(`word${String.fromCharCode(97 + (i % 26)).repeat(3)} x${i}`);
    expect(stems.of('renaming documents')).toEqual(before);
  });
});
