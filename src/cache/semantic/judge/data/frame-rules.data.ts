import type { QuestionType } from '../question-types.ts';

/** Who may stand in an opening for anyone. */
export const SUBJECT =
  '(?:i|you|we|one|someone|somebody|anyone|people|they|he|she|a person|an? individual|a beginner)';
const AUX =
  '(?:do|does|did|can|could|should|would|will|shall|might|may|must|is|are|was|were|am|have|has|had)';
const WAY =
  '(?:way|ways|method|methods|steps|step|process|procedure|technique|techniques|trick|tricks|tips|suggestions|ideas|approach|means|things)';
const GOOD =
  '(?:the |some |of |a |any |few_some |your |most )*(?:very )?(?:best |good |great |better |effective |possible |right |proper |correct |different |various |ideal |top |simple |common )*';

const SPANS = ['minute', 'hour', 'day', 'week', 'month', 'year'];

/** What a way is asked for by, and the adverb that says so of what is done. */
const SPEEDS: readonly (readonly [string, ...string[]])[] = [
  ['fastest|quickest|fast|quick', 'quickly'],
  ['cheapest|cheap', 'cheaply'],
  ['safest|safe', 'safely'],
  ['easiest|simplest|easy', '@easily'],
];

/** Those who do, and what they do: "the author of", "who wrote". */
const DOERS: readonly (readonly [string, string])[] = [
  ['author|writer|authors|writers', 'write'],
  ['inventor|inventors', 'invent'],
  ['discoverer|discoverers', 'discover'],
  ['founder|founders', 'founded'],
  ['creator|creators', 'create'],
  ['owner|owners', 'own'],
  ['director', 'direct'],
  ['composer', 'compose'],
  ['designer', 'design'],
  ['painter', 'paint'],
  ['producer', 'produce'],
  ['publisher', 'publish'],
  ['winner|winners', 'win'],
];

const QUESTION = '(?:what|who|when|where|why|how|if|whether|which)(?: |$)';
/** What "give me" asks for that "what are" asks for as well. */
const KINDS =
  'example|list|definition|meaning|reason|tip|overview|summary|explanation|description|benefit|advantage|disadvantage|difference|symptom|cause|type|kind|idea';

/** What may stand in front of an opening and only introduces it. */
export const LEADS: readonly RegExp[] = [
  /^(?:please|pls|plz|kindly|hi|hello|hey|so|and|but|ok|okay|um|thanks|actually|basically|honestly|sorry|excuse me) /,
  /^(?:can|could|would|will) (?:you|someone|anyone|somebody|anybody|u)(?: please| kindly| possibly)* (?:tell|explain|explain to|show|teach|help me understand|help me find out|give|let|advise|inform|remind)(?: to)?(?: me| us)?(?: know)?(?: about)? (?=what|who|when|where|why|how|if|whether|which)/,
  /^(?:please )?(?:tell|explain|explain to|show|teach|let|remind)(?: me| us)?(?: know)? (?=what|who|when|where|why|how|if|whether|which)/,
  /^i (?:want|would like|like|need|would love|wish|am trying|am looking|was hoping|must)(?: to)? (?:know|find out|discover|understand|learn|ask|figure out|see|hear)(?: about)? (?=what|who|when|where|why|how|if|whether|which)/,
  /^(?:i am |i was )?(?:just )?(?:wondering|curious|unsure|not sure|confused)(?: about| as to)? (?=what|who|when|where|why|how|if|whether|which)/,
  /^(?:do|does|did) (?:you|anyone|anybody|someone|somebody|u) (?:happen to )?(?:know|understand|remember) (?:about )?(?=what|who|when|where|why|how|if|whether|which)/,
  /^(?:any )?(?:idea|ideas|clue) (?:on |about |of )?(?=what|who|when|where|why|how|if|whether|which)/,
  /^i (?:do not|cannot|can not) (?:know|understand|remember|see) (?=what|who|when|where|why|how|if|whether|which)/,
  /^(?:my )?question is /,
  /^according to you /,
];

/** How an opening begins, what it asks for, and what it stands for. */
export type Rule = readonly [RegExp, QuestionType, ...string[]];

const rule = (source: string, type: QuestionType, ...adds: string[]): Rule => [
  new RegExp(`^(?:${source})(?= |$)`),
  type,
  ...adds,
];

/** Openings of sentences; the first that fits counts. */
export const FRAME_RULES: readonly Rule[] = [
  // "how many days does it take": how long, in days
  ...SPANS.flatMap((unit) => [
    rule(
      `how many ${unit}s? (?:does|did|will|would) it take(?: me| you| one| us| someone)?(?: to)?`,
      'how_long',
      `@in_${unit}`,
    ),
    rule(`how many ${unit}s? (?:does|did|will|would)(?= (?:\\S+ ){1,6}take$)`, 'how_long', `@in_${unit}`),
  ]),
  rule('how many', 'how_many'),
  rule('how much time (?:does|did|will|would) it take(?: me| you| one| us| someone)?(?: to)?', 'how_long'),
  rule('how much time', 'how_long'),
  rule('how much (?:does|did|do)(?= (?:\\S+ ){1,6}weigh$)', 'what'),
  rule(
    `how much (?:do|does|did|would|will|should) ${SUBJECT} (?:must )?(?:pay|be charged) for`,
    'how_much',
    'cost',
    '@anyone',
  ),
  rule(
    'how (?:much|high) (?:is|are|was|were)(?= the (?:\\S+ ){0,2}(?:fee|wage|salary|rate|fine|tax|deposit|rent|limit|fare|penalty|premium|pension|allowance)(?: |$))',
    'what',
  ),
  rule(
    'how much (?:is|are|was|were)(?= (?:a|an|the|one) )(?!.* (?:cost|price|fee|fare|rent|tax|salary|worth|charge)s?(?: |$))',
    'how_much',
    'cost',
  ),
  rule(`how much (?:is|are|was|were|does|do|did|will|would)(?: it| this| that)?`, 'how_much'),
  rule('how much', 'how_much'),
  rule('how long (?:does|did|will|would) it take(?: me| you| one| us| someone)?(?: to)?', 'how_long'),
  rule(
    '(?:for )?how long (?:do (?:i|one)|to)(?! (?:must|have|need|get|stay|be|live)(?: |$))',
    'how_long',
    '@should',
  ),
  rule('how (?:often|frequently) (?:do (?:i|one) must|must (?:i|one|you|we))', 'how_often', '@should'),
  rule('for how long', 'how_long'),
  rule('how long', 'how_long'),
  rule('how (?:often|frequently)', 'how_often'),
  rule('how far', 'what', 'distance'),
  rule('how old', 'what', 'age'),
  rule('how (?:tall|high)', 'what', 'height'),
  rule('how (?:big|large)', 'what', 'size'),
  rule('how heavy', 'what', 'weight'),
  rule('how deep', 'what', 'depth'),
  rule('how wide', 'what', 'width'),
  rule('how fast', 'what', 'speed'),
  rule(
    'how (?:good|important|hard|difficult|easy|safe|bad|true|common|accurate|strong|effective|useful|likely|close|hot|cold|rich|successful|reliable|expensive|dangerous|well|soon|early|late|close)',
    'how_degree',
  ),
  rule('how come', 'why'),
  rule('how (?:is|was|will)(?= (?:the )?weather)', 'what'),
  rule(`how (?:do|does|would|should) ${SUBJECT} feel about`, 'opinion'),
  rule(`how (?:${AUX}) ${SUBJECT}(?: go about| be able to| able| best)?`, 'how'),
  rule(`how (?:${AUX})(?= to)`, 'how'),
  rule(`how (?:do|does|did|can|could|should|would|will|might|may|is|are|was|were)`, 'how'),
  rule('how (?:has|have)', 'how', '@perfect'),
  rule('how', 'how'),
  rule('howto', 'how'),
  rule('what (?:is|was|does) it(?: like| feel| sensation)+(?: to)?', 'what', 'sensation'),
  rule('how (?:does|did|do|would) it feel(?: like| sensation)*(?: to)?', 'what', 'sensation'),
  rule('(?:what|which) time', 'when'),
  rule('(?:on |in )?(?:what|which) (?:date|day|year|month)', 'when'),
  rule(`what (?:do|does|would) ${SUBJECT} (?:think|feel)(?: about| of)?(?: the)?`, 'opinion'),
  rule(
    'what (?:is|are) (?:your|the|my|their|people|everyone)? ?(?:opinion|opinions|view|views|thoughts|take|review|reviews)(?: on| about| of)?',
    'opinion',
  ),
  rule(
    `what (?:is|are|was|were|would be|will be|could be|should be|can be) ${GOOD}${WAY}(?: for ${SUBJECT}| in which ${SUBJECT} can| by which ${SUBJECT} can| ${SUBJECT} can| that ${SUBJECT} can)? (?:to|of|for)`,
    'how',
  ),
  rule(
    `what (?:is|are|was|were|would be|will be|could be|should be|can be) ${GOOD}${WAY} (?:i|you|we|one) (?:can|could|should)`,
    'how',
  ),
  ...SPEEDS.flatMap(([adjectives, ...adds]) => [
    rule(
      `(?:(?:what|which) (?:is|are|would be) )?(?:the |a |some )?(?:${adjectives}) ${WAY}(?: for ${SUBJECT})? (?:to|of|for)`,
      'how',
      ...adds,
    ),
  ]),
  rule('what (?:is|are|was) (?:the )?(?:importance|significance) of', 'why', 'important'),
  rule('(?:the )?(?:cause|causes) of', 'why'),
  rule(
    'what (?:is|are|was|were|will be|would be|could be) (?:the )?(?:possible |main |major |likely |overall )*(?:effect|effects|impact|impacts|consequences|influence) of',
    'how',
    'affect',
    '@effect',
  ),
  rule(
    'what (?:do|does|did|would|will)(?: it| this| that)?(?= (?:\\S+ ){0,8}cost(?: (?:to|in|for|per|on|at|me|you|now|today|if|when) |$))(?! (?:the|a|your|my|this|that|any) cost )',
    'how_much',
  ),
  rule('what (?:do|does|did)(?! (?:i|you|we|one|it|this|that) )', 'what', '@object'),
  rule('what (?:is|are) (?:the )?(?:full form|full meaning|long form|expansion) of', 'what', 'stand'),
  rule('what (?:is|was) meant by', 'what'),
  rule(`what (?:do|does|did) ${SUBJECT} (?:mean|means) (?:by|when ${SUBJECT} say)`, 'what', '@mean'),
  rule('what (?:can|could|should) be done to', 'how'),
  rule(`what (?:can|could|should) ${SUBJECT} do for(?= \\S+ing)`, 'how'),
  rule('what (?:is|are) (?:some |the )*(?:way|ways) (?:in which|that)', 'how'),
  rule(
    `what (?:should|can|could|must|do|would|shall) ${SUBJECT} (?:do|must do|must|must to do)(?: in order| if ${SUBJECT} want| if ${SUBJECT} wants)? to`,
    'how',
  ),
  rule(`which (?:is|are) ${GOOD}${WAY} (?:to|of|for)`, 'how'),
  rule(
    'what (?:is|are|was|were|would be|could be) (?:the |some |a |main |real |actual )*(?:reason|reasons)(?: for| behind| why| that| of)?',
    'why',
  ),
  rule('what (?:causes|makes|caused|made)', 'why'),
  rule('what (?:is|are) (?:the )?(?:cause|causes) (?:of|for|behind)', 'why'),
  rule('what (?:is|was) (?:the )?(?:number|count) of', 'how_many'),
  rule(
    '(?:what (?:is|are|was|will be|would be) )?(?:the )?(?:total |average |approximate )*(?:cost|price|fee) (?:of|for|to)',
    'how_much',
    'cost',
  ),
  rule(`what (?:do|does|would|will) (?:you|they) charge for(?= \\S)`, 'how_much', 'cost', '@anyone'),
  rule('what (?:is|was) (?:the )?duration of', 'how_long', '@duration'),
  rule('what (?:is|was) (?:the )?length of', 'how_long'),
  rule('what (?:is|was) (?:the )?date of(?!.* (?:birth|today|tomorrow|yesterday)(?: |$))', 'when'),
  rule('what (?:is|are|was|were) (?:needed|required|necessary) to', 'what', '@@must'),
  rule('what (?:is|was) (?:the )?distance', 'what', 'distance'),
  rule(
    'what (?:is|are|was) (?:the )?(?:exact |actual |real |correct |literal )?(?:meaning|definition|meanings) of',
    'what',
  ),
  rule('what (?:is|are) (?:the )?location of', 'where'),
  rule(
    '(?:what|which) (?:is|are|was|were|would be|will be|could be|should be|can be|s|should|do|does|did|can|could|would|will)',
    'what',
  ),
  rule('in (?:what|which) (?:way|ways)(?: can| could| do| does| would| is| are)?', 'how'),
  rule('(?:at|on|in|by|until) (?:what|which) (?:time|date|day|year|month)', 'when'),
  rule('from where', 'where'),
  rule('for (?:what|which) reason(?: is| are| was| were| do| does| did)?', 'why'),
  rule('(?:from|to|for|with|by|on|of|about) (?:what|which)', 'what'),
  rule('(?:from|to|for|with|by|on|of|about) (?:who|whom|whose)', 'who'),
  rule('(?:in|at) (?:what|which)', 'what'),
  rule('what', 'what'),
  rule(
    'is there(?: a| any| some| much)?(?= (?:major |big |main |significant |real |actual |basic )?difference)',
    'what',
  ),
  // "any" as it stands in questions.
  rule('are there(?: any| some)?(?= differences?)', 'what'),
  rule('which', 'what'),
  ...DOERS.map(([doers, does]) =>
    rule(`who (?:is|are|was|were) (?:the )?(?:first |original )?(?:${doers}) of(?= \\S+)`, 'who', does),
  ),
  rule('(?:who|whom)(?: (?:did|does|do))', 'who', '@object'),
  rule('(?:who|whom|whose)(?: (?:is|are|was|were|will|would|did|does|do|can|has))?', 'who'),
  rule('when (?:is|are)(?= (?:the |a )?(?:best|good|right|ideal|worst) time)', 'what'),
  rule(`when(?: ${AUX})?`, 'when'),
  rule(`where (?:do|does|can|should|could|must) ${SUBJECT} (?:must )?go to(?= \\S+)`, 'where'),
  rule(`where(?: ${AUX})?`, 'where'),
  rule(`why(?: ${AUX})?`, 'why'),
  rule(
    `is there (?:a |an |any |some |one )?${GOOD}${WAY}(?: (?:for|that|in which) ${SUBJECT}(?: can| could)?| ${SUBJECT} can)?(?: to| of)?`,
    'how',
    '@way',
  ),
  rule(
    `are there (?:any |some )?${GOOD}${WAY}(?: (?:for|that) ${SUBJECT}(?: can)?| ${SUBJECT} can)?(?: to| of)?`,
    'how',
    '@way',
  ),
  rule(
    `(?:is|was|will|would) it (?:be )?possible(?: for ${SUBJECT})?(?: to| that| for)?`,
    'yesno',
    '@can',
    '@possible',
  ),
  rule('(?:has|have)(?! to)', 'yesno', '@perfect'),
  rule(`(?:am|are|is) (?=(?:i|we|one|you) )(?:i|we|one|you) able(?: to)?`, 'yesno', '@can'),
  rule('may (?:i|we|one)', 'yesno', '@can'),
  rule(`is it (?:ok|okay|fine|alright)(?: for ${SUBJECT})? to`, 'yesno', '@can', '@allowed'),
  rule(
    `is it (?:necessary|required|mandatory|compulsory|obligatory)(?: for ${SUBJECT})? (?:to|that)`,
    'yesno',
    '@must',
  ),
  rule('(?:is|are) (?:there|it true that|it true|it a fact that)', 'yesno'),
  rule('do you (?:think|believe|feel)(?: that)?', 'yesno', '@anyone'),
  rule(
    `(?:(?:can|could|would|will) (?:you|someone|anyone|anybody)(?: please| kindly| possibly)? )?(?:explain|define)(?: to me)?(?! ${QUESTION})`,
    'what',
    '@anyone',
  ),
  rule(
    `(?:(?:can|could|would|will) (?:you|someone|anyone|anybody)(?: please| kindly| possibly)? )?(?:tell|teach) me(?: more| a bit| a little| something| all)? about(?! ${QUESTION})`,
    'what',
    '@anyone',
  ),
  rule(
    `(?:(?:can|could|would|will) you(?: please| kindly)? |i (?:want|would like|must|need) you to )?(?:tell me|let me know)(?= (?:(?:some|all) of )?(?:my|your|the|our) )`,
    'what',
    '@anyone',
  ),
  rule(
    'i (?:(?:want|would like|like|need|would love|wish|have) to|must) know(?= (?:my|your|the|our) )',
    'what',
    '@anyone',
  ),
  rule(
    `i (?:(?:want|would like|like|need|would love|wish) to|must) (?:know|learn|hear)(?: more| a bit| a little| something)? about(?! ${QUESTION})`,
    'what',
    '@anyone',
  ),
  rule(
    `(?:(?:can|could|would|will) you(?: please| kindly)? )?(?:(?:give|show|provide)(?: me| us)?|tell me)(?= (?:some |the |a |an |a few |few_some |any )*(?:${KINDS})s? )`,
    'what',
    '@anyone',
  ),
  rule(`(?:list|name|enumerate)(?= (?:some|the|few_some|all|any) )`, 'what'),
  rule(
    '(?:can|could|would|will) you(?: please| kindly| possibly)?(?: be able to)? (?:help|assist) me(?: to| with)?',
    'request',
    '@help',
  ),
  rule('(?:can|could|would|will) you(?: please| kindly| possibly)?(?: be able to)?', 'request'),
  rule('is there|are there|is it|am i', 'yesno'),
  rule(`(?:${AUX})`, 'yesno'),
  rule('(?:define|explain|definition of|meaning of)', 'what'),
  rule('(?:the )?(?:best |good |easy |steps |tips )*(?:way|ways|steps|method) to', 'how'),
  rule(
    '(?:the )?(?:best |good )*(?:way|ways|steps|method|methods|instructions|procedure|process|guide) (?:of|for|to|on)(?= \\S+ing )',
    'how',
  ),
  rule('i must', 'request'),
  rule(
    `i (?:want|need|would like|wish|would love|am trying|am looking|plan|must|am planning)(?: help)? to`,
    'request',
    '@help',
  ),
  rule(
    'i (?:need|want|require|would like|must get|must have)(?: some| your)? (?:help|assistance)(?: to| with| in| on)?',
    'request',
    '@help',
  ),
  rule('(?:help|assist) me(?: to| with)?', 'request', '@help'),
  rule('need (?:some )?(?:help|assistance)(?: to| with| in| on)?', 'request', '@help'),
  rule(
    '(?:let us|let me|i would like you to|i want you to|i need you to|go ahead and|make sure to)',
    'request',
  ),
];
