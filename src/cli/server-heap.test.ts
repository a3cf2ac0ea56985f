import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** Makes objects in one place that all live long, which is what the engine looks for; it says what it concluded. */
function conclusions(prelude: string): number {
  const script = `${prelude}
    const kept = [];
    const make = (n) => [n, { n }];
    for (let n = 0; n < 2e6; n++) { if (n % 4 === 0) kept.push(make(n)); }
    console.log('kept', kept.length);`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--trace-pretenuring-statistics', '--input-type=module', '--eval', script],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(stdout).toContain('kept 500000');
  return stdout.match(/=> (?:maybe )?tenure/g)?.length ?? 0;
}

it('keeps the engine from making new objects among the old ones', () => {
  const module = JSON.stringify(new URL('./server-heap.ts', import.meta.url).href);
  expect(conclusions('')).toBeGreaterThan(0);
  expect(conclusions(`(await import(${module})).keepRequestsYoung();`)).toBe(0);
});
