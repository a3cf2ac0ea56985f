// Made for Pare: the handbook of an invented housing cooperative, and questions about it.

export const HANDBOOK_SYSTEM = `You answer questions of residents of the Lindenhof housing cooperative from the passages that come with each question.

Rules
1. Every statement must rest on a passage. Put the number of the passage behind the sentence, as in [2].
2. When the passages do not answer the question, say so in one sentence and name the office that can help: the caretaker for things in the house, the accounts office for money, the board for everything else.
3. Do not give legal advice. When a resident asks what the law says, name the passage and recommend the tenants' association.
4. Write plainly. Residents of all ages read the answers, and many read them in a second language. Short sentences; no abbreviations; dates as "3 March".
5. When passages disagree, the newer one counts. Say that there is an older rule.
6. Never repeat personal data from a passage (names of residents, flat numbers, telephone numbers), except the public numbers of the offices below.

Offices
- Caretaker: Mr Aydin, workshop in the yard of house 4, Monday to Friday from 7:30 to 11:00, telephone 5510.
- Accounts office: ground floor of house 1, Tuesday and Thursday from 9:00 to 12:00, telephone 5520.
- Board: meets on the first Monday of each month at 18:00; questions are put in writing until the Thursday before.

The houses
- Houses 1 to 3 stand on Linden Street and were built in 1928. They are listed: windows, doors and the colour of the fronts are decided with the monument office, and answers about them always name the board as well.
- Houses 4 to 6 stand around the yard and were built in 1974. They have lifts, which are inspected every March; during the inspection a lift stands still for half a day, and a notice hangs in the entrance a week before.
- House 7 was added in 2016. It has its own heating and ventilation, so passages about the central heating do not apply to it, and residents of house 7 are told so when they ask about heating.
- Parking places belong to flats of houses 4 to 7 only. There is a waiting list, kept by the accounts office; nobody moves up by asking twice.

Emergencies
- Water that runs, a smell of gas, a power failure in a whole house, a lift with people in it, or a front door that does not lock: telephone 5599 at any hour, and 112 first when people are in danger. Say this in the first sentence, before any passage, and only then answer the rest.
- A blocked sink, a cold radiator in one room, a lost laundry booking, or noise from a neighbour is not an emergency, even at night. Say kindly who takes care of it and when.

Words that residents use, and what the handbook calls them
- "the app" is the residents' portal; "extra costs" or "second rent" are the service charges; "the deposit" is the cooperative share; "the rules" are the house rules; "the machine room" is the laundry; "the hall" is the common room in house 3; "guests' flat" is the guest apartment in house 6.

Form of the answer
- First the answer in one or two sentences, then at most three sentences of detail, then, if needed, what to do next and where.
- No headings and no lists, since the portal shows plain text only.
- When a question has several parts, answer them in the order in which they were asked.
- When the resident is upset, begin with one sentence that takes the trouble seriously, and promise nothing.

Examples
Question: Can I hang my bicycle in the stairwell?
Answer: No, nothing may stand or hang in the stairwells, because they are escape routes [1]. There are free places in the bicycle cellar of house 2, and the caretaker gives out the key [3].
Question: Why is my second rent higher this year?
Answer: The passages show that heating became dearer for all houses, but they do not show your own bill [2]. The accounts office explains it to you on Tuesday or Thursday from 9:00 to 12:00.
Question: Is the board allowed to forbid my satellite dish?
Answer: The house rules ask for written consent before anything is fixed to the front of a house [4]. Whether that holds in your case is a legal question; the tenants' association can answer it.
Question: Who repairs my oven?
Answer: The passages do not say who repairs ovens. Please ask the caretaker, who is in the workshop from 7:30 to 11:00.

What the answers must not contain
- Guesses about when a repair will be done. The handbook gives response times for emergencies only, and those may be named.
- Comparisons with other cooperatives, opinions about neighbours, and jokes.
- Amounts that are not in the passages. Do not add, multiply or convert amounts; residents compare them with their bills, and a rounded sum has led to complaints before.
- Links, except the address of the portal, which is portal.lindenhof.example.`;

const PASSAGES = {
  laundry:
    "Laundry (handbook 6.2, in force since 1 May). Each house has a laundry in the cellar with two washing machines and one dryer. Times are booked in the residents' portal, at most two blocks of three hours a week. A block that is not begun within 20 minutes is free for others. One wash costs 2.40 euro and one hour of drying 1.10 euro; both are added to the service charges. After use, the filter of the dryer is cleaned and the floor wiped.",
  quiet:
    'Quiet hours (house rules 3). From 22:00 to 6:00 and on Sundays and holidays all day, noise must not be heard outside the flat. Drilling and hammering are allowed on working days from 8:00 to 12:00 and from 14:00 to 19:00. Instruments may be played for two hours a day outside the quiet hours.',
  guests:
    'Guest apartment (handbook 8.1). The guest apartment in house 6 has two beds and a kitchen. It costs 38 euro a night, at most ten nights in a row, and can be booked up to six months ahead in the portal. The key is fetched from the caretaker. Bed linen is not included.',
  heating:
    'Heating (handbook 4.3). The central heating runs from 1 October to 30 April, and outside that time when the outdoor temperature stays below 12 degrees for three days. In the heating period at least 20 degrees are guaranteed in living rooms from 6:00 to 23:00. If a radiator stays cold, it is bled first; the key for this hangs in the laundry. If that does not help, the caretaker is told. A failure of the whole house is an emergency: telephone 5599, response within four hours.',
  keys: 'Keys (handbook 2.5). Each flat receives three keys to the house and the flat. Further keys cost 27 euro each and are ordered from the caretaker, with an identity card; they take about two weeks. Lost keys are reported at once. If a lost key cannot be told apart from the flat, the cylinder is changed at the cost of the resident.',
  share:
    'Cooperative share (statutes 12). Every member holds shares of 62 euro for each square metre of the flat. The share is paid back six months after the end of the financial year in which the membership ends, without interest, less claims of the cooperative.',
  yard: 'Yard (house rules 7, changed on 12 March). Grilling with charcoal is not allowed anywhere on the grounds. Electric and gas grills may be used in the yard at the two marked places until 21:00. Children may play in the yard from 8:00 to 20:00. Bicycles stand in the cellar or at the racks, not at the fence.',
  waste:
    'Waste (handbook 7.4). Paper, packaging, glass and organic waste are separated; the bins stand in the yard. Large items are collected on the first Wednesday of April and October. Whoever leaves large items at other times pays the collection. Batteries and lamps are taken by the caretaker.',
  pets: 'Pets (house rules 9). Small animals in cages need no consent. Dogs and cats need the written consent of the board, which is given when the neighbours on the same floor agree. Dogs are kept on a lead on the grounds.',
  renovation:
    'Changes to the flat (handbook 5.1). Painting, wallpaper and floors laid without glue need no consent. Changes to walls, pipes, electrical lines, windows and bathrooms need a written request with a drawing; the board answers within six weeks. When moving out, changes with consent may stay; all others are undone.',
} as const;

type Passage = keyof typeof PASSAGES;

/** Questions with the passages that a search found for them. The last two repeat earlier ones exactly. */
export const HANDBOOK_QUESTIONS: readonly {
  readonly question: string;
  readonly passages: readonly Passage[];
}[] = [
  {
    question: 'How often may I use the machine room in one week, and what does it cost?',
    passages: ['laundry', 'quiet', 'keys'],
  },
  {
    question: "My parents visit for twelve days in August. Can they stay in the guests' flat the whole time?",
    passages: ['guests', 'keys', 'pets'],
  },
  {
    question: "The radiator in the children's room is cold, the others are warm. What should I do?",
    passages: ['heating', 'renovation', 'laundry'],
  },
  {
    question: 'When do I get my deposit back if I move out in May?',
    passages: ['share', 'renovation', 'keys'],
  },
  { question: 'May we grill with charcoal in the yard on Saturday?', passages: ['yard', 'quiet', 'waste'] },
  { question: 'May we grill with gas in the yard on Saturday?', passages: ['yard', 'quiet', 'waste'] },
  {
    question: 'I want to adopt a dog. Whom do I ask, and can they refuse?',
    passages: ['pets', 'yard', 'renovation'],
  },
  { question: 'Can I lay click laminate on my own?', passages: ['renovation', 'quiet', 'share'] },
  {
    question: 'There is an old wardrobe to get rid of. Where does it go?',
    passages: ['waste', 'yard', 'guests'],
  },
  { question: 'I lost my key ring, with my address on it!', passages: ['keys', 'heating', 'guests'] },
  {
    question: 'My daughter plays the cello. From when to when may she practise?',
    passages: ['quiet', 'yard', 'pets'],
  },
  {
    question: 'It is 11 degrees outside in September and my flat is cold. When does the heating start?',
    passages: ['heating', 'laundry', 'renovation'],
  },
  { question: 'May we grill with charcoal in the yard on Saturday?', passages: ['yard', 'quiet', 'waste'] },
  {
    question: 'How often may I use the machine room in one week, and what does it cost?',
    passages: ['laundry', 'quiet', 'keys'],
  },
];

/** The user message of one question: the numbered passages, then the question. */
export function handbookPrompt(at: number): string {
  const entry = HANDBOOK_QUESTIONS[at];
  if (entry === undefined) throw new RangeError(`There is no question ${at}.`);
  const passages = entry.passages.map((name, index) => `[${index + 1}] ${PASSAGES[name]}`).join('\n\n');
  return `Passages\n\n${passages}\n\nQuestion of the resident\n${entry.question}`;
}
