/**
 * English words that carry structure rather than content, by the part they play. A word stands once; what is
 * ambiguous stands where a wrong reading does the least harm.
 */
const WORDS = {
  article: 'a an the this that these those such',
  first: 'i me my mine myself we us our ours ourselves',
  second: 'you your yours yourself yourselves u ur',
  third: 'he him his himself she her hers herself they them their theirs themselves it its itself',
  anyone: 'one someone somebody anyone anybody oneself ones',
  aux: "is are was were be been being am do does did done doing have has had having 's 're 've 'd 'm ain",
  modal: "can could should would shall must may might will 'll wanna gonna ought need",
  preposition:
    'of in on at by for with from to into onto unto about through via between among amongst within across along around near ' +
    'under over above below beneath behind beside besides beyond during per than as towards toward upon off up down out ' +
    'against without before after since until till inside outside versus vs like except back away',
  conjunction: 'and or but if then so because & plus also though although while whether nor yet',
  wh: 'what who whom whose which when where why how whats whos wheres hows',
  negator: "not n't never no none nothing nobody nowhere cannot neither without hardly barely scarcely nor",
  quantifier:
    'all every each some any everyone everybody both either most many much few several only fewer less more least too always sometimes often ' +
    'usually rarely seldom everything something anything whole entire just solely',
  filler:
    'please pls plz kindly hi hello hey thanks thank ok okay well really very quite so even still just actually ' +
    'basically simply exactly ever there here that else etc eg ie got get gets getting anyway rather pretty kinda ' +
    'literally truly properly correctly successfully easily effectively right currently now nowadays ' +
    'presently already maybe perhaps possibly again yes yeah oh um hmm',
} as const;

/** The part that a function word plays. */
export type FunctionRole = keyof typeof WORDS;

/** Function words and the first part that each plays. */
export const FUNCTION_WORDS: ReadonlyMap<string, FunctionRole> = tableOf(WORDS);

/**
 * Words whose coming or going rarely changes an answer: general nouns, verbs of asking and having, and praise that
 * asks for nothing else. They count a fraction of other content words.
 */
export const LIGHT_WORDS: readonly string[] = (
  'thing stuff way people person guy individual human man someone good great nice best top better cool interesting ' +
  'effective possible certain various different particular actual real own ' +
  'know think want like need try find tell ask give make use go come take see help explain understand ' +
  'become start begin learn look feel seem happen mean say let keep show provide have exist suggest recommend share ' +
  'describe list example kind type sort lot bit number time place day world question answer reason idea ' +
  'issue problem experience opinion view thought advice tip suggestion information info detail difference ' +
  'important necessary useful considered called named term word general overall work do according level ' +
  'quora ever much other similar available type true sure believe care seem whole role member officer deal handle perform ' +
  'believe ensure article total basic basically particularly specially especially ways'
).split(' ');

/**
 * Nouns that name the kind of what stands beside them and can be left out: "the GRE exam", "a Gmail account". Light
 * only beside a word that both texts have.
 */
export const KIND_WORDS: ReadonlySet<string> = new Set(
  (
    'exam account website site app company service city country language movie film book phone system software tool program ' +
    'programming institute college university process test field number level industry brand channel course page profile ' +
    'device platform application method game team band group search engine metal member officer'
  ).split(' '),
);

function tableOf(words: Readonly<Record<FunctionRole, string>>): ReadonlyMap<string, FunctionRole> {
  const table = new Map<string, FunctionRole>();
  for (const [role, list] of Object.entries(words)) {
    for (const word of list.split(' ')) if (!table.has(word)) table.set(word, role as FunctionRole);
  }
  return table;
}
