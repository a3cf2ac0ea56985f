import { describe, expect, it } from 'vitest';
import type { UsageRecord } from '../../contract/index.ts';
import { createSqliteLedgerStore } from '../../stores/index.ts';
import { usageRecord } from '../../testing/fixtures/usage-record.ts';
import {
  createLedger,
  type RenderFormat,
  type Report,
  renderRankings,
  renderReport,
  renderStats,
} from '../index.ts';
import { formatMoney, formatMs, formatNumber, formatShare } from './format.ts';

const ODD = `=cmd|' /C calc'!A1 <script>alert("x")</script>, \u001b[31m|*b*`;
const FORMATS: readonly RenderFormat[] = ['text', 'json', 'markdown', 'csv', 'html'];

/** Of two records and more, the first of which counts twice. */
async function sampleReport(...more: readonly Partial<UsageRecord>[]): Promise<Report> {
  const onEvent = () => {};
  const ledger = createLedger({ store: createSqliteLedgerStore({ path: ':memory:', onEvent }), onEvent });
  ledger.append(
    usageRecord('a', { costUsd: 0.0000012, usage: { ...usageRecord('').usage, inputTokens: 1_234_567 } }),
  );
  ledger.append(usageRecord('b', { model: ODD, costUsd: null, netTokens: -7, netCostUsd: null }));
  for (const [i, fields] of more.entries()) {
    ledger.append(usageRecord(`more-${i}`, fields));
    if (i === 0) ledger.append(usageRecord('more-again', fields));
  }
  const report = await ledger.report();
  await ledger.close();
  return report;
}

async function emptyReport(): Promise<Report> {
  const onEvent = () => {};
  const ledger = createLedger({ store: createSqliteLedgerStore({ path: ':memory:', onEvent }), onEvent });
  const report = await ledger.report({ hours: 1 });
  await ledger.close();
  return report;
}

describe('figures', () => {
  it.each([
    [0, '$0.00'],
    [0.000012, '$0.0000120'],
    [0.00123456, '$0.00123'],
    [0.5, '$0.500'],
    [0.996, '$1.00'],
    [1234567.891, '$1,234,567.89'],
    [-0.25, '-$0.250'],
    [1e-30, '$0.00000000000000000000'],
    [null, 'unknown'],
  ])('money %s is %s', (usd, text) => {
    expect(formatMoney(usd)).toBe(text);
  });

  it('numbers, shares and times read well', () => {
    expect([1234567, -1234.56, 0, -0.001].map((value) => formatNumber(value, 1))).toEqual([
      '1,234,567.0',
      '-1,234.6',
      '0.0',
      '0.0',
    ]);
    expect(formatNumber(null)).toBe('unknown');
    expect([0, 0.0001, 0.5, 0.9999, 1].map(formatShare)).toEqual([
      '0.0%',
      '<0.1%',
      '50.0%',
      '>99.9%',
      '100.0%',
    ]);
    expect([1.25, 250, 12_345].map(formatMs)).toEqual(['1.3 ms', '250 ms', '12.3 s']);
  });
});

describe('a report', () => {
  it.each(FORMATS)('in %s shows tiny sums, large numbers, unknown costs and the period', async (format) => {
    const text = renderReport(await sampleReport(), format);
    expect(text.endsWith('\n')).toBe(true);
    const isRaw = format === 'json' || format === 'csv';
    expect(text).toContain(isRaw ? '0.0000012' : '$0.00000120');
    expect(text).toContain(isRaw ? '1234567' : '1,234,567');
    expect(text).toContain(format === 'csv' ? 'cost unknown' : 'unknown');
    expect(text).toContain(isRaw ? 'period_hours' : 'last 24 hours');
    expect(text).toContain('-7');
  });

  it.each(FORMATS)('of nothing in %s holds no NaN and says so', async (format) => {
    const report = await emptyReport();
    const all = [renderReport(report, format), renderStats(report, format), renderRankings(report, format)];
    for (const text of all) expect(text).not.toMatch(/NaN|undefined|Infinity/);
    expect(all[0]).toContain('no requests in this period');
  });

  it('in JSON parses back to itself', async () => {
    const report = await sampleReport();
    expect(JSON.parse(renderReport(report, 'json'))).toEqual(report);
  });
});

describe('the semantic cache', () => {
  it.each<[RenderFormat, RegExp]>([
    ['text', /^Semantic cache by decision\ndecision +requests\n-+ +-+\nwould_hit +2\ngate_number +1$/m],
    [
      'markdown',
      /^## Semantic cache by decision\n\n.*\n.*\n\| would\\_hit \| 2 \|\n\| gate\\_number \| 1 \|$/m,
    ],
    [
      'html',
      /<caption>Semantic cache by decision<\/caption>[^]*<th scope="row">would_hit<\/th><td class="number">2</,
    ],
    [
      'csv',
      /^cache\.semantic,would_hit,requests,2\r\ncache\.semantic,gate_number,requests,1\r\ncache\.semantic,,would_hits,2\r$/m,
    ],
    ['json', /"decisions": \[\s+\{\s+"reason": "would_hit",\s+"requests": 2/],
  ])('is in %s by decision, in reports and in sums', async (format, expected) => {
    const report = await sampleReport({ semanticReason: 'would_hit' }, { semanticReason: 'gate_number' });
    expect(renderReport(report, format)).toMatch(expected);
    expect(renderStats(report, format)).toMatch(expected);
  });

  it.each(['text', 'markdown', 'html'] as const)(
    'is not mentioned in %s where it was not asked',
    async (format) => {
      expect(renderReport(await sampleReport(), format)).not.toContain('Semantic cache');
    },
  );
});

describe('names from callers', () => {
  it('cannot run as a formula or break a row in CSV (RFC 4180)', async () => {
    const text = renderRankings(await sampleReport(), 'csv');
    const lines = text.split('\r\n');
    expect(lines).toHaveLength(4);
    expect(text).not.toMatch(/(^|,)"?=/m);
    expect(lines[2]).toContain(`"'=cmd|' /C calc'!A1 <script>alert(""x"")</script>, `);
    // A negative number is a number, not a formula.
    expect(renderReport(await sampleReport(), 'csv')).toContain('savings,,net_tokens,-7\r\n');
  });

  it('cannot become markup in HTML, and the page loads nothing', async () => {
    const text = renderReport(await sampleReport(), 'html');
    expect(text).not.toContain('<script');
    expect(text).toContain('&lt;script&gt;');
    expect(text).toContain("default-src 'none'");
    expect(text).not.toMatch(/https?:|<link|<img/);
    expect(text).toMatch(/<html lang="en">/);
    expect(text.match(/<table>/g)?.length).toBe(text.match(/<caption>/g)?.length);
  });

  it('cannot become markup or cells in Markdown', async () => {
    const line = renderRankings(await sampleReport(), 'markdown')
      .split('\n')
      .find((text) => text.includes('=cmd'));
    expect(line).toContain(String.raw`\<script\>`);
    expect(line).toContain(String.raw`\|\*b\*`);
    expect(line?.match(/(?<!\\)\|/g)).toHaveLength(6);
  });

  it('cannot steer a terminal', async () => {
    expect(renderReport(await sampleReport(), 'text')).not.toContain('\u001b');
  });
});

it('text tables are aligned', async () => {
  const lines = renderRankings(await sampleReport(), 'text').split('\n');
  const [head = '', rule = ''] = lines.slice(3, 5);
  expect(head).toMatch(/^model +score +tokens\/s +average cost +requests$/);
  expect(rule).toMatch(/^-+( {2}-+){4}$/);
  expect(head.length).toBe(rule.length);
});

describe('tool selection', () => {
  const tool_selection = {
    selections: 400,
    misses: 6,
    recall: 0.985,
    ci95: [0.968, 0.993],
    min_recall: 0.95,
    breached: false,
  } as const;

  it.each<[RenderFormat, string]>([
    ['text', 'recall'],
    ['markdown', '98.5% (95% interval 96.8% to 99.3%)'],
    ['html', '<caption>Tool selection</caption>'],
    ['csv', 'tool_selection,,misses,6'],
    ['json', '"min_recall": 0.95'],
  ])('is in %s with its interval, in reports and in sums (INV-T4)', async (format, expected) => {
    const report = { ...(await sampleReport()), tool_selection };
    expect(renderReport(report, format)).toContain(expected);
    expect(renderStats(report, format)).toContain(expected);
  });

  it.each(FORMATS)('is not made up in %s where nothing was selected', async (format) => {
    expect(renderReport(await sampleReport(), format)).not.toMatch(/Tool selection|misses.*6/);
  });
});
