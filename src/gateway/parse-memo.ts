import type { ChatRequest, WireCodec } from '../contract/index.ts';

const SLOTS = 1_024;
/** Longer bodies are rarely repeated byte for byte, and would make the memo large. */
const MAX_BYTES = 8_192;
const SAMPLES = 64;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

interface Slot {
  readonly bytes: Buffer;
  readonly request: ChatRequest;
}

/**
 * Returns a parser that remembers bodies it saw before: equal bytes parse to the same immutable request,
 * so callers that repeat themselves cost no second parse (and stages can remember what they worked out
 * for the request). At most 1,024 bodies of 8 KiB are kept; a body is kept from its second sight on.
 */
export function createParseMemo(codec: Pick<WireCodec, 'parseRequest'>): (bytes: Buffer) => ChatRequest {
  const slots: (Slot | undefined)[] = Array.from({ length: SLOTS });
  const seen = new Uint32Array(SLOTS);
  return (bytes) => {
    if (bytes.length > MAX_BYTES) return codec.parseRequest(bytes);
    const digest = sampleDigest(bytes);
    const place = digest % SLOTS;
    const slot = slots[place];
    if (slot !== undefined && slot.bytes.equals(bytes)) return slot.request;
    if (seen[place] !== digest) {
      const request = codec.parseRequest(bytes);
      seen[place] = digest;
      return request;
    }
    // A copy, since what the socket delivered may be a view into a larger block.
    const kept = Buffer.from(bytes);
    const request = codec.parseRequest(kept);
    slots[place] = { bytes: kept, request };
    return request;
  };
}

/** FNV-1a over the length and evenly spaced bytes; equality is decided by comparing all bytes. */
function sampleDigest(bytes: Buffer): number {
  let digest = FNV_OFFSET ^ bytes.length;
  const step = Math.max(1, Math.floor(bytes.length / SAMPLES));
  for (let i = bytes.length - 1; i >= 0; i -= step)
    digest = Math.imul(digest ^ (bytes[i] as number), FNV_PRIME);
  return digest >>> 0;
}
