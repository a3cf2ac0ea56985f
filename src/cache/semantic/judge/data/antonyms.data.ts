/**
 * Opposites, and words that stand in the same place and must not be taken for each other. Slashes part the sides,
 * commas words of one side. Forms are found by their lemmas; opposites by prefix ("happy", "unhappy") by rule.
 */
const PAIRS =
  'get/give,lose times/plus,minus,divided plus/divided minus/divided ' +
  'on/off up/down in,into,inside/out,outside before/after,since above,over/below,under,underneath with/without for/against ' +
  'to,towards/from include/exclude within/beyond until,till/after,since front/back ahead/behind near,close/far left/right ' +
  'top/bottom upper/lower north/south east/west northern/southern eastern/western inner/outer internal/external ' +
  'indoor,indoors/outdoor,outdoors forward,forwards/backward,backwards clockwise/counterclockwise,anticlockwise ' +
  'horizontal/vertical horizontally/vertically row/column enable,activate/disable,deactivate start,begin,launch,commence/stop,end,finish,quit,cease ' +
  'start,begin/shutdown start/close increase,raise,grow,boost,gain,rise,heighten/decrease,reduce,lower,shrink,drop,fall,lose,decline,cut,lessen,minimize ' +
  'buy,purchase/sell,rent lend/borrow lender/borrower import/export encrypt/decrypt encode/decode compress/decompress,extract zip/unzip ' +
  'minimum,min,minimal/maximum,max,maximal minimize/maximize first/last,final win/lose winner/loser pass/fail succeed/fail ' +
  'success/failure lock/unlock open/close,shut,closed opened/closed install/uninstall,remove add,insert/remove,delete,subtract,deduct create,make,build/delete,destroy,break ' +
  'connect/disconnect attach/detach push/pull upload/download send/receive,get deposit/withdraw,withdrawal give/take,receive ' +
  'credit/debit income/expense,expenses revenue/cost profit/loss asset/liability accept,approve/reject,decline,deny,refuse allow,permit/forbid,prevent,block,prohibit,ban,disallow ' +
  'agree/disagree like,love/hate,dislike love/hate remember/forget arrive/leave,depart arrival/departure arriving/departing enter/exit,leave come/go ' +
  'login,signin,logon/logout,signout,logoff sign/resign join/leave,quit hire/fire employ/dismiss employer/employee teach/learn teacher/student ask/answer ' +
  'question/answer cause/effect cause/prevent,cure attack/defend offense/defense offensive/defensive save/spend,waste,delete save/lose mute/unmute ' +
  'show,display,reveal/hide,conceal expand/collapse,contract,shrink extend/shorten,retract zoom/unzoom merge/split join/split,separate,divide combine/separate multiply/divide ' +
  'plus/minus addition/subtraction multiplication/division positive/negative true/false right,correct/wrong,incorrect yes/no good,great,best,better/bad,worst,worse,poor ' +
  'better/worse best/worst more/less,fewer most/least,fewest many,much/few,little high,tall/low,short higher/lower highest/lowest long/short longer/shorter longest/shortest ' +
  'big,large,huge/small,little,tiny bigger,larger/smaller biggest,largest/smallest fast,quick,rapid/slow faster,quicker/slower fastest/slowest quickly,fast/slowly ' +
  'cheap,inexpensive,affordable/expensive,costly,pricey cheaper/costlier cheapest/costliest hot,warm/cold,cool hotter,warmer/colder,cooler hottest/coldest heat,warm/cool,freeze old/new,young older/newer,younger ' +
  'oldest/newest,youngest early/late earlier/later earliest/latest easy,simple/hard,difficult,complex,complicated easier/harder easiest/hardest strong/weak stronger/weaker strongest/weakest strengthen/weaken ' +
  'heavy/light dark/light bright/dark,dim darken/lighten brighten/dim,darken hard/soft thick/thin thicker/thinner fat/thin,slim,lean wide,broad/narrow deep/shallow full/empty fill/empty rich,wealthy/poor ' +
  'clean/dirty wet/dry dry/moist,wet smooth/rough sharp/dull,blunt loud/quiet,silent safe/dangerous,unsafe,risky happy/sad,unhappy pretty,beautiful/ugly smart,intelligent,clever/stupid,dumb ' +
  'alive/dead live/die life/death birth/death born/dead healthy/sick,ill,unhealthy sane/insane awake/asleep sober/drunk married/single,divorced,unmarried marry/divorce marriage/divorce guilty/innocent ' +
  'male/female man/woman boy/girl men/women husband/wife father,dad/mother,mom son/daughter brother/sister uncle/aunt king/queen boyfriend/girlfriend he,him,his/she,her,hers masculine/feminine ' +
  'gentleman/lady prince/princess actor/actress nephew/niece grandfather/grandmother groom/bride parent/child adult/child,kid ' +
  'public/private publicly/privately formal/informal legal/illegal lawful/unlawful temporary/permanent temporarily/permanently manual/automatic manually/automatically static/dynamic active/passive,inactive online/offline ' +
  'wired/wireless analog/digital analogue/digital physical/virtual hardware/software frontend/backend client/server input/output read/write source/destination,target source/target sender/recipient,receiver ' +
  'ascending/descending ascend/descend ascent/descent asc/desc increase/decrease forward/reverse odd/even prime/composite vowel/consonant noun/verb singular/plural prefix/suffix header/footer parent/child ' +
  'ancestor/descendant predecessor/successor previous,prior,past/next,following,upcoming past/future,present history/future ancient/modern old/modern traditional/modern domestic/international,foreign local/global,remote local/foreign import/export ' +
  'day/night daytime/nighttime morning/evening,night,afternoon afternoon/evening am/pm summer/winter spring/autumn,fall sunrise/sunset dawn/dusk weekday/weekend daily/weekly,monthly,yearly,hourly weekly/monthly,yearly monthly/yearly,annual,annually ' +
  'yesterday/today,tomorrow today/tomorrow tonight/tomorrow always/never,sometimes,rarely often,frequently,usually/rarely,seldom,never all,every,each,both/none,no,neither everyone,everybody/nobody,none everything/nothing ' +
  'some,any/none,no,neither someone,anyone/nobody something,anything/nothing everywhere/nowhere all,every/some,few,most,only,many,several both/either,neither majority/minority whole/half,part,partial entire/partial full/partial,half completely,fully/partially,partly ' +
  'at_least/at_most minimum/maximum floor/ceiling lower/upper advantage,benefit,pro/disadvantage,drawback,con,risk,downside advantages,benefits,pros/disadvantages,drawbacks,cons,risks,downsides strength/weakness upside/downside ' +
  'optimist/pessimist optimistic/pessimistic introvert/extrovert theist/atheist atheist/christian,believer liberal/conservative democrat/republican democratic/republican capitalist/communist,socialist capitalism/communism,socialism war/peace friend/enemy ally/enemy hero/villain ' +
  'heaven/hell god/devil angel/demon buyer/seller customer/vendor,seller landlord/tenant doctor/patient lawyer/client host/guest predator/prey victim/attacker,criminal leader/follower boss/employee master/slave ' +
  'supply/demand surplus/deficit,shortage abundance/scarcity import/export inflation/deflation bull/bear bullish/bearish short/long appreciation/depreciation appreciate/depreciate promote/demote promotion/demotion upgrade/downgrade upstream/downstream ' +
  'inbound/outbound incoming/outgoing inward/outward upward,upwards/downward,downwards uphill/downhill upstairs/downstairs overseas/domestic overweight/underweight overpaid/underpaid overrated/underrated overestimate/underestimate overcharge/undercharge ' +
  'follow/unfollow,lead subscribe/unsubscribe like/unlike friend/unfriend freeze/unfreeze,melt,thaw melt/freeze boil/freeze cooked/raw raw/processed pay/earn,receive pay/refund charge/refund charge/discharge,drain charged/refunded earn/spend,lose ' +
  'earning/spending saving/spending gain/lose find/lose found/lost hire/rent build/demolish,destroy construct/destroy construction/destruction produce/consume producer/consumer production/consumption inhale/exhale import/export land/takeoff ' +
  'accelerate/brake,decelerate,slow speed/slow hurry/slow expensive/free paid/free,unpaid busy/idle,free vacant/occupied available/unavailable,busy present/absent presence/absence include/omit,exclude included/excluded inclusive/exclusive attract/repel ' +
  'tighten/loosen tight/loose wrap/unwrap tie/untie fold/unfold load/unload plug/unplug pack/unpack cover/uncover dress/undress bind/unbind freeze/thaw pause/resume,continue,play continue/stop,quit stay,remain/leave,go keep/delete,discard,remove,lose keep/change ' +
  'retain/lose admit/deny admit/discharge confirm/cancel,deny,decline book/cancel order/cancel,return schedule/cancel subscribe/cancel renew/cancel borrow/return buy/return repair,fix/break,damage fix/break solve/cause cure/cause heal/hurt,injure improve/worsen,damage,harm ' +
  'help/hurt,harm,hinder,prevent helpful/harmful support/oppose,attack,reject support/opposition praise/criticize,blame compliment/insult reward/punish,punishment protect/attack,harm,expose defend/attack build/tear pro/anti trust/distrust,doubt believe/doubt,disbelieve respect/disrespect ' +
  'obey/disobey comply/violate follow/break,violate honest/dishonest loyal/disloyal polite/rude kind/cruel,mean brave/coward,cowardly generous/stingy,greedy patient/impatient lazy/hardworking,diligent calm/angry,anxious relax/stress attractive/ugly tall/short fertile/infertile,barren ' +
  'vegetarian/meat vegan/meat sweet/sour,bitter,salty natural/artificial,synthetic real/fake,imaginary genuine/fake original/copy,fake organic/inorganic,synthetic acid/base,alkali acidic/basic,alkaline metal/nonmetal conductor/insulator solid/liquid,gas liquid/gas cation/anion anode/cathode ' +
  'proton/electron oxidation/reduction endothermic/exothermic mitosis/meiosis artery/vein aerobic/anaerobic kinetic/potential concave/convex parallel/perpendicular,series numerator/denominator integral/derivative differentiate/integrate sine/cosine mean/median sum/difference ' +
  'row/column stack/queue push/pop encode/decode serialize/deserialize,parse marshal/unmarshal commit/revert,rollback push/pull checkout/checkin lock/unlock sync/async synchronous/asynchronous mutable/immutable compile/decompile compiled/interpreted abstract/concrete ' +
  'allocate/free,deallocate bind/release acquire/release mount/unmount register/unregister,deregister,resign prepend/append head/tail horizontal/vertical portrait/landscape uppercase/lowercase upper/lower bold/italic capitalize/lowercase front/rear major/minor senior/junior ' +
  'undergraduate,bachelor/graduate,postgraduate,master,phd primary/secondary elementary/secondary theory/practice theoretical/practical qualitative/quantitative subjective/objective explicit/implicit direct/indirect rural/urban land/sea civilian/military civil/criminal pedestrian/driver';

/** Words of a side, by a word of another: sorted by neither. */
export function antonyms(): ReadonlyMap<string, ReadonlySet<string>> {
  return tableOf(PAIRS);
}

/** Prefixes that turn a meaning round: "install" and "uninstall". */
export const OPPOSING_PREFIXES: readonly string[] = [
  'un',
  'in',
  'im',
  'ir',
  'il',
  'dis',
  'non',
  'non-',
  'mis',
  'de',
  'anti',
  'anti-',
  'a',
  're',
  'ex',
  'ex-',
  'pre',
  'pre-',
  'post',
  'post-',
  'under',
  'over',
  'sub',
  'super',
  'hyper',
  'hypo',
  'inter',
  'intra',
  'micro',
  'macro',
  'self-',
  'semi',
  'semi-',
];

function tableOf(pairs: string): ReadonlyMap<string, ReadonlySet<string>> {
  const table = new Map<string, Set<string>>();
  const put = (x: string, y: string) => {
    const set = table.get(x);
    if (set === undefined) table.set(x, new Set([y]));
    else set.add(y);
  };
  for (const pair of pairs.split(' ')) {
    const sides = pair.split('/').map((side) => side.split(','));
    for (const [i, left] of sides.entries())
      for (const right of sides.slice(i + 1))
        for (const x of left)
          for (const y of right) {
            put(x, y);
            put(y, x);
          }
  }
  return table;
}
