import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStaticEmbedder } from '../../../embeddings/index.ts';
import { createPairJudge } from './pair-judge.ts';

/** Questions that ask for the same in one of the forms that people use, and some in the same forms that do not. */
interface Forms {
  readonly form: string;
  readonly same: readonly (readonly [string, string])[];
  readonly different: readonly (readonly [string, string])[];
}

/** Written by hand for the tests of the judge, before its rules; none is taken from a data set. */
const FORMS: readonly Forms[] = [
  {
    form: 'what is wished, and how',
    same: [
      ['How do I renew my passport?', 'I want to renew my passport, how do I do that?'],
      ['How can I cancel my subscription?', 'I would like to cancel my subscription. How do I do it?'],
      ['How do I export the data to CSV?', "I'm trying to export the data to CSV. How do I go about it?"],
      ['How do I cancel my subscription?', 'Cancelling my subscription - how?'],
      ['How do I roll back a deployment?', 'Roll back a deployment: how do I do this?'],
    ],
    different: [
      ['How do I renew my passport?', 'I want to report my passport stolen, how do I do that?'],
      ['How do I sell my car?', "I don't want to sell my car. How?"],
      ['How do I sell my car?', 'I want to sell my car. Why?'],
      ['How do I cancel my subscription?', 'Renewing my subscription - how?'],
      ['How can I import the data from CSV?', 'I want to export the data to CSV. How?'],
    ],
  },
  {
    form: 'a call for help with what words alone cannot do',
    same: [
      ['How do I roll back a deployment?', 'Please help me roll back a deployment'],
      ['How to mount a USB drive in Linux', 'Can you help me mount a USB drive in Linux?'],
      ['How to apply for a student loan?', 'I need help applying for a student loan.'],
      ['How do I restart nginx?', 'restart nginx'],
    ],
    different: [
      ['Help me write a cover letter', 'How do I write a cover letter?'],
      ['How do I translate a poem?', 'translate a poem'],
      ['Please help me cancel my flight', 'How do I book a flight?'],
      ['How do I restart nginx?', 'stop nginx'],
      ['Cancel my order', 'Why did you cancel my order?'],
      ['Can you call my doctor?', 'How do I call my doctor?'],
    ],
  },
  {
    form: 'a statement and "Why?"',
    same: [
      ['Why was my card declined?', 'My card was declined. Why?'],
      ['Why did the bread not rise?', 'The bread did not rise. Why?'],
      ['Why was the order cancelled?', 'For what reason was the order cancelled?'],
    ],
    different: [
      ['Why was my card declined?', 'My card was charged. Why?'],
      ['Why did the bread not rise?', 'The bread rose too much. Why?'],
      ['Why was my card declined?', 'My card was declined. What should I do?'],
      ['My order was cancelled. Why?', 'How was my order cancelled?'],
    ],
  },
  {
    form: 'what something costs',
    same: [
      ['How much does a wire transfer cost?', 'What does a wire transfer cost?'],
      ["What's the price of a dental crown?", 'How much is a dental crown?'],
      ['How much does express shipping cost?', 'What do you charge for express shipping?'],
      ['Price of a one-way ticket to Lisbon', 'What does a one-way ticket to Lisbon cost?'],
    ],
    different: [
      ['How much does a wire transfer cost?', 'What does a card payment cost?'],
      ['How much does express shipping cost?', 'How long does express shipping take?'],
      ['How much do I have to pay for insurance?', 'How much does insurance pay?'],
      ['How much does a cow weigh?', 'How much does a cow cost?'],
    ],
  },
  {
    form: 'passives',
    same: [
      ['Who wrote The Hobbit?', 'Who was The Hobbit written by?'],
      ['Who discovered penicillin?', 'By whom was penicillin discovered?'],
      ['When did they build the Eiffel Tower?', 'When was the Eiffel Tower built?'],
      ['For how long should potatoes be boiled?', 'How long do I boil potatoes?'],
      ['Do you accept credit cards?', 'Are credit cards accepted?'],
      ['Does the warranty cover water damage?', 'Is water damage covered by the warranty?'],
      ['Can cooked rice be frozen?', 'Can I freeze cooked rice?'],
      ['When does the pharmacy close?', 'At what time do you close the pharmacy?'],
    ],
    different: [
      ['Who sued the landlord?', 'Who was sued by the landlord?'],
      ['Which bank acquired Wachovia?', 'Which bank was acquired by Wachovia?'],
      ['How are children adopted?', 'How do children adopt?'],
      ['How can children be taught?', 'How can children teach?'],
      ['What can be recycled?', 'What can recycle?'],
      ['How is bread made?', 'How much bread is made?'],
      ['Who was the president shot by?', 'Who did the president shoot?'],
      ['Can a tenant be evicted by a landlord?', 'Can a tenant evict a landlord?'],
      ['Do you accept credit cards?', 'Do I accept credit cards?'],
      ['Do you ship to Brazil?', 'Do you ship from Brazil?'],
      ['Can cooked rice be frozen?', 'Should I freeze cooked rice?'],
      ['When do you open the store?', 'When does the store close?'],
      ['How can a PDF be converted into a Word file?', 'How can I convert a Word file into a PDF?'],
    ],
  },
  {
    form: 'the fastest way',
    same: [
      ['What is the fastest way to learn Spanish?', 'How can I learn Spanish quickly?'],
      ['What is the easiest way to peel garlic?', 'How can I peel garlic easily?'],
      ["What's the best way to renew my passport?", 'Best way of renewing my passport?'],
    ],
    different: [
      ['What is the cheapest way to ship a bike?', 'How can I ship a bike quickly?'],
      ['What is the easiest way to learn chess?', 'What is the fastest way to learn chess?'],
      ['What is the easiest way to learn chess?', 'How do I learn chess?'],
      ['How can I safely store gas?', 'What is the cheapest way to store gas?'],
    ],
  },
  {
    form: 'the tool that it is done with',
    same: [
      ['How do I center a div in CSS?', 'How do I center a div using CSS?'],
      ['How do I center a div in CSS?', 'What is the way to center a div using CSS?'],
      ['How can I sum a column with Excel?', 'In Excel, how do I sum a column?'],
      ['How to reverse a string in Python', 'Python: how to reverse a string?'],
    ],
    different: [
      ['How do I reverse a string in Python?', 'How do I reverse a string using Ruby?'],
      ['How do I reverse a string in Python?', 'How do I reverse a string without Python?'],
      ['How do I trade with Japan?', 'How do I trade in Japan?'],
      ['How do I start using Linux?', 'How do I start Linux?'],
    ],
  },
  {
    form: 'who did it',
    same: [
      ['Who is the author of Dune?', 'Who wrote Dune?'],
      ['Who is the inventor of dynamite?', 'Who invented dynamite?'],
      ['Who founded Oracle?', 'Who is the founder of Oracle?'],
    ],
    different: [
      ['Who is the author of Dune?', 'Who directed Dune?'],
      ['Who is the founder of Oracle?', 'Who bought Oracle?'],
      ['Who is the owner of the bar?', 'Who does the bar own?'],
    ],
  },
  {
    form: 'what may and what must be done',
    same: [
      ['Am I able to cancel my subscription at any time?', 'Can I cancel my subscription at any time?'],
      ['Is my employer allowed to read my emails?', 'Can my employer read my emails?'],
      ['Is it necessary to reset my password every year?', 'Do I need to reset my password every year?'],
      ['What do I need to file a tax return?', 'What is needed to file a tax return?'],
      ['Is returning a product without a receipt possible?', 'Can I return a product without a receipt?'],
      ['Is tap water safe to drink?', 'Is it safe to drink tap water?'],
    ],
    different: [
      ['Am I allowed to vote abroad?', 'Am I required to vote abroad?'],
      ['Is it necessary to register?', 'Is it possible to register?'],
      ['Can my landlord raise the rent?', 'Can I raise the rent?'],
      ['What is needed to open a bank account?', 'What is needed to close a bank account?'],
      ['Is it okay to eat mold?', 'Should I eat mold?'],
      ['Is it okay to microwave foil?', 'Is it possible to microwave foil?'],
    ],
  },
  {
    form: 'how long, where and what it is',
    same: [
      ['How long does the warranty last?', 'What is the duration of the warranty?'],
      ['How long does delivery take?', 'How many days does delivery take?'],
      ['How many weeks does it take to get a refund?', 'How long does it take to get a refund?'],
      ['Where can I renew my passport?', 'Where do I go to renew my passport?'],
      ['Where is the Alhambra located?', 'What is the location of the Alhambra?'],
      ['What is compound interest?', 'Could you explain compound interest?'],
      ['What is travel insurance?', 'Tell me about travel insurance.'],
      ['What are examples of renewable energy?', 'Give some examples of renewable energy.'],
      ['How many calories does an avocado have?', 'How many calories are in an avocado?'],
      ['How do I get in touch with the embassy?', 'How can I contact the embassy?'],
      ['Instructions for roasting a chicken', 'How do I roast a chicken?'],
      ['Recipe for banana bread', 'How do I make banana bread?'],
      ['What will happen if I miss a payment?', 'What happens if I miss a payment?'],
    ],
    different: [
      ['How long does the warranty last?', 'What is the duration of the trial?'],
      ['How many hours does delivery take?', 'How many days does delivery take?'],
      ['How long does it take to get a refund?', 'How many times does it take to get a refund?'],
      ['What is the duration of the visa?', 'How much does the visa cost?'],
      ['Where do I go to vote?', 'When do I go to vote?'],
      ['What is compound interest?', 'Could you explain simple interest?'],
      ['Tell me about vitamin C', 'Tell me about vitamin D'],
      ['Give some examples of metaphors', 'Give some examples of similes'],
      ['How many calories are in an avocado?', 'How many calories do I need?'],
      ['Instructions for cleaning a grill', 'How do I buy a grill?'],
      ['i can know my balance', 'i need to know my balance'],
    ],
  },
];

const embedder = createStaticEmbedder();
const judge = createPairJudge({
  embedWord: (text) => embedder.embedNow?.(text) ?? new Float32Array(embedder.identity.dimensions),
});
const gates = (a: string, b: string) => [judge.judge(a, b, 0.9).gate, judge.judge(b, a, 0.9).gate];

describe('forms of one question', () => {
  for (const { form, same, different } of FORMS) {
    it(`share an answer, both ways: ${form}`, () => {
      for (const [a, b] of same) expect([a, b, ...gates(a, b)]).toEqual([a, b, null, null]);
    });

    it(`keep apart what another thing is asked of: ${form} (INV-C7)`, () => {
      for (const [a, b] of different) {
        const [there, back] = gates(a, b);
        expect([a, b, there !== null, back !== null]).toEqual([a, b, true, true]);
      }
    });
  }

  it('turns a passive to the one who does it, and never to the one it is done to (INV-C7)', () => {
    const verb = fc.constantFrom(
      ['founded', 'founded'],
      ['wrote', 'written'],
      ['built', 'built'],
      ['painted', 'painted'],
      ['stole', 'stolen'],
    );
    const thing = fc.constantFrom('the library', 'the old bridge', 'the red boat', 'the first school');
    fc.assert(
      fc.property(verb, thing, ([does, done], object) => {
        expect(gates(`Who ${does} ${object}?`, `Who was ${object} ${done} by?`)).toEqual([null, null]);
        expect(gates(`Who ${does} ${object}?`, `By whom was ${object} ${done}?`)).toEqual([null, null]);
        expect(gates(`Who ${does} ${object}?`, `Who was ${done} by ${object}?`)).not.toContain(null);
      }),
    );
  });

  it('reads any text without throwing, whatever forms stand in a row', () => {
    const piece = fc.constantFrom(
      'how',
      'why?',
      'by whom',
      'is',
      'was',
      'be',
      'done',
      ':',
      ',',
      '.',
      'recipe',
      'to',
      '"a b"',
      'using',
      'CSS',
      '5 km',
      'not',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), fc.array(piece, { maxLength: 14 }), (x, y) => {
        const { confidence } = judge.judge(x.join(' '), y.join(' '), 0.9);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
    );
  });
});
