/** Classes of code points, as far as the split rules of the encodings tell them apart. */
export const OTHER = 0;
export const SPACE = 1;
export const NEWLINE = 2;
export const NUMBER = 3;
export const MARK = 4;
export const LETTER = 5;
export const UPPER = 6;
export const LOWER = 7;

const CLASS_BITS = 4;
/** Mask of the class in what `CodePoints.at` returns; the rest is the width in bytes. */
export const CLASS_MASK = 15;
const PAGE_BITS = 8;
const PAGE_SIZE = 1 << PAGE_BITS;
const PAGES = 0x110000 >> PAGE_BITS;

const TESTS: readonly (readonly [number, RegExp])[] = [
  [LOWER, /^\p{Ll}$/u],
  [UPPER, /^[\p{Lu}\p{Lt}]$/u],
  [LETTER, /^[\p{Lm}\p{Lo}]$/u],
  [MARK, /^\p{M}$/u],
  [NUMBER, /^\p{N}$/u],
  [NEWLINE, /^[\r\n]$/],
  // Unicode's White_Space, not JavaScript's \s: U+0085 is in, U+FEFF is out, as in the Rust engine.
  [SPACE, /^\p{White_Space}$/u],
];

function classOf(codePoint: number): number {
  // TextEncoder never emits a surrogate, but a page that spans them is still filled.
  const text = String.fromCodePoint(codePoint);
  for (const [value, test] of TESTS) if (test.test(text)) return value;
  return OTHER;
}

/**
 * Class and width of code points in UTF-8 bytes. Classes beyond ASCII are worked out page by page on
 * first use, since asking Unicode about all 1,114,112 code points takes half a second.
 */
export class CodePoints {
  /** For an ASCII byte its class and width as `at` returns them; 0 for the lead bytes of longer ones. */
  readonly ascii = new Uint8Array(256);
  readonly #pages: (Uint8Array | undefined)[] = Array.from({ length: PAGES });

  constructor() {
    for (let byte = 0; byte < 128; byte++) this.ascii[byte] = classOf(byte) | (1 << CLASS_BITS);
  }

  /** Class (low 4 bits) and width in bytes (the bits above) of the code point at `position`. */
  at(bytes: Uint8Array, position: number): number {
    const lead = bytes[position] as number;
    const known = this.ascii[lead] as number;
    return known === 0 ? this.#long(bytes, position, lead) : known;
  }

  #long(bytes: Uint8Array, position: number, lead: number): number {
    const second = (bytes[position + 1] as number) & 63;
    if (lead < 0xe0) return this.#class(((lead & 31) << 6) | second) | (2 << CLASS_BITS);
    const third = (bytes[position + 2] as number) & 63;
    if (lead < 0xf0) {
      return this.#class(((lead & 15) << 12) | (second << 6) | third) | (3 << CLASS_BITS);
    }
    const fourth = (bytes[position + 3] as number) & 63;
    const codePoint = ((lead & 7) << 18) | (second << 12) | (third << 6) | fourth;
    return this.#class(codePoint) | (4 << CLASS_BITS);
  }

  #class(codePoint: number): number {
    const page = this.#pages[codePoint >> PAGE_BITS] ?? this.#fill(codePoint >> PAGE_BITS);
    return page[codePoint & (PAGE_SIZE - 1)] as number;
  }

  #fill(index: number): Uint8Array {
    const page = new Uint8Array(PAGE_SIZE);
    for (let i = 0; i < PAGE_SIZE; i++) page[i] = classOf((index << PAGE_BITS) | i);
    this.#pages[index] = page;
    return page;
  }
}
