import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text with the intent it stands for. */
export interface IntentText {
  readonly text: string;
  readonly intent: string;
}

/** Two texts; label 1 when one answer serves both. */
export interface LabelledPair {
  readonly a: string;
  readonly b: string;
  readonly label: 0 | 1;
}

/** Two sentences with their logical relation. */
export interface EntailedPair {
  readonly a: string;
  readonly b: string;
  readonly entail: 'ENTAILMENT' | 'NEUTRAL' | 'CONTRADICTION';
  /** Jaccard of the tokens, 0 to 1. */
  readonly overlap: number;
}

/** The public sets that the bench reads. */
export interface DataSets {
  readonly qqp: readonly LabelledPair[];
  readonly mrpc: readonly LabelledPair[];
  readonly sick: readonly EntailedPair[];
  readonly mock: readonly LabelledPair[];
  readonly banking77: readonly IntentText[];
  readonly clinc150: readonly IntentText[];
  readonly hwu64: readonly IntentText[];
}

const NEEDED = [
  'qqp_gptcache/pairs.jsonl: {a, b, label} (github.com/zilliztech/GPTCache)',
  'gptcache_mock/pairs.jsonl: {origin, similar} (github.com/zilliztech/GPTCache)',
  'mrpc/train.jsonl: {a, b, label} (Microsoft Research Paraphrase Corpus)',
  'sick/train.jsonl: {a, b, entail, overlap} (Marelli et al. 2014)',
  'banking77/train.jsonl: {text, intent} (github.com/PolyAI-LDN/task-specific-datasets)',
  'clinc150/train.jsonl: {text, intent} (github.com/clinc/oos-eval)',
  'hwu64/train.jsonl: {text, intent} (github.com/xliuhw/NLU-Evaluation-Data)',
];

/** What to tell when the folder is not there. */
export const DATA_HINT = ['Set PARE_BENCH_DATA to a folder with these public data sets:', ...NEEDED].join(
  '\n  ',
);

function rows<T>(folder: string, path: string): T[] {
  return readFileSync(join(folder, path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** Reads the sets; null where the folder is not there. */
export function readDataSets(folder: string | undefined): DataSets | null {
  if (folder === undefined || !existsSync(folder)) return null;
  const mock = rows<{ origin: string; similar: string }>(folder, 'gptcache_mock/pairs.jsonl');
  return {
    qqp: rows(folder, 'qqp_gptcache/pairs.jsonl'),
    mrpc: rows(folder, 'mrpc/train.jsonl'),
    sick: rows(folder, 'sick/train.jsonl'),
    mock: mock.map(({ origin, similar }) => ({ a: origin, b: similar, label: 1 })),
    banking77: rows(folder, 'banking77/train.jsonl'),
    clinc150: rows(folder, 'clinc150/train.jsonl'),
    hwu64: rows(folder, 'hwu64/train.jsonl'),
  };
}

/** Sources of texts for minimal pairs, each without repeats. */
export function textSources(sets: DataSets): Map<string, string[]> {
  const both = (pairs: readonly { readonly a: string; readonly b: string }[]) =>
    pairs.flatMap(({ a, b }) => [a, b]);
  const only = (texts: readonly IntentText[]) => texts.map(({ text }) => text);
  const sources: readonly (readonly [string, string[]])[] = [
    ['qqp', both(sets.qqp)],
    ['banking77', only(sets.banking77)],
    ['clinc150', only(sets.clinc150)],
    ['hwu64', only(sets.hwu64)],
    ['gptcache_mock', both(sets.mock)],
    ['mrpc', both(sets.mrpc)],
    ['sick', both(sets.sick)],
  ];
  return new Map(sources.map(([name, texts]) => [name, [...new Set(texts)]]));
}
