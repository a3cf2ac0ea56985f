const SIGNIFICANT = 3;

/** Money in USD that never hides a sum: cents from one dollar on, else three significant digits. */
export function formatMoney(usd: number | null): string {
  if (usd === null) return 'unknown';
  const sign = usd < 0 ? '-' : '';
  const amount = Math.abs(usd);
  if (amount === 0) return '$0.00';
  if (amount >= 0.995) return `${sign}$${group(amount.toFixed(2))}`;
  const decimals = SIGNIFICANT - 1 - Math.floor(Math.log10(amount));
  // Beyond what toFixed can do lies nothing that money can be.
  return `${sign}$${amount.toFixed(Math.min(Math.max(decimals, 2), 20))}`;
}

/** A number with thousands separators, the same on every machine: `-12,345.6`. */
export function formatNumber(value: number | null, decimals = 0): string {
  if (value === null) return 'unknown';
  const text = Math.abs(value).toFixed(decimals);
  return (value < 0 && Number(text) !== 0 ? '-' : '') + group(text);
}

/** A ratio of 0 to 1 as a percentage; a small one is not shown as none. */
export function formatShare(ratio: number): string {
  const percent = ratio * 100;
  if (percent > 0 && percent < 0.1) return '<0.1%';
  if (percent < 100 && percent > 99.9) return '>99.9%';
  return `${percent.toFixed(1)}%`;
}

/** Milliseconds for people. */
export function formatMs(ms: number): string {
  return ms >= 10_000 ? `${formatNumber(ms / 1000, 1)} s` : `${formatNumber(ms, ms < 10 ? 1 : 0)} ms`;
}

/** `last 24 hours`. */
export function formatPeriod(hours: number): string {
  return `last ${String(hours)} ${hours === 1 ? 'hour' : 'hours'}`;
}

function group(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
