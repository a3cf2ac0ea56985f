/** What varies in the lines of a shape, in place of a character: the scanner masks it (see kernel.as). */
export const NUMBER = -1;
/** A run of blanks and tabs. */
export const BLANKS = -2;
/** Blanks and tabs, or nothing: a time before the message, and the end of a line, leave any number of them. */
export const MARGIN = -3;

/** A message as the characters that all lines of its shape share, with marks for what varies between them. */
export type LineForm = readonly number[];

const BLANK_RUN = /[ \t]+/y;
const HEX_RUN = /[0-9a-f]{8,}/iy;
const REST_OF_UUID = /(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/iy;
const DIGITS = /\d+/y;
const DIGIT = /\d/;

/** The form of a message without colours and prefix. */
export function formOfMessage(message: string): LineForm {
  const form: number[] = [MARGIN];
  const text = message.replace(/^[ \t]+|[ \t]+$/g, '');
  for (let at = 0; at < text.length; ) {
    const number = numberEnd(text, at);
    const blanks = number > at ? at : endOf(BLANK_RUN, text, at);
    if (number > at) {
      if (form.at(-1) !== NUMBER) form.push(NUMBER);
      at = number;
    } else if (blanks > at) {
      form.push(BLANKS);
      at = blanks;
    } else {
      // Letters of a long run of hex digits without any decimal one are text, all of them.
      const end = Math.max(at + 1, endOf(HEX_RUN, text, at));
      for (; at < end; at++) form.push(text.charCodeAt(at));
    }
  }
  form.push(MARGIN);
  return form;
}

/** Where a number or id that begins here ends; `at` where there is none. */
function numberEnd(text: string, at: number): number {
  const id = endOf(HEX_RUN, text, at);
  if (id > at) return DIGIT.test(text.slice(at, id)) ? endOf(REST_OF_UUID, text, id) : at;
  return endOf(DIGITS, text, at);
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
