/** A seeded source of numbers in [0, 1) (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const FRAGMENTS = [
  ["'s", "'S", "'ll", "'LL", "'Ll", "'re", "'VE", "'d", "'M", "'t", "'ſ", "''", "'"],
  [
    ' ',
    '  ',
    '   ',
    '\t',
    '\n',
    '\r\n',
    '\n\n',
    ' \n',
    '\n ',
    '\r',
    '\u00A0',
    '\u3000',
    '\u0085',
    '\v',
    '\f',
  ],
  ['<|endoftext|>', '<|im_start|>', '<|fim_prefix|>', '<|start|>', '<|', '|>'],
  ['0', '7', '42', '1234', '1234567', '3.14', '٣', '½', 'Ⅷ', '²'],
  [
    'the',
    'The',
    'THE',
    'hello',
    'World',
    'camelCase',
    'HTTPServer',
    'snake_case',
    'foo.bar()',
    'Ω',
    'straße',
  ],
  ['/', '//', '/*', '*/', '->', '=>', '===', '{"a":', '["x"]', '...', '!!', '—', '“', '”', '#', '-----'],
  [
    '日本',
    '語',
    '中文字符',
    '한국어',
    'ひらがな',
    'カタカナ',
    'العربية',
    'हिन्दी',
    'ไทย',
    'עברית',
    'Ελληνικά',
    'привет',
  ],
  ['😀', '👨‍👩‍👧‍👦', '🇫🇷', '❤️', '👍🏽', '\uFEFF', '\u200B', '\u200D', '\u0301', '\u0308', 'ǅ', 'ʰ', 'ª'],
  ['\uD800', '\uDC00', '\uDBFF', '\u0000', '\u0007', '\u001B[31m', '\u007F', '\u2028'],
].flat();

/**
 * Returns a source of random strings that mix what tokenizers split on: contractions in both cases,
 * blanks, digits, scripts, emoji, marks, control characters, special tokens and lone surrogates.
 */
export function createFuzz(seed: number): () => string {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const piece = (): string => {
    const choice = random();
    if (choice < 0.62) return FRAGMENTS[below(FRAGMENTS.length)] as string;
    if (choice < 0.85) return String.fromCharCode(32 + below(95));
    if (choice < 0.92) return String.fromCharCode(below(0x0600));
    if (choice < 0.97) return String.fromCharCode(97 + below(26)).repeat(1 + below(30));
    return String.fromCharCode(0x4e00 + below(0x5000));
  };
  return () => Array.from({ length: 1 + below(24) }, piece).join('');
}
