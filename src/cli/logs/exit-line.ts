import type { LogReport } from '../../contract/index.ts';
import { type Condenser, condenseOne } from './condense-inputs.ts';
import type { LogInputFile } from './log-inputs.ts';
import { limitsOf } from './settings.ts';

/** A smaller log may stay whole, whatever share is to be left out. */
const SMALL_LOG_TOKENS = 2000;

/** Condenses what a command printed; after a failure the last line is its exit code, within the budget (INV-L2). */
export async function condenseEnded(
  condenser: Condenser,
  input: LogInputFile,
  code: number,
): Promise<LogReport> {
  const limits = limitsOf(condenser.resolved.settings);
  const { tokenBudget = 0, tokenBuffer = 0, targetTokens, minCompression = 0 } = limits;
  const count = (text: string): number => condenser.texts.count(text).tokens;
  const line = `\n[exit code ${code}]`;
  const most = Math.min(tokenBudget - tokenBuffer, targetTokens ?? tokenBudget);
  const room = most - count(line);
  if (code === 0 || room <= 0) return condenseOne(condenser, input);
  const report = await condenseOne(condenser, input, { ...limits, tokenBudget: room, tokenBuffer: 0 });
  const inputTokens = report.input.tokens;
  const isSmall = inputTokens < SMALL_LOG_TOKENS;
  const budget = Math.min(most, isSmall ? most : Math.floor((1 - minCompression) * inputTokens));
  const text = report.text === '' ? line.trimStart() : report.text.replace(/\n$/, '') + line;
  const tokens = count(text);
  if (tokens > budget) return { ...report, budget };
  return {
    ...report,
    budget,
    text,
    output: { ...report.output, tokens },
    keptRatio: inputTokens === 0 ? 1 : tokens / inputTokens,
  };
}
