// The inner loops of the vector index, in AssemblyScript: WebAssembly with SIMD does them ten times faster than
// JavaScript. kernel.gen.ts holds what this compiles to, so that nobody needs the compiler but who changes this
// file: node scripts/build-vector-kernel.mjs does it, and a test fails where the two do not belong together.
//
// A vector is turned by a fixed rotation, which changes no cosine, and kept as one byte a number with a scale of
// its own. Turned, no number stands out, whatever the embedder's vectors are like: a peak would cost all others
// their precision; and every bit of the code, the signs of the first 256 numbers, says equally much. What is
// asked keeps 15 bits a number.
//
// Memory: input | signs | question | its code | histogram | heap | pages of 1024 slots. A page has the vectors of
// its slots, then their codes, scales, ids, distances, owners.
const SLOT_BITS: i32 = 10;
const SLOTS: usize = 1024;
const MOST_NUMBERS: usize = 4096;
const CODE_BYTES: usize = 32;

const INPUT: usize = 1024;
const SIGNS: usize = INPUT + MOST_NUMBERS * 4;
/** Three turns have signs of their own. */
const TURN_BYTES: usize = MOST_NUMBERS * 4;
const QUESTION: usize = SIGNS + TURN_BYTES * 3;
const CODE: usize = QUESTION + MOST_NUMBERS * 2;
const HISTOGRAM: usize = CODE + CODE_BYTES;
const DISTANCES: usize = 256;
const HEAP: usize = HISTOGRAM + DISTANCES * 4;
const MOST_FOUND: usize = 1024;
/** Id, similarity, nothing. */
const FOUND_BYTES: usize = 16;
const PAGES: usize = HEAP + MOST_FOUND * FOUND_BYTES;

const BYTE_PEAK: f32 = 127;
/** The largest for which no sum of 4096 products, in 4 lanes, passes 32 bits. */
const QUESTION_PEAK: f32 = 16383;

let dimensions: usize = 0;
/** Bytes of a vector: room for whole rounds of the loop. */
let stride: usize = 0;
/** The largest power of two within the dimensions. */
let span: usize = 0;
let pageBytes: usize = 0;
let codesAt: usize = 0;
let scalesAt: usize = 0;
let idsAt: usize = 0;
let distancesAt: usize = 0;
let ownersAt: usize = 0;

let questionScale: f32 = 0;
let found: usize = 0;
let limit: usize = 0;
/** What a similarity must reach to be found. */
let least: f32 = 0;

/** Sets up an empty memory for vectors of so many numbers; returns the bytes of a page. */
export function prepare(count: usize): usize {
  dimensions = count;
  stride = (count + 31) & ~31;
  span = 1;
  while (span * 2 <= count) span *= 2;
  codesAt = SLOTS * stride;
  scalesAt = codesAt + SLOTS * CODE_BYTES;
  idsAt = scalesAt + SLOTS * 4;
  // Not last: they are read 16 at a time, past their end.
  distancesAt = idsAt + SLOTS * 8;
  ownersAt = distancesAt + SLOTS;
  pageBytes = ownersAt + SLOTS * 4;
  // Any fixed sequence will do. A turn adds up `span` numbers, so it is scaled back here.
  let state: u32 = 0x9e3779b9;
  const size = <f32>(1.0 / Math.sqrt(<f64>span));
  for (let turn: usize = 0; turn < 3; turn++) {
    for (let i: usize = 0; i < span; i++) {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      store<f32>(SIGNS + turn * TURN_BYTES + i * 4, state & 0x10000 ? size : -size);
    }
  }
  return pageBytes;
}

/** Where the first page begins. */
export function pagesStart(): usize {
  return PAGES;
}

/** Where what was found begins: ids and similarities, 16 bytes each, in no order. */
export function foundStart(): usize {
  return HEAP;
}

/** Where a vector of length 1 is put before `put` and `ask`, which use it up. */
export function inputStart(): usize {
  return INPUT;
}

/** Where the counts by distance begin. */
export function histogramStart(): usize {
  return HISTOGRAM;
}

// @ts-ignore
@inline
function pageOf(slot: u32): usize {
  return PAGES + <usize>(slot >> SLOT_BITS) * pageBytes;
}

// @ts-ignore
@inline
function placeOf(slot: u32): usize {
  return <usize>slot & (SLOTS - 1);
}

export function idAt(slot: u32): f64 {
  return load<f64>(pageOf(slot) + idsAt + placeOf(slot) * 8);
}

export function ownerAt(slot: u32): u32 {
  return load<u32>(pageOf(slot) + ownersAt + placeOf(slot) * 4);
}

/** Signs, then a Walsh-Hadamard transform, of `span` numbers, in place. */
function turn(at: usize, signs: usize): void {
  const bytes = span * 4;
  const odd = f32x4(1, -1, 1, -1);
  const upper = f32x4(1, 1, -1, -1);
  for (let i: usize = 0; i < bytes; i += 16) {
    let v = f32x4.mul(v128.load(at + i), v128.load(signs + i));
    v = f32x4.add(v128.shuffle<f32>(v, v, 0, 0, 2, 2), f32x4.mul(v128.shuffle<f32>(v, v, 1, 1, 3, 3), odd));
    v = f32x4.add(v128.shuffle<f32>(v, v, 0, 1, 0, 1), f32x4.mul(v128.shuffle<f32>(v, v, 2, 3, 2, 3), upper));
    v128.store(at + i, v);
  }
  for (let half: usize = 16; half < bytes; half *= 2) {
    for (let i: usize = at; i < at + bytes; i += half * 2) {
      for (let j: usize = i; j < i + half; j += 16) {
        const a = v128.load(j);
        const b = v128.load(j + half);
        v128.store(j, f32x4.add(a, b));
        v128.store(j + half, f32x4.sub(a, b));
      }
    }
  }
}

/** Turns the input, and fills what stands behind it with zeros. Returns its largest number, whatever its sign. */
function rotate(): f32 {
  memory.fill(INPUT + dimensions * 4, 0, (stride - dimensions) * 4);
  // So few numbers are precise as they are.
  if (span >= 4) {
    const rest = (dimensions - span) * 4;
    turn(INPUT, SIGNS);
    if (rest > 0) {
      turn(INPUT + rest, SIGNS + TURN_BYTES);
      turn(INPUT, SIGNS + TURN_BYTES * 2);
    }
  }
  let peak = f32x4.splat(0);
  for (let i: usize = 0; i < stride * 4; i += 16) peak = f32x4.max(peak, f32x4.abs(v128.load(INPUT + i)));
  return max(
    max(f32x4.extract_lane(peak, 0), f32x4.extract_lane(peak, 1)),
    max(f32x4.extract_lane(peak, 2), f32x4.extract_lane(peak, 3)),
  );
}

// @ts-ignore
@inline
function sumOf(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** The signs of 16 numbers of the input. */
// @ts-ignore
@inline
function signsAt(at: usize): u16 {
  return <u16>(
    (i32x4.bitmask(v128.load(at)) |
      (i32x4.bitmask(v128.load(at, 16)) << 4) |
      (i32x4.bitmask(v128.load(at, 32)) << 8) |
      (i32x4.bitmask(v128.load(at, 48)) << 12))
  );
}

/** Puts the signs of the first 256 numbers of the input. */
function putCode(at: usize): void {
  const count = min(stride, CODE_BYTES * 8);
  for (let i: usize = 0; i < count; i += 16) store<u16>(at + (i >> 3), signsAt(INPUT + i * 4));
}

/** Puts the input, which must not be all zeros, into a slot. */
export function put(slot: u32, id: f64, owner: u32): void {
  const by = f32x4.splat(BYTE_PEAK / rotate());
  const page = pageOf(slot);
  const place = placeOf(slot);
  let product = f32x4.splat(0);
  for (let i: usize = 0; i < stride; i += 8) {
    const low = v128.load(INPUT + i * 4);
    const high = v128.load(INPUT + i * 4, 16);
    const lowBytes = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(low, by)));
    const highBytes = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(high, by)));
    product = f32x4.add(product, f32x4.mul(low, f32x4.convert_i32x4_s(lowBytes)));
    product = f32x4.add(product, f32x4.mul(high, f32x4.convert_i32x4_s(highBytes)));
    const words = i16x8.narrow_i32x4_s(lowBytes, highBytes);
    v128.store64_lane(page + place * stride + i, i8x16.narrow_i16x8_s(words, words), 0);
  }
  putCode(page + codesAt + place * CODE_BYTES);
  // So that a vector has similarity 1 with itself.
  store<f32>(page + scalesAt + place * 4, 1 / sumOf(product));
  store<f64>(page + idsAt + place * 8, id);
  store<u32>(page + ownersAt + place * 4, owner);
}

/** Puts into a slot what is in another. */
export function copy(from: u32, to: u32): void {
  const source = pageOf(from);
  const target = pageOf(to);
  const here = placeOf(from);
  const there = placeOf(to);
  memory.copy(target + there * stride, source + here * stride, stride);
  memory.copy(target + codesAt + there * CODE_BYTES, source + codesAt + here * CODE_BYTES, CODE_BYTES);
  store<f32>(target + scalesAt + there * 4, load<f32>(source + scalesAt + here * 4));
  store<f64>(target + idsAt + there * 8, load<f64>(source + idsAt + here * 8));
  store<u32>(target + ownersAt + there * 4, load<u32>(source + ownersAt + here * 4));
}

/** Asks for the `count` vectors nearest to the input, which must not be all zeros. At most 1024. */
export function ask(count: usize): void {
  const peak = rotate();
  const by = f32x4.splat(QUESTION_PEAK / peak);
  for (let i: usize = 0; i < stride; i += 8) {
    const low = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(INPUT + i * 4), by)));
    const high = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(INPUT + i * 4, 16), by)));
    v128.store(QUESTION + i * 2, i16x8.narrow_i32x4_s(low, high));
  }
  putCode(CODE);
  memory.fill(HISTOGRAM, 0, DISTANCES * 4);
  questionScale = peak / QUESTION_PEAK;
  found = 0;
  limit = count;
  least = -Infinity;
}

/** How many were found. */
export function foundCount(): usize {
  return found;
}

// @ts-ignore
@inline
function similarityOf(vector: usize, scale: f32): f32 {
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  let question = QUESTION;
  for (const end = vector + stride; vector < end; vector += 32) {
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load8x8_s(vector), v128.load(question)));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load8x8_s(vector, 8), v128.load(question, 16)));
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load8x8_s(vector, 16), v128.load(question, 32)));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load8x8_s(vector, 24), v128.load(question, 48)));
    question += 64;
  }
  const similarity = sumOf(f32x4.convert_i32x4_s(i32x4.add(a, b))) * scale * questionScale;
  return max(<f32>-1, min(<f32>1, similarity));
}

/** Looks at the vectors of `count` slots of one page. */
export function scan(slot: u32, count: usize): void {
  const page = pageOf(slot);
  const place = placeOf(slot);
  let vector = page + place * stride;
  let scale = page + scalesAt + place * 4;
  for (const end = scale + count * 4; scale < end; scale += 4) {
    const similarity = similarityOf(vector, load<f32>(scale));
    if (similarity >= least) offer(similarity, load<f64>(page + idsAt + (scale - page - scalesAt) * 2));
    vector += stride;
  }
}

/** Counts by how many bits the codes of `count` slots of one page differ from what is asked. */
export function measure(slot: u32, count: usize): void {
  const page = pageOf(slot);
  const place = placeOf(slot);
  const a = load<u64>(CODE);
  const b = load<u64>(CODE, 8);
  const c = load<u64>(CODE, 16);
  const d = load<u64>(CODE, 24);
  let code = page + codesAt + place * CODE_BYTES;
  let distance = page + distancesAt + place;
  for (const end = distance + count; distance < end; distance++) {
    const bits = <u32>(
      (popcnt<u64>(load<u64>(code) ^ a) +
        popcnt<u64>(load<u64>(code, 8) ^ b) +
        (popcnt<u64>(load<u64>(code, 16) ^ c) + popcnt<u64>(load<u64>(code, 24) ^ d)))
    );
    // The one distance that a byte does not hold is the farthest.
    const bucket = min<u32>(bits, 255);
    store<u8>(distance, <u8>bucket);
    const counter = HISTOGRAM + <usize>bucket * 4;
    store<u32>(counter, load<u32>(counter) + 1);
    code += CODE_BYTES;
  }
}

/** Looks at those vectors of `count` slots of one page that `measure` found within a distance. */
export function scanNear(slot: u32, count: usize, farthest: i32): void {
  const page = pageOf(slot);
  const place = placeOf(slot);
  const limits = i8x16.splat(<i8>farthest);
  for (let from: usize = 0; from < count; from += 16) {
    let near = i8x16.bitmask(i8x16.le_u(v128.load(page + distancesAt + place + from), limits));
    if (count - from < 16) near &= (1 << <i32>(count - from)) - 1;
    while (near != 0) {
      const at = place + from + <usize>ctz(near);
      near &= near - 1;
      const similarity = similarityOf(page + at * stride, load<f32>(page + scalesAt + at * 4));
      if (similarity >= least) offer(similarity, load<f64>(page + idsAt + at * 8));
    }
  }
}

// @ts-ignore
@inline
function foundId(place: usize): f64 {
  return load<f64>(HEAP + place * FOUND_BYTES);
}

// @ts-ignore
@inline
function foundSimilarity(place: usize): f32 {
  return load<f32>(HEAP + place * FOUND_BYTES, 8);
}

// @ts-ignore
@inline
function setFound(place: usize, similarity: f32, id: f64): void {
  store<f64>(HEAP + place * FOUND_BYTES, id);
  store<f32>(HEAP + place * FOUND_BYTES, similarity, 8);
}

/** True when the first stands behind the second: it is less similar, or as similar and has the larger id. */
// @ts-ignore
@inline
function isBehind(similarity: f32, id: f64, other: f32, otherId: f64): bool {
  return similarity < other || (similarity == other && id > otherId);
}

/** Keeps the nearest in a heap whose first is the farthest. */
function offer(similarity: f32, id: f64): void {
  if (found < limit) {
    let place = found++;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!isBehind(similarity, id, foundSimilarity(above), foundId(above))) break;
      setFound(place, foundSimilarity(above), foundId(above));
      place = above;
    }
    setFound(place, similarity, id);
  } else if (isBehind(foundSimilarity(0), foundId(0), similarity, id)) {
    let place: usize = 0;
    for (;;) {
      let below = place * 2 + 1;
      if (below >= found) break;
      const next = below + 1;
      if (next < found && isBehind(foundSimilarity(next), foundId(next), foundSimilarity(below), foundId(below)))
        below = next;
      if (!isBehind(foundSimilarity(below), foundId(below), similarity, id)) break;
      setFound(place, foundSimilarity(below), foundId(below));
      place = below;
    }
    setFound(place, similarity, id);
  }
  if (found == limit) least = foundSimilarity(0);
}
