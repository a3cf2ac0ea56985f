import type { ModelInfo } from '../../contract/index.ts';
import { loadEncoding } from '../../tokens/index.ts';
import { packagedModels } from '../../tokens/models/index.ts';
import { readPackage } from '../version.ts';
import { type CheckResult, fail, ok, reasonOf, warn } from './check.ts';

const DAY_MS = 86_400_000;
const OLD_PRICES_DAYS = 180;
/** `hello world` is two tokens in every encoding of OpenAI. */
const PROBE = { text: 'hello world', tokens: 2 };

/** Whether this Node is new enough. */
export function checkNode(running: string = process.versions.node): CheckResult {
  const wanted = readPackage().engines.node.replace(/^[^\d]*/, '');
  if (compareVersions(running, wanted) >= 0) return ok('node', `Node ${running}`);
  return fail('node', `Node ${running} is older than ${wanted}`, `Install Node ${wanted} or later.`);
}

/** Whether tokens can be counted. */
export async function checkEncoding(): Promise<CheckResult> {
  try {
    const counter = await loadEncoding('o200k_base');
    const tokens = counter.count(PROBE.text);
    if (tokens === PROBE.tokens) return ok('encoding', 'o200k_base loads and counts');
    return fail(
      'encoding',
      `o200k_base counts ${tokens} tokens in "${PROBE.text}" instead of ${PROBE.tokens}`,
      'Install the package anew: its files are damaged.',
    );
  } catch (error) {
    return fail('encoding', reasonOf(error), 'Install the package anew: its files are damaged.');
  }
}

/** How old the prices are. */
export function checkPrices(updates: readonly ModelInfo[], now: number): CheckResult {
  const newest = [...packagedModels(), ...updates].reduce(
    (latest, { sourceDate }) => (sourceDate > latest ? sourceDate : latest),
    '',
  );
  const days = Math.max(0, Math.floor((now - Date.parse(newest)) / DAY_MS));
  const message = `the newest prices are of ${newest}, ${days} days old`;
  if (days <= OLD_PRICES_DAYS) return ok('prices', message);
  return warn('prices', message, 'Run: pare models update https://models.dev/api.json');
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
