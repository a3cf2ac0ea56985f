// Word lists of the minimal pairs. General knowledge, written for this bench.

type Pair = readonly [string, string];

/** Reads `a/b c/d` into pairs; an underscore stands for a blank. */
function pairs(text: string): Pair[] {
  return text
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [a = '', b = ''] = entry.replaceAll('_', ' ').split('/');
      return [a, b];
    });
}

/** Reads words, an underscore standing for a blank. */
function words(text: string): string[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll('_', ' '));
}

export const VERB_ANTONYMS = pairs(`
  enable/disable activate/deactivate increase/decrease buy/sell buying/selling bought/sold open/close opening/closing
  opened/closed start/stop starting/stopping started/stopped begin/end add/remove adding/removing added/removed
  accept/reject accepted/rejected accepted/declined lock/unlock locked/unlocked freeze/unfreeze block/unblock
  blocked/unblocked win/lose winning/losing gain/lose lend/borrow save/spend saving/spending raise/lower push/pull
  remember/forget love/hate loves/hates allow/forbid allowed/forbidden install/uninstall connect/disconnect
  include/exclude hide/show attach/detach encrypt/decrypt subscribe/unsubscribe follow/unfollow import/export
  upload/download deposit/withdraw join/leave arrive/depart send/receive sending/receiving sent/received live/die
  create/delete creating/deleting created/deleted succeed/fail expand/shrink mute/unmute pass/fail fill/empty
  attack/defend strengthen/weaken arrived/left hire/fire`);

export const QUALITY_ANTONYMS = pairs(`
  best/worst good/bad better/worse new/old old/young fast/slow cheap/expensive cheapest/dearest hot/cold high/low
  early/late earlier/later safe/dangerous legal/illegal possible/impossible happy/sad rich/poor strong/weak long/short
  easy/difficult easiest/hardest easily/hardly first/last highest/lowest largest/smallest biggest/smallest
  longest/shortest fastest/slowest big/small large/tiny clean/dirty true/false public/private internal/external
  positive/negative healthy/unhealthy necessary/unnecessary visible/invisible valid/invalid correct/incorrect
  available/unavailable successful/unsuccessful advantages/disadvantages advantage/disadvantage pros/cons
  strengths/weaknesses benefits/drawbacks formal/informal temporary/permanent permanently/temporarily domestic/foreign
  local/international male/female before/after inside/outside indoor/outdoor above/below
  quickest/slowest full/empty wet/dry dark/light bright/dim heavy/light deep/shallow`);

export const SWITCHES = pairs(`
  turn_on/turn_off turned_on/turned_off turning_on/turning_off switch_on/switch_off switch_on/switch_off
  lights_on/lights_off light_on/light_off log_in/log_out sign_in/sign_out opt_in/opt_out check_in/check_out
  turn_up/turn_down go_up/go_down volume_up/volume_down pick_up/drop_off wake_up/fall_asleep put_on/take_off
  getting_on/getting_off get_on/get_off lights_up/lights_down going_up/going_down plug_in/unplug
  moving_in/moving_out move_in/move_out socket_on/socket_off plug_on/plug_off cleaner_on/cleaner_off`);

export const COUNTERPARTS = pairs(`
  debit/credit sender/recipient employer/employee buyer/seller landlord/tenant teacher/student doctor/patient men/women
  man/woman boys/girls boy/girl husband/wife mother/father brother/sister son/daughter guy/girl guys/girls
  deposit/withdrawal deposits/withdrawals checking/savings income/expenses import/export input/output front/back
  north/south lunch/dinner breakfast/dinner morning/evening summer/winter parents/children boyfriend/girlfriend
  uncle/aunt host/guest client/server question/answer questions/answers liberals/conservatives democrats/republicans
  christians/muslims supply/demand cause/effect muscle/fat departure/arrival entry/exit physical/virtual
  left_hand/right_hand introvert/extrovert introverts/extroverts adults/children seller/buyer refund/charge
  past/future problem/solution birth/death hardware/software weekdays/weekends`);

export const COMPARISONS = pairs(`
  more/less more/fewer bigger/smaller larger/smaller higher/lower faster/slower cheaper/costlier older/younger
  stronger/weaker longer/shorter taller/shorter greater/less at_least/at_most more_than/less_than over/under
  above/below better/worse better_than/worse_than richer/poorer harder/easier up_to/more_than maximum/minimum
  most/least`);

export const OPERATORS: readonly Pair[] = [
  ['a == b', 'a != b'],
  ['x < 10', 'x > 10'],
  ['x <= 5', 'x < 5'],
  ['a && b', 'a || b'],
  ['i++', 'i--'],
  ['a + b', 'a - b'],
  ['a * b', 'a / b'],
  ['-1', '1'],
  ['n >= 3', 'n <= 3'],
  ['*.ts', '*.tsx'],
  ['x = y', 'x == y'],
  ['--force', '--dry-run'],
];

export const WEEKDAYS = words('Monday Tuesday Wednesday Thursday Friday Saturday Sunday');
export const DAYS = words('today tomorrow yesterday');
export const MONTHS = words(
  'January February April June July August September October November December Jan Feb Aug Sept Oct Nov Dec',
);
export const SPANS = words(
  'this_week next_week last_week this_month next_month last_month this_year next_year last_year',
);
export const FREQUENCIES = words('daily weekly monthly yearly hourly annually');
export const HOLIDAYS = words('Christmas Easter Thanksgiving Halloween New_Year Diwali Ramadan');

export const PLURAL_UNITS = [
  words('kilometers miles meters yards kilometres metres km'),
  words('seconds minutes hours days weeks months years decades'),
  words('kilograms pounds ounces grams kg lbs tons'),
  words('liters gallons cups pints litres tablespoons teaspoons'),
  words('kb mb gb tb megabytes gigabytes'),
  words('celsius fahrenheit kelvin'),
  words('mph kmph'),
  words('volts watts amps'),
];
export const SINGULAR_UNITS = [words('mile kilometer meter inch')];
export const SCALES = [words('hundred thousand million billion trillion crore lakh'), words('percent cents')];

export const CURRENCIES = [
  words('dollars euros pounds yen rupees pesos rubles francs yuan'),
  words('dollar euro yen rupee peso ruble franc'),
  words('USD EUR GBP JPY INR AUD CAD CHF'),
];

export const NUMBER_WORDS = [
  words('two three four five six seven eight nine ten eleven twelve twenty thirty fifty'),
  words('first third fourth fifth sixth 1st 2nd 3rd 4th'),
];

export const FULL_NAMES = words(`
  Donald_Trump Hillary_Clinton Barack_Obama Narendra_Modi Bill_Gates Steve_Jobs Elon_Musk Mark_Zuckerberg
  Bernie_Sanders Vladimir_Putin Albert_Einstein Mahatma_Gandhi Arvind_Kejriwal Rahul_Gandhi Warren_Buffett
  George_Bush Michael_Jackson Abraham_Lincoln Isaac_Newton Taylor_Swift Adolf_Hitler Jon_Snow Sherlock_Holmes`);
export const LAST_NAMES = words(
  'Trump Clinton Obama Modi Hitler Putin Einstein Newton Gandhi Kejriwal Lincoln Stalin Napoleon Shakespeare',
);
export const FIRST_NAMES = words(`
  John Mary James Sarah David Maria Michael Anna Robert Laura Peter Emma Paul Julia Tom Kate Steve Lisa Bob Alice Joe
  Jane Adam Susan Kevin Rachel Brian Karen Jim Sam Ben Bill Tim Mike Jack Allison Rajesh Priya Ahmed Fatima Carlos`);

export const COUNTRIES = words(`
  India China Japan France Germany Italy Spain Canada Australia Mexico Brazil Russia England Pakistan Ireland
  Scotland Sweden Norway Denmark Poland Greece Egypt Kenya Nigeria Argentina Vietnam Thailand Indonesia Singapore
  Switzerland Austria Netherlands Portugal Korea Iran Iraq Israel Cuba Chile Peru Hawaii Ghana America
  the_US the_UK the_USA`);
export const CITIES = words(`
  London Paris New_York Chicago Boston Tokyo Delhi Mumbai Bangalore Berlin Rome Madrid Sydney Toronto Seattle Dallas
  Houston Miami Denver Atlanta Phoenix Austin Orlando Chennai Hyderabad Pune Kolkata Los_Angeles San_Francisco
  San_Diego Las_Vegas Portland Philadelphia Detroit Dublin Moscow Beijing Shanghai Dubai Amsterdam Vienna`);
export const STATES = words(
  'California Texas Florida Ohio Utah Nevada Oregon Arizona Colorado Georgia Virginia Alaska Montana Kansas',
);

export const LANGUAGES = words(`
  Spanish French German Italian Japanese Chinese Russian English Korean Arabic Hindi Portuguese Dutch Swedish Polish
  Tamil Telugu Mandarin Latin Hebrew Indian American British Mexican Australian Canadian`);

export const PRODUCTS = [
  words(`Python Java C# Ruby Rust Kotlin Swift PHP JavaScript TypeScript Perl Scala Haskell Fortran`),
  words(`iPhone Android Blackberry`),
  words(`Windows Linux macOS Ubuntu`),
  words(`Facebook Instagram Twitter Snapchat WhatsApp LinkedIn YouTube Quora Reddit Tinder Pinterest Netflix Spotify
    Gmail Google Yahoo Bing Amazon eBay Uber PayPal Skype Telegram Dropbox`),
  words(`Visa Mastercard Amex Discover`),
  words(`Apple_Pay Google_Pay Samsung_Pay`),
  words(`Apple Samsung Google Microsoft Sony Nokia Intel Xiaomi Dell HP Lenovo Asus`),
  words(`MySQL PostgreSQL MongoDB Redis SQLite Oracle`),
  words(`JSON CSV XML YAML Parquet`),
  words(`pandas NumPy PyTorch TensorFlow JAX Keras Spark`),
  words(`Chase Citibank HSBC Barclays Santander Wells_Fargo Bank_of_America`),
  words(`Honda Toyota BMW Audi Tesla Ford Hyundai Nissan Volkswagen`),
];

export const COLOURS = words('red blue green black white yellow brown orange purple pink grey gray');

export const SIBLINGS = [
  words('dog cat horse bird monkey rabbit cow lion tiger elephant'),
  words('dogs cats horses birds monkeys'),
  words('coffee tea beer wine milk juice water'),
  words('pizza pasta sushi burger soup salad tacos'),
  words('chicken beef pork fish rice bread cheese potato onion'),
  words('car bike bus train taxi motorcycle plane truck boat'),
  words('hotel restaurant bar cafe airport hospital library museum school'),
  words('music movie book game podcast song'),
  words('math physics chemistry biology history economics'),
  words('engineering medicine law MBA'),
  words('guitar piano flute violin drums'),
  words('football soccer basketball baseball tennis cricket'),
  words('passport visa'),
  words('email phone text fax'),
  words('alarm reminder timer'),
  words('kitchen bedroom bathroom garage'),
  words('gold silver platinum'),
  words('eyes hair skin teeth knees'),
  words('running walking swimming sleeping jumping dancing singing'),
  words('list calendar note'),
  words('rent mortgage insurance tax'),
  words('weather traffic news'),
];

export const VERSIONS: readonly Pair[] = [
  ['3.9', '3.10'],
  ['2.0', '2.1'],
  ['v1', 'v2'],
  ['1.4.2', '1.4.3'],
  ['v0.12.0', 'v0.12.1'],
  ['16', '18'],
  ['5.0-beta', '5.0'],
  ['2023.1', '2023.2'],
  ['11', '10'],
];

export const IDENTIFIERS: readonly Pair[] = [
  ['`get_user_id`', '`get_user_ids`'],
  ['`loadData()`', '`saveData()`'],
  ['error E1042', 'error E1024'],
  ['ticket ABC-123', 'ticket ABC-132'],
  ['`MAX_RETRIES`', '`MIN_RETRIES`'],
  ['order 88431-X', 'order 88431-Y'],
  ['`user.name`', '`user.email`'],
  ['error code 404', 'error code 403'],
  ['`useEffect`', '`useState`'],
  ['the column created_at', 'the column updated_at'],
  ['SKU TX9-4410', 'SKU TX9-4401'],
  ['`--no-cache`', '`--cache`'],
  ['commit 9f3c2ab', 'commit 9f3c2ba'],
  ['`is_valid`', '`is_invalid`'],
  ['flight BA117', 'flight BA171'],
  ['CVE-2021-44228', 'CVE-2021-45046'],
];

export const PATHS: readonly Pair[] = [
  ['/etc/nginx/nginx.conf', '/etc/nginx/conf.d/default.conf'],
  ['src/index.ts', 'src/main.ts'],
  ['~/.bashrc', '~/.bash_profile'],
  ['/var/log/syslog', '/var/log/auth.log'],
  ['C:\\Users\\me', 'C:\\Users\\you'],
  ['data/train.csv', 'data/test.csv'],
  ['./config.json', '../config.json'],
  ['/home/app/.env', '/home/app/.env.local'],
  ['docs/setup.md', 'docs/Setup-old.md'],
  ['package.json', 'package-lock.json'],
];

export const URLS: readonly Pair[] = [
  ['https://example.com/login', 'https://example.com/logout'],
  ['http://localhost:3000', 'http://localhost:8080'],
  ['https://api.example.com/v1/users', 'https://api.example.com/v2/users'],
  ['www.example.org', 'www.example.net'],
  ['https://shop.example.com/?page=1', 'https://shop.example.com/?page=2'],
  ['support@example.com', 'sales@example.com'],
  ['https://example.com/docs#install', 'https://example.com/docs#upgrade'],
  ['10.0.0.1', '10.0.0.2'],
];

export const QUOTATIONS: readonly Pair[] = [
  ['"access denied"', '"access granted"'],
  ['"payment pending"', '"payment failed"'],
  ["'yes'", "'no'"],
  ['"user not found"', '"file not found"'],
  ['“transfer”', '“top up”'],
  ['"connection refused"', '"connection reset"'],
  ['"Hello"', '"Goodbye"'],
  ['"out of memory"', '"out of disk space"'],
];

export const CONDITIONS = [
  'without a passport',
  'if I am under 18',
  'after it expired',
  'for a business account',
  'while I am abroad',
  'on a weekend',
  'if I lost my phone',
  'as a non-resident',
  'with a bad credit history',
  'for someone else',
  'in an emergency',
  'before the deadline',
  'without internet',
  'for free',
  'on behalf of my mother',
  'for a second time',
  'with only one arm',
  'when the server is down',
];

export const ARGUMENTS: readonly Pair[] = [
  ['JPEG', 'PNG'],
  ['Celsius', 'Fahrenheit'],
  ['my savings', 'my checking account'],
  ['Boston', 'Denver'],
  ['London', 'Paris'],
  ['dollars', 'euros'],
  ['English', 'Spanish'],
  ['Python', 'Java'],
  ['the old phone', 'the new phone'],
  ['staging', 'production'],
  ['Alice', 'Bob'],
  ['git', 'svn'],
];
