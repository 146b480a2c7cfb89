/**
 * Where can a line break so that it fits a terminal? Between words, and anywhere in Japanese.
 */
import { columnsOf } from "./terminal-columns.ts";

/** A piece of text of one style; what a style means is the renderer's. */
export type Span<Style> = { readonly text: string; readonly style: Style };

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
  return [...text].map((character) => ({ text: character, style, width: columnsOf(character) }));
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
