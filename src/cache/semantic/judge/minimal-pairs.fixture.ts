/** Pairs of one kind of small change: those that need two answers, and paraphrases with the same words around that do not. */
export interface MinimalPairs {
  readonly kind: string;
  readonly different: readonly (readonly [string, string])[];
  readonly same: readonly (readonly [string, string])[];
}

/** Written by hand for the tests of the judge; none is taken from a data set. */
export const MINIMAL_PAIRS: readonly MinimalPairs[] = [
  {
    kind: 'negation',
    different: [
      ['How do I make my cat eat dry food?', 'How do I make my cat not eat dry food?'],
      ['Why does my laptop charge overnight?', "Why doesn't my laptop charge overnight?"],
      ['Which vitamins are stored in the body?', 'Which vitamins are never stored in the body?'],
      ['Can I enter Norway with a visa?', 'Can I enter Norway without a visa?'],
      ['Foods that contain gluten', 'Foods that contain no gluten'],
      ['Is it legal to park here?', "Isn't it illegal to park here?"],
      ['my package has arrived damaged', 'my package has not arrived damaged'],
    ],
    same: [
      ["Why doesn't my printer print?", 'Why does my printer not print?'],
      ['I cannot open the garage door', "I can't open the garage door"],
      ["How come my tomatoes aren't ripening?", 'Why are my tomatoes not ripening?'],
      ['How do I travel without a passport?', 'How can one travel without a passport?'],
    ],
  },
  {
    kind: 'opposite verbs',
    different: [
      ['How do I turn on dark mode?', 'How do I turn off dark mode?'],
      ['How do I enable two-factor login?', 'How do I disable two-factor login?'],
      ['How can I increase the font size?', 'How can I decrease the font size?'],
      ['Where can I buy silver coins?', 'Where can I sell silver coins?'],
      ['How do I encrypt a USB stick?', 'How do I decrypt a USB stick?'],
      ['How do I import contacts?', 'How do I export contacts?'],
      ['how to lend money to a friend', 'how to borrow money from a friend'],
      ['How do I subscribe to the newsletter?', 'How do I unsubscribe from the newsletter?'],
      ['Why did the team win the match?', 'Why did the team lose the match?'],
    ],
    same: [
      ['How do I turn on dark mode?', 'How can I turn dark mode on?'],
      ['Where can I buy silver coins?', 'Where can I purchase silver coins?'],
      ['How do I delete my browsing history?', 'How can I remove my browsing history?'],
      ['How do I increase the font size?', 'What is the way to increase font size?'],
    ],
  },
  {
    kind: 'opposite adjectives',
    different: [
      ['What is the maximum speed of a cheetah?', 'What is the minimum speed of a cheetah?'],
      ['Which snakes are dangerous?', 'Which snakes are safe?'],
      ['What are the advantages of solar power?', 'What are the disadvantages of solar power?'],
      ['Is the water in Lisbon hard?', 'Is the water in Lisbon soft?'],
      ['What is the largest lake in Italy?', 'What is the smallest lake in Italy?'],
      ['What is the best month to visit Kenya?', 'What is the worst month to visit Kenya?'],
      ['first chapter summary', 'last chapter summary'],
    ],
    same: [
      ['What are the advantages of solar power?', 'What are the benefits of solar power?'],
      ['What is the largest lake in Italy?', 'Which is the biggest lake in Italy?'],
      ['Which snakes are dangerous?', 'What snakes are dangerous?'],
    ],
  },
  {
    kind: 'opposite prepositions',
    different: [
      ['Should I stretch before running?', 'Should I stretch after running?'],
      ['Which towns lie above sea level?', 'Which towns lie below sea level?'],
      ['Is there parking inside the stadium?', 'Is there parking outside the stadium?'],
      ['What are the arguments for nuclear power?', 'What are the arguments against nuclear power?'],
      ['Is drinking allowed under 18?', 'Is drinking allowed over 18?'],
    ],
    same: [
      ['Should I stretch before running?', 'Should I stretch before a run?'],
      ['What are the arguments against nuclear power?', 'What are some arguments against nuclear power?'],
    ],
  },
  {
    kind: 'numbers',
    different: [
      ['How do I lose 5 kg?', 'How do I lose 15 kg?'],
      ['What is 20% of 340?', 'What is 30% of 340?'],
      [
        'Who was the 16th president of the United States?',
        'Who was the 17th president of the United States?',
      ],
      ['Recipe for four people', 'Recipe for six people'],
      ['Is 1.5 liters of water a day enough?', 'Is 2.5 liters of water a day enough?'],
      ['What is -5 plus 3?', 'What is 5 plus 3?'],
      ['How do I solve x + 2 = 9?', 'How do I solve x - 2 = 9?'],
      ['Who won World War I?', 'Who won World War II?'],
    ],
    same: [
      ['How do I lose 5 kg?', 'How can I lose five kilograms?'],
      ['What is twenty percent of 340?', 'What is 20% of 340?'],
      ['Who won World War II?', 'Who won World War 2?'],
      ['How many people live in a town of 10k?', 'How many people live in a town of 10,000?'],
    ],
  },
  {
    kind: 'units',
    different: [
      ['How far is 10 km?', 'How far is 10 miles?'],
      ['Is a 500 MB plan enough?', 'Is a 500 GB plan enough?'],
      ['How much is 50 dollars in yen?', 'How much is 50 euros in yen?'],
      ['Bake at 180 C', 'Bake at 180 F'],
      ['How much do nurses earn per hour?', 'How much do nurses earn per month?'],
    ],
    same: [
      ['How far is 10 km?', 'How far is 10 kilometers?'],
      ['How much is $50 in yen?', 'How much is 50 dollars in yen?'],
      ['Is a 500 MB plan enough?', 'Is a plan of 500 MB enough?'],
    ],
  },
  {
    kind: 'dates and times',
    different: [
      ['Is the museum open on Monday?', 'Is the museum open on Tuesday?'],
      ['What will the weather be like tomorrow?', 'What will the weather be like today?'],
      ['When is Easter in 2025?', 'When is Easter in 2026?'],
      ['Set an alarm for 7 am', 'Set an alarm for 7 pm'],
      ['What events are there in March?', 'What events are there in May?'],
      ['Who won the election in 1996?', 'Who won the election in 2000?'],
      ['Book a table for the morning', 'Book a table for the evening'],
    ],
    same: [
      ['Is the museum open on Monday?', 'Is the museum open on Mondays?'],
      ['Set an alarm for 7 pm', 'Please set an alarm for 7pm'],
      ['When is Easter in 2025?', 'What date is Easter in 2025?'],
    ],
  },
  {
    kind: 'names and places',
    different: [
      ['What is the capital of Austria?', 'What is the capital of Australia?'],
      ['How old is Taylor Swift?', 'How old is Taylor Lautner?'],
      ['best restaurants in lyon', 'best restaurants in lille'],
      ['Who founded Siemens?', 'Who founded Bosch?'],
      ['Is Peru safe for tourists?', 'Is Chile safe for tourists?'],
      ['How do I install Redis?', 'How do I install Kafka?'],
      ['weather in US', 'weather in UK'],
    ],
    same: [
      ['What is the capital of Austria?', "what's the capital of austria"],
      ['How old is Taylor Swift?', "What is Taylor Swift's age?"],
    ],
  },
  {
    kind: 'versions',
    different: [
      ['What is new in Python 3.11?', 'What is new in Python 3.12?'],
      ['How do I upgrade to Windows 10?', 'How do I upgrade to Windows 11?'],
      ['Is the iPhone 14 waterproof?', 'Is the iPhone 15 waterproof?'],
      ['Migrate from v1 to v2', 'Migrate from v1 to v3'],
      ['Does ES6 have classes?', 'Does ES5 have classes?'],
    ],
    same: [
      ['What is new in Python 3.11?', "What's new in Python 3.11"],
      ['Is the iPhone 14 waterproof?', 'Is iPhone 14 waterproof?'],
    ],
  },
  {
    kind: 'code identifiers',
    different: [
      ['What does arr.slice() return?', 'What does arr.splice() return?'],
      ['How do I use useState in React?', 'How do I use useRef in React?'],
      ['What does the flag --force do?', 'What does the flag --dry-run do?'],
      ['What is max_connections in Postgres?', 'What is max_wal_size in Postgres?'],
      ['Explain `a == b`', 'Explain `a === b`'],
      ['Is C hard to learn?', 'Is C++ hard to learn?'],
    ],
    same: [['How do I use useState in React?', 'How can I use useState in React?']],
  },
  {
    kind: 'paths and addresses',
    different: [
      ['What is stored in /etc/passwd?', 'What is stored in /etc/shadow?'],
      ['Summarize https://example.com/a', 'Summarize https://example.com/b'],
      ['Is anna@example.com a valid address?', 'Is anne@example.com a valid address?'],
      ['Open src/index.ts', 'Open src/main.ts'],
      ['What is in C:\\Windows\\Temp?', 'What is in C:\\Windows\\System32?'],
    ],
    same: [
      ['What is stored in /etc/passwd?', "What's stored in /etc/passwd?"],
      ['Summarize https://example.com/a', 'Please summarize https://example.com/a'],
    ],
  },
  {
    kind: 'quoted text',
    different: [
      ['How do you say "good morning" in Spanish?', 'How do you say "good night" in Spanish?'],
      ['What does "break a leg" mean?', 'What does "break the ice" mean?'],
      ['Translate "I like tea"', 'Translate "I like tee"'],
      ['Who sang "Hello"?', 'Who sang "Hallo"?'],
      ["Spell 'colour'", "Spell 'collar'"],
    ],
    same: [
      ['How do you say "good morning" in Spanish?', 'How can I say "good morning" in Spanish?'],
      ['What does "break a leg" mean?', 'What is the meaning of "break a leg"?'],
    ],
  },
  {
    kind: 'comparison',
    different: [
      ['Is tea healthier than coffee?', 'Is coffee healthier than tea?'],
      ['Which laptop is cheaper?', 'Which laptop is more expensive?'],
      ['Why is gold more valuable than silver?', 'Why is silver more valuable than gold?'],
      ['What is a fast car?', 'What is the fastest car?'],
      ['Is Rust faster than Go?', 'Is Go faster than Rust?'],
      ['most expensive wine', 'least expensive wine'],
    ],
    same: [
      ['What is the difference between tea and coffee?', "What's the difference between coffee and tea?"],
    ],
  },
  {
    kind: 'direction',
    different: [
      ['How do I get from Paris to Rome?', 'How do I get from Rome to Paris?'],
      ['Convert PDF to Word', 'Convert Word to PDF'],
      ['Translate this from German to Dutch', 'Translate this from Dutch to German'],
      [
        'How do I transfer photos from my phone to my computer?',
        'How do I transfer photos from my computer to my phone?',
      ],
      ['Can a dog catch a cold from a human?', 'Can a human catch a cold from a dog?'],
      ['Why do cats chase mice?', 'Why do mice chase cats?'],
      ['Does stress cause insomnia?', 'Does insomnia cause stress?'],
      ['Who did Brutus kill?', 'Who killed Brutus?'],
      ['How do I replace butter with oil?', 'How do I replace oil with butter?'],
      ['How many euros is one pound?', 'How many pounds is one euro?'],
    ],
    same: [
      ['How do I get from Paris to Rome?', 'How can I get to Rome from Paris?'],
      ['In Excel, how do I sort a column?', 'How do I sort a column in Excel?'],
      ['Convert PDF to Word', 'please convert pdf to word'],
      ['What are good names for a dog?', 'What are good dog names?'],
    ],
  },
  {
    kind: 'quantifiers',
    different: [
      ['Do all birds fly?', 'Do some birds fly?'],
      ['Delete all my photos', 'Delete some of my photos'],
      ['Are both answers right?', 'Is neither answer right?'],
      ['Is it always cold in Oslo?', 'Is it sometimes cold in Oslo?'],
      ['Does the plan include at least 3 users?', 'Does the plan include at most 3 users?'],
      ['Which countries use only the euro?', 'Which countries use the euro?'],
      ['Do most people like jazz?', 'Do few people like jazz?'],
    ],
    same: [
      ['Do all birds fly?', 'Do all the birds fly?'],
      ['Is it always cold in Oslo?', 'Is it always cold in oslo'],
    ],
  },
  {
    kind: 'question type',
    different: [
      ['Who invented the telephone?', 'When was the telephone invented?'],
      ['Why is the sky blue?', 'Is the sky blue?'],
      ['How many bones are in the hand?', 'Which bones are in the hand?'],
      ['Where do pandas live?', 'How long do pandas live?'],
      ['How much does a passport cost?', 'Why does a passport cost so much?'],
      ['When should I plant garlic?', 'Where should I plant garlic?'],
      ['How often should I water a cactus?', 'How should I water a cactus?'],
    ],
    same: [
      ['How do I boil an egg?', 'What is the best way to boil an egg?'],
      ['Why is the sky blue?', 'What is the reason the sky is blue?'],
      ['How do I plant garlic?', 'how to plant garlic'],
      ['Can you tell me how to plant garlic?', 'How can I plant garlic?'],
      ['What is photosynthesis?', 'Define photosynthesis'],
      ['How can I clean a wool rug?', 'Is there a way to clean a wool rug?'],
    ],
  },
  {
    kind: 'modality',
    different: [
      ['Can I take ibuprofen with food?', 'Should I take ibuprofen with food?'],
      ['Should I pay tax on gifts?', 'Must I pay tax on gifts?'],
      ['Can landlords raise the rent?', 'Will landlords raise the rent?'],
      ['May I record a call?', 'Should I record a call?'],
      ['How can I record a call?', 'How should I record a call?'],
      ['Do I have to tip in Japan?', 'Can I tip in Japan?'],
    ],
    same: [
      ['Can I take ibuprofen with food?', 'Is it possible to take ibuprofen with food?'],
      ['How do I record a call?', 'How can I record a call?'],
    ],
  },
  {
    kind: 'persons',
    different: [
      ['What is your name?', 'What is my name?'],
      ['How can I help you?', 'How can you help me?'],
      ['Do you have a dog?', 'Do I have a dog?'],
      ['What did he say?', 'What did she say?'],
      ['How do I tell my husband?', 'How do I tell my wife?'],
      ['Can I call you?', 'Can you call me?'],
    ],
    same: [
      ['How do I freeze bread?', 'How do you freeze bread?'],
      ['How can I improve my handwriting?', 'How can you improve your handwriting?'],
      ['Where do I renew a license?', 'Where can one renew a license?'],
    ],
  },
  {
    kind: 'tense',
    different: [
      ['Who is the president of Brazil?', 'Who was the president of Brazil?'],
      ['Did it rain in Cairo?', 'Will it rain in Cairo?'],
      ['When did the store open?', 'When will the store open?'],
      ['Why did bread prices rise?', 'Why will bread prices rise?'],
      ['Is the bridge closed?', 'Was the bridge closed?'],
    ],
    same: [
      ['Did it rain in Cairo?', 'did it rain in cairo'],
      ['Who is the president of Brazil?', "Who's the president of Brazil?"],
    ],
  },
  {
    kind: 'another thing of the same kind',
    different: [
      ['How do I remove red wine stains?', 'How do I remove white wine stains?'],
      ['How long do cats live?', 'How long do dogs live?'],
      ['How do I cook rice?', 'How do I cook pasta?'],
      ['What causes headaches?', 'What causes nosebleeds?'],
      ['my left knee hurts', 'my right knee hurts'],
      ['How do I clean a leather sofa?', 'How do I clean a velvet sofa?'],
      ['what is a stack', 'what is a queue'],
    ],
    same: [
      ['How do I clean a leather sofa?', 'How can I clean a leather couch?'],
      ['How do I cook rice?', 'What is the right way to cook rice?'],
    ],
  },
  {
    kind: 'another common verb or noun',
    different: [
      ['How do I make soap?', 'How do I use soap?'],
      ['How do I become a dentist?', 'How do I find a dentist?'],
      ['What is the best time to visit Crete?', 'What is the best place to visit Crete?'],
      ['Why do men snore?', 'Why do people snore?'],
      ['How do I give feedback?', 'How do I take feedback?'],
      ['Where can I learn judo?', 'Where can I see judo?'],
      ['What do bees know?', 'What do bees need?'],
    ],
    same: [
      ['How do I start learning judo?', 'How do I learn judo?'],
      ['What are good podcasts about history?', 'What are the best podcasts about history?'],
      ['How do I know if a melon is ripe?', 'How can I tell if a melon is ripe?'],
    ],
  },
  {
    kind: 'something more',
    different: [
      ['How do I bake bread?', 'How do I bake bread without yeast?'],
      ['How do I reset my router?', 'How do I reset my router password?'],
      ['Where can I park?', 'Where can I park for free?'],
      ['What are the symptoms of flu?', 'What are the symptoms of flu in children?'],
      ['What is blockchain?', 'What is blockchain used for?'],
      ['what is a cat', 'what is in a cat'],
    ],
    same: [
      ['How do I bake bread?', 'How do I actually bake bread?'],
      ['Where can I park?', 'Hi, where can I park please?'],
    ],
  },
  {
    kind: 'languages',
    different: [
      ['¿Cómo cambio mi contraseña?', '¿Cómo cambio mi correo?'],
      ['Wie heißt der Fluss?', 'Wie heißt die Stadt?'],
      ['How do I change my password?', '¿Cómo cambio mi contraseña?'],
      ['如何打开灯?', '如何关闭灯?'],
      ['Как включить свет?', 'Как выключить свет?'],
    ],
    same: [
      ['Wie heißt der Fluss?', 'wie heißt der fluss'],
      ['如何打开灯?', '如何打开灯'],
    ],
  },
];
