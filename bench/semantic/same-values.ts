// Rules that swap one value for another now and then swap it for itself in another spelling: such a pair changes nothing.

const ORDINALS =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth'.split(
    ' ',
  );
const MONTH =
  /\b(jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)?\b\.?/g;

/** A text with values in one spelling: "3rd" and "third", "4.20" and "4.2", "Nov" and "November", "metre" and "meter". */
function plainValues(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[a-z]+/g, (word) => {
      const at = ORDINALS.indexOf(word);
      return at === -1 ? word : `${at + 1}th`;
    })
    .replaceAll(/(\d)(?:st|nd|rd|th)\b/g, '$1th')
    .replaceAll(/(\.\d*?)0+(?!\d)/g, '$1')
    .replaceAll(MONTH, (_, month: string) => month.slice(0, 3))
    .replaceAll(/\b(\w*)metre/g, '$1meter')
    .replaceAll(/\b(\w*)litre/g, '$1liter');
}

/** True for two texts that differ in the spelling of values alone. */
export function haveSameValues(a: string, b: string): boolean {
  return plainValues(a) === plainValues(b);
}
