const PHRASES =
  'get in touch with:contact | getting in touch with:contact | got in touch with:contact | be in touch with:contact | get hold of:reach | get a hold of:reach | getting hold of:reach | by means of:with | with the help of:with | free of charge:free | for free:free | ' +
  'get rid of:remove | not have to:needless | not need to:needless | am used to:accustomed | getting rid of:remove | give up:quit | giving up:quit | find out:discover | log in:login | log on:login | log into:login | sign in:login | log out:logout | ' +
  'log off:logout | sign out:logout | sign up:register | set up:setup | look for:find | looking for:find | look up:find | carry out:do | ' +
  'a lot of:many | lots of:many | a lot:much | a few:few_some | a couple of:few_some | a bit:slightly | a little:slightly | at least:at_least | at most:at_most | no more than:at_most | no less than:at_least | not more than:at_most | not less than:at_least | ' +
  'more than:more_than | less than:less_than | fewer than:less_than | greater than:more_than | up to:at_most | as well as:and | such as:like | ' +
  'in order to:to | so as to:to | due to:because | because of:because | instead of:instead_of | rather than:instead_of | out of:from | in front of:before_place | next to:beside | close to:near | prior to:before | ' +
  'anything but:not | no longer:not anymore | not any more:not anymore | of all time:% | of all times:% | come across:find | came across:find | at all:at_all | after all:at_all | all over:throughout | all around:throughout | above all:at_all | ' +
  'not only:also | or not:% | by myself:% | by yourself:% | by oneself:% | by themselves:% | step by step:% | if so why:% | why or why not:% | and if so why:% | if yes why:% | if yes then why:% | if so then why:% | if any:% | in your opinion:% | according to you:% | stop myself from:stop | stop yourself from:stop | stop oneself from:stop | prepare myself:prepare | prepare yourself:prepare | if not:otherwise | as soon as possible:immediately | asap:immediately | right away:immediately | right now:now | ' +
  'united states of america:usa | united states:usa | u s a:usa | u.s.a:usa | u.s:usa | u.k:uk | united kingdom:uk | new york city:nyc | artificial intelligence:ai | machine learning:ml | ' +
  'wi fi:wifi | wi-fi:wifi | e mail:email | e-mail:email | cell phone:mobile | mobile phone:mobile | smart phone:smartphone | ' +
  'work out:workout | break up:breakup | back up:backup | shut down:shutdown | turn up:turnup | check in:checkin | check out:checkout | ' +
  'each other:eachother | one another:eachother | one of:one_of | have to:must | has to:must | had to:must | need to:must | needs to:must | ought to:should | ' +
  'used to:usedto | able to:able | am unable to:can not | are unable to:can not | is unable to:can not | unable to:can not | am not able to:can not | not able to:can not | per cent:percent | square feet:sqft | square foot:sqft | sq ft:sqft | ' +
  'top up:topup | topping up:topup | topped up:topup | bank account:account | make up:makeup | what happens:what happen | difference between:difference | differences between:difference | ' +
  'over time:% | as a beginner:as beginner | keep in mind:remember | make money:earnmoney | making money:earnmoney | made money:earnmoney | earn money:earnmoney | earning money:earnmoney | any way:a way | anyway to:way to | take place:happen | takes place:happen | took place:happen | fall asleep:sleep | lose weight:weightloss | losing weight:weightloss | weight loss:weightloss | deal with:handle | dealing with:handle | ' +
  'used for:purpose | use for:purpose | use of:purpose of | uses of:purpose of | purpose of:purpose of | in life:% | in my life:% | in our life:% | in your life:% | of your life:% | of my life:% | in our lives:% | in the world:% | of the world:% | in this world:% | on earth:% | worldwide:% | globally:% | ' +
  'feel like:sensation | feels like:sensation | get over:overcome | real life:reallife | daily life:dailylife | everyday life:dailylife | web site:website | web sites:website | ' +
  'and why:% | & why:% | and how:and how | for you:for you | high school:highschool | search engine optimization:seo | ' +
  'how to:howto | how i can:how can i | how we can:how can we | how you can:how can you | how i could:how can i | how one can:how can one | how i should:how should i | how i will:how will i';

/** Runs of words and the words that stand for them, by the first word; the longest first. */
export const PHRASES_BY_FIRST: ReadonlyMap<string, readonly Phrase[]> = tableOf();

/** A run of words, and what it is read as. */
export interface Phrase {
  readonly words: readonly string[];
  readonly reading: readonly string[];
}

function tableOf(): ReadonlyMap<string, readonly Phrase[]> {
  const table = new Map<string, Phrase[]>();
  for (const entry of PHRASES.split('|')) {
    const [from = '', to = ''] = entry.trim().split(':');
    const words = from.split(' ');
    const phrase = { words, reading: to === '%' ? [] : to.split(' ') };
    const list = table.get(words[0] as string);
    if (list === undefined) table.set(words[0] as string, [phrase]);
    else list.push(phrase);
  }
  for (const list of table.values()) list.sort((x, y) => y.words.length - x.words.length);
  return table;
}
