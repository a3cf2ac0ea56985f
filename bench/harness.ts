// Shared by all benches: figures with targets, the printed table, and the JSON in bench/results/.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One figure of a bench. */
export interface Figure {
  readonly name: string;
  /** `at least` or `at most` this; absent for figures that are only reported. */
  readonly target?: { readonly atLeast?: number; readonly atMost?: number };
  readonly reached: number;
  readonly unit: string;
  /** How it was measured, and what stood beside it. */
  readonly note?: string;
}

/** The root of the repository. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The middle of the values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** The value below which this share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** True when the figure is where it should be. */
export function isReached({ target, reached }: Figure): boolean {
  return (
    reached >= (target?.atLeast ?? Number.NEGATIVE_INFINITY) &&
    reached <= (target?.atMost ?? Number.POSITIVE_INFINITY)
  );
}

/** Prints target and reached side by side, writes bench/results/NAME.json, and says whether all was reached. */
export function publish(
  name: string,
  figures: readonly Figure[],
  extra: Readonly<Record<string, unknown>> = {},
): boolean {
  const rows = figures.map((figure) => [
    figure.name,
    figure.target?.atLeast === undefined
      ? figure.target?.atMost === undefined
        ? '-'
        : `<= ${figure.target.atMost}`
      : `>= ${figure.target.atLeast}`,
    `${Number(figure.reached.toPrecision(4))} ${figure.unit}`,
    figure.target === undefined ? '' : isReached(figure) ? 'ok' : 'MISSED',
    figure.note ?? '',
  ]);
  const header = ['figure', 'target', 'reached', '', 'how'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  for (const row of [header, ...rows]) {
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
  const result = {
    bench: name,
    date: new Date().toISOString(),
    commit: commit(),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memory_gib: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
    figures: figures.map((figure) => ({
      ...figure,
      ok: figure.target === undefined ? null : isReached(figure),
    })),
    ...extra,
  };
  const folder = join(ROOT, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
  return figures.every(isReached);
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
