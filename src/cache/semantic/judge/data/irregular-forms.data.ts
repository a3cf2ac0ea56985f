const FORMS =
  'go:went,gone,goes do:did,done,does have:had,has be:was,were,been,is,are,am get:got,gotten make:made take:took,taken ' +
  'give:gave,given come:came see:saw,seen know:knew,known think:thought find:found tell:told say:said become:became ' +
  'leave:left feel:felt bring:brought begin:began,begun keep:kept hold:held write:wrote,written stand:stood hear:heard ' +
  'mean:meant meet:met pay:paid run:ran sit:sat speak:spoke,spoken lead:led grow:grew,grown lose:lost fall:fell,fallen ' +
  'send:sent build:built understand:understood draw:drew,drawn break:broke,broken spend:spent drive:drove,driven ' +
  'buy:bought wear:wore,worn choose:chose,chosen win:won eat:ate,eaten sell:sold teach:taught catch:caught fly:flew,flown ' +
  'forget:forgot,forgotten sleep:slept steal:stole,stolen hide:hid,hidden throw:threw,thrown drink:drank,drunk ' +
  'sing:sang,sung swim:swam,swum ring:rang,rung fight:fought seek:sought shoot:shot lend:lent bend:bent feed:fed ' +
  'bleed:bled ride:rode,ridden rise:rose,risen shake:shook,shaken wake:woke,woken freeze:froze,frozen bite:bit,bitten ' +
  'dig:dug stick:stuck strike:struck swear:swore,sworn tear:tore,torn deal:dealt dream:dreamt learn:learnt burn:burnt ' +
  'spell:spelt spoil:spoilt smell:smelt lay:laid lie:lain forgive:forgave,forgiven prove:proven show:shown ' +
  'withdraw:withdrew,withdrawn overcome:overcame undo:undid,undone redo:redid,redone ' +
  'die:dying,died tie:tying,tied use:using,used,uses age:aging,ageing see:seeing agree:agreeing,agreed free:freed,freeing ' +
  'man:men woman:women child:children person:people,persons foot:feet tooth:teeth mouse:mice goose:geese ox:oxen ' +
  'life:lives wife:wives knife:knives leaf:leaves half:halves wolf:wolves shelf:shelves self:selves thief:thieves ' +
  'datum:data medium:media criterion:criteria phenomenon:phenomena index:indices,indexes matrix:matrices ' +
  'analysis:analyses crisis:crises thesis:theses basis:bases hypothesis:hypotheses diagnosis:diagnoses axis:axes ' +
  'bus:buses,busses gas:gases quiz:quizzes virus:viruses status:statuses bonus:bonuses lens:lenses ' +
  'shoe:shoes movie:movies cookie:cookies calorie:calories selfie:selfies lie:lies pie:pies tie:ties zombie:zombies ' +
  'math:maths,mathematics app:apps photo:photos,photograph,photographs,pic,pics ' +
  'ad:ads,advert,adverts,advertisement,advertisements phone:phones,telephone,telephones exam:exams,examination,examinations ' +
  'tv:tvs,television,televisions pc:pcs info:information';

/** Forms that no rule gives, and the words that they are forms of. */
export const IRREGULAR_FORMS: ReadonlyMap<string, string> = new Map(
  FORMS.split(' ').flatMap((entry) => {
    const [base = '', forms = ''] = entry.split(':');
    return forms.split(',').map((form): [string, string] => [form, base]);
  }),
);

/** Words that end like an inflected form and are none. */
export const NOT_INFLECTED: ReadonlySet<string> = new Set(
  (
    'news series species always perhaps physics politics economics mathematics ethics gymnastics athletics statistics ' +
    'lens plus thus this his us gas bus yes pus mars venus paris texas james kansas illinois arkansas dallas vegas ' +
    'thing king ring sing bring spring string wing sling swing evening morning ceiling during nothing something anything ' +
    'everything sibling wedding pudding sterling darling bed red shed feed need seed speed weed bleed breed indeed ' +
    'hundred sacred naked wicked rugged united limited children embed united alias atlas canvas christmas process ' +
    'business access address success express less christ windows aws ios macos sos bias chaos cosmos jesus ' +
    'wales netherlands philippines maldives bahamas sunglasses glasses jeans pants trousers scissors clothes goods ' +
    'customs savings earnings headquarters https ftps imaps smtps pandas keras postgres jenkins kubernetes rails emacs'
  ).split(' '),
);
