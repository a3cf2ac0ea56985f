import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStaticEmbedder } from '../../../embeddings/index.ts';
import { createPairJudge } from './pair-judge.ts';

/** Texts with a gap, and words that ask for different things in it; none is taken from a data set. */
const KINDS: readonly (readonly [kind: string, frames: readonly string[], fillers: string])[] = [
  [
    'what is done to a card or a device',
    ['How do I ~ my card?', 'can you ~ my account please', 'I want to ~ the device'],
    'open/close/lock/unlock/freeze/unfreeze/activate/deactivate/block/unblock/replace/cancel/order/report/renew/return/test/hide/find/lose/copy/scan/share/move/rename',
  ],
  [
    'what is done to a file',
    ['Where can I ~ the file?', 'How do I ~ a document?'],
    'upload/download/send/receive/update/delete/edit/create/restore/export/import/encrypt/print',
  ],
  [
    'what is done to an order',
    ['How can I ~ my subscription?', 'Why did they ~ my order?'],
    'pause/cancel/resume/upgrade/downgrade/extend/shorten/delay/ship/confirm/reject/track/split/double',
  ],
  [
    'light verbs',
    ['How do I ~ honey?', 'What is the best way to ~ honey?'],
    'make/use/give/show/keep/try/sell/eat/share/taste/describe',
  ],
  [
    'what is done to people',
    ['How do I ~ my boss?', 'What is the best way to ~ a girl?'],
    'help/ask/teach/thank/meet/call/find/follow/forget/avoid/impress/support/show/leave',
  ],
  ['particles', ['How do I turn ~ the volume?'], 'up/down/on/off'],
  [
    'particles of other verbs',
    ['How do I put ~ weight?', 'Should I take ~ the job?'],
    'on/off/over/back/away',
  ],
  ['accounts', ['How do I ~ the site?'], 'log in to/log out of/sign up for/opt out of/check out of'],
  [
    'places',
    ['Can I park ~ the bridge?', 'The cat sleeps ~ the table'],
    'on/under/near/behind/above/beside/inside',
  ],
  [
    'times',
    ['Can I eat ~ surgery?', 'How many people worked there ~ the war?'],
    'before/after/during/until/without',
  ],
  [
    'what is looked for',
    ['I need to look ~ the dog', 'I need to look ~ the key'],
    'at/after/like/under/without',
  ],
  ['who is talked to', ['How do I talk ~ my wife?'], 'to/about/like/without'],
  [
    'limits',
    ['What is the ~ balance?', 'Which city has the ~ rent?'],
    'minimum/maximum/average/lowest/current/final/initial/exact/median',
  ],
  [
    'at least',
    ['Do I need ~ 3 references?', 'The order must have ~ 10 items'],
    'at least/at most/only/fewer than/over',
  ],
  [
    'parts that people play',
    ['How do I sign up as a ~?', 'What does a ~ do?', 'Can a ~ see my address?'],
    'buyer/seller/sender/recipient/tenant/landlord/driver/passenger/guest/host/admin/moderator/student/nurse/doctor/cashier/courier',
  ],
  [
    'owners',
    ['How do I reset ~ password?', 'What is ~ address?'],
    "my/your/my friend's/my wife's/his/her/their/my boss's",
  ],
  ['other owners', ['How do I reset ~ password?', 'Is ~ order late?'], "my/someone's/somebody else's/your"],
  [
    'accounts of kinds',
    ['How do I close my ~ account?', 'What is my ~ balance?'],
    'checking/savings/joint/business/personal/brokerage/student/shared',
  ],
  [
    'cards of kinds',
    ['I lost my ~ card', 'Is a ~ card accepted?'],
    'credit/debit/gift/prepaid/virtual/library/graphics/memory/travel',
  ],
  ['currencies', ['Convert 50 ~', 'What is the price in ~?'], 'USD/EUR/GBP/JPY/INR/CHF/AUD'],
  [
    'platforms',
    ['How do I install it on ~?', 'Does the app run on ~?'],
    'iOS/Android/Windows/Linux/Chromebook/Xbox/PlayStation',
  ],
  [
    'animals',
    ['How long does a ~ live?', 'Can I keep a ~ at home?'],
    'dog/cat/horse/parrot/hamster/rabbit/snake/lizard/goat/sheep/duck/turtle/wolf/fox',
  ],
  [
    'parts of the body',
    ['Why does my ~ hurt?', 'How do I treat a broken ~?'],
    'arm/leg/knee/elbow/shoulder/back/neck/foot/hand/wrist/ankle/finger/toe/nose/jaw',
  ],
  [
    'food',
    ['Is ~ healthy?', 'How do I cook ~?'],
    'rice/pasta/beef/pork/chicken/salmon/tofu/lentils/quinoa/spinach/butter/cheese/yogurt',
  ],
  [
    'sports',
    ['What are the rules of ~?', 'How do I get better at ~?'],
    'football/tennis/cricket/hockey/golf/rugby/chess/poker/baseball/boxing/judo',
  ],
  [
    'subjects',
    ['Should I study ~?', 'What is the best ~ textbook?'],
    'math/physics/chemistry/biology/geography/economics/philosophy/sociology/astronomy/geology',
  ],
  [
    'professions',
    ['How much does a ~ earn?', 'How do I become a ~?'],
    'judge/dentist/surgeon/pilot/plumber/carpenter/chef/baker/singer/editor/architect/programmer',
  ],
  [
    'instruments',
    ['How hard is it to learn ~?', 'Where can I buy a ~?'],
    'guitar/piano/violin/flute/cello/trumpet/saxophone/harp/ukulele',
  ],
  [
    'elements',
    ['What is the melting point of ~?', 'Is ~ toxic?'],
    'iron/copper/zinc/lead/gold/silver/mercury/tin/nickel/titanium/sodium/potassium/lithium/helium',
  ],
  [
    'planets',
    ['How far is ~ from the sun?', 'Does ~ have rings?'],
    'Mercury/Venus/Mars/Jupiter/Saturn/Uranus/Neptune/Pluto/the moon',
  ],
  [
    'diseases',
    ['What are the symptoms of ~?', 'Is there a vaccine against ~?'],
    'malaria/cholera/measles/mumps/diabetes/asthma/hepatitis/tuberculosis/anemia',
  ],
  [
    'colours',
    ['How do I get ~ hair?', 'Where can I buy ~ paint?'],
    'red/blue/green/black/white/grey/brown/purple/yellow/pink/silver',
  ],
  [
    'qualities',
    ['How do I write a ~ letter?', 'Which is the ~ phone?'],
    'short/long/formal/funny/cheap/safe/professional/simple/new/important/normal/real',
  ],
  [
    'kin',
    ['What should I buy for my ~?'],
    'brother/sister/mother/father/son/daughter/uncle/aunt/wife/niece/cousin/boss',
  ],
  [
    'parts of a house',
    ['How do I paint the ~?'],
    'kitchen/bathroom/bedroom/ceiling/floor/door/window/wall/roof/fence/garage',
  ],
  [
    'papers',
    ['How do I get a ~?', 'How long is a ~ valid?'],
    'passport/visa/receipt/invoice/refund/certificate/voucher/loan/mortgage/diploma',
  ],
  [
    'vehicles',
    ['How fast is a ~?', 'What does a ~ cost?'],
    'car/bus/train/boat/bicycle/motorcycle/truck/tram/helicopter/scooter',
  ],
  [
    'what of a plan',
    ['What is the ~ of the plan?'],
    'name/time/place/reason/problem/idea/word/day/date/risk/size/age/status/effect/end',
  ],
  ['how often', ['How ~ is it?', 'I ~ forget my keys'], 'often/rarely/never/always/sometimes'],
  ['quantities', ['Which ~ are open?'], 'of all shops/of some shops/of few shops/of both shops/of no shops'],
  [
    'what is meant',
    ['Should I ~ the seeds?', 'Why do you ~ eggs?'],
    'buy/not buy/only buy/always buy/stop buying/eat',
  ],
  ['conditions', ['What happens ~ I quit?'], 'if/unless/until/because/before/after'],
  [
    'directions',
    ['How do I get ~?', 'Is there a bus ~?'],
    'from Rome to Oslo/from Oslo to Rome/to Rome/from Rome/near Rome/to Rome via Oslo',
  ],
  ['what may be done', ['What ~ I eat before surgery?', 'How ~ the rules change?'], 'can/should/must'],
  [
    'orders of nouns',
    ['Which ~ is the best?'],
    'data science course/science data course/white horse rug/horse white rug/credit card bank/card credit bank',
  ],
  ['what becomes of whom', ['How do I ~ a partner?', 'How do I ~ a model?'], 'get/make/become/have'],
  ['who did it', ['I want to know who ~'], 'called/I called/you called'],
  ['whose time it is', ['Who ~ the CEO of Apple?', 'Who ~ the Queen?'], 'is/was'],
  [
    'where things come from',
    ['Where can I buy tickets ~ London?', 'How do I delete files ~ S3?'],
    'from/with/near',
  ],
  ['who does what to whom', ['~'], 'remind me to call Bob/remind Bob to call me'],
  ['when and for how many', ['Book a table ~ two'], 'for/at/before'],
  ['duties and habits', ['You ~ smoke in here', 'I ~ smoke'], 'must not/do not have to/used to/am used to'],
  ['ways beside differences', ['What is the difference in price ~?'], 'from Rome to Oslo/from Oslo to Rome'],
  ['someone else', ['Who ~ can use the card?', 'What ~ can I do?'], '/else'],
];

const embedder = createStaticEmbedder();
const judge = createPairJudge({ embedWord: (word) => embedder.embedNow?.(word) ?? new Float32Array(1) });

function fill(frame: string, filler: string): string {
  return frame.replace('~', filler).replace(/ {2,}/g, ' ');
}

describe('siblings', () => {
  for (const [kind, frames, fillers] of KINDS) {
    it(`stops one in the place of another, however near the vectors: ${kind} (INV-C7)`, () => {
      const words = fillers.split('/');
      const served = frames.flatMap((frame) =>
        words.flatMap((one, i) =>
          words
            .slice(i + 1)
            .map((two) => [fill(frame, one), fill(frame, two)] as const)
            .filter(([a, b]) => judge.judge(a, b, 1).gate === null || judge.judge(b, a, 1).gate === null),
        ),
      );
      expect(served).toEqual([]);
    });
  }

  it('stops one in the place of another behind any opening and before any ending (INV-C7)', () => {
    const kinds = KINDS.filter(([kind]) => /^(?:animals|food|elements|professions|papers)$/.test(kind));
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.constantFrom('', 'please tell me, ', 'I would like to know: ', 'Hello! '),
        fc.constantFrom('', ' Thanks.', ' in 2024', ' for a friend'),
        fc.nat(),
        fc.nat(),
        ([, frames, fillers], opening, ending, i, j) => {
          const words = fillers.split('/');
          const [one, two] = [words[i % words.length] ?? '', words[j % words.length] ?? ''];
          fc.pre(one !== two);
          const frame = `${opening}${frames[i % frames.length] ?? ''}${ending}`;
          expect(judge.judge(fill(frame, one), fill(frame, two), 1).gate).not.toBeNull();
        },
      ),
    );
  });
});

/** Forms of one question; each pair of a line may share an answer. */
const SAME: readonly (readonly string[])[] = [
  [
    'What is the difference between a viola and a violin?',
    'How does a viola differ from a violin?',
    'What is the main difference between a violin and a viola?',
  ],
  ['How should I store garlic?', 'How can I store garlic?', 'How do you store garlic?'],
  ['What will happen if I mix paints?', 'What would happen if I mix paints?'],
  ['Who is the best drummer in the band?', 'Which drummer in the band is the best?'],
  ['Is there a way to mute a group?', 'Can I mute a group?'],
  ['What are the effects of a drought on wheat?', 'How does a drought affect wheat?'],
  ['What are the effects of a drought on wheat?', 'How will a drought affect wheat?'],
  ['What is the importance of sleep?', 'Why is sleep important?'],
  ['What are the best films to watch on a plane?', 'What are the best films on a plane?'],
  ['How do I delete a photo from Flickr?', 'How can I delete a photo on Flickr?'],
  ['Do you think Mars is habitable?', 'Is Mars habitable?'],
  ['How do I get stronger legs?', 'How do I get strong legs?'],
  ['How do I stop myself from snacking?', 'How can I stop snacking?'],
  ['Are otters social? If so, why?', 'Are otters social?'],
  ['Who was Queen Hypatia?', 'Who is Queen Hypatia?'],
  ['What is your favourite opera?', 'What is the best opera?'],
  ['How long does it take to boil an egg?', 'How long do you boil an egg?'],
  ['How do I take a screenshot?', 'How can I do a screenshot?'],
  ['What are the benefits of walking?', 'What are the benefits to walking?'],
  ['What is the cheapest way of travelling to Oslo?', 'What is the cheapest way to travel to Oslo?'],
  ['What are some of the best ways to peel garlic?', 'How do I peel garlic?'],
  ['What is the distance from Rome to Oslo?', 'What is the distance from Oslo to Rome?'],
  ['How do I start learning Welsh?', 'How can I learn Welsh?'],
];

describe('forms of one question', () => {
  it('let each other pass, both ways', () => {
    const stopped = SAME.flatMap((forms) =>
      forms.flatMap((a) => forms.map((b) => ({ a, b, ...judge.judge(a, b, 0.95) }))),
    ).filter(({ gate }) => gate !== null);
    expect(stopped).toEqual([]);
  });
});
