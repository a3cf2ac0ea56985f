// The inner products of one vector with many rows. A row is `chunks * 16` bytes, whole numbers of -127 to 127, and
// the vector as many of 16 bits, both filled up with zeros; all addresses are multiples of 16.
// Compiled by scripts/build-tools-kernel.mjs.

export function products(rows: usize, count: i32, chunks: i32, vector: usize, into: usize): void {
  let at = rows;
  for (let row = 0; row < count; row += 1) {
    // Two sums at a time do not wait for each other.
    let low = i32x4.splat(0);
    let high = i32x4.splat(0);
    let other = vector;
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      const own = v128.load(at);
      low = i32x4.add(low, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(own), v128.load(other)));
      high = i32x4.add(high, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(own), v128.load(other, 16)));
      at += 16;
      other += 32;
    }
    const sum = i32x4.add(low, high);
    store<i32>(
      into,
      i32x4.extract_lane(sum, 0) +
        i32x4.extract_lane(sum, 1) +
        i32x4.extract_lane(sum, 2) +
        i32x4.extract_lane(sum, 3),
    );
    into += 4;
  }
}
