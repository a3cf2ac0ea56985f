import { seededNumbers } from '../../src/testing/fixtures/unit-vector.ts';

const VERBS =
  'reset,change,update,cancel,find,track,export,delete,share,verify,activate,renew,transfer,download,print,restore';
const OBJECTS =
  'password,delivery address,subscription,invoice,order,refund,bank card,phone number,email,flight,hotel booking,' +
  'API key,database,report,playlist,photo,contract,insurance policy,tax form,savings account,gift card,warranty,' +
  'meeting,recipe,workout plan,medical record,driving licence,router,printer,loyalty points,parcel,loan';
const PLACES =
  'in the app,on the website,from my phone,in Berlin,in New York,abroad,at the branch,on Windows,on my Mac,' +
  'with two-factor login,for my team,for a minor,by post,in the beta,in version 3,behind a proxy,on the free plan';
const REASONS =
  'because it was stolen,before it expires,after the last update,since I moved,as the page shows an error,' +
  'while I am on holiday,for my accountant,if I lost the receipt,without calling support,as soon as possible,' +
  'when the card was declined,after I changed my name,because I was charged twice,once the trial ends';
const KINDS =
  'old,new,second,joint,shared,missing,damaged,blue,prepaid,yearly,weekly,frozen,pending,business,student,family,' +
  'private,digital,paper,expired';
const MONTHS = 'January,February,March,April,May,June,July,August,September,October,November,December';
const SYLLABLES = 'ka,lo,mi,ven,tor,sa,ri,bel,do,nex,pa,zu,qui,fer,gal,ho,li,mar,no,pix';
/** In which texts are stored, and in which they are asked: nothing is asked as it was stored. */
const FORMS = {
  stored: [
    'How do I {v} my {k} {o} {p}?',
    'I want to {v} my {x} {o} {r}.',
    'Can you help me {v} the {k} {o} {p} {r}?',
    'Is it possible to {v} a {x} {o} {r}?',
    'What happens to my {k} {o} if I {v} it {p}?',
    'Explain how {x} {o} number {n} can be {v}ed {r}',
    'My {k} {o} {n} from {d} is missing, can I {v} it {p}?',
    '{v} {k} {x} {o} {r} step by step',
  ],
  asked: [
    'what is the way to {v} the {k} {o} {p}',
    'please tell me how I can {v} a {x} {o} {r}',
    'Why can I not {v} my {k} {o} {p}?',
    '{v} {o} {n} of {d}, {r}',
    'I need to {v} the {x} {o}',
    'where to {v} {k} {o} {p}',
  ],
};

const lists = {
  v: VERBS.split(','),
  o: OBJECTS.split(','),
  p: PLACES.split(','),
  r: REASONS.split(','),
  k: KINDS.split(','),
  m: MONTHS.split(','),
  s: SYLLABLES.split(','),
};

/**
 * An endless row of questions as support desks get them, the same each time. Made, so their embeddings come in groups as those of real texts do; random vectors would all be equally
 * far from each other.
 */
export function* madeTexts(use: keyof typeof FORMS): Generator<string, never> {
  const random = seededNumbers(use.length);
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] as string;
  for (;;) {
    yield pick(FORMS[use])
      .replace('{v}', pick(lists.v))
      .replace('{o}', pick(lists.o))
      .replace('{p}', pick(lists.p))
      .replace('{r}', pick(lists.r))
      .replace('{k}', pick(lists.k))
      .replace('{x}', pick(lists.s) + pick(lists.s) + pick(lists.s))
      .replace('{n}', String(Math.floor(random() * 9_000) + 1_000))
      .replace('{d}', `${Math.floor(random() * 28) + 1} ${pick(lists.m)}`);
  }
}
