/** Longest run of characters that is read as one word; longer runs are cut, so that work stays linear. */
const MOST_WORD_CHARS = 100;

const PLAIN = /^[\t\n\r\x20-\x7e]*$/;
/** Control and format characters say nothing; the replacement character says that something was lost. */
const SILENT = /[\p{Cc}\p{Cf}\ufffd]+/gu;
const ACCENTS = /\p{Mn}+/gu;
/** A sign alone, or a run of what is neither white space nor a sign. */
const WORDS = /[!-/:-@[-`{-~\p{P}]|[^\s!-/:-@[-`{-~\p{P}]+/gu;
const PLAIN_WORDS = /[a-z0-9]+|[!-/:-@[-`{-~]/g;

/**
 * The words of a text in the manner of uncased BERT models (Devlin et al. 2018): lower case, no accents,
 * no control characters, every sign of punctuation a word of its own. Other than there, characters of
 * Chinese and Japanese are not set apart: the table has none of them, and runs tell more than single ones.
 */
export function wordsOf(text: string): readonly string[] {
  if (PLAIN.test(text)) return cut(text.toLowerCase().match(PLAIN_WORDS) ?? []);
  // White space among the control characters is kept as such; accents go after they are set apart by NFD.
  const visible = text.replace(/[\t\n\r]/g, ' ').replace(SILENT, '');
  const plain = visible.toWellFormed().normalize('NFD').replace(ACCENTS, '').toLowerCase();
  return cut(plain.match(WORDS) ?? []);
}

function cut(words: readonly string[]): readonly string[] {
  if (!words.some((word) => word.length > MOST_WORD_CHARS)) return words;
  return words.flatMap((word) => {
    const parts: string[] = [];
    for (let at = 0; at < word.length; at += MOST_WORD_CHARS)
      parts.push(word.slice(at, at + MOST_WORD_CHARS));
    return parts;
  });
}
