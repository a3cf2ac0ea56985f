import { fit } from '../../tokens/index.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { chooseCounting, describeCounting } from '../counting.ts';
import { formatCount, formatPercent } from '../figures.ts';
import { readInput } from '../input.ts';
import { toJson } from '../output.ts';

/** `pare fit`: a text cut to a number of tokens. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const maxTokens = context.options['maxTokens'] as number;
  const text = (await readInput(context, context.args[0] as string | undefined)).toString('utf8');
  const counting = await chooseCounting(context);
  const texts = await counting.open();
  const result = fit(text, { maxTokens, count: (part) => texts.count(part).tokens });
  const { basis, errorBand } = texts.count(result.text);
  await context.io.out(
    context.globals.json === true
      ? toJson({
          text: result.text,
          tokens: result.tokens,
          tokens_before: result.tokensBefore,
          kept_ratio: result.keptRatio,
          basis,
        })
      : // Nothing is added, not even a line end: it could be the token too many.
        result.text,
  );
  context.io.note(
    `pare: ${formatCount(result.tokensBefore)} -> ${formatCount(result.tokens)} tokens ` +
      `(${formatPercent(result.keptRatio)} kept; ${describeCounting(counting, { basis, errorBand })})`,
  );
  return 0;
}
