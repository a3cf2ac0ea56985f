import { InputError, type JsonObject, type JsonValue, type Priority } from '../../contract/index.ts';
import { nearest } from '../../support/index.ts';
import { type LogSettings, type PatternText, PRIORITIES, PROFILES } from './settings.ts';

/** How one value of settings is read and written. */
interface Field {
  readonly key: keyof LogSettings;
  readonly read: (value: JsonValue, at: string) => unknown;
}

const FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['token_budget', { key: 'tokenBudget', read: wholeFrom(1) }],
  ['token_buffer', { key: 'tokenBuffer', read: wholeFrom(0) }],
  ['reserve', { key: 'reserve', read: share }],
  ['target_tokens', { key: 'targetTokens', read: wholeFrom(1) }],
  ['min_compression', { key: 'minCompression', read: share }],
  ['component_budgets', { key: 'componentBudgets', read: readComponentBudgets }],
  ['profile', { key: 'profile', read: (value, at) => oneOf(value, PROFILES, at) }],
  ['priority_filter', { key: 'priorityFilter', read: (value, at) => oneOf(value, PRIORITIES, at) }],
  ['patterns', { key: 'patterns', read: readPatterns }],
]);

/** Reads settings from JSON. @param source where they stand, for errors. @throws InputError `invalid_settings` */
export function settingsFromJson(document: JsonObject, source: string): LogSettings {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(document)) {
    const field = FIELDS.get(name);
    if (field === undefined) throw unknownKey(name, [...FIELDS.keys()], source);
    settings[field.key] = field.read(value ?? null, `${source}: ${name}`);
  }
  return settings;
}

/** Settings as they are saved. */
export function settingsToJson(settings: LogSettings): JsonObject {
  const entries = [...FIELDS].flatMap(([name, { key }]) =>
    settings[key] === undefined ? [] : [[name, settings[key]]],
  );
  return Object.fromEntries(entries) as JsonObject;
}

/** Reads tokens, or a share of the budget, by priority. @throws InputError `invalid_settings` */
export function readComponentBudgets(value: JsonValue, at: string): Partial<Record<Priority, number>> {
  if (!isObject(value)) throw wrong(at, 'an object like {"low": 500, "verbose": 0.05}', value);
  const budgets: Partial<Record<Priority, number>> = {};
  for (const [name, tokens] of Object.entries(value)) {
    const priority = PRIORITIES.find((known) => known === name);
    if (priority === undefined) throw unknownKey(name, PRIORITIES, at);
    const isShare = typeof tokens === 'number' && tokens >= 0 && tokens <= 1;
    if (!isShare && !(Number.isSafeInteger(tokens) && (tokens as number) > 1)) {
      throw wrong(`${at}.${name}`, 'a whole number of tokens, or a share from 0 to 1', tokens);
    }
    budgets[priority] = tokens as number;
  }
  return budgets;
}

/** The error for a name that is not known. */
function unknownKey(name: string, known: readonly string[], at: string): InputError {
  const meant = nearest(name, known);
  const hint = meant === undefined ? `Known: ${known.join(', ')}.` : `Did you mean "${meant}"?`;
  return new InputError('invalid_settings', `${at}: there is no "${name}". ${hint}`);
}

function readPatterns(value: JsonValue, at: string): readonly PatternText[] {
  if (!Array.isArray(value)) throw wrong(at, 'a list of {"priority", "pattern"}', value);
  return value.map((entry: JsonValue, i): PatternText => {
    const where = `${at}[${i}]`;
    if (!isObject(entry)) throw wrong(where, 'an object {"priority", "pattern"}', entry);
    const { priority, pattern = null, ...rest } = entry;
    const [extra] = Object.keys(rest);
    if (extra !== undefined) throw unknownKey(extra, ['priority', 'pattern'], where);
    if (typeof pattern !== 'string') throw wrong(`${where}.pattern`, 'a regular expression', pattern);
    return { priority: oneOf(priority, PRIORITIES, `${where}.priority`), pattern };
  });
}

function wholeFrom(minimum: number): Field['read'] {
  return (value, at) => {
    if (Number.isSafeInteger(value) && (value as number) >= minimum) return value;
    throw wrong(at, `a whole number of at least ${minimum}`, value);
  };
}

function share(value: JsonValue, at: string): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw wrong(at, 'a number from 0 to 1', value);
}

function oneOf<T extends string>(value: JsonValue | undefined, known: readonly T[], at: string): T {
  const found = known.find((name) => name === value);
  if (found === undefined) throw wrong(at, `one of ${known.join(', ')}`, value);
  return found;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(at: string, wanted: string, value: JsonValue | undefined): InputError {
  return new InputError(
    'invalid_settings',
    `${at} takes ${wanted}, got ${JSON.stringify(value) ?? 'nothing'}.`,
  );
}
