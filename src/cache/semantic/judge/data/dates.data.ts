const MONTHS =
  'january:jan february:feb march:mar april:apr may june:jun july:jul august:aug september:sep,sept october:oct november:nov december:dec';
const WEEKDAYS =
  'monday:mon,mondays tuesday:tue,tues,tuesdays wednesday:wed,wednesdays thursday:thu,thur,thurs,thursdays friday:fri,fridays saturday:sat,saturdays sunday:sun,sundays';
const OTHERS =
  'today yesterday tomorrow:tmrw,tomorow tonight weekend:weekends weekday:weekdays morning:mornings evening:evenings afternoon:afternoons noon:midday midnight ' +
  'spring summer autumn winter christmas:xmas easter halloween thanksgiving ramadan diwali hourly daily weekly biweekly monthly quarterly yearly:annually,annual ' +
  'nightly ago overnight';

/** Words for days, months, seasons and rhythms, by their spellings. */
export const DATE_WORDS: ReadonlyMap<string, string> = tableOf(`${MONTHS} ${WEEKDAYS} ${OTHERS}`);

/** Short forms and months that are other words unless a number or a preposition of time stands beside them. */
export const UNSURE_DATES: ReadonlySet<string> = new Set(
  'may march mar jan jun apr dec sep oct aug sat sun mon wed fri thu spring fall'.split(' '),
);

function tableOf(entries: string): ReadonlyMap<string, string> {
  return new Map(
    entries.split(' ').flatMap((entry) => {
      const [name = '', forms = ''] = entry.split(':');
      return [name, ...forms.split(',')]
        .filter((form) => form !== '')
        .map((form): [string, string] => [form, name]);
    }),
  );
}
