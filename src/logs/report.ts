import { basename } from 'node:path';
import type { LogError, LogReport, Priority, PrioritySums } from '../contract/index.ts';
import type { Chosen } from './choose.ts';
import type { ShapeClasses } from './judge/shape-classes.ts';
import { PRIORITIES } from './limits.ts';
import type { InputTokens } from './report/input-tokens.ts';
import { messagesOf } from './report/messages.ts';
import { templatesOf } from './report/templates.ts';
import type { ScannedLog } from './scan/index.ts';
import type { Turns } from './scan/turns.ts';

/** Share of the budget that the header may have. */
const MOST_HEADER_SHARE = 0.25;

/** What a report is made of. */
export interface Findings {
  readonly path: string | null;
  readonly log: ScannedLog;
  readonly classes: ShapeClasses;
  readonly inputTokens: InputTokens;
  readonly chosen: Chosen;
  readonly errors: readonly LogError[];
  readonly budget: number;
  readonly profile: string;
  readonly count: (text: string) => number;
  readonly turns: Turns;
  /** `performance.now()` when it all began. */
  readonly started: number;
}

/** What the line above the kept lines says. */
export interface HeaderFacts {
  readonly path: string | null;
  readonly log: ScannedLog;
  /** The name that the caller gave. */
  readonly name: string | undefined;
  /** What leads back to the lines that are left out. */
  readonly reference: string | undefined;
}

/** The line that stands above the kept lines: short, or none at all, where the budget is needed for them. */
export function headerOf(
  { path, log, name, reference }: HeaderFacts,
  { budget, count }: { readonly budget: number; readonly count: (text: string) => number },
): string {
  // A line end in a name would end the header, too.
  const shown = (name ?? (path === null ? 'log' : basename(path))).replaceAll(/\s+/g, ' ').trim();
  const lines = `${shown}: ${log.lineCount} ${log.lineCount === 1 ? 'line' : 'lines'}`;
  const back = reference === undefined ? '' : `; pare show ${reference}`;
  const full = `${lines}; […] marks what is left out${back}${back === '' ? '' : ' has all of it'}`;
  const most = budget * MOST_HEADER_SHARE;
  return [full, `${lines}${back}`].find((header) => count(header) <= most) ?? '';
}

/** The account of a condensed log. @throws AbortedError */
export async function summarize(findings: Findings): Promise<LogReport> {
  const { path, log, chosen, budget, inputTokens, profile, errors } = findings;
  const sources = { ...findings, messages: messagesOf(log, findings.classes.form) };
  const templates = await templatesOf(sources);
  return {
    input: { path, bytes: log.bytes, lines: log.lineCount, ...inputTokens },
    output: { tokens: chosen.tokens, lines: chosen.kept.length, path: null },
    budget,
    keptRatio: inputTokens.tokens === 0 ? 1 : chosen.tokens / inputTokens.tokens,
    profile,
    priorities: prioritiesOf(findings),
    errors,
    templates,
    gaps: chosen.gaps,
    durationMs: performance.now() - findings.started,
    text: chosen.text,
  };
}

function prioritiesOf({ log, classes, chosen, count }: Findings): Record<Priority, PrioritySums> {
  const sums = Object.fromEntries(
    PRIORITIES.map((name) => [name, { lines: 0, kept: 0, tokens: 0 }]),
  ) as Record<Priority, { lines: number; kept: number; tokens: number }>;
  for (const { id, count: lines } of log.shapes) sums[classes.of(id).priority].lines += lines;
  for (const { line, text } of chosen.kept) {
    const sum = sums[classes.ofLine(line).priority];
    sum.kept++;
    sum.tokens += count(text);
  }
  return sums;
}
