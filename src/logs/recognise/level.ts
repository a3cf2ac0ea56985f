/** How severe a line says it is, by the level of its log format. */
export type Level = 'fatal' | 'error' | 'warning' | 'info' | 'debug';

/** The level a line declares, and where its message begins. */
export interface DeclaredLevel {
  readonly level: Level;
  /** The text after the level and the logger's name. */
  readonly rest: string;
}

const LEVELS: Readonly<Record<string, Level>> = {
  trace: 'debug',
  debug: 'debug',
  dbg: 'debug',
  fine: 'debug',
  finer: 'debug',
  finest: 'debug',
  verbose: 'debug',
  info: 'info',
  information: 'info',
  inf: 'info',
  notice: 'info',
  log: 'info',
  config: 'info',
  lifecycle: 'info',
  statement: 'info',
  detail: 'error',
  hint: 'error',
  warn: 'warning',
  warning: 'warning',
  wrn: 'warning',
  error: 'error',
  err: 'error',
  eror: 'error',
  severe: 'error',
  failure: 'error',
  fatal: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  panic: 'fatal',
  dpanic: 'fatal',
  '10': 'debug',
  '20': 'debug',
  '30': 'info',
  '40': 'warning',
  '50': 'error',
  '60': 'fatal',
};

const LETTERS: Readonly<Record<string, Level>> = {
  v: 'debug',
  t: 'debug',
  d: 'debug',
  i: 'info',
  n: 'info',
  w: 'warning',
  e: 'error',
  f: 'fatal',
  c: 'fatal',
  a: 'fatal',
};

const UPPER =
  'TRACE|DEBUG|FINEST|FINER|FINE|VERBOSE|INFO|NOTICE|CONFIG|LOG|STATEMENT|WARN|WARNING|ERROR|ERR|SEVERE|FATAL|CRITICAL|ALERT|EMERG|PANIC';
const WORDS =
  'trace|debug|verbose|info|information|notice|warn|warning|error|err|severe|fatal|critical|crit|alert|emerg|emergency|panic|dpanic|lifecycle';

/** `[ERROR] x`, `<warn> x`, `[core:error] x`, `##[warning]x`. */
const BRACKETED = new RegExp(`^\\s{0,20}(?:##)?[\\[<(](?:[\\w.-]{1,40}:)?(${WORDS})[\\])>][ :|-]{0,9}`, 'i');
/** `ERROR - x`, `INFO: x`, `WARN  [main] c.Foo - x`, `148 INFO dfs.DataNode: x`. */
const LEADING = new RegExp(
  `^\\s{0,20}(?:[\\d ]{1,20} |- |\\[[^\\]]{1,60}\\] ?(?:- )?)?(${UPPER}|Info|Warning|Error)(?:\\s*[:|]|\\s+-|(?=\\s))\\s*`,
);
/** A level further on, after thread and logger: `[main] INFO  c.Foo - x`, `c.Foo | ERROR | x`. */
const INNER = new RegExp(`[\\s|\\[(<](${UPPER})(?:[\\]|>):]|\\s)[ :|-]{0,9}`);
const KLOG = /^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d{3,9} {1,9}\d{1,9} [\w./-]{1,80}:\d{1,6}\] /;
const LOGCAT =
  /^\s{0,9}(?:\d{1,6} {1,6}\d{1,6} )?([VDIWEFA])[ /]([\w.$-]{1,80})\s{0,40}(?:\(\s{0,6}\d{1,6}\))?: /;
const KEYED =
  /(?:^|[\s{,"'])(?:level|lvl|severity|levelname|log\.level|loglevel)["']?\s?[:=]\s?["']?([A-Za-z]{3,11}|[1-6]0)\b/i;
/** A message within JSON or logfmt. */
const KEYED_MESSAGE = /(?:^|[\s{,"])(?:msg|message|event|error)"?\s?[:=]\s?"/;
/** Thread and logger between level and message: `[main] org.foo.Bar - `, `org.foo.Bar: `. */
const LOGGER =
  /^(?:\[[^\]]{1,80}\]:? ?)?(?:-+ )?(?:\[[^\]]{1,80}\] ?)?(?:[\w$]{1,60}(?:[.$/][\w$<>-]{1,60}){1,12}(?: -+ |: ))?(?:PID \d{1,7} \| |GECKO\(\d{1,7}\) \| )?/;

/** A line without any of these words declares no level by a word. */
export const LEVEL_HINT =
  /trace|debug|fine|verbose|info|notice|config|log|stat|warn|err|severe|fatal|crit|alert|emerg|panic|lifecycle|level|lvl|severity/i;

/** A level is looked for at the head of a line only: further on it is a word of the message. */
const HEAD_LENGTH = 120;

function level(line: string, match: RegExpExecArray | null): DeclaredLevel | undefined {
  const found = LEVELS[match?.[1]?.toLowerCase() ?? ''];
  if (match === null || found === undefined) return undefined;
  const rest = line.slice(match.index + match[0].length);
  return { level: found, rest: rest.slice(LOGGER.exec(rest)?.[0].length ?? 0) };
}

function letterLevel(line: string, match: RegExpExecArray | null): DeclaredLevel | undefined {
  const found = LETTERS[match?.[1]?.toLowerCase() ?? ''];
  if (match === null || found === undefined) return undefined;
  return { level: found, rest: line.slice(match[0].length) };
}

function keyedLevel(line: string): DeclaredLevel | undefined {
  const found = LEVELS[KEYED.exec(line)?.[1]?.toLowerCase() ?? ''];
  if (found === undefined) return undefined;
  const message = KEYED_MESSAGE.exec(line);
  return { level: found, rest: message === null ? '' : line.slice(message.index + message[0].length) };
}

/** Whether what stands before an inner level looks like a log's header and not like prose. */
const headerBefore = (text: string): boolean => !/[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(text);

/** The level of formats that give one letter: klog's and logcat's. */
export function declaredLetter(line: string): DeclaredLevel | undefined {
  const head = line.slice(0, HEAD_LENGTH);
  return letterLevel(line, KLOG.exec(head)) ?? letterLevel(line, LOGCAT.exec(head));
}

/** The level that a line's own format declares, or `undefined`. Looks at the line's first characters only. */
export function declaredLevel(line: string): DeclaredLevel | undefined {
  const first = level(line, BRACKETED.exec(line)) ?? level(line, LEADING.exec(line));
  if (first !== undefined) return first;
  const head = line.slice(0, HEAD_LENGTH);
  const inner = INNER.exec(head);
  if (inner !== null && headerBefore(head.slice(0, inner.index))) return level(line, inner);
  if (head.includes('=') || head.includes('"') || head.includes("'")) {
    const keyed = keyedLevel(line);
    if (keyed !== undefined) return keyed;
  }
  return declaredLetter(line);
}
