/** FNV-1a over the UTF-16 units, mixed so that near texts have far hashes. */
function hashOf(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return mix(state);
}

/** The finalizer of MurmurHash3 (Appleby): every bit of the input moves every bit of the result. */
function mix(value: number): number {
  let state = value;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) | 0;
}

/**
 * Adds a made-up vector for a run of characters that the table does not know: the sum of random directions
 * of its pairs of neighbouring characters, edges included (hashed n-grams, as in fastText, Bojanowski et
 * al. 2017). Runs that share pairs are near each other, others are at right angles, and no two texts fall
 * together for want of a token.
 *
 * @param sum the vector that is added to
 * @param length the length of the vector added, about that of a rare token's
 */
export function addHashedRun(sum: Float32Array, run: string, length: number): void {
  const chars = Array.from(run);
  const grams =
    chars.length === 1 ? chars : ['\u0002', ...chars].map((char, i) => char + (chars[i] ?? '\u0003'));
  const step = length / Math.sqrt(sum.length * grams.length);
  for (const gram of grams) {
    let state = hashOf(gram);
    let bits = 0;
    for (let i = 0; i < sum.length; i += 1) {
      if ((i & 31) === 0) {
        state = (state + 0x9e3779b9) | 0;
        bits = mix(state);
      }
      sum[i] = (sum[i] as number) + ((bits & 1) === 0 ? step : -step);
      bits >>>= 1;
    }
  }
}
