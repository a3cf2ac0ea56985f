/** Examples that are kept of a longer list. */
const KEPT = 2;
/** Lists of examples in brackets, or as a whole sentence. */
const EXAMPLES =
  /\((?:e\.g\.,?|eg\.?,?|such as|like|for example:?|examples?:)\s+([^()]*)\)|^(?:examples?(?: values?| include)?:|e\.g\.)\s+(.*?)\.?$/giu;
const ITEM = /(?:"[^"]*"|'[^']*'|`[^`]*`|[^,;"'`]|(?<=\p{L})'(?=\p{L}))+/gu;

/** The first examples of each list of them; a list that leads into more than examples stays whole. */
export function trimExamples(sentence: string): string {
  return sentence.replace(EXAMPLES, (whole: string, inBrackets?: string, alone?: string) => {
    const list = inBrackets ?? alone ?? '';
    const items = (list.match(ITEM) ?? []).map((item) => item.trim()).filter((item) => item !== '');
    const isPlainList = items.join('').length + items.length * 2 >= list.length - 2 && !/[:;]\s/.test(list);
    if (items.length <= KEPT || !isPlainList || items.some((item) => item.length > MOST_ITEM)) return whole;
    const kept = items.slice(0, KEPT).join(', ');
    return `${whole.slice(0, whole.indexOf(list))}${kept}${inBrackets === undefined ? '' : ')'}`;
  });
}

/** A longer item is a sentence of its own. */
const MOST_ITEM = 60;
