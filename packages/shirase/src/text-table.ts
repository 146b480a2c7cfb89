/** Rows as aligned columns, for terminals; Japanese names count as wide as they are. */
import { columnsOf } from "@shirase/core/terminal-columns";

const GAP = "  ";

/** One line for each row; the last column is not padded. */
export function textTable(rows: readonly (readonly string[])[]): readonly string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(0, ...rows.map((row) => columnsOf(row[index] ?? ""))),
  );
  return rows.map((row) =>
    row
      .map((cell, index) => cell + " ".repeat(Math.max(0, (widths[index] ?? 0) - columnsOf(cell))))
      .join(GAP)
      .trimEnd(),
  );
}
