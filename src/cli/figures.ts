/** A whole number with thousands separators, the same on every machine. */
export function formatCount(value: number): string {
  return value.toFixed(0).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** A number of things: `1 answer`, `2,000 answers`. */
export function formatMany(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** USD that never hides a sum: cents from one dollar on, else three significant digits. */
export function formatUsd(usd: number | null): string {
  if (usd === null) return 'unknown';
  const amount = Math.abs(usd);
  const sign = usd < 0 ? '-' : '';
  if (amount === 0) return '$0.00';
  if (amount >= 1) return `${sign}$${amount.toFixed(2).replaceAll(/\B(?=(\d{3})+\.)/g, ',')}`;
  return `${sign}$${amount.toFixed(Math.min(20, 2 - Math.floor(Math.log10(amount))))}`;
}

/** A ratio as a percentage. */
export function formatPercent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)}%`;
}

/** Bytes in the largest unit that leaves at least 1. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [value, unit] =
    bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${value.toFixed(1)} ${unit}`;
}
