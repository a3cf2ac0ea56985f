import type { JsonObject, LogError, LogGap, LogReport, LogTemplate } from '../../contract/index.ts';

/** The report in the names of the command line's JSON. */
export function reportToJson(report: LogReport): JsonObject {
  const { input, output } = report;
  return {
    input: {
      path: input.path,
      bytes: input.bytes,
      lines: input.lines,
      tokens: input.tokens,
      basis: input.basis,
    },
    output: { tokens: output.tokens, lines: output.lines, path: output.path },
    budget: report.budget,
    kept_ratio: report.keptRatio,
    profile: report.profile,
    priorities: Object.fromEntries(
      Object.entries(report.priorities).map(([name, { lines, kept, tokens }]) => [
        name,
        { lines, kept, tokens },
      ]),
    ),
    errors: report.errors.map(errorToJson),
    templates: report.templates.map(templateToJson),
    gaps: report.gaps.map(gapToJson),
    duration_ms: Math.round(report.durationMs),
    text: report.text,
  };
}

function errorToJson(error: LogError): JsonObject {
  const { type, message, count, firstLine, lastLine, ref, seenRuns, firstSeen } = error;
  return {
    type,
    message,
    count,
    first_line: firstLine,
    last_line: lastLine,
    ref,
    ...(seenRuns === undefined ? {} : { seen_runs: seenRuns }),
    ...(firstSeen === undefined ? {} : { first_seen: new Date(firstSeen).toISOString() }),
  };
}

function templateToJson(found: LogTemplate): JsonObject {
  const { template, count, firstLine, lastLine, priority, slots } = found;
  return {
    template,
    count,
    first_line: firstLine,
    last_line: lastLine,
    priority,
    ...(slots === undefined ? {} : { slots: slots.map((slot) => ({ ...slot })) }),
  };
}

function gapToJson({ firstLine, lastLine, lines, templates }: LogGap): JsonObject {
  return { first_line: firstLine, last_line: lastLine, lines, templates };
}
