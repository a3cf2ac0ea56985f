/** Words for numbers that add up: "twenty five". */
export const NUMBER_WORDS: ReadonlyMap<string, number> = new Map(
  [
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
      .split(' ')
      .map((word, i): [string, number] => [word, i]),
    'thirty forty fifty sixty seventy eighty ninety'
      .split(' ')
      .map((word, i): [string, number] => [word, 30 + 10 * i]),
    [['dozen', 12] as [string, number]],
  ].flat(),
);

/** Words that multiply what stands before them. */
export const MULTIPLIERS: ReadonlyMap<string, number> = new Map([
  ['hundred', 100],
  ['thousand', 1_000],
  ['lakh', 100_000],
  ['lakhs', 100_000],
  ['lac', 100_000],
  ['million', 1_000_000],
  ['millions', 1_000_000],
  ['crore', 10_000_000],
  ['crores', 10_000_000],
  ['billion', 1_000_000_000],
  ['billions', 1_000_000_000],
  ['trillion', 1_000_000_000_000],
]);

/** What letters behind a number multiply it by. */
export const SUFFIXES: Readonly<Record<string, number>> = { k: 1_000, m: 1_000_000, bn: 1_000_000_000 };

/** Places in an order. */
export const ORDINAL_WORDS: ReadonlyMap<string, number> = new Map(
  (
    'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth ' +
    'sixteenth seventeenth eighteenth nineteenth twentieth'
  )
    .split(' ')
    .map((word, i) => [word, i + 1]),
);

/** Shares and multiples that are words. */
export const FRACTION_WORDS: ReadonlyMap<string, string> = new Map([
  ['half', '0.5'],
  ['halves', '0.5'],
  ['quarter', '0.25'],
  ['quarters', '0.25'],
  ['twice', 'x2'],
  ['thrice', 'x3'],
  ['double', 'x2'],
  ['triple', 'x3'],
  ['quadruple', 'x4'],
  ['single', 'x1'],
  ['once', 'x1'],
]);

/** Roman numerals that no word or abbreviation looks like. */
export const ROMAN_NUMERALS: ReadonlyMap<string, number> = new Map(
  'II:2 III:3 IV:4 VI:6 VII:7 VIII:8 IX:9 XI:11 XII:12 XIII:13 XIV:14 XV:15 XVI:16 XVII:17 XVIII:18 XIX:19 XX:20'
    .split(' ')
    .map((entry) => {
      const [numeral = '', value] = entry.split(':');
      return [numeral, Number(value)];
    }),
);
