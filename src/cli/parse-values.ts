import { InputError } from '../contract/index.ts';

/** Parses a whole number within bounds, both allowed. @throws InputError `invalid_option` */
export function wholeNumber(
  name: string,
  minimum = 0,
  maximum = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  const upTo = maximum === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${maximum}`;
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    throw invalid(`${name} takes a whole number of at least ${minimum}${upTo}, got "${text}".`);
  };
}

/** Parses a number between two bounds, both allowed. @throws InputError `invalid_option` */
export function numberBetween(name: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = toNumber(text);
    if (value >= low && value <= high) return value;
    throw invalid(`${name} takes a number from ${low} to ${high}, got "${text}".`);
  };
}

/** Parses a number above 0 and up to a bound. @throws InputError `invalid_option` */
export function positiveNumber(name: string, high: number): (text: string) => number {
  return (text) => {
    const value = toNumber(text);
    if (value > 0 && value <= high) return value;
    throw invalid(`${name} takes a number above 0 and up to ${high}, got "${text}".`);
  };
}

/** Collects `name: value` pairs of a repeatable option, names in lower case. @throws InputError `invalid_option` */
export function headerPairs(name: string): (text: string, previous: unknown) => Record<string, string> {
  return (text, previous) => {
    const [, field, value] = /^\s*([A-Za-z0-9-]+)\s*:\s*(.*?)\s*$/.exec(text) ?? [];
    if (field === undefined || value === undefined) {
      throw invalid(`${name} takes "name: value", got "${text}".`);
    }
    return { ...(previous as Record<string, string> | undefined), [field.toLowerCase()]: value };
  };
}

/** Collects `name=value` pairs of a repeatable option. @throws InputError `invalid_option` */
export function tagPairs(name: string): (text: string, previous: unknown) => Record<string, string> {
  return (text, previous) => {
    const [, tag, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
    if (tag === undefined || value === undefined) throw invalid(`${name} takes name=value, got "${text}".`);
    return { ...(previous as Record<string, string> | undefined), [tag]: value };
  };
}

/** Parses a time in ISO 8601, in UTC where it names no zone; epoch milliseconds. @throws InputError `invalid_option` */
export function time(name: string): (text: string) => number {
  return (text) => {
    const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) || /^\d{4}-\d\d-\d\d$/.test(text);
    const value = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(hasZone ? text : `${text}Z`) : Number.NaN;
    if (!Number.isNaN(value)) return value;
    throw invalid(`${name} takes a time like 2026-01-31 or 2026-01-31T12:00:00Z, got "${text}".`);
  };
}

/** Collects the values of a repeatable option, in order. */
export function repeated(): (text: string, previous: unknown) => readonly string[] {
  return (text, previous) => [...((previous as readonly string[] | undefined) ?? []), text];
}

const SIZE_UNITS = new Map([
  ['', 1],
  ['B', 1],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['KIB', 1024],
  ['MIB', 1024 ** 2],
  ['GIB', 1024 ** 3],
]);

/** Parses a number of bytes above 0: `5MB`, `64MiB`, `1000`. @throws InputError `invalid_option` */
export function size(name: string): (text: string) => number {
  return (text) => {
    const [, digits, unit = ''] = /^\s*(\d{1,12}(?:\.\d{1,6})?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
    const factor = SIZE_UNITS.get(unit.toUpperCase());
    const bytes = factor === undefined ? 0 : Math.floor(Number(digits) * factor);
    if (bytes >= 1) return bytes;
    throw invalid(`${name} takes a size like 5MB or 64MiB, got "${text}".`);
  };
}

/** Parses a number of bytes within bounds, or `auto`, which is `undefined`. @throws InputError `invalid_option` */
export function sizeOrAuto(
  name: string,
  minimum: number,
  maximum: number,
): (text: string) => number | undefined {
  const parse = size(name);
  return (text) => {
    if (text.trim().toLowerCase() === 'auto') return undefined;
    const bytes = parse(text);
    if (bytes >= minimum && bytes <= maximum) return bytes;
    throw invalid(`${name} takes auto, or from ${minimum} to ${maximum} bytes, got "${text}".`);
  };
}

/** Takes any text but an empty one. @param what it is. @throws InputError `invalid_option` */
export function notEmpty(name: string, what: string): (text: string) => string {
  return (text) => {
    if (text !== '') return text;
    throw invalid(`${name} takes ${what}, got "".`);
  };
}

function toNumber(text: string): number {
  return /^\s*$/.test(text) ? Number.NaN : Number(text);
}

function invalid(message: string): InputError {
  return new InputError('invalid_option', message);
}
