import type { Priority } from '../../contract/index.ts';
import type { PriorityPattern } from '../options.ts';
import {
  type Classifier,
  type LineClass,
  type LineRole,
  type Recogniser,
  type RecogniserFamily,
  splitPrefix,
  stripColours,
} from '../recognise/index.ts';

/** What of a long line the caller's patterns are tried on. */
const HEAD_LENGTH = 2_000;

/** The role of a line that only the caller's pattern knows. */
const ROLES: Readonly<Record<Priority, LineRole>> = {
  critical: 'error',
  high: 'summary',
  medium: 'warning',
  low: 'info',
  verbose: 'debug',
};

/** Roles that a line may have for its priority; another one would outweigh what the caller said. */
const KEPT_ROLES: Readonly<Record<Priority, ReadonlySet<LineRole>>> = {
  critical: new Set(['failure', 'error', 'cause', 'section', 'summary', 'exit', 'detail', 'frame']),
  high: new Set(['failure', 'error', 'cause', 'section', 'summary', 'exit', 'detail', 'frame']),
  medium: new Set(['warning', 'detail', 'frame']),
  low: new Set(['step', 'pass', 'progress', 'info', 'debug']),
  verbose: new Set(['pass', 'progress', 'info', 'debug']),
};

/** The caller's patterns as rules: `custom-1`, `custom-2`, … */
export function familyOf(patterns: readonly PriorityPattern[]): RecogniserFamily {
  const recognisers = patterns.map(
    ({ priority, pattern }, index): Recogniser => ({
      id: `custom-${index + 1}`,
      pattern: withoutMemory(pattern),
      role: ROLES[priority],
      priority,
    }),
  );
  return { name: 'custom', recognisers };
}

/** What of a line patterns are tried on: its message without colours, time and runner's prefix, where it is long its head. */
export function patternText(line: string): string {
  return splitPrefix(stripColours(line)).message.slice(0, HEAD_LENGTH);
}

/** With `g` or `y` a pattern would remember where it stopped; any other one stays what it is, its own matcher too. */
function withoutMemory(pattern: RegExp): RegExp {
  if (!pattern.global && !pattern.sticky) return pattern;
  return new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''));
}

/**
 * Puts rules before a classifier: the first that matches says how much a line matters, whatever else is known
 * of it. Added to the built-in rules they would come after those of more telling roles.
 */
export function classifyFirst({ name, recognisers }: RecogniserFamily, classify: Classifier): Classifier {
  if (recognisers.length === 0) return classify;
  return (message) => {
    const text = message.slice(0, HEAD_LENGTH);
    const rule = recognisers.find(({ pattern }) => pattern.test(text));
    const found = classify(message);
    return rule === undefined ? found : classOf(rule, found, name);
  };
}

function classOf({ id, role, priority = 'low' }: Recogniser, found: LineClass, family: string): LineClass {
  const isKept = KEPT_ROLES[priority].has(found.role);
  return { ...found, role: isKept ? found.role : role, priority, family, by: id };
}
