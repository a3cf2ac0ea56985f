// Reads the labelled logs: each becomes a case with the items that should be kept.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { linesOf, needleOf, plain, templatePattern } from './match.ts';

/** The data sets, as `--only` names them. */
export const SETS = ['logdx', 'logchunks', 'cidiff', 'pytorch_ci', 'treeherder', 'loghub'] as const;
export type SetName = (typeof SETS)[number];

/** Something that should stand in the output. */
export interface Item {
  readonly text: string;
  /** `required` items make up the figures; the others are only reported. */
  readonly rank: 'required' | 'other';
  /** Any of these in the output is enough. */
  readonly needles: readonly string[];
  /** Also enough: a line of the output of this form. */
  readonly pattern?: RegExp;
  /** Values may be wrapped over lines; lines may not. */
  readonly isFlat?: boolean;
}

/** One log and what of it should be kept. */
export interface LogCase {
  readonly set: SetName;
  readonly id: string;
  /** What `--details` groups by: language, project, tool. */
  readonly kind: string;
  readonly path: string;
  readonly text: string;
  readonly items: readonly Item[];
}

interface Signal {
  readonly value?: string;
  readonly aliases?: readonly string[];
  readonly file?: string;
  readonly importance: string;
}

interface ChunkLabel {
  readonly id: string;
  readonly language: string;
  readonly log: string;
  readonly spans: readonly (readonly [number, number])[];
}

interface BreakageLabel {
  readonly id: string;
  readonly project: string;
  readonly fail: string;
  readonly spans2: readonly (readonly [string, number, number])[];
}

interface GoldLabel {
  readonly id: string;
  readonly log: string;
  readonly text: string;
}

interface ErrorsLabel {
  readonly id: string;
  readonly log: string;
  readonly errors: readonly { readonly text: string }[];
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

function labels<T>(folder: string): T[] {
  return read(join(folder, 'labels.jsonl'))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);
}

function lineItem(line: string): Item {
  return { text: plain(line), rank: 'required', needles: [needleOf(line)] };
}

/** The non-blank lines of the spans, both ends included. */
function spanItems(text: string, spans: readonly (readonly [number, number])[]): Item[] {
  const lines = linesOf(text);
  return spans
    .flatMap(([from, to]) => lines.slice(from - 1, to))
    .filter((line) => needleOf(line) !== '')
    .map(lineItem);
}

function charsOf(items: readonly Item[]): number {
  return items.reduce((chars, { needles }) => chars + (needles[0]?.length ?? 0), 0);
}

function logdx(folder: string): LogCase[] {
  return globSync('v*/*/ground_truth.json', { cwd: folder })
    .toSorted()
    .map((truth) => {
      const home = join(folder, dirname(truth));
      const { required_signals: signals } = JSON.parse(read(join(folder, truth))) as {
        required_signals: Signal[];
      };
      const { framework } = JSON.parse(read(join(home, 'case.json'))) as { framework: string };
      const items = signals
        .filter(({ importance }) => importance === 'critical' || importance === 'important')
        .map(({ value, aliases = [], file, importance }): Item => {
          const needles = [value, ...aliases, file].filter((text) => text !== undefined).map(plain);
          const rank = importance === 'critical' ? 'required' : 'other';
          return { text: needles[0] ?? '', rank, needles, isFlat: true };
        });
      const path = join(home, 'raw.log');
      return { set: 'logdx', id: dirname(truth), kind: framework, path, text: read(path), items };
    });
}

function logchunks(folder: string): LogCase[] {
  return labels<ChunkLabel>(folder).map(({ id, language, log, spans }) => {
    const path = join(folder, log);
    const text = read(path);
    // Several spans are places where the same chunk stands; the shortest has least beside it.
    const copies = spans.map((span) => spanItems(text, [span]));
    const [items = []] = copies.toSorted((a, b) => charsOf(a) - charsOf(b));
    return { set: 'logchunks', id, kind: language, path, text, items };
  });
}

function cidiff(folder: string): LogCase[] {
  return labels<BreakageLabel>(folder).map(({ id, project, fail, spans2 }) => {
    const path = join(folder, fail);
    const text = read(path);
    const errors = spans2.flatMap(([kind, from, to]) => (kind === 'E' ? [[from, to] as const] : []));
    return { set: 'cidiff', id, kind: project, path, text, items: spanItems(text, errors) };
  });
}

function pytorch(folder: string): LogCase[] {
  return labels<GoldLabel>(folder).map(({ id, log, text: gold }) => {
    const path = join(folder, log);
    return { set: 'pytorch_ci', id, kind: 'GitHub Actions', path, text: read(path), items: [lineItem(gold)] };
  });
}

function treeherder(folder: string): LogCase[] {
  return labels<ErrorsLabel>(folder).map(({ id, log, errors }) => {
    const path = join(folder, log);
    const items = errors.map(({ text }) => lineItem(text));
    return { set: 'treeherder', id, kind: 'Taskcluster', path, text: read(path), items };
  });
}

/** Events of BGL; those with an alert are required, the others are reported. */
function loghub(folder: string): LogCase[] {
  const rows = read(join(folder, 'BGL_a.labels.csv')).trim().split('\n').slice(1);
  const alerts = new Set(
    rows.map((row) => row.split(',')).flatMap(([, event, , alert]) => (alert ? [event] : [])),
  );
  const items = read(join(folder, 'BGL_a.templates.csv'))
    .trim()
    .split('\n')
    .slice(1)
    .map((row): Item => {
      const [, event, quoted = ''] = /^(\w+),(.*),\d+$/.exec(row) ?? [];
      const template = quoted.replace(/^"(.*)"$/, '$1').replaceAll('""', '"');
      const rank = alerts.has(event) ? 'required' : 'other';
      return { text: template, rank, needles: [], pattern: templatePattern(template) };
    });
  const path = join(folder, 'BGL_a.log');
  return [{ set: 'loghub', id: 'BGL_a', kind: 'BGL', path, text: read(path), items }];
}

const READERS: Readonly<Record<SetName, (folder: string) => LogCase[]>> = {
  logdx,
  logchunks,
  cidiff,
  pytorch_ci: pytorch,
  treeherder,
  loghub,
};

/** Where the data is, by the environment; a message how to get it otherwise. */
export function dataFolder(): string {
  const data = process.env['PARE_BENCH_DATA'];
  if (data !== undefined && existsSync(data)) return data;
  throw new Error(
    [
      'Set PARE_BENCH_DATA to a folder with these public data sets:',
      '  logdx/v*/CASE/ (github.com/eyuansu62/LogDx), logchunks/ (LogChunks, Zenodo),',
      '  cidiff/ (github.com/labri-progress/cidiff), pytorch_ci/ (github.com/pytorch/test-infra),',
      '  treeherder/ (github.com/mozilla/treeherder), loghub/BGL_a.* (github.com/logpai/loghub).',
    ].join('\n'),
  );
}

/** Reads the logs and labels of the sets. */
export function loadCases(data: string, only: readonly SetName[] = SETS): LogCase[] {
  return only.flatMap((set) => {
    const folder = join(data, set);
    if (!existsSync(folder)) throw new Error(`${folder} is missing; leave ${set} out with --only.`);
    return READERS[set](folder);
  });
}
