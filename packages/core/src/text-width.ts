/**
 * How many columns does a text take in a terminal, and where can a line break? Japanese and emoji are two columns
 * wide, and Japanese may break anywhere. Good enough for a preview; a terminal may differ on rare characters.
 *
 * @see https://www.unicode.org/reports/tr11/ East Asian Width
 */

/** A piece of text of one style; what a style means is the renderer's. */
export type Span<Style> = { readonly text: string; readonly style: Style };

/** Ranges of code points that are two columns wide, first and last. */
const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2705, 0x2705],
  [0x26aa, 0x26ab],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f7e0, 0x1f7eb],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

/** Columns of one line of text. */
export function widthOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += characterWidth(character);
  return columns;
}

/** Breaks one line into lines of at most `most` columns: at a space where there is one, before a wide character, else anywhere. */
export function wrap<Style>(spans: readonly Span<Style>[], most: number): readonly (readonly Span<Style>[])[] {
  const lines: Cell<Style>[][] = [];
  let line: Cell<Style>[] = [];
  let columns = 0;
  for (const cell of spans.flatMap(cellsOf)) {
    if (columns + cell.width > most && line.length > 0) {
      const rest = line.splice(breakBefore(line, cell));
      lines.push(line);
      line = cell.text === " " && rest.length === 0 ? [] : rest;
      columns = line.reduce((sum, { width }) => sum + width, 0);
      if (cell.text === " " && line.length === 0) continue;
    }
    line.push(cell);
    columns += cell.width;
  }
  lines.push(line);
  return lines.map(joined);
}

type Cell<Style> = Span<Style> & { readonly width: number };

function cellsOf<Style>({ text, style }: Span<Style>): readonly Cell<Style>[] {
  return [...text].map((character) => ({ text: character, style, width: characterWidth(character) }));
}

/** The index in a full line from which the rest moves to the next one. */
function breakBefore<Style>(line: readonly Cell<Style>[], next: Cell<Style>): number {
  if (next.text === " " || next.width === 2) return line.length;
  const space = line.findLastIndex((cell) => cell.text === " " || cell.width === 2);
  return space > 0 ? space + 1 : line.length;
}

function joined<Style>(cells: readonly Cell<Style>[]): readonly Span<Style>[] {
  const spans: { text: string; style: Style }[] = [];
  for (const { text, style } of cells) {
    const last = spans.at(-1);
    if (last && last.style === style) last.text += text;
    else spans.push({ text, style });
  }
  return spans;
}

function characterWidth(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x300) return 1;
  if (/\p{M}/u.test(character)) return 0;
  return WIDE.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
}
