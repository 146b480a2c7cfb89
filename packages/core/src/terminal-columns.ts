/**
 * How wide is this text on a terminal? East Asian letters and emoji take two columns, so a table or a mark under a
 * Japanese name is crooked when letters are merely counted.
 */

const FULL_WIDTH =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NO_WIDTH = /\p{Mn}|\p{Me}|\p{Cf}/u;

/** Columns that the text takes: 2 for what is set full width, 0 for what joins the letter before it, else 1. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const letter of text) columns += NO_WIDTH.test(letter) ? 0 : FULL_WIDTH.test(letter) ? 2 : 1;
  return columns;
}
