/** temporary */
export function coldLimit(_maxFalseHitRate: number, _embedderModel: string): number {
  return 0.9;
}
