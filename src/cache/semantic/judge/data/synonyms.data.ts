/**
 * Words that an asker may exchange without asking for another answer, a group a line. A word may stand in several
 * groups; two words are synonyms when one group holds both. Kept narrow on purpose: what is merely near is not here.
 * One table, longer than other files may be: parts of it would differ in nothing but their place.
 */
const GROUPS = `
buy purchase
turn switch
earnmoney earn
handle manage
handle overcome cope deal
processor cpu
technical tech
fear scared afraid
betting gambling
stay live
reveal disclose
rotate spin
hacked compromised
accepted admitted
guarantee ensure
tackle beat overcome handle
prefer like
daily everyday
dailylife life
favorite best
favourite favorite
economic economics
dislike hate
cutoff cut-off
grocery groceries
store shop
shopping shop
hangout hang
resume cv
bike bicycle
motorbike motorcycle
soccer football
airport airfield
holiday vacation
elevator lift
truck lorry
sweets candy
sidewalk pavement
subway metro underground
cellphone mobile
bathroom toilet restroom
trash garbage
rubbish garbage
zip postal postcode
vacuum hoover
attorney lawyer
couch sofa
cab taxi
autumn fall
sneakers trainers
repository repo
folder directory
database db
kubernetes k8s
javascript js
typescript ts
python py
configuration config
configure set_up setup
directory dir
environment env
specification spec
documentation docs
administrator admin
temporary temp
maximum max
minimum min
average avg mean
approximately approx
authentication auth
parameter param
argument arg
string str
integer int
boolean bool
regular_expression regex
get obtain acquire receive gain
earn make
remove delete erase eliminate
rid remove eliminate
fix repair solve resolve
solve overcome resolve
cure treat heal
treat treatment
cure treatment remedy treatment
stop quit avoid cease
stop prevent avoid
begin start commence
end finish
choose select pick
help assist aid
teen teenage
fingernail nail
curriculum syllabus
craziest weirdest strangest
strangest weirdest bizarre
illegal outlawed
show display
tell inform
speak talk
big large huge
great good nice
best top greatest finest
cool interesting awesome amazing great
fast quick rapid quickly rapidly
fast speedy
small little tiny
smart intelligent clever
stupid dumb
hard difficult tough
easy simple
cheap inexpensive affordable
expensive costly pricey
rich wealthy
wealthy millionaire
happy glad
sad unhappy
afraid scared
fear phobia
beautiful pretty gorgeous
lovely beautiful
famous popular wellknown
important significant crucial
importance significance
wrong incorrect
right correct
correct accurate
child kid
children kids
mom mother mum
dad father
grandmother grandma
grandfather grandpa
lady woman
car automobile
movie film
picture photo image pic
job career
job employment
job work
career profession
firm company business
company corporation
organization organisation
salary pay wage income
cost price fee charge
money cash
test exam examination
prepare study
prepare preparation
learn study
learn master
teacher instructor
doctor physician
lawyer attorney
city town
country nation
world globe earth
house home
apartment flat
phone smartphone mobile cellphone
mobile cell
laptop notebook
computer pc
app application
program software
website site webpage
internet web online
email e-mail mail
error bug
issue problem trouble
way method approach technique means
tip trick hack advice suggestion
trick technique
trait characteristic feature
feature functionality
use utilize utilise employ
difference distinction differ different
different difference differ
distinguish differentiate
compare comparison
same identical
similar alike
cause reason
effect impact influence consequence affect
affect impact influence
benefit advantage pro
benefits advantages pros
disadvantage drawback con downside
pros advantages
cons disadvantages
purpose aim goal objective
goal target
meaning definition mean define
example instance
kind type sort
list enumerate
change alter modify
change switch
improve enhance better
increase raise boost
increase grow
reduce decrease lower lessen
weigh weight
tall height
high height
wide width
deep depth
heavy weight
belly stomach tummy
skin complexion
hair hairs
job vacancy
recruit hire
interview interviews
learn learning
ask question
answer reply respond
answer response
opinion view thought
think opinion
believe belief
convince persuade
idea concept
trip journey travel
tour trip
visit travel
visit see
hotel accommodation
place spot location
location where
near nearby close
restaurant eatery
food meal
eat consume
recipe cook
sick ill
enough sufficient
die dead death
drug medicine medication
pill tablet
rest relax
exercise workout
sleep asleep
dream dreams
husband spouse
wife spouse
marry marriage married wed
wedding marriage
divorce separation
date dating
war conflict
dead died
born birth
alive living
happen occur
occur happen
create make build
build construct
make produce
develop build
create develop
write compose
book novel
song music
listen hear
watch see view
see view
look seem
need require
mandatory compulsory obligatory required
must have
requirement need
necessary required needed
want wish desire
need want
like love enjoy
hate dislike
hobby pastime
game sport
play player
win victory
popular famous
main major primary principal
total overall
full complete entire
whole entire
free gratis complimentary
cancel call_off
terminate cancel
refund reimburse reimbursement
reset recover
recover retrieve restore
restore recover
password passcode
pin passcode
transfer send
send deliver
deliver delivery ship shipping
arrive come
arrive delivered
track trace
lost missing
lose misplace
stolen theft
balance funds
deposit topup
top_up topup reload
charge fee
exchange convert
convert conversion
verify confirm
verification confirmation
identity identification id
activate enable activation
disable deactivate
setup configure
install installation
install set
update upgrade
connect link
join enter
enter entrance
open launch
save store
contact reach
call phone ring
message text
chat talk
schedule plan
appointment meeting
meeting conference
reminder alert
alarm alert
alert notification
weather forecast
temperature degrees
rain raining
translate translation
word term
phrase expression
sentence phrase
pronounce say
spell spelling
synonym synonyms
direction directions
route directions
drive driving
distance far
traffic congestion
gas petrol fuel
repair fix
reserve book
reservation booking
book booking
flight plane
airplane plane
luggage baggage
vacation holiday
holiday break
joke jokes
funny humorous hilarious
boring dull
scary frightening horror
weird strange odd
strange weird
crazy insane
common frequent
rare uncommon
normal usual
possible feasible
permitted allowed
allowed legal
illegal unlawful
safe secure
safety security
danger risk
dangerous risky unsafe
various different
several many
lot many
numerous many
often frequently
usually normally generally typically
always constantly
quickly fast
slowly slow
immediately instantly
soon shortly
recently lately
currently now
today nowadays
actually really
probably likely
maybe perhaps
approximately about around roughly
nearly almost
only solely
completely totally fully entirely
permanently forever
naturally natural
easily easy
effectively effective
online internet
programming coding
code coding program
code programming
programmer coder developer
developer engineer
language languages
beginner newbie novice
newcomer newbie
expert professional
student pupil
college university
university school
degree graduation
course class
subject topic
marks grades scores
score marks
rank ranking
syllabus curriculum
institute institution
startup business
entrepreneur businessman
business venture
invest investment investing
investor investing
stock share
stocks shares
market marketing
advertise advertising ad
customer client
employee worker staff
boss manager
leader leadership
government govt
president presidency
election elections
vote voting
law legislation
police cops
cop police
crime offence
prison jail
religion faith
religious religion
universe cosmos
planet planets
alien extraterrestrial
science scientific
theory hypothesis
experiment experiments
formula equation
calculate compute calculation
calculate find
solve solution
solution fix
graph chart
draw sketch
color colour
shape form
size dimensions
speed velocity
engine motor
machine device
device gadget
tool instrument
equipment gear
garbage trash rubbish waste
clothes clothing
wear dress
pants trousers
shoe footwear
gift present
party celebration
friend buddy
enemy foe
intercourse sex
sex sexual
sexually sexual
masturbate masturbation
pregnant pregnancy
pet pets
follower followers
follow following
video videos
channel channels
upload post
post publish
share post
download save
block ban
unblock unban
delete deactivate
hack crack
hacker hackers
virus malware
secure protect
protect secure
privacy private
anonymous anonymously
incognito private
hide conceal
find locate
find discover
search seek
discover find
realize realise
understand comprehend
explain describe
explanation explain
describe description
suggest recommend
recommendation suggestion
advise advice
guide tutorial
instruction guide
review reviews
motivate motivated motivation
motivated motivation
concentrate focus concentration
focus concentration
confident confidence
confidence selfconfidence
depressed depression
anxious anxiety
stressed stress
angry anger
lonely loneliness
addiction addicted
procrastinate procrastination procrastinating
success successful succeed
succeed successful
fail failure
lazy laziness
habit habits
improve improvement
strong strength
strength strengths
bald baldness
acne pimple pimples
scar scars
teeth tooth
pain ache
headache migraine
diet dieting
calorie calories
thin slim skinny
fat chubby overweight
fit fitness
muscle muscles
cigarette smoking
smoke smoking
weed marijuana cannabis
alcohol liquor
drink beverage
drunk intoxicated
usa us america states
uk britain england
india indian
indian india
china chinese
chinese china
america american
american usa us
russia russian
germany german
france french
spain spanish
japan japanese
korea korean
italy italian
canada canadian
ability skill
stance position
destination place spot
created formed
misleading deceptive deceiving
solo lone alone
support assistance
skilled experienced
tackle address
called considered
handsome attractive
symptom sign
hire employ
assess evaluate
obstacle barrier hurdle
error mistake
rubbish nonsense
trustworthy reliable
chance likelihood probability odds
quarrel argue
calm soothe
rapidly quickly
remedy cure
staff personnel
feedback review
requirement prerequisite
applicant candidate
suitcase luggage
photograph photo picture
australia australian
pakistan pakistani
israel israeli
europe european
africa african
mexico mexican
britain british
british uk
christianity christian
islam islamic muslim
hinduism hindu
`;

/** Numbers of the groups that hold a word. */
export function synonymGroups(): ReadonlyMap<string, readonly number[]> {
  return tableOf(GROUPS);
}

function tableOf(groups: string): ReadonlyMap<string, readonly number[]> {
  const table = new Map<string, number[]>();
  for (const [i, line] of groups.trim().split('\n').entries()) {
    for (const word of line.split(' ')) {
      const numbers = table.get(word);
      if (numbers === undefined) table.set(word, [i]);
      else numbers.push(i);
    }
  }
  return table;
}
