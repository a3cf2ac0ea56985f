import type { DeclaredLevel, Level } from './level.ts';
import type { LineClass, LineRole } from './recogniser.ts';
import { ROLE_PRIORITY } from './roles.ts';

/**
 * What says that nothing went wrong though the words are there: counts of zero, names of flags, files and
 * packages, negations. Blanked out before the words are looked for.
 */
const HARMLESS: readonly RegExp[] = [
  /\b(?:0|no|zero|without|any|ignor(?:e|es|ed|ing)) (?:\w{1,20} )?(?:errors?|failures?|failed|failing|warnings?|exceptions?|crash(?:es)?|fatals?|problems?|timeouts?)\b/gi,
  /\b(?:errors?|failures?|failed|failing|warnings?|exceptions?|unreachable|skipped|timeouts?)["']?\s?[:=]\s?["']?(?:0|none|null|nil|false|off|no|\[\]|""|undefined)(?![\w.])/gi,
  /\b(?:errors?|failures?|exceptions?|warnings?|timeouts?|crash|fail(?:ed)?)[ -](?:handl(?:ing|ers?|ed)|reporting|pages?|boundar(?:y|ies)|messages? (?:enabled|disabled)|logs?\b|codes?: 0\b|rates?|tolerance|fast|safe|over|checking|recovery|correction|class(?:es)?|types?|prone)/gi,
  /\bexit(?:ed with)? (?:code|status):? 0\b/gi,
  /(?:^|[\s'"=(])--?[\w-]{1,60}/g,
  /\bhttps?:\/\/[^\s"'<>)]{1,400}/gi,
  /[\w.@~+-]{0,80}[/\\][\w.@~+/\\-]{1,300}/g,
  /\b[\w-]{1,80}\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|c|cc|cpp|h|hpp|o|php|cs|swift|scala|ex|exs|vue|css|scss|html|json|ya?ml|md|txt|log|map|jar|whl|gz|class|svg|png|so|lock|toml|xml)\b/g,
];

/** A line without any of these holds no sign of trouble: a quick look before anything else. */
export const SEVERITY_HINT =
  /err|fail|fatal|panic|except|abort|assert|denied|refus|timed|timeout|not |n't|unable|cannot|could|invalid|missing|undefined|warn|deprecat|crash|segfault|fault|kill|broken|corrupt|unexpected|unhandled|uncaught|reject|conflict|critical|severe|traceback|exceed|terminat|exited|did not|outdated|out of date|uncommitted|illegal|mismatch|unresolved|unreachable|unknown|violat|obsolete|does|overflow|leak|please|✗|✘|✖|×|❌|⚠/i;

interface Sign {
  readonly by: string;
  readonly role: LineRole;
  readonly pattern: RegExp;
  readonly priority?: LineClass['priority'];
}

const SIGNS: readonly Sign[] = [
  {
    by: 'fatal-word',
    role: 'error',
    priority: 'critical',
    pattern:
      /\b(?:FATAL|fatal error|[Ff]atal:|[Pp]anic:|PANIC|CRITICAL|segmentation fault|segfault(?:ed)?|core dumped|bus error|stack overflow|out of memory|unhandled (?:exception|rejection|promise)|uncaught (?:exception|error)|kernel panic|abort(?:ed|ing)?(?:!| \(|$)|crashed)/i,
  },
  {
    by: 'error-head',
    role: 'error',
    pattern:
      /^(?:\W{0,6}|[^:]{1,60}: )(?:error|err!|exception|failure|severe|fout|erreur|fehler)\b[\s:!\])-]|[\s:\])](?:error|err!|failure)(?:: |\] )|\berrors? (?:occurr?ed|while|in|at|during|from|code|message)\b/i,
  },
  {
    // Its tool has said how bad it is: `ld: warning: directory not found`.
    by: 'warning-head',
    role: 'warning',
    pattern: /^(?:\W{0,6}|[\w./+-]{1,100}(?::\d+){0,2}: )warning: /i,
  },
  {
    by: 'failure-word',
    role: 'error',
    pattern: /(?:^|[\s:[(*=-])(?:FAIL(?:ED|URE|URES|S)?)(?![\w-])|[✗✘✖❌]/,
  },
  {
    by: 'exception-name',
    role: 'error',
    pattern: /\b[A-Z]\w{0,80}(?:Exception|Error)\b(?!\.\w)/,
  },
  {
    by: 'failing-verb',
    role: 'error',
    pattern:
      /\b(?:failed|fails|failing|failure|failures|could not|couldn't|cannot|can't|can not|unable to|refused|denied|timed out|time-?out (?:exceeded|reached|expired)|not found|not recognized|no such|does(?: not|n't) exist|undefined (?:reference|symbol|variable|method|function|local)|unresolved|unknown (?:option|command|argument|host|type)|invalid|illegal|not (?:a valid|permitted|allowed|supported|installed|defined|available)|missing|mismatch|unexpected(?:ly)?|unhandled|uncaught|aborted|aborting|rejected|corrupt(?:ed)?|broken (?:pipe|link)|conflicts?|violation|unreachable|overflow(?:ed)?|killed|traceback|assert(?:ion)?(?: failed)?|did not|exited with|terminated|exceed(?:s|ed)|out of date|outdated|uncommitted)\b/i,
  },
  {
    by: 'error-word',
    role: 'error',
    priority: 'medium',
    pattern: /\b(?:errors?|exceptions?)\b|\berrored\b/i,
  },
  {
    by: 'instruction',
    role: 'warning',
    pattern:
      /^\s{0,8}Please (?:run|rebuild|commit|fix|update|install|add|make sure|check|upgrade|use|remove|set|specify|reformat)\b/,
  },
  {
    by: 'warning-word',
    role: 'warning',
    pattern: /\bwarn(?:ing|ings)?\b|deprecat|⚠|\bobsolete\b|\bleak(?:s|ed)?\b/i,
  },
];

/** Verbs that tell of trouble which a tool may get over: alone, in a long prose line, they weigh less. */
const SOFT = new Set(['failing-verb', 'error-word']);

const LEVEL_ROLE: Readonly<Record<Level, LineRole>> = {
  fatal: 'error',
  error: 'error',
  warning: 'warning',
  info: 'info',
  debug: 'debug',
};

function blankHarmless(text: string): string {
  let result = text;
  for (const pattern of HARMLESS) result = result.replace(pattern, ' ');
  return result;
}

const ERROR_TYPE = /\b((?:[A-Za-z_$][\w$]{0,60}\.){0,8}[A-Z]\w{0,80}(?:Exception|Error))\b/;

const plain = (role: LineRole, by: string): LineClass => ({
  role,
  priority: ROLE_PRIORITY[role],
  family: 'generic',
  by,
});

/** A line that says nothing of trouble: it still counts as information. */
export const PLAIN: LineClass = plain('info', 'plain');

function withType(found: LineClass, text: string): LineClass {
  const errorType = found.role === 'error' ? ERROR_TYPE.exec(text)?.[1] : undefined;
  return errorType === undefined ? found : { ...found, errorType };
}

function classOfLevel(level: Level, text: string): LineClass {
  const found = plain(LEVEL_ROLE[level], `level-${level}`);
  return withType(level === 'fatal' ? { ...found, priority: 'critical' } : found, text);
}

/** What the words of a line say that declares no level. */
export function classOfWords(text: string): LineClass {
  if (!SEVERITY_HINT.test(text)) return PLAIN;
  const rest = blankHarmless(text);
  for (const sign of SIGNS) {
    if (!sign.pattern.test(rest)) continue;
    const found = plain(sign.role, sign.by);
    if (sign.priority !== undefined) return withType({ ...found, priority: sign.priority }, text);
    return withType(SOFT.has(sign.by) && rest.length > 300 ? { ...found, priority: 'medium' } : found, text);
  }
  return PLAIN;
}

/** What a line's declared level says of it, with a look at the words where the level is information. */
export function classOfDeclared(declared: DeclaredLevel, text: string): LineClass {
  const byLevel = classOfLevel(declared.level, text);
  // An error that a tool logged as information is worth a warning's place, no more.
  if (declared.level !== 'info') return byLevel;
  const byWords = classOfWords(declared.rest);
  const loud = byWords.role === 'error' && !SOFT.has(byWords.by);
  return loud ? { ...byWords, role: 'warning', priority: 'medium' } : byLevel;
}
