import { describe, expect, it } from 'vitest';
import { likelyCalled } from './likely-called.ts';

describe('how likely a tool is called that a session lacks', () => {
  const at = (place: number, isNewRequest = true, similarity = 0.5): number =>
    likelyCalled({ place, similarity, isNewRequest });

  it('is a probability that falls with its place, and is less in a loop than after a request', () => {
    for (let place = 0; place < 12; place += 1) {
      expect(at(place)).toBeGreaterThan(0);
      expect(at(place)).toBeLessThan(1);
      expect(at(place + 1)).toBeLessThanOrEqual(at(place));
      expect(at(place, false)).toBeLessThanOrEqual(at(place));
    }
  });

  it('is little for what is far from the request, whatever its place', () => {
    expect(at(0, true, 0.1)).toBe(at(11));
    expect(at(11, true, 0.1)).toBe(at(11));
  });
});
