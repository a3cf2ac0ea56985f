// Made for Pare: one task of an invented coding agent, as it went.

const MONEY = `   1  /** An amount in whole cents. */
   2  export type Cents = number;
   3  
   4  /** A rate in basis points: 1900 is 19 percent. */
   5  export type BasisPoints = number;
   6  
   7  /** The share of an amount, rounded half up to whole cents. */
   8  export function shareOf(amount: Cents, rate: BasisPoints): Cents {
   9    return Math.round((amount * rate) / 10_000);
  10  }
  11  
  12  /** Adds amounts. */
  13  export function sum(amounts: readonly Cents[]): Cents {
  14    return amounts.reduce((total, amount) => total + amount, 0);
  15  }
  16  
  17  /** Splits an amount into parts by weight; the parts add up to the amount. */
  18  export function split(amount: Cents, weights: readonly number[]): Cents[] {
  19    const whole = sum(weights);
  20    let used = 0;
  21    return weights.map((weight, index) => {
  22      if (index === weights.length - 1) return amount - used;
  23      const part = Math.round((amount * weight) / whole);
  24      used += part;
  25      return part;
  26    });
  27  }`;

const INVOICE = `   1  import { type BasisPoints, type Cents, shareOf, sum } from './money.js';
   2  
   3  export interface Line {
   4    readonly text: string;
   5    readonly quantity: number;
   6    readonly unitPrice: Cents;
   7    readonly vatRate: BasisPoints;
   8  }
   9  
  10  export interface Totals {
  11    readonly net: Cents;
  12    readonly vat: Cents;
  13    readonly gross: Cents;
  14    readonly byRate: ReadonlyMap<BasisPoints, { readonly net: Cents; readonly vat: Cents }>;
  15  }
  16  
  17  /** Totals of an invoice. */
  18  export function totalsOf(lines: readonly Line[]): Totals {
  19    const byRate = new Map<BasisPoints, { net: Cents; vat: Cents }>();
  20    for (const line of lines) {
  21      const net = line.quantity * line.unitPrice;
  22      const row = byRate.get(line.vatRate) ?? { net: 0, vat: 0 };
  23      row.net += net;
  24      row.vat += shareOf(net, line.vatRate);
  25      byRate.set(line.vatRate, row);
  26    }
  27    const net = sum([...byRate.values()].map((row) => row.net));
  28    const vat = sum([...byRate.values()].map((row) => row.vat));
  29    return { net, vat, gross: net + vat, byRate };
  30  }`;

const FAILURE = `exit code 1

 RUN  invoice-tools
 PASS test/money.test.ts (9 tests) 14 ms
 PASS test/render.test.ts (6 tests) 31 ms
 FAIL test/invoice.test.ts (7 tests, 1 failed) 18 ms
   PASS totals of an empty invoice are zero
   PASS one line at 19 percent
   PASS quantities are multiplied
   PASS lines of two rates are kept apart
   FAIL VAT is charged on the sum of a rate, not on each line
     expected 57 to be 58

     - expected  57
     + received  58

       41 |   const lines = Array.from({ length: 3 }, () => line({ unitPrice: 101, vatRate: 1900 }));
       42 |   // 3 x 101 = 303; 19 percent of 303 is 57.57, so 58 in the old way of three times 19.19 = 57
       43 |   expect(totalsOf(lines).vat).toBe(58);
          |                                ^
     at test/invoice.test.ts:43:32
   PASS gross is net plus VAT
   PASS byRate has one row a rate

 Files  1 failed, 2 passed (3)
 Tests  1 failed, 21 passed (22)
 Time   0.41 s`;

const PASSED = `exit code 0

 RUN  invoice-tools
 PASS test/money.test.ts (9 tests) 12 ms
 PASS test/render.test.ts (6 tests) 27 ms
 PASS test/invoice.test.ts (7 tests) 15 ms

 Files  3 passed (3)
 Tests  22 passed (22)
 Time   0.38 s`;

const CREDIT = `   1  import { type Line, type Totals, totalsOf } from './invoice.js';
   2  
   3  /** A credit note for some lines of an invoice: the same sums with the sign turned. */
   4  export function creditTotals(lines: readonly Line[]): Totals {
   5    return totalsOf(lines.map((line) => ({ ...line, unitPrice: -line.unitPrice })));
   6  }`;

const EDIT_OLD = `    row.net += net;
    row.vat += shareOf(net, line.vatRate);
    byRate.set(line.vatRate, row);
  }`;

const EDIT_NEW = `    row.net += net;
    byRate.set(line.vatRate, row);
  }
  // VAT is due on the sum of each rate: rounding line by line drifts by a cent every few lines.
  for (const [rate, row] of byRate) row.vat = shareOf(row.net, rate);`;

/** What the user asked for. */
export const AGENT_TASK =
  'One of our customers sees a VAT total that is one cent off from what their own software prints. I added a test that shows it (test/invoice.test.ts, "VAT is charged on the sum of a rate"). Please find out why and fix it. Credit notes should stay consistent with invoices.';

/** Each turn: what the agent says and calls, and what the tool returned. */
export const AGENT_STEPS: readonly {
  readonly says: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, string | number | boolean>>;
  readonly result: string;
}[] = [
  {
    says: 'I look at the layout first.',
    tool: 'list_files',
    input: { path: '.', depth: 2 },
    result:
      'README.md\npackage.json\ntsconfig.json\nsrc/credit.ts\nsrc/index.ts\nsrc/invoice.ts\nsrc/money.ts\nsrc/render.ts\ntest/invoice.test.ts\ntest/money.test.ts\ntest/render.test.ts\ntest/lines.ts\ndocs/rounding.md',
  },
  {
    says: 'The totals are made in the invoice module.',
    tool: 'read_file',
    input: { path: 'src/invoice.ts' },
    result: INVOICE,
  },
  {
    says: 'The rounding itself lives in money.',
    tool: 'read_file',
    input: { path: 'src/money.ts' },
    result: MONEY,
  },
  { says: 'Now the failing test.', tool: 'run_command', input: { command: 'npm test' }, result: FAILURE },
  {
    says: 'VAT is rounded for each line and then added. I check who else relies on that.',
    tool: 'search_text',
    input: { pattern: 'totalsOf|shareOf', path: 'src' },
    result:
      "src/credit.ts:1: import { type Line, type Totals, totalsOf } from './invoice.js';\nsrc/credit.ts:5:   return totalsOf(lines.map((line) => ({ ...line, unitPrice: -line.unitPrice })));\nsrc/index.ts:2: export { totalsOf } from './invoice.js';\nsrc/invoice.ts:1: import { type BasisPoints, type Cents, shareOf, sum } from './money.js';\nsrc/invoice.ts:18: export function totalsOf(lines: readonly Line[]): Totals {\nsrc/invoice.ts:24:     row.vat += shareOf(net, line.vatRate);\nsrc/money.ts:8: export function shareOf(amount: Cents, rate: BasisPoints): Cents {\nsrc/render.ts:3: import { totalsOf } from './invoice.js';\nsrc/render.ts:19:   const totals = totalsOf(invoice.lines);",
  },
  {
    says: 'Credit notes go the same way; I read them to be sure.',
    tool: 'read_file',
    input: { path: 'src/credit.ts' },
    result: CREDIT,
  },
  {
    says: 'One change in the invoice module is enough.',
    tool: 'edit_file',
    input: { path: 'src/invoice.ts', old_text: EDIT_OLD, new_text: EDIT_NEW },
    result: 'Replaced 1 passage in src/invoice.ts.',
  },
  { says: 'All tests once.', tool: 'run_command', input: { command: 'npm test' }, result: PASSED },
  {
    says: 'Negative amounts round differently with Math.round, which matters for credit notes. I try it.',
    tool: 'run_command',
    input: { command: 'node --eval "console.log(Math.round(57.5), Math.round(-57.5))"' },
    result: 'exit code 0\n\n58 -57',
  },
  {
    says: 'A credit note of half a cent would not cancel its invoice. The fix belongs into shareOf.',
    tool: 'edit_file',
    input: {
      path: 'src/money.ts',
      old_text: '  return Math.round((amount * rate) / 10_000);',
      new_text:
        '  // Math.round turns -57.5 into -57: round the size, so that a credit note cancels its invoice.\n  return Math.sign(amount) * Math.round((Math.abs(amount) * rate) / 10_000);',
    },
    result: 'Replaced 1 passage in src/money.ts.',
  },
  { says: 'Again all tests.', tool: 'run_command', input: { command: 'npm test' }, result: PASSED },
  {
    says: 'I look at the whole change before I report.',
    tool: 'show_changes',
    input: {},
    result:
      'src/invoice.ts | 4 ++--\nsrc/money.ts   | 3 ++-\n\n@@ src/invoice.ts:23 @@\n     row.net += net;\n-    row.vat += shareOf(net, line.vatRate);\n     byRate.set(line.vatRate, row);\n   }\n+  // VAT is due on the sum of each rate: rounding line by line drifts by a cent every few lines.\n+  for (const [rate, row] of byRate) row.vat = shareOf(row.net, rate);\n\n@@ src/money.ts:8 @@\n-  return Math.round((amount * rate) / 10_000);\n+  // Math.round turns -57.5 into -57: round the size, so that a credit note cancels its invoice.\n+  return Math.sign(amount) * Math.round((Math.abs(amount) * rate) / 10_000);',
  },
];
