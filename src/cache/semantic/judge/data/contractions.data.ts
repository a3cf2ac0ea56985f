const NEGATED =
  "don't:do doesn't:does didn't:did can't:can couldn't:could won't:will wouldn't:would shouldn't:should isn't:is " +
  "aren't:are wasn't:was weren't:were haven't:have hasn't:has hadn't:had mustn't:must needn't:need mightn't:might " +
  "shan't:shall ain't:is daren't:dare cannot:can";

const JOINED =
  "i'm:i+am i've:i+have i'll:i+will i'd:i+would you're:you+are you've:you+have you'll:you+will you'd:you+would " +
  "we're:we+are we've:we+have we'll:we+will we'd:we+would they're:they+are they've:they+have they'll:they+will " +
  "they'd:they+would he's:he+is she's:she+is it's:it+is he'll:he+will she'll:she+will it'll:it+will he'd:he+would " +
  "she'd:she+would that's:that+is there's:there+is here's:here+is what's:what+is who's:who+is where's:where+is " +
  "when's:when+is how's:how+is why's:why+is let's:let+us what're:what+are who're:who+are how're:how+are " +
  'im:i+am ive:i+have whats:what+is hows:how+is wheres:where+is whos:who+is thats:that+is ' +
  'gonna:will wanna:want+to gotta:have+to lemme:let+me gimme:give+me';

/** Contractions, apostrophes or not, and the words that they stand for. */
export const CONTRACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ...NEGATED.split(' ').flatMap((entry): [string, string[]][] => {
    const [short = '', verb = ''] = entry.split(':');
    const words = [verb, 'not'];
    // "wont" and "cant" are rare words of their own; in questions they are contractions.
    return short.includes("'")
      ? [
          [short, words],
          [short.replace("'", ''), words],
        ]
      : [[short, words]];
  }),
  ...JOINED.split(' ').map((entry): [string, string[]] => {
    const [short = '', words = ''] = entry.split(':');
    return [short, words.split('+')];
  }),
]);
