const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** Most lines end so soon that a search by the platform does not pay. */
const NEAR_BYTES = 512;
/** No search looks further for one kind of line end than this before it looks for the other. */
const STEP_BYTES = 16_384;

/** Index of the first line feed or carriage return; the length where there is none. */
export function lineEnd(bytes: Uint8Array, from: number): number {
  const near = Math.min(bytes.length, from + NEAR_BYTES);
  let at = from;
  while (at < near && bytes[at] !== LINE_FEED && bytes[at] !== CARRIAGE_RETURN) at++;
  if (at < near) return at;
  for (; at < bytes.length; at += STEP_BYTES) {
    const step = bytes.subarray(at, at + STEP_BYTES);
    const feed = step.indexOf(LINE_FEED);
    const carriage = (feed < 0 ? step : step.subarray(0, feed)).indexOf(CARRIAGE_RETURN);
    const found = carriage < 0 ? feed : carriage;
    if (found >= 0) return at + found;
  }
  return bytes.length;
}

/** Where the line after the line end at `end` begins; -1 where its second byte may lie beyond the bytes. */
export function afterLineEnd(bytes: Uint8Array, end: number): number {
  if (bytes[end] === LINE_FEED) return end + 1;
  if (end + 1 >= bytes.length) return -1;
  return bytes[end + 1] === LINE_FEED ? end + 2 : end + 1;
}
