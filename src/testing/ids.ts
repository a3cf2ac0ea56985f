/** Returns an id source that counts: `request-1`, `request-2`, ... */
export function createFakeIds(prefix = 'id'): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `${prefix}-${last}`;
  };
}
