import {
  type AnswerComparisonOptions,
  createAnswerComparison,
} from '../../src/cache/semantic/compare-answers.ts';
import type { Figure } from '../harness.ts';
import type { Cases } from './cases.ts';
import { withInterval } from './pair-tables.ts';
import { rate } from './scored-pairs.ts';

/** What the comparison of answers says of statements: in other words, and with one thing changed. */
export function answerFigures({ sets, minimal }: Cases, options: AnswerComparisonOptions): Figure[] {
  const compare = createAnswerComparison(options);
  const figures = (of: string, pairs: readonly { readonly a: string; readonly b: string }[]): Figure[] => {
    const verdicts = pairs.map(({ a, b }) => compare({ question: '', stored: a, fresh: b }));
    return (
      [
        [true, 'the same'],
        [false, 'different'],
        [null, 'unsure'],
      ] as const
    ).map(([verdict, name]) => {
      const share = rate(verdicts.filter((said) => said === verdict).length, pairs.length);
      return {
        name: `comparison of answers, ${of}: ${name}`,
        reached: share.rate,
        unit: '',
        note: withInterval(share),
      };
    });
  };
  return [
    ...figures('gptcache_mock, in other words', sets.mock),
    ...figures(
      'minimal pairs, one thing changed',
      minimal.filter(({ label }) => label === 0),
    ),
  ];
}
