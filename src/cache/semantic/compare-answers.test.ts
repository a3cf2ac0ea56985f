import { describe, expect, it } from 'vitest';
import { createStaticEmbedder } from '../../embeddings/index.ts';
import { createAnswerComparison } from './compare-answers.ts';
import { createPairJudge } from './judge/index.ts';

const embedder = createStaticEmbedder();
const embed = (text: string): Float32Array => embedder.embedNow?.(text) ?? new Float32Array();
const compare = createAnswerComparison({ judge: createPairJudge({ embedWord: embed }), embed });
const isSame = (stored: string, fresh: string, question = 'How?') => compare({ question, stored, fresh });

const STEPS =
  'To reset your password, open the settings page and choose Security. Press Reset password, then follow the link that we send to your e-mail. The link is valid for 30 minutes. If it does not arrive, look into your spam folder or ask the support team for another one. After that you can sign in with the new password on all of your devices, and older sessions are closed. We keep no copy of the old password, so nobody can tell you what it was.';

const MEDICINE =
  'It depends on your health, but in most cases it is safe to take ibuprofen with food during the day, and the usual course lasts for about a week. You should drink enough water and watch for any stomach pain while you take it. Talk to your doctor or pharmacist when you have questions about other medicines that you take, since some of them interact. Keep the package in a dry place and out of the reach of children, and return what is left over to a pharmacy.';

describe('the comparison of answers', () => {
  it('holds equal texts for the same, whatever their blanks', () => {
    expect(isSame('Open the settings.', 'Open  the settings.\n')).toBe(true);
    expect(isSame(STEPS, STEPS)).toBe(true);
    expect(isSame('', '')).toBe(true);
  });

  it('holds small edits of a long answer for the same', () => {
    expect(isSame(STEPS, STEPS.replace('look into', 'check'))).toBe(true);
  });

  // Nine words of ten were enough: what they were about, and whether it was safe, was not looked at.
  it.each([
    ['is safe', 'is unsafe'],
    ['is safe', 'is dangerous'],
    ['with food', 'without food'],
    ['with food', 'before food'],
    ['a week', 'a month'],
    ['a dry place', 'a wet place'],
    ['in most cases', 'in few cases'],
    ['ibuprofen', 'paracetamol'],
  ])('holds a long answer for different where "%s" becomes "%s" (INV-C7)', (from, to) => {
    expect(isSame(MEDICINE, MEDICINE.replace(from, to), 'May I take paracetamol?')).toBe(false);
    expect(isSame(MEDICINE.replace(from, to), MEDICINE, 'May I take ibuprofen?')).toBe(false);
  });

  it('holds long answers for different that come back to other things', () => {
    const [flight, hotel] = ['flight', 'hotel'].map(
      (thing) =>
        `To cancel your ${thing}, open the app and choose Trips. Pick the ${thing} and press Cancel. We send you an e-mail when it is done, and the money comes back to your card. ${'Please keep the receipt until then, since the bank may ask you for it. '.repeat(4)}`,
    ) as [string, string];
    const reworded = hotel.replace(
      'open the app and choose Trips',
      'go to the menu with all of your past and coming travels',
    );
    expect(
      isSame(
        flight,
        reworded.replace('the money comes back to your card', 'you get back whatever you paid us'),
      ),
    ).toBe(false);
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
