import { describe, expect, it } from 'vitest';
import { createStaticEmbedder } from '../../embeddings/index.ts';
import { createAnswerComparison } from './compare-answers.ts';
import { createPairJudge } from './judge/index.ts';

const embedder = createStaticEmbedder();
const embed = (text: string): Float32Array => embedder.embedNow?.(text) ?? new Float32Array();
const compare = createAnswerComparison({ judge: createPairJudge({ embedWord: embed }), embed });
const isSame = (stored: string, fresh: string) => compare({ question: 'How?', stored, fresh });

const STEPS =
  'To reset your password, open the settings page and choose Security. Press Reset password, then follow the link that we send to your e-mail. The link is valid for 30 minutes. If it does not arrive, look into your spam folder or ask the support team for another one. After that you can sign in with the new password on all of your devices, and older sessions are closed. We keep no copy of the old password, so nobody can tell you what it was.';

describe('the comparison of answers', () => {
  it('holds equal texts for the same, whatever their blanks', () => {
    expect(isSame('Open the settings.', 'Open  the settings.\n')).toBe(true);
    expect(isSame(STEPS, STEPS)).toBe(true);
    expect(isSame('', '')).toBe(true);
  });

  it('holds small edits of a long answer for the same', () => {
    expect(isSame(STEPS, STEPS.replace('look into', 'check'))).toBe(true);
  });

  it.each([
    ['another figure', STEPS, STEPS.replace('30', '15')],
    ['a negation', STEPS, STEPS.replace('is valid', 'is not valid')],
    ['the opposite', 'Yes, you can do that.', 'No, you cannot do that.'],
    ['another address', 'See https://example.com/a.', 'See https://example.com/b.'],
    ['other code', 'Run `npm install`.', 'Run `npm uninstall`.'],
    ['another place', 'It is in Paris.', 'It is in London.'],
    ['something else', STEPS, 'Our office is open from Monday to Friday. You find us in the main street.'],
    ['nothing', STEPS, ''],
  ])('holds %s for different', (_what, stored, fresh) => {
    expect(isSame(stored, fresh)).toBe(false);
  });

  it.each([
    [
      'a statement in other words',
      'You can export the list as a file from the menu at the top of the page.',
      'From the menu at the top of the page, the list can be exported as a file.',
    ],
    [
      'an address that stands in both',
      'See https://example.com/a for it.',
      'For it, see https://example.com/a.',
    ],
  ])('holds %s for the same, or does not tell', (_what, stored, fresh) => {
    expect(isSame(stored, fresh)).not.toBe(false);
  });

  it.each([
    [
      'an answer in quite other words',
      STEPS,
      'Go to your profile, pick the security tab and ask for a fresh password; the mail with the link does the rest.',
    ],
    [
      'a figure that only one has',
      'The link is valid for half an hour.',
      'The link is valid for half an hour (30 minutes).',
    ],
    ['texts too long to look at', 'a '.repeat(9000), `${'a '.repeat(9000)}b`],
  ])('does not tell of %s', (_what, stored, fresh) => {
    expect(isSame(stored, fresh)).toBeNull();
  });

  it('finds the one sentence of a long answer that says the opposite', () => {
    const on = `${STEPS} To get a message at each sign-in, turn on the alerts.`;
    expect(isSame(on, on.replace('turn on the', 'turn off the'))).toBe(false);
  });
});
