import { describe, expect, it } from 'vitest';
import { createClassifier } from './classify.ts';

describe('createClassifier', () => {
  it('asks added families too', () => {
    const classify = createClassifier({
      added: [
        {
          name: 'shop',
          recognisers: [{ id: 'shop-sold-out', pattern: /^SOLD OUT (\w+)/, role: 'failure', typeGroup: 1 }],
        },
      ],
    });
    expect(classify('SOLD OUT apples')).toEqual({
      role: 'failure',
      priority: 'critical',
      family: 'shop',
      by: 'shop-sold-out',
      errorType: 'apples',
    });
  });

  it('lets what went well beat words of trouble in the same line', () => {
    const classify = createClassifier();
    expect(classify('test errors::cannot_open ... ok').role).toBe('pass');
    expect(classify('ok 3 - connection refused is an error').role).toBe('pass');
  });

  it('looks at the head and the tail of a long line only', () => {
    const classify = createClassifier();
    const filler = 'apple '.repeat(3_000);
    expect(classify(`FATAL ${filler}`).priority).toBe('critical');
    expect(classify(`${filler} failed to sell`).role).toBe('error');
    expect(classify(`${filler}failed to sell ${filler}`).role).toBe('info');
  });

  it('takes linear time on any line', () => {
    const classify = createClassifier();
    const pieces = ['a', ' ', '"', '(', '0', ':', 'error ', 'INFO ', '[', 'a.b.', 'at ', '=', '| '];
    const slow = pieces.filter((piece) => {
      const start = performance.now();
      classify(piece.repeat(Math.ceil(16_384 / piece.length)));
      return performance.now() - start > 200;
    });
    expect(slow).toEqual([]);
  });
});
