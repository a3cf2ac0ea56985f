import { InputError } from '../contract/index.ts';

/** Parses a whole number of at least `minimum`. @throws InputError `invalid_option` */
export function wholeNumber(name: string, minimum = 0): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= minimum) return value;
    throw new InputError(
      'invalid_option',
      `${name} takes a whole number of at least ${minimum}, got "${text}".`,
    );
  };
}

/** Parses a number between two bounds, both allowed. @throws InputError `invalid_option` */
export function numberBetween(name: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= low && value <= high) return value;
    throw new InputError('invalid_option', `${name} takes a number from ${low} to ${high}, got "${text}".`);
  };
}
