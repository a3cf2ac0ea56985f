/**
 * English words that carry structure rather than content, by the part they play. A word stands once; what is
 * ambiguous stands where a wrong reading does the least harm.
 */
const WORDS = {
  article: 'a an the this that these those such',
  first: 'i me my mine myself we us our ours ourselves',
  second: 'you your yours yourself yourselves u ur',
  third: 'he him his himself she her hers herself they them their theirs themselves it its itself',
  anyone: 'the_seller one someone somebody anyone anybody oneself ones',
  aux: "is are was were be been being am do does did done doing have has had having 's 're 've 'd 'm ain",
  modal: "can could should would shall must may might will 'll wanna gonna ought",
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
    'literally truly properly correctly successfully easily effectively efficiently right currently now nowadays ' +
    'presently already maybe perhaps possibly again howto yes yeah oh um hmm',
} as const;

/** The part that a function word plays. */
export type FunctionRole = keyof typeof WORDS;

/** Function words and the first part that each plays. */
export const FUNCTION_WORDS: ReadonlyMap<string, FunctionRole> = tableOf(WORDS);

/**
 * Words whose coming or going rarely changes an answer: general nouns, and verbs of asking and having. They count a
 * fraction of other content words, but one may not stand for another ("make soap", "use soap").
 */
export const LIGHT_WORDS: readonly string[] = (
  'thing stuff way people person individual human someone ' +
  'know think want like need try find tell ask give make use go come take see help assist explain understand ' +
  'become start begin learn look feel seem happen mean say let keep show provide have exist suggest recommend ' +
  'describe kind type sort lot bit time place day world reason idea issue problem opinion view thought advice tip ' +
  'suggestion information info detail term word do according level believe sure true handle perform ensure member'
).split(' ');

/** Words that praise or wave, and that ask for nothing else: light, and free to stand for each other. */
export const FREE_WORDS: readonly string[] = (
  'highly extremely good great nice best top cool interesting effective possible certain various particular actual own ' +
  'ever much necessary useful overall general available total whole important considered basic basically particularly specially ' +
  'especially personally mainly mostly commonly generally usually typically normally'
).split(' ');

/** Of the free words those that praise: one may stand for another, none for "certain" or "important". */
export const PRAISE_WORDS: readonly string[] =
  'good great nice best top cool interesting effective possible useful'.split(' ');

/** Light nouns that say which of several things is asked for when "of" follows: "the time of the meeting". */
export const NOUNS_BEFORE_OF: ReadonlySet<string> = new Set(
  'time place day reason idea issue problem advice information info detail details term word words member start end times places reasons problems'.split(
    ' ',
  ),
);

/**
 * What is done in the world or at a device, and never by words alone: who asks an answerer for it asks how it is done.
 * No verb of writing, finding, choosing or reckoning, which an answer does itself.
 */
export const DOABLE_WORDS: readonly string[] = (
  'reset cancel renew install uninstall reinstall book apply revoke rotate delete remove erase export import connect disconnect configure setup ' +
  'enable disable activate deactivate open close change update lower gain quit mount unmount deploy roast cook bake boil fry grill clean wash ' +
  'repair install track return pay transfer withdraw deposit register login logout upgrade downgrade download upload print scan block ' +
  'unblock recover restore reach contact restart reboot stop roll file unlock lock pair sync back backup move mute unmute turn switch freeze ' +
  'unfreeze subscribe unsubscribe remove hang peel grow plant store drain replace refill charge recharge rent sell ship'
).split(' ');

/** Light words that may stand for each other. */
export const SOFT_GROUPS: readonly (readonly string[])[] = [
  'know tell understand find',
  'think believe feel say',
  'learn start begin',
  'start begin become',
  'thing stuff',
  'people person individual human someone',
  'want need',
  'suggest recommend tip advice suggestion',
  'kind type sort',
  'issue problem',
  'opinion view thought',
  'see find',
  'information info detail',
  'explain describe',
  'happen exist',
  'way thing',
  'help assist',
  'tell say',
  'want like',
  'see know',
].map((group) => group.split(' '));

/**
 * Nouns that name the kind of what stands beside them and can be left out: "the GRE exam", "a Gmail account". Light
 * only beside a word that both texts have.
 */
export const KIND_WORDS: ReadonlySet<string> = new Set(
  (
    'exam website site company city country language software program ' +
    'programming university ' +
    'platform application method officer'
  ).split(' '),
);

function tableOf(words: Readonly<Record<FunctionRole, string>>): ReadonlyMap<string, FunctionRole> {
  const table = new Map<string, FunctionRole>();
  for (const [role, list] of Object.entries(words)) {
    for (const word of list.split(' ')) if (!table.has(word)) table.set(word, role as FunctionRole);
  }
  return table;
}
